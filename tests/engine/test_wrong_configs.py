"""Wrong stack files under the real Pulumi CLI: the same words as in process."""

from __future__ import annotations

import json

import pytest

from contract.stack_config import NAMESPACE
from simulator.pulumi.summary import Failed
from simulator.pulumi.up import bring
from tests.contract.wrong_configs import RULES, SHAPES, Row, apart, changed
from tests.engine.conftest import Local
from tests.journeys.stack import environment_config

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("rows", [SHAPES, RULES], ids=["values", "references"])
def test_a_file_with_every_fault_gets_the_same_text_both_ways(local: Local, rows: tuple[Row, ...]) -> None:
    config = changed(environment_config("prod", local.project), *apart(rows))
    local.stack_file.write_text(json.dumps({"config": {f"{NAMESPACE}:{key}": value for key, value in config.items()}}))
    record = local.project.parent / "record.jsonl"

    with pytest.raises(Failed) as by_cli:
        local.bring()
    with pytest.raises(Failed) as in_process:
        bring("up", local.project, "local", local.environment | {"PATH": "/nowhere"}, in_process=True)

    told = sorted(str(by_cli.value).splitlines())
    assert told == sorted(str(in_process.value).splitlines())
    assert len(told) > len(apart(rows))
    asked = [json.loads(line)["path"] for line in record.read_text().splitlines()] if record.exists() else []
    assert [path for path in asked if path.startswith("/subscriptions")] == []


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("\n    clippy:", "\n    clippy: {}\n    clippy:", 'mapping key "clippy" already defined at line'),
        (
            "\n  tuned-models:models:\n",
            "\n  tuned-models:models: {}\n  tuned-models:models:\n",
            'mapping key "tuned-models:models" already defined at line',
        ),
        ("config:\n", "config:\n\t", "yaml: line 4: found character that cannot start any token"),
    ],
)
def test_a_file_that_is_no_yaml_is_refused_with_the_line(local: Local, old: str, new: str, reason: str) -> None:
    """In process a key that is there twice is refused with its line, too."""
    text = local.stack_file.read_text()
    assert old in text
    local.stack_file.write_text(text.replace(old, new))

    with pytest.raises(Failed, match=reason):
        local.bring()
