"""ARM paths are taken apart as Azure's documentation of resource IDs has them."""

from __future__ import annotations

import pytest

from simulator.arm.ids import parse, within

GROUP = "/subscriptions/s/resourceGroups/rg"
ACCOUNT = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/a"


def test_a_nested_resource_has_its_type_from_all_its_segments() -> None:
    found = parse(f"{ACCOUNT}/deployments/d")
    assert found is not None
    assert (found.type, found.name) == ("Microsoft.CognitiveServices/accounts/deployments", "d")
    assert (found.subscription, found.group) == ("s", "rg")
    assert found.parent is not None
    assert found.parent.text == ACCOUNT


def test_an_extension_resource_is_at_the_scope_before_the_last_providers() -> None:
    found = parse(f"{ACCOUNT}/providers/Microsoft.Authorization/roleAssignments/r")
    assert found is not None
    assert (found.scope, found.type) == (ACCOUNT, "Microsoft.Authorization/roleAssignments")


def test_a_group_and_a_subscription_are_resources_too() -> None:
    found = parse("/subscriptions/s/resourcegroups/rg")
    assert found is not None
    assert found.text == GROUP
    assert found.type == "Microsoft.Resources/subscriptions/resourceGroups"


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/subscriptions", "microsoft.resources/subscriptions"),
        ("/subscriptions/s/providers", "microsoft.resources/providers"),
        ("/subscriptions/s/providers/Microsoft.Storage", "microsoft.resources/providers/*"),
        (f"{ACCOUNT}/Models", "microsoft.cognitiveservices/accounts/*/models"),
    ],
)
def test_a_path_that_is_no_resource_has_a_shape(path: str, shape: str) -> None:
    found = parse(path)
    assert found is not None
    assert found.shape == shape


def test_ids_are_compared_without_case_and_by_whole_segments() -> None:
    assert within(ACCOUNT.upper(), GROUP)
    assert not within(f"{GROUP}2/x", GROUP)
