"""The table of resource types, held against the installed azure-native package and Azure's own paths."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Mapping
from typing import Any

import pytest

from simulator.pulumi.azure_native import TYPES
from simulator.pulumi.azure_native.authorization import ROLE_ASSIGNMENT
from simulator.pulumi.azure_native.cognitive import ACCOUNT
from simulator.pulumi.azure_native.monitor import DIAGNOSTIC_SETTING, METRIC_ALERT
from simulator.pulumi.azure_native.network import PRIVATE_ENDPOINT, VIRTUAL_NETWORK
from simulator.pulumi.azure_native.storage import STORAGE_ACCOUNT
from simulator.pulumi.provider import expected_outputs
from simulator.pulumi.resource_types import ResourceType
from simulator.pulumi.values import UNKNOWN

GROUP = "/subscriptions/7e57/resourceGroups/rg"


def _package(resource: ResourceType) -> tuple[Any, Any]:
    """The class of the resource, and that of its arguments."""
    _, module, name = resource.token.split(":")
    package = importlib.import_module(f"pulumi_azure_native.{module}")
    # An ActionGroupArgs is a part of another resource: there the package names the arguments otherwise.
    return getattr(package, name), getattr(package, f"{name}InitArgs", None) or getattr(package, f"{name}Args")


def _names(arguments: Any) -> set[str]:
    """Pulumi's names of an Args class's inputs."""
    from pulumi._types import input_type_py_to_pulumi_names

    taken = set(inspect.signature(arguments.__init__).parameters) - {"__self__", "self"}
    pulumi_names: Mapping[str, str] = input_type_py_to_pulumi_names(arguments)
    return {pulumi_names.get(name, name) for name in taken}


@pytest.mark.parametrize("resource", TYPES.values(), ids=lambda resource: resource.token)
def test_the_inputs_are_those_of_the_package(resource: ResourceType) -> None:
    _, arguments = _package(resource)

    assert _names(arguments) == set(resource.inputs)


@pytest.mark.parametrize("resource", TYPES.values(), ids=lambda resource: resource.token)
def test_the_api_version_is_the_package_s_default(resource: ResourceType) -> None:
    """It stands in the class's documentation."""
    declared, _ = _package(resource)
    text = inspect.getsource(declared)
    found = re.search(r"Uses Azure REST API version ([\d-]+(?:preview)?)\.", text)

    assert found is not None
    assert found[1] == resource.api_version


@pytest.mark.parametrize(
    ("token", "nested"),
    [
        ("azure-native:cognitiveservices:Account", "AccountPropertiesArgs"),
        ("azure-native:cognitiveservices:Deployment", "DeploymentPropertiesArgs"),
    ],
)
def test_what_may_be_written_below_properties_is_the_package_s(token: str, nested: str) -> None:
    package = importlib.import_module("pulumi_azure_native.cognitiveservices")

    assert _names(getattr(package, nested)) == set(TYPES[token].nested)


@pytest.mark.parametrize(
    ("token", "inputs", "path"),
    [
        ("azure-native:resources:ResourceGroup", {"resourceGroupName": "rg"}, GROUP),
        (
            "azure-native:cognitiveservices:Deployment",
            {"resourceGroupName": "rg", "accountName": "a", "deploymentName": "d"},
            f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/a/deployments/d",
        ),
        (
            "azure-native:storage:BlobContainer",
            {"resourceGroupName": "rg", "accountName": "a", "containerName": "c"},
            f"{GROUP}/providers/Microsoft.Storage/storageAccounts/a/blobServices/default/containers/c",
        ),
        (
            "azure-native:authorization:RoleAssignment",
            {"scope": f"{GROUP}/providers/Microsoft.Storage/storageAccounts/a", "roleAssignmentName": "guid"},
            (
                f"{GROUP}/providers/Microsoft.Storage/storageAccounts/a"
                "/providers/Microsoft.Authorization/roleAssignments/guid"
            ),
        ),
    ],
)
def test_inputs_tell_the_id_and_the_id_tells_them(token: str, inputs: dict[str, Any], path: str) -> None:
    resource = TYPES[token]

    assert resource.id_of(inputs, "7e57") == path
    assert resource.to_inputs(path, {}) == inputs


def test_a_diagnostic_setting_stands_on_any_resource() -> None:
    target = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/a/blobServices/default"
    inputs = {"resourceUri": target, "name": "to-logs"}
    path = f"{target}/providers/Microsoft.Insights/diagnosticSettings/to-logs"

    assert DIAGNOSTIC_SETTING.id_of(inputs, "7e57") == path
    assert DIAGNOSTIC_SETTING.to_inputs(path, {}) == inputs


def test_criteria_tell_their_kind_under_the_wire_s_own_name() -> None:
    """`odata.type`, which is no name of a property in Pulumi."""
    kind = "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria"
    inputs = {"criteria": {"odataType": kind, "allOf": []}}
    body = METRIC_ALERT.to_body(inputs)

    assert body["properties"]["criteria"] == {"odata.type": kind, "allOf": []}
    assert METRIC_ALERT.to_outputs(body)["criteria"] == inputs["criteria"]


def test_an_id_of_another_type_is_refused() -> None:
    with pytest.raises(ValueError, match=r"rg is not the ID of a azure-native:cognitiveservices:Account"):
        ACCOUNT.to_inputs(GROUP, {})


def test_storage_is_flattened_both_ways() -> None:
    """The wire's names are those of Microsoft.Storage 2024-01-01."""
    inputs = {
        "resourceGroupName": "rg",
        "accountName": "a",
        "kind": "StorageV2",
        "location": "swedencentral",
        "sku": {"name": "Standard_LRS"},
        "enableHttpsTrafficOnly": True,
        "networkRuleSet": {
            "defaultAction": "Deny",
            "ipRules": [{"iPAddressOrRange": "10.0.0.0/8", "action": "Allow"}],
            "virtualNetworkRules": [{"virtualNetworkResourceId": "/subnets/one"}],
        },
        "identity": {"type": "UserAssigned", "userAssignedIdentities": ["/identities/one"]},
    }
    body = STORAGE_ACCOUNT.to_body(inputs)

    assert body == {
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {"/identities/one": {}}},
        "kind": "StorageV2",
        "location": "swedencentral",
        "sku": {"name": "Standard_LRS"},
        "properties": {
            "supportsHttpsTrafficOnly": True,
            "networkAcls": {
                "defaultAction": "Deny",
                "ipRules": [{"value": "10.0.0.0/8", "action": "Allow"}],
                "virtualNetworkRules": [{"id": "/subnets/one"}],
            },
        },
    }
    path = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/a"
    outputs = STORAGE_ACCOUNT.to_outputs(body | {"id": path, "name": "a"})
    assert outputs["networkRuleSet"] == inputs["networkRuleSet"]
    assert outputs["azureApiVersion"] == "2024-01-01"
    assert STORAGE_ACCOUNT.to_inputs(path, outputs) == inputs


def test_a_storage_s_key_has_the_wire_s_names_both_ways() -> None:
    """Small letters only, in an object named so as well (Microsoft.Storage 2024-01-01)."""
    inputs = {
        "resourceGroupName": "rg",
        "accountName": "a",
        "encryption": {
            "keySource": "Microsoft.Keyvault",
            "keyVaultProperties": {"keyName": "k", "keyVaultUri": "https://v/", "keyVersion": "1"},
            "encryptionIdentity": {"encryptionUserAssignedIdentity": "/identities/one"},
        },
    }
    body = STORAGE_ACCOUNT.to_body(inputs)

    assert body["properties"]["encryption"] == {
        "keySource": "Microsoft.Keyvault",
        "keyvaultproperties": {"keyname": "k", "keyvaulturi": "https://v/", "keyversion": "1"},
        "identity": {"userAssignedIdentity": "/identities/one"},
    }
    path = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/a"
    assert STORAGE_ACCOUNT.to_inputs(path, STORAGE_ACCOUNT.to_outputs(body | {"id": path, "name": "a"})) == inputs


def test_a_preview_expects_identities_in_the_form_in_which_they_come_back() -> None:
    """A list is what Pulumi's SDK refuses among outputs; with an ID that isn't known yet nothing is."""

    def expected(*identities: Any) -> Any:
        told = {"identity": {"type": "UserAssigned", "userAssignedIdentities": list(identities)}}
        return expected_outputs(ACCOUNT.token, told, {"identity": {"type": "None"}})["identity"]

    assert expected("/identities/one") == {"type": "UserAssigned", "userAssignedIdentities": {"/identities/one": {}}}
    assert expected("/identities/one", UNKNOWN)["userAssignedIdentities"] is UNKNOWN


def test_what_a_network_holds_is_flattened_both_ways() -> None:
    """The wire's names are those of Microsoft.Network 2024-05-01, lists and what is inside them too."""
    inputs = {
        "resourceGroupName": "rg",
        "virtualNetworkName": "v",
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "subnets": [
            {
                "name": "s",
                "addressPrefix": "10.0.0.0/24",
                "delegations": [{"name": "d", "serviceName": "Microsoft.Web/serverFarms"}],
                "serviceEndpoints": [{"service": "Microsoft.Storage"}],
            }
        ],
    }
    body = VIRTUAL_NETWORK.to_body(inputs)

    assert body["properties"]["subnets"] == [
        {
            "name": "s",
            "properties": {
                "addressPrefix": "10.0.0.0/24",
                "delegations": [{"name": "d", "properties": {"serviceName": "Microsoft.Web/serverFarms"}}],
                "serviceEndpoints": [{"service": "Microsoft.Storage"}],
            },
        }
    ]
    assert VIRTUAL_NETWORK.to_outputs(body)["subnets"] == inputs["subnets"]


def test_a_reference_is_not_flattened() -> None:
    """An endpoint names its subnet by ID alone: no empty `properties` beside it."""
    inputs = {
        "resourceGroupName": "rg",
        "privateEndpointName": "pe",
        "subnet": {"id": "/subnets/one"},
        "privateLinkServiceConnections": [
            {"name": "c", "privateLinkServiceId": "/accounts/a", "groupIds": ["account"]}
        ],
    }
    body = PRIVATE_ENDPOINT.to_body(inputs)

    assert body["properties"] == {
        "subnet": {"id": "/subnets/one"},
        "privateLinkServiceConnections": [
            {"name": "c", "properties": {"privateLinkServiceId": "/accounts/a", "groupIds": ["account"]}}
        ],
    }
    path = f"{GROUP}/providers/Microsoft.Network/privateEndpoints/pe"
    assert PRIVATE_ENDPOINT.to_inputs(path, PRIVATE_ENDPOINT.to_outputs(body)) == inputs


def test_an_import_leaves_out_what_only_azure_writes() -> None:
    path = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/a"
    outputs = {
        "kind": "OpenAI",
        "sku": {"name": "S0", "tier": "Standard"},
        "identity": {"type": "SystemAssigned", "principalId": "p", "tenantId": "t"},
        "properties": {"customSubDomainName": "a", "endpoint": "https://…", "provisioningState": "Succeeded"},
        "etag": '"1"',
    }

    assert ACCOUNT.to_inputs(path, outputs) == {
        "resourceGroupName": "rg",
        "accountName": "a",
        "kind": "OpenAI",
        "sku": {"name": "S0"},
        "identity": {"type": "SystemAssigned"},
        "properties": {"customSubDomainName": "a"},
    }


def test_a_role_assignment_on_a_subscription_has_a_short_id() -> None:
    inputs = {"scope": "/subscriptions/7e57", "roleAssignmentName": "guid"}

    assert ROLE_ASSIGNMENT.id_of(inputs, "other") == (
        "/subscriptions/7e57/providers/Microsoft.Authorization/roleAssignments/guid"
    )
