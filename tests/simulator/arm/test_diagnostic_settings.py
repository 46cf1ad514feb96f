"""Diagnostic settings. azure-mgmt-monitor 7 has no client for them: azure-mgmt-resource puts and reads them by ID."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.arm.models import Resource
from simulator.server import Simulator
from tests.simulator.arm.clients import LOCATION, Clients, refused
from tests.simulator.arm.conftest import Wire
from tests.simulator.arm.watched import group_id, make_workspace

V = "2021-05-01-preview"
METRICS = [{"category": "AllMetrics", "enabled": True}]
AUDIT = [{"categoryGroup": "audit", "enabled": True}]


def put(azure: Clients, target: str, name: str = "to-logs", **properties: Any) -> Any:
    where = f"{target}/providers/Microsoft.Insights/diagnosticSettings/{name}"
    body: Any = {"properties": properties}
    return azure.resources.resources.begin_create_or_update_by_id(where, body, api_version=V).result()


@pytest.fixture
def workspace(azure: Clients, group: str) -> str:
    return make_workspace(azure)


@pytest.fixture
def storage(simulator: Simulator, azure: Clients, group: str) -> str:
    body: Any = {"location": LOCATION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    azure.storage.storage_accounts.begin_create(group, "stwatched", body).result()
    return f"{group_id(simulator)}/providers/Microsoft.Storage/storageAccounts/stwatched"


def test_an_account_s_logs_go_to_a_workspace(azure: Clients, account: Resource, workspace: str) -> None:
    made = put(azure, account.id, workspaceId=workspace, logs=AUDIT, metrics=METRICS)
    assert made.id == f"{account.id}/providers/Microsoft.Insights/diagnosticSettings/to-logs"
    assert made.properties["workspaceId"] == workspace
    assert made.properties["logs"] == [
        {"categoryGroup": "audit", "enabled": True, "retentionPolicy": {"enabled": False, "days": 0}}
    ]
    azure.resources.resources.begin_delete_by_id(made.id, api_version=V).result()
    assert azure.resources.resources.check_existence_by_id(made.id, api_version=V) is False


@pytest.mark.parametrize("category", ["Audit", "RequestResponse", "Trace", "AzureOpenAIRequestUsage"])
def test_an_account_has_these_categories(azure: Clients, account: Resource, workspace: str, category: str) -> None:
    put(azure, account.id, workspaceId=workspace, logs=[{"category": category, "enabled": True}])


@pytest.mark.parametrize(
    ("logs", "said"),
    [
        ([{"category": "StorageRead", "enabled": True}], "StorageRead"),
        ([{"categoryGroup": "all", "enabled": True}], "all"),
    ],
)
def test_a_category_of_another_service_is_refused(
    azure: Clients, account: Resource, workspace: str, logs: list[Any], said: str
) -> None:
    with refused(400, "BadRequest", f"Category '{said}' is not supported."):
        put(azure, account.id, workspaceId=workspace, logs=logs)


def test_a_storage_account_has_metrics_and_its_blob_service_the_logs(
    azure: Clients, storage: str, workspace: str
) -> None:
    """Microsoft Learn, monitor-blob-storage."""
    read = [{"category": "StorageRead", "enabled": True}]
    put(azure, storage, workspaceId=workspace, metrics=[{"category": "Transaction", "enabled": True}])
    with refused(400, "BadRequest", "Category 'StorageRead' is not supported."):
        put(azure, storage, workspaceId=workspace, logs=read)
    put(azure, f"{storage}/blobServices/default", workspaceId=workspace, logs=read)


def test_nothing_without_a_destination(azure: Clients, account: Resource) -> None:
    with refused(400, "BadRequest", "At least one data sink needs to be specified."):
        put(azure, account.id, logs=AUDIT)


def test_the_workspace_must_be_there(azure: Clients, account: Resource, workspace: str) -> None:
    with refused(400, "ResourceNotFound"):
        put(azure, account.id, workspaceId=f"{workspace}-2", logs=AUDIT)
    with refused(400, "ResourceNotFound"):
        put(azure, account.id, workspaceId=account.id, logs=AUDIT)


def test_a_category_goes_to_a_workspace_once(azure: Clients, account: Resource, workspace: str) -> None:
    """Words of Azure/terraform-azurerm-avm-ptn-aiml-landing-zone#19; `audit` has the category Audit in it."""
    put(azure, account.id, "one", workspaceId=workspace, logs=AUDIT)
    said = (
        f"Data sink '{workspace}' is already used in diagnostic setting 'one' for category 'Audit'. "
        "Data sinks can't be reused in different settings on the same category for the same resource."
    )
    with refused(409, "Conflict", said):
        put(azure, account.id, "two", workspaceId=workspace, logs=[{"category": "Audit", "enabled": True}])
    put(azure, account.id, "two", workspaceId=workspace, logs=[{"category": "Trace", "enabled": True}])
    put(azure, account.id, "three", workspaceId=make_workspace(azure, "log-other"), logs=AUDIT)


def test_there_are_five_settings_at_most(azure: Clients, account: Resource, group: str) -> None:
    for number in range(5):
        put(azure, account.id, f"s{number}", workspaceId=make_workspace(azure, f"log-{number}"), logs=AUDIT)
    sixth = make_workspace(azure, "log-6")
    with refused(409, "Conflict", "The limit of '5' diagnostic settings was reached."):
        put(azure, account.id, "s6", workspaceId=sixth, logs=AUDIT)
    put(azure, account.id, "s0", workspaceId=sixth, logs=AUDIT)


def test_a_resource_type_that_is_not_watched(azure: Clients, workspace: str) -> None:
    said = "The resource type 'microsoft.operationalinsights/workspaces' does not support diagnostic settings."
    with refused(400, "ResourceTypeNotSupported", said):
        put(azure, workspace, workspaceId=workspace, logs=AUDIT)


def test_azure_monitor_refuses_without_an_envelope(simulator: Simulator, wire: Wire, account: Resource) -> None:
    path = f"{account.id}/providers/microsoft.insights/diagnosticSettings/x?api-version={V}"
    answer = wire("PUT", path, {"properties": {}})
    assert answer.json() == {"code": "BadRequest", "message": "At least one data sink needs to be specified."}
