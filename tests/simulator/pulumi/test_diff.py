"""What differs between two sets of inputs, and which difference asks for another resource."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from simulator.pulumi.azure_native.authorization import ROLE_ASSIGNMENT
from simulator.pulumi.azure_native.cognitive import ACCOUNT, DEPLOYMENT
from simulator.pulumi.azure_native.resources import RESOURCE_GROUP
from simulator.pulumi.diff import Change, diff, ignoring
from simulator.pulumi.values import UNKNOWN, Secret

DEPLOYED: dict[str, Any] = {
    "resourceGroupName": "rg",
    "accountName": "a",
    "deploymentName": "d",
    "sku": {"name": "Standard", "capacity": 10},
    "properties": {"model": {"format": "OpenAI", "name": "gpt-4.1-mini", "version": "2025-04-14"}},
}


def test_a_capacity_is_changed_in_place() -> None:
    found = diff(DEPLOYMENT, DEPLOYED, DEPLOYED | {"sku": {"name": "Standard", "capacity": 20}})

    assert found.changes == (Change("sku.capacity", "update"),)
    assert not found.replaces


@pytest.mark.parametrize("part", ["name", "version", "format"])
def test_a_model_can_not_be_changed_and_the_name_is_taken(part: str) -> None:
    """Azure: CannotChangeDeploymentModel; and a second deployment of the same name can't be."""
    model = DEPLOYED["properties"]["model"] | {part: "another"}
    found = diff(DEPLOYMENT, DEPLOYED, DEPLOYED | {"properties": {"model": model}})

    assert found.changes == (Change(f"properties.model.{part}", "update", replaces=True),)
    assert found.delete_before_replace


def test_another_name_is_another_resource_which_may_stand_beside() -> None:
    found = diff(DEPLOYMENT, DEPLOYED, DEPLOYED | {"deploymentName": "e"})

    assert found.replaces
    assert not found.delete_before_replace


def test_an_unknown_name_is_a_replacement_until_it_is_known() -> None:
    found = diff(DEPLOYMENT, DEPLOYED, DEPLOYED | {"accountName": UNKNOWN})

    assert found.changes == (Change("accountName", "update", replaces=True),)


def test_a_location_is_the_same_in_any_spelling() -> None:
    assert not diff(RESOURCE_GROUP, {"location": "swedencentral"}, {"location": "Sweden Central"})
    assert diff(RESOURCE_GROUP, {"location": "swedencentral"}, {"location": "westeurope"}).replaces


@pytest.mark.parametrize(
    ("before", "after", "replaces"),
    [({}, {"customSubDomainName": "a"}, False), ({"customSubDomainName": "a"}, {"customSubDomainName": "b"}, True)],
)
def test_a_subdomain_may_be_added_and_not_changed(
    before: dict[str, str], after: dict[str, str], replaces: bool
) -> None:
    found = diff(ACCOUNT, {"properties": before}, {"properties": after})

    assert found
    assert found.replaces is replaces


def test_a_role_assignment_s_principal_is_fixed_and_its_description_not() -> None:
    inputs = {"scope": "/s", "roleAssignmentName": "n", "principalId": "p", "description": "d"}

    assert diff(ROLE_ASSIGNMENT, inputs, inputs | {"principalId": "q"}).replaces
    assert not diff(ROLE_ASSIGNMENT, inputs, inputs | {"description": "e"}).replaces


def test_a_secret_is_compared_by_what_is_in_it() -> None:
    assert not diff(RESOURCE_GROUP, {"tags": {"a": "b"}}, {"tags": {"a": Secret("b")}})
    assert diff(RESOURCE_GROUP, {"tags": {"a": "b"}}, {"tags": {"a": Secret("c")}})


def test_a_key_that_is_no_name_is_written_in_brackets() -> None:
    found = diff(RESOURCE_GROUP, {"tags": {}}, {"tags": {"cost.center": "1"}})

    assert found.changes == (Change('tags["cost.center"]', "add"),)


def test_replace_on_changes_is_followed() -> None:
    changed = DEPLOYED | {"sku": {"name": "Standard", "capacity": 20}}

    assert diff(DEPLOYMENT, DEPLOYED, changed, replace_on=("sku",)).replaces
    assert diff(DEPLOYMENT, DEPLOYED, changed, replace_on=("*",)).replaces
    assert not diff(DEPLOYMENT, DEPLOYED, changed, replace_on=("tags",)).replaces


def test_ignored_changes_keep_what_was_there() -> None:
    changed = DEPLOYED | {"sku": {"name": "GlobalStandard", "capacity": 20}, "tags": {"a": "b"}}

    assert ignoring(("sku.capacity", "tags"), DEPLOYED, changed) == DEPLOYED | {
        "sku": {"name": "GlobalStandard", "capacity": 10}
    }
    assert ignoring(("sku",), None, changed) == changed


_VALUES = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=5),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(some.dictionaries(some.text(max_size=5), _VALUES, max_size=4))
def test_nothing_differs_from_itself(inputs: dict[str, Any]) -> None:
    assert not diff(DEPLOYMENT, inputs, inputs)
