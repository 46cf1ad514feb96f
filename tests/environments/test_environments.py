"""The stack files in environments/: real examples that Azure would take."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from contract import stack_schema
from contract.stack_config import NAMESPACE, StackConfig
from tests.infra.recording import Declared, declare

ENVIRONMENTS = Path(__file__).resolve().parents[2] / "environments"
NAMES = ("dev", "staging", "prod")


def _config(name: str) -> dict[str, Any]:
    """The file's values, keys without the namespace."""
    loaded = YAML(typ="safe", pure=True).load((ENVIRONMENTS / f"Pulumi.{name}.yaml").read_text(encoding="utf-8"))
    assert all(key.startswith(f"{NAMESPACE}:") for key in loaded["config"])
    return {key.removeprefix(f"{NAMESPACE}:"): value for key, value in loaded["config"].items()}


@pytest.fixture(scope="module", params=NAMES)
def declared(request: pytest.FixtureRequest) -> Declared:
    return declare(_config(request.param), stack=request.param)


@pytest.mark.parametrize("name", NAMES)
def test_each_file_names_its_schema_in_the_first_line(name: str) -> None:
    first = (ENVIRONMENTS / f"Pulumi.{name}.yaml").read_text(encoding="utf-8").splitlines()[0]

    assert first == "# yaml-language-server: $schema=stack.schema.json"


def test_the_schema_is_the_one_that_the_config_is_parsed_by() -> None:
    """Where this fails: make schema."""
    assert stack_schema.PATH.read_text(encoding="utf-8") == stack_schema.text()


@pytest.mark.parametrize("name", NAMES)
def test_each_file_is_accepted_and_has_no_key_that_the_schema_does_not_know(name: str) -> None:
    config = _config(name)
    schema = json.loads(stack_schema.PATH.read_text(encoding="utf-8"))

    StackConfig.parse(config)
    assert {f"{NAMESPACE}:{key}" for key in config} <= schema["properties"]["config"]["properties"].keys()


def test_the_pulumi_project_declares_the_keys_of_the_schema_and_no_other() -> None:
    project = YAML(typ="safe", pure=True).load((ENVIRONMENTS.parent / "Pulumi.yaml").read_text(encoding="utf-8"))
    schema = json.loads(stack_schema.PATH.read_text(encoding="utf-8"))

    assert {f"{NAMESPACE}:{key}" for key in project["config"]} == schema["properties"]["config"]["properties"].keys()


def test_no_environment_enables_local_auth(declared: Declared) -> None:
    assert {asked.inputs["properties"]["disableLocalAuth"] for asked in declared.of_type("Account")} == {True}


def test_no_environment_has_public_blobs_or_shared_keys(declared: Declared) -> None:
    for asked in declared.of_type("StorageAccount"):
        assert (asked.inputs["allowBlobPublicAccess"], asked.inputs["allowSharedKeyAccess"]) == (False, False)
    assert {asked.inputs["publicAccess"] for asked in declared.of_type("BlobContainer")} == {"None"}


def test_no_two_environments_share_a_name_that_is_unique_in_azure() -> None:
    configs = [StackConfig.parse(_config(name)) for name in NAMES]
    names = [account.custom_subdomain for config in configs for account in config.accounts.values()]
    names += [config.storage.name for config in configs]

    assert len(set(names)) == len(names)


def test_principals_are_placeholders() -> None:
    for name in NAMES:
        access = StackConfig.parse(_config(name)).access
        for principal in (*access.trainers, *access.callers):
            assert principal.principal_id.startswith("00000000-0000-0000-0000-")


def test_only_prod_is_production() -> None:
    assert [StackConfig.parse(_config(name)).environment.production for name in NAMES] == [False, False, True]


@pytest.mark.parametrize("name", NAMES)
def test_a_release_fits_a_subscriptions_quota_for_tuned_models(name: str) -> None:
    """250,000 tokens per minute on Standard and DataZoneStandard, per region and base model (memory).

    An up creates before it deletes: beside the new live model and the candidate that it was, the former live one stands
    and those before it.
    """
    quota = {"Standard": 250, "DataZoneStandard": 250, "DeveloperTier": 250}
    for model in StackConfig.parse(_config(name)).models.values():
        live, candidate = model.skus.live, model.skus.candidate or model.skus.live
        at_once = live.capacity * (model.keep_previous + 2) + candidate.capacity * (candidate.name == live.name)

        assert at_once <= quota.get(live.name, at_once)
