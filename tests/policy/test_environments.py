"""The environments that teams start from pass every rule that refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from contract.stack_config import NAMESPACE, StackConfig
from policy.check import check, told
from policy.demands import Demands
from policy.resources import Resource, plain_type
from simulator.pulumi import local_stack
from tests.infra.recording import declare
from tests.policy.specimens import OVERRIDE, with_live

ENVIRONMENTS = Path(__file__).resolve().parents[2] / "environments"


def _config(name: str, folder: Path) -> dict[str, Any]:
    """The file's values, keys without the namespace; the local one's as it is written."""
    text = local_stack.content(folder) if name == "local" else (ENVIRONMENTS / f"Pulumi.{name}.yaml").read_text()
    loaded = YAML(typ="safe", pure=True).load(text)
    return {key.removeprefix(f"{NAMESPACE}:"): value for key, value in loaded["config"].items()}


@pytest.mark.parametrize("live", [False, True], ids=["nothing trained", "a live model"])
@pytest.mark.parametrize("name", ["local", "dev", "staging", "prod"])
def test_an_environment_breaks_no_mandatory_rule(name: str, live: bool, tmp_path: Path) -> None:
    """Under its own demands; a live model that is there by an override is warned of, and nothing else is."""
    config = _config(name, tmp_path)
    if live:
        account = config["models"]["clippy"].get("trainIn", "main")
        config["releases"] = with_live(trainedIn=account, evaluation=None, override=OVERRIDE)
    declared = [
        Resource(plain_type(asked.type), asked.name, asked.inputs, asked.request.protect, asked.urn)
        for asked in declare(config, stack=name).resources
        if asked.custom
    ]

    violations = check(declared, Demands.of(StackConfig.parse(config)))

    assert [each.rule.name for each in violations] == ["live-evaluated"] * live, told(violations)
