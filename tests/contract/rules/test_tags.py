"""Tags that Azure refuses, on one resource or another."""

from __future__ import annotations

from typing import Any

import pytest

from contract.faults import Faults
from contract.stack_config import StackConfig

PRIVATE = {"mode": "private", "virtualNetwork": {"addressSpace": "10.40.0.0/24"}}


def _faults(tags: dict[str, str], **sections: Any) -> dict[str, str]:
    mapping = {
        "accounts": {"main": {"name": "contoso-openai", "location": "swedencentral"}},
        "storage": {"name": "contosodata"},
        "environment": {"tags": tags},
    }
    try:
        StackConfig.parse(mapping | sections)
    except Faults as faults:
        return {fault.key.removeprefix("tuned-models:environment."): fault.message for fault in faults.faults}
    return {}


@pytest.mark.parametrize("name", ["microsoft-team", "AzureRegion", "windowsUpdate"])
def test_azure_keeps_some_names_for_itself(name: str) -> None:
    """In either case (azure-rest-api-specs, resources, Tags_CreateOrUpdate)."""
    assert _faults({name: "x"}) == {
        f"tags.{name}": "Azure keeps names for itself that begin with microsoft, azure, windows"
    }


@pytest.mark.parametrize("name", ["environment", "Owner", "costcentre", "managedBy", "model", "runKey"])
def test_what_the_program_tags_with_is_not_given_twice(name: str) -> None:
    assert _faults({name: "x"})[f"tags.{name}"].startswith("is given already: ")


def test_names_differ_by_more_than_case() -> None:
    assert _faults({"team": "a", "Team": "b"}) == {"tags.Team": "differs from environment.tags.team by case alone"}


def test_a_storage_account_takes_shorter_names_than_others() -> None:
    assert _faults({"t" * 128: "x"}) == {}
    assert set(_faults({"t" * 129: "x"})) == {f"tags.{'t' * 129}"}


def test_a_private_dns_zone_takes_fifteen() -> None:
    """Two of them are the program's own: environment and managedBy."""
    tags = {f"tag{number}": "x" for number in range(13)}

    assert _faults(tags, network=PRIVATE) == {}
    assert set(_faults(tags | {"one-more": "x"}, network=PRIVATE)) == {"tags"}
    assert _faults(tags | {"one-more": "x"}) == {}


def test_a_dns_zone_takes_no_name_with_a_space() -> None:
    assert set(_faults({"data class": "x"}, network=PRIVATE)) == {"tags.data class"}
    assert _faults({"data class": "x"}) == {}
