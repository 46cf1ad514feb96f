"""The plugin as the CLI sees it: over gRPC, against the local Azure."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent import futures
from typing import Any

import grpc  # type: ignore[import-untyped]  # The package has no types, and its stubs are not installed.
import pytest
from google.protobuf import struct_pb2  # type: ignore[import-untyped]  # As grpc: no types.
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from simulator.pulumi.plugin import Plugin
from simulator.pulumi.values import from_struct, to_struct
from simulator.server import Simulator

GROUP = "urn:pulumi:s::p::azure-native:resources:ResourceGroup::rg"
ACCOUNT = "urn:pulumi:s::p::my:Component$azure-native:cognitiveservices:Account::acct"
Stub = Any  # grpc's stubs have no types.


@pytest.fixture
def stub(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    """A configured plugin, as the deployer."""
    for name, value in simulator.environment("deployer").items():
        monkeypatch.setenv(name, value)
    plugin = Plugin()
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(plugin, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield provider_pb2_grpc.ResourceProviderStub(channel)
    server.stop(grace=None).wait()
    plugin.close()


def _create(stub: Stub, urn: str, inputs: dict[str, Any]) -> Any:
    checked = stub.Check(provider_pb2.CheckRequest(urn=urn, news=to_struct(inputs)))
    assert list(checked.failures) == []
    return stub.Create(provider_pb2.CreateRequest(urn=urn, properties=checked.inputs))


def test_a_resource_is_created_read_changed_and_deleted(stub: Stub) -> None:
    made = _create(stub, GROUP, {"resourceGroupName": "rg", "location": "swedencentral"})

    assert made.id.endswith("/resourceGroups/rg")
    outputs = from_struct(made.properties)
    assert outputs["name"] == "rg"
    assert outputs["properties"] == {"provisioningState": "Succeeded"}

    changed = {"resourceGroupName": "rg", "location": "swedencentral", "tags": {"a": "b"}}
    stub.Update(provider_pb2.UpdateRequest(urn=GROUP, id=made.id, news=to_struct(changed)))
    read = stub.Read(provider_pb2.ReadRequest(urn=GROUP, id=made.id))
    assert from_struct(read.inputs) == changed

    stub.Delete(provider_pb2.DeleteRequest(urn=GROUP, id=made.id, properties=read.properties))
    assert stub.Read(provider_pb2.ReadRequest(urn=GROUP, id=made.id)).id == ""
    stub.Delete(provider_pb2.DeleteRequest(urn=GROUP, id=made.id, properties=read.properties))


def test_what_exists_is_refused_in_the_published_provider_s_words(stub: Stub) -> None:
    inputs = {"resourceGroupName": "rg", "location": "swedencentral"}
    made = _create(stub, GROUP, inputs)

    with pytest.raises(grpc.RpcError) as refused:
        _create(stub, GROUP, inputs)

    assert refused.value.details() == f"cannot create already existing resource '{made.id}'"


def test_an_account_is_waited_for_and_its_endpoint_told(stub: Stub, simulator: Simulator) -> None:
    _create(stub, GROUP, {"resourceGroupName": "rg", "location": "swedencentral"})
    made = _create(
        stub,
        ACCOUNT,
        {
            "resourceGroupName": "rg",
            "accountName": "acct",
            "location": "swedencentral",
            "kind": "OpenAI",
            "sku": {"name": "S0"},
            "properties": {"customSubDomainName": "acct"},
        },
    )

    properties = from_struct(made.properties)["properties"]
    assert properties["provisioningState"] == "Succeeded"
    assert properties["endpoint"] == f"{simulator.url}/acct.openai.azure.com/"


def test_arm_s_refusal_is_one_line(stub: Stub) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        _create(
            stub,
            ACCOUNT,
            {"resourceGroupName": "nowhere", "accountName": "a", "location": "swedencentral", "kind": "OpenAI"},
        )

    assert refused.value.details().startswith("404 ResourceGroupNotFound: Resource group 'nowhere' could not be found.")
    assert "\n" not in refused.value.details()


def test_a_preview_asks_nobody_and_leaves_open_what_azure_decides(stub: Stub) -> None:
    inputs = {"location": "swedencentral", "properties": {"customSubDomainName": "a"}, "tags": {"a": "b"}}
    made = stub.Create(provider_pb2.CreateRequest(urn=ACCOUNT, properties=to_struct(inputs), preview=True))

    assert made.id == ""
    assert from_struct(made.properties) == {"location": "swedencentral", "tags": {"a": "b"}}


def test_a_replacement_is_told_in_pulumi_s_terms(stub: Stub) -> None:
    olds = {"resourceGroupName": "rg", "location": "swedencentral", "tags": {"a": "b"}}
    news = {"resourceGroupName": "rg", "location": "westeurope"}
    told = stub.Diff(provider_pb2.DiffRequest(urn=GROUP, id="x", old_inputs=to_struct(olds), news=to_struct(news)))

    assert told.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert list(told.replaces) == ["location"]
    assert list(told.diffs) == ["location", "tags"]
    assert told.deleteBeforeReplace
    assert told.detailedDiff["location"].kind == provider_pb2.PropertyDiff.UPDATE_REPLACE
    assert told.detailedDiff["tags"].kind == provider_pb2.PropertyDiff.DELETE


def test_a_secret_input_is_a_secret_output(stub: Stub) -> None:
    secret = struct_pb2.Struct()
    secret.update(
        {
            "resourceGroupName": "rg",
            "location": "swedencentral",
            "tags": {
                "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
                "value": {"a": "hush"},
            },
        }
    )
    made = stub.Create(provider_pb2.CreateRequest(urn=GROUP, properties=secret))

    assert repr(from_struct(made.properties)["tags"]) == "[secret]"


def test_a_type_that_is_not_in_the_table_fails_the_check(stub: Stub) -> None:
    urn = "urn:pulumi:s::p::azure-native:search:Service::s"
    checked = stub.Check(provider_pb2.CheckRequest(urn=urn, news=to_struct({})))

    assert checked.failures[0].reason.startswith("azure-native:search:Service is not simulated")


def test_the_config_of_an_explicit_provider_comes_before_the_environment(stub: Stub, simulator: Simulator) -> None:
    stranger = simulator.environment("stranger")
    config = {"clientId": stranger["AZURE_CLIENT_ID"], "clientSecret": stranger["AZURE_CLIENT_SECRET"]}
    stub.Configure(provider_pb2.ConfigureRequest(args=to_struct(config)))
    asked = stub.Invoke(provider_pb2.InvokeRequest(tok="azure-native:authorization:getClientConfig"))

    assert from_struct(getattr(asked, "return"))["clientId"] == stranger["AZURE_CLIENT_ID"]


def test_without_credentials_the_first_request_says_what_lacks(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARM_CLIENT_SECRET")

    with pytest.raises(grpc.RpcError) as refused:
        stub.Invoke(provider_pb2.InvokeRequest(tok="azure-native:authorization:getClientConfig"))

    assert refused.value.details().startswith("no clientSecret: ")


def test_a_function_is_answered_by_a_read_and_an_absent_resource_is_arm_s_refusal(stub: Stub) -> None:
    _create(stub, GROUP, {"resourceGroupName": "rg", "location": "swedencentral"})
    asked = provider_pb2.InvokeRequest(
        tok="azure-native:resources:getResourceGroup", args=to_struct({"resourceGroupName": "rg"})
    )

    answer = from_struct(getattr(stub.Invoke(asked), "return"))

    assert str(answer["id"]).endswith("/resourceGroups/rg")
    assert answer["location"] == "swedencentral"
    asked.args.update({"resourceGroupName": "rg-none"})
    with pytest.raises(grpc.RpcError) as refused:
        stub.Invoke(asked)
    assert refused.value.details().startswith("404 ResourceGroupNotFound: ")
