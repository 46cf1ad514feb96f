"""Refusals nobody has captured: their codes are remembered, their rules documented. Asked for on the wire."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.arm.models import ArmState, Resource
from simulator.server import Simulator
from tests.simulator.arm.clients import GROUP, LOCATION
from tests.simulator.arm.conftest import Wire

COGNITIVE = "Microsoft.CognitiveServices/accounts"
STORAGE = "Microsoft.Storage/storageAccounts"
ACCOUNT: dict[str, Any] = {"location": LOCATION, "kind": "AIServices", "sku": {"name": "S0"}, "properties": {}}
STORED: dict[str, Any] = {"location": LOCATION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
DEPLOYED: dict[str, Any] = {
    "sku": {"name": "GlobalStandard", "capacity": 1},
    "properties": {"model": {"format": "OpenAI", "name": "gpt-4.1", "version": "2025-04-14"}},
}


@pytest.mark.parametrize(
    ("type_", "name", "body", "status", "code"),
    [
        (COGNITIVE, "-bad", ACCOUNT, 400, "InvalidResourceName"),
        (COGNITIVE, "a1", ACCOUNT | {"kind": "Nothing"}, 400, "InvalidApiSetId"),
        (COGNITIVE, "a1", ACCOUNT | {"sku": {"name": "X9"}}, 400, "InvalidSku"),
        (
            COGNITIVE,
            "a1",
            ACCOUNT | {"properties": {"networkAcls": {"defaultAction": "Deny"}}},
            400,
            "BadRequest",
        ),
        (STORAGE, "st1", STORED | {"kind": "Nothing"}, 400, "InvalidValuesForRequestParameters"),
        (STORAGE, "st1", STORED | {"sku": {"name": "X9"}}, 400, "InvalidValuesForRequestParameters"),
        (
            STORAGE,
            "st1",
            STORED | {"properties": {"minimumTlsVersion": "TLS9"}},
            400,
            "InvalidValuesForRequestParameters",
        ),
    ],
)
def test_an_account_is_held_against_its_rules(  # noqa: PLR0917 - a row of the table above
    simulator: Simulator, wire: Wire, group: str, type_: str, name: str, body: Any, status: int, code: str
) -> None:
    version = "2025-06-01" if type_ == COGNITIVE else "2024-01-01"
    base = f"/subscriptions/{simulator.cloud.subscription_id}/resourceGroups/{group}/providers"
    answer = wire("PUT", f"{base}/{type_}/{name}?api-version={version}", body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (DEPLOYED | {"sku": None}, 400, "InvalidResourceProperties"),
        (DEPLOYED | {"sku": {"name": "GlobalStandard", "tier": "Standard"}}, 400, "InvalidRequestContent"),
        (DEPLOYED | {"properties": {}}, 400, "InvalidResourceProperties"),
        (
            DEPLOYED | {"properties": {"model": {"format": "OpenAI", "name": "m", "sourceAccount": "/x"}}},
            501,
            "NotSimulated",
        ),
    ],
)
def test_a_deployment_is_held_against_its_rules(
    wire: Wire, account: Resource, body: Any, status: int, code: str
) -> None:
    answer = wire("PUT", f"{account.id}/deployments/d1?api-version=2025-06-01", body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_an_account_has_32_deployments_at_most(wire: Wire, account: Resource) -> None:
    for number in range(32):
        path = f"{account.id}/deployments/d{number}?api-version=2025-06-01"
        assert wire("PUT", path, DEPLOYED).status_code == 201
    answer = wire("PUT", f"{account.id}/deployments/d32?api-version=2025-06-01", DEPLOYED)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "DeploymentLimitReached")


@pytest.mark.parametrize("name", ["UPPER", "a", "a--b", "-a-", "a" * 64])
def test_a_container_has_a_name_by_storages_rules(simulator: Simulator, wire: Wire, group: str, name: str) -> None:
    base = f"/subscriptions/{simulator.cloud.subscription_id}/resourceGroups/{group}/providers/{STORAGE}/st1"
    wire("PUT", f"{base}?api-version=2024-01-01", STORED)
    answer = wire("PUT", f"{base}/blobServices/default/containers/{name}?api-version=2024-01-01", {})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "ContainerInvalidName")


def test_nothing_is_done_in_a_storage_account_that_is_still_made(simulator: Simulator, wire: Wire, group: str) -> None:
    simulator.clock.step_on_poll = False
    base = f"/subscriptions/{simulator.cloud.subscription_id}/resourceGroups/{group}/providers/{STORAGE}/st1"
    wire("PUT", f"{base}?api-version=2024-01-01", STORED)
    answer = wire("PUT", f"{base}/blobServices/default/containers/runs?api-version=2024-01-01", {})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "StorageAccountIsNotProvisioned")


@pytest.mark.parametrize("name", ["ends-with.", "a b", "x" * 91])
def test_a_group_has_a_name_by_azures_rules(simulator: Simulator, wire: Wire, name: str) -> None:
    path = f"/subscriptions/{simulator.cloud.subscription_id}/resourcegroups/{name}?api-version=2024-03-01"
    answer = wire("PUT", path, {"location": LOCATION})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidResourceGroup")


def test_an_assignment_is_named_by_a_guid_and_on_something_that_is_there(
    simulator: Simulator, wire: Wire, account: Resource
) -> None:
    body = {"properties": {"roleDefinitionId": "x", "principalId": "y"}}
    tail = "providers/Microsoft.Authorization/roleAssignments"
    version = "api-version=2022-04-01"
    named = wire("PUT", f"{account.id}/{tail}/me?{version}", body)
    assert (named.status_code, named.json()["error"]["code"]) == (400, "InvalidRoleAssignmentId")
    guid = "11111111-1111-4111-8111-111111111111"
    absent = wire("PUT", f"{account.id}-not/{tail}/{guid}?{version}", body)
    assert (absent.status_code, absent.json()["error"]["code"]) == (404, "ResourceNotFound")
    missing = wire("GET", f"{account.id}/{tail}/{guid}?{version}")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "RoleAssignmentNotFound")


def test_what_nobody_started_or_deleted_is_not_found(simulator: Simulator, wire: Wire) -> None:
    base = (
        f"/subscriptions/{simulator.cloud.subscription_id}/providers/Microsoft.CognitiveServices/locations/{LOCATION}"
    )
    operation = wire("GET", f"{base}/operationResults/x?api-version=2017-04-18")
    assert (operation.status_code, operation.json()["error"]["code"]) == (404, "NotFound")
    deleted = f"{base}/resourceGroups/{GROUP}/deletedAccounts/a1?api-version=2025-06-01"
    assert wire("GET", deleted).json()["error"]["code"] == "ResourceNotFound"
    assert wire("DELETE", deleted).status_code == 204


def test_a_second_delete_of_a_group_follows_the_first(simulator: Simulator, wire: Wire, group: str) -> None:
    path = f"/subscriptions/{simulator.cloud.subscription_id}/resourcegroups/{group}?api-version=2024-03-01"
    simulator.clock.step_on_poll = False
    first, second = wire("DELETE", path), wire("DELETE", path)
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.headers["Location"] == second.headers["Location"]


def test_the_state_survives_being_written_and_read(simulator: Simulator, wire: Wire, account: Resource) -> None:
    wire("PUT", f"{account.id}/deployments/d1?api-version=2025-06-01", DEPLOYED)
    wire("DELETE", f"{account.id}?api-version=2025-06-01")
    state = simulator.cloud.state.arm
    assert ArmState.model_validate_json(state.model_dump_json()) == state
