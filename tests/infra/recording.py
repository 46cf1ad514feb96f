"""Runs the program against a monitor that writes down what is asked of Azure, and answers with ARM's IDs."""

from __future__ import annotations

import asyncio
import contextvars
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pulumi.runtime
from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]  # Has no types.
from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped]  # Has no types.
from pulumi.runtime import mocks, settings
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import set_root_resource

from infra import program
from simulator.pulumi.surplus import left_out

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
TENANT = "22222222-3333-4444-5555-666666666666"
TODAY = date(2026, 11, 20)

STACK = "pulumi:pulumi:Stack"
STACK_REFERENCE = "pulumi:pulumi:StackReference"
COGNITIVE = "Microsoft.CognitiveServices"
STORAGE = "Microsoft.Storage"
PATHS: Mapping[str, str] = {
    "azure-native:resources:ResourceGroup": "",
    "azure-native:cognitiveservices:Account": f"/providers/{COGNITIVE}/accounts/{{accountName}}",
    "azure-native:cognitiveservices:Deployment": (
        f"/providers/{COGNITIVE}/accounts/{{accountName}}/deployments/{{deploymentName}}"
    ),
    "azure-native:cognitiveservices:Project": (
        f"/providers/{COGNITIVE}/accounts/{{accountName}}/projects/{{projectName}}"
    ),
    "azure-native:cognitiveservices:RaiBlocklist": (
        f"/providers/{COGNITIVE}/accounts/{{accountName}}/raiBlocklists/{{raiBlocklistName}}"
    ),
    "azure-native:cognitiveservices:RaiBlocklistItem": (
        f"/providers/{COGNITIVE}/accounts/{{accountName}}/raiBlocklists/{{raiBlocklistName}}"
        "/raiBlocklistItems/{raiBlocklistItemName}"
    ),
    "azure-native:cognitiveservices:RaiPolicy": (
        f"/providers/{COGNITIVE}/accounts/{{accountName}}/raiPolicies/{{raiPolicyName}}"
    ),
    "azure-native:storage:StorageAccount": f"/providers/{STORAGE}/storageAccounts/{{accountName}}",
    "azure-native:storage:BlobServiceProperties": (
        f"/providers/{STORAGE}/storageAccounts/{{accountName}}/blobServices/{{blobServicesName}}"
    ),
    "azure-native:storage:BlobContainer": (
        f"/providers/{STORAGE}/storageAccounts/{{accountName}}/blobServices/default/containers/{{containerName}}"
    ),
    "azure-native:authorization:RoleAssignment": (
        "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}"
    ),
    "azure-native:managedidentity:UserAssignedIdentity": (
        "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}"
    ),
    "azure-native:managedidentity:FederatedIdentityCredential": (
        "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}"
        "/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}"
    ),
    "azure-native:network:VirtualNetwork": "/providers/Microsoft.Network/virtualNetworks/{virtualNetworkName}",
    "azure-native:network:Subnet": (
        "/providers/Microsoft.Network/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}"
    ),
    "azure-native:network:PrivateEndpoint": "/providers/Microsoft.Network/privateEndpoints/{privateEndpointName}",
    "azure-native:network:PrivateDnsZoneGroup": (
        "/providers/Microsoft.Network/privateEndpoints/{privateEndpointName}"
        "/privateDnsZoneGroups/{privateDnsZoneGroupName}"
    ),
    "azure-native:privatedns:PrivateZone": "/providers/Microsoft.Network/privateDnsZones/{privateZoneName}",
    "azure-native:privatedns:VirtualNetworkLink": (
        "/providers/Microsoft.Network/privateDnsZones/{privateZoneName}/virtualNetworkLinks/{virtualNetworkLinkName}"
    ),
    "azure-native:keyvault:Vault": "/providers/Microsoft.KeyVault/vaults/{vaultName}",
    "azure-native:keyvault:Key": "/providers/Microsoft.KeyVault/vaults/{vaultName}/keys/{keyName}",
    "azure-native:authorization:ManagementLockByScope": ("{scope}/providers/Microsoft.Authorization/locks/{lockName}"),
    "azure-native:consumption:Budget": "{scope}/providers/Microsoft.Consumption/budgets/{budgetName}",
    "azure-native:operationalinsights:Workspace": (
        "/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}"
    ),
    "azure-native:monitor:DiagnosticSetting": ("{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}"),
    "azure-native:monitor:ActionGroup": "/providers/Microsoft.Insights/actionGroups/{actionGroupName}",
    "azure-native:monitor:MetricAlert": "/providers/Microsoft.Insights/metricAlerts/{ruleName}",
    "azure-native:monitor:ScheduledQueryRule": "/providers/Microsoft.Insights/scheduledQueryRules/{ruleName}",
    "azure-native:appconfiguration:ConfigurationStore": (
        "/providers/Microsoft.AppConfiguration/configurationStores/{configStoreName}"
    ),
    "azure-native:appconfiguration:KeyValue": (
        "/providers/Microsoft.AppConfiguration/configurationStores/{configStoreName}/keyValues/{keyValueName}"
    ),
}
"""Type → where ARM has it: under the resource group, but for what has a scope of its own."""


@dataclass(frozen=True)
class Asked:
    """One resource as the program asked for it."""

    urn: str
    type: str
    name: str
    parent: str
    custom: bool
    inputs: Mapping[str, Any]
    dependencies: frozenset[str]
    """URNs, of those named in ``depends_on`` and of those that inputs come from."""
    request: resource_pb2.RegisterResourceRequest = field(repr=False, compare=False)

    @property
    def short_type(self) -> str:
        return self.type.rpartition(":")[2]


@dataclass(frozen=True)
class Declared:
    """Everything one run of the program asked for, in the order in which it was asked."""

    resources: tuple[Asked, ...]
    outputs: Mapping[str, Any]
    read: tuple[str, ...] = ()
    """What is only read, by ID: the stack's own last outputs, and resources of others."""

    def of_type(self, short_type: str) -> list[Asked]:
        """Azure's resources of one type; not the components."""
        return [asked for asked in self.resources if asked.custom and asked.short_type == short_type]

    def by_urn(self) -> dict[str, Asked]:
        return {asked.urn: asked for asked in self.resources}

    def inputs(self) -> dict[str, Mapping[str, Any]]:
        """By URN."""
        return {asked.urn: asked.inputs for asked in self.resources}

    def deployments(self, account: str) -> list[Asked]:
        return [asked for asked in self.of_type("Deployment") if asked.inputs["accountName"] == account]


class RecordingMonitor(mocks.MockMonitor):
    """Keeps each registration with dependencies and options, which the SDK's own monitor for mocks leaves out."""

    def __init__(self, last_up: Mapping[str, Any] | None = None) -> None:
        super().__init__(NoCalls())
        self.last_up = last_up or {}
        self.read: list[str] = []
        self.asked: list[Asked] = []
        self.outputs: dict[str, Any] = {}

    def RegisterResource(  # noqa: N802 - gRPC's name of the method.
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == STACK:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        inputs = MessageToDict(request.object)
        self.asked.append(
            Asked(
                urn=urn,
                type=request.type,
                name=request.name,
                parent=request.parent,
                custom=request.custom,
                inputs=inputs,
                dependencies=frozenset(request.dependencies),
                request=request,
            )
        )
        if not request.custom:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        resource_id, answered = answer(request.type, inputs)
        state = Struct()
        state.update(answered)
        return resource_pb2.RegisterResourceResponse(urn=urn, id=resource_id, object=state)

    def ReadResource(self, request: resource_pb2.ReadResourceRequest) -> resource_pb2.ReadResourceResponse:  # noqa: N802 - as above.
        self.read.append(request.id)
        state = Struct()
        if request.type == STACK_REFERENCE:
            state.update({"name": request.id, "outputs": dict(self.last_up), "secretOutputNames": []})
        else:
            state.update(existing(request.id))
        urn = self.make_urn(request.parent, request.type, request.name)
        return resource_pb2.ReadResourceResponse(urn=urn, properties=state)

    def RegisterResourceOutputs(self, request: resource_pb2.RegisterResourceOutputsRequest) -> Any:  # noqa: N802 - as above.
        if request.urn.split("::")[2] == STACK:
            self.outputs |= MessageToDict(request.outputs)
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]  # So in the SDK.


class NoCalls(mocks.Mocks):
    """Neither of these is reached: resources are answered by the monitor, and the program invokes nothing."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        raise AssertionError(args.typ)

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"the program asked {args.token}; it should ask Azure nothing")


def answer(type_: str, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The ID of a resource, and its inputs with what ARM adds: the name and the endpoints."""
    group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{inputs.get('resourceGroupName', '')}"
    path = PATHS[type_].format_map(inputs)
    # Under the resource group, but for what has a scope of its own.
    resource_id = path if path.startswith("/subscriptions/") else group + path
    answered = {**inputs, "name": resource_id.rpartition("/")[2]}
    if type_ == "azure-native:cognitiveservices:Account":
        host = inputs["properties"]["customSubDomainName"]
        openai = f"https://{host}.openai.azure.com/"
        added: dict[str, Any] = {"endpoint": openai, "endpoints": {}}
        if inputs["kind"] == "AIServices":
            added["endpoint"] = f"https://{host}.cognitiveservices.azure.com/"
            added["endpoints"] = {"OpenAI Language Model Instance API": openai}
        answered["properties"] = inputs["properties"] | added
    if type_ == "azure-native:keyvault:Vault":
        answered["properties"] = inputs["properties"] | {"vaultUri": f"https://{inputs['vaultName']}.vault.azure.net/"}
    if isinstance(used := inputs.get("identity", {}).get("userAssignedIdentities"), list):
        answered["identity"] = inputs["identity"] | {"userAssignedIdentities": {each: {} for each in used}}
    if type_ == "azure-native:keyvault:Key":
        answered["keyUri"] = f"https://{inputs['vaultName']}.vault.azure.net/keys/{inputs['keyName']}"
    if type_ == "azure-native:appconfiguration:ConfigurationStore":
        answered["endpoint"] = f"https://{inputs['configStoreName']}.azconfig.io"
    if type_ == "azure-native:managedidentity:UserAssignedIdentity":
        made = uuid.uuid5(uuid.NAMESPACE_URL, resource_id)
        answered |= {"principalId": str(made), "clientId": str(uuid.uuid5(made, "client")), "tenantId": TENANT}
    if type_ == "azure-native:storage:StorageAccount":
        answered["primaryEndpoints"] = {"blob": f"https://{inputs['accountName']}.blob.core.windows.net/"}
    return resource_id, answered


def existing(resource_id: str) -> dict[str, Any]:
    """An account or a key that was there before, as it is read."""
    name = resource_id.rpartition("/")[2]
    if "/vaults/" in resource_id:
        vault = resource_id.split("/")[8]
        return {"name": name, "keyUri": f"https://{vault}.vault.azure.net/keys/{name}"}
    return {"name": name, "properties": {"endpoint": f"https://{name}.openai.azure.com/", "endpoints": {}}}


def declare(
    config: Mapping[str, Any],
    *,
    stack: str = "dev",
    today: date = TODAY,
    last_up: Mapping[str, Any] | None = None,
) -> Declared:
    """What the program declares for ``config`` (key without namespace → value). Raises what the program raises.

    ``last_up`` are the outputs of the last up; none where there was none.
    """
    raw = {f"tuned-models:{key}": json.dumps(value) for key, value in config.items()}
    monitor = RecordingMonitor(last_up)
    run(monitor, raw, lambda: program.declare(today), stack)
    return Declared(tuple(monitor.asked), monitor.outputs, tuple(monitor.read))


def run(monitor: RecordingMonitor, raw: Mapping[str, str], declaring: Callable[[], None], stack: str = "dev") -> None:
    """One run of ``declaring`` with ``raw`` as the CLI hands it over, leaving nothing behind in the SDK."""

    async def inside() -> None:
        # Within the loop, since this declares a stack of its own.
        pulumi.runtime.set_mocks(
            monitor.mocks, project="tuned-models", stack=stack, monitor=monitor, organization="organization"
        )
        set_root_resource(None)  # type: ignore[arg-type]  # The SDK's only way to begin anew.
        # Of a run that failed, outputs are left that the next one would wait for.
        settings.SETTINGS.outputs = set()
        pulumi.runtime.set_all_config(dict(raw), [])
        await pulumi.runtime.run_in_stack(declaring)

    with left_out():
        contextvars.copy_context().run(asyncio.run, inside())
