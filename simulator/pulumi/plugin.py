"""The provider as a plugin of the Pulumi CLI: a gRPC server that tells its port on stdout and ends with the CLI.

The CLI takes an executable of the name pulumi-resource-azure-native on PATH for the published provider, whatever its
version, unless PULUMI_IGNORE_AMBIENT_PLUGINS is set. simulator/environment.py writes one that runs this module.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from typing import Any, Protocol

import grpc  # type: ignore[import-untyped]  # The package has no types, and its stubs are not installed.
from google.protobuf import any_pb2, empty_pb2  # type: ignore[import-untyped]  # As grpc: no types.
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from simulator.pulumi.arm_client import ArmClient
from simulator.pulumi.connection import Connection
from simulator.pulumi.diff import Change, matches
from simulator.pulumi.provider import (
    FAULTS,
    VERSION,
    PartlyCreated,
    Provider,
    ProviderError,
    expected_outputs,
    with_secrets,
)
from simulator.pulumi.values import Properties, from_struct, has_unknown, to_struct

WATCH = 1.0
"""Seconds between two looks at whether the CLI is still there."""
THREADS = 32
"""Requests served at once: waiting for one deployment must not keep others from being asked for."""


class Context(Protocol):
    """What gRPC hands to a method."""

    def abort(self, code: grpc.StatusCode, details: str) -> Any: ...


class Plugin(provider_pb2_grpc.ResourceProviderServicer):
    """Serves one CLI, which configures it once."""

    def __init__(self, stop: Callable[[], object] = lambda: None) -> None:
        self._stop = stop
        self._config: Properties = {}
        self._provider: Provider | None = None
        self._lock = threading.Lock()

    def Handshake(self, request: Any, context: Context) -> Any:  # noqa: N802, ARG002 - gRPC names and passes these.
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=False, accept_outputs=False)

    def GetPluginInfo(self, request: Any, context: Context) -> Any:  # noqa: N802, ARG002 - gRPC names and passes these.
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetSchema(self, request: Any, context: Context) -> Any:  # noqa: N802, ARG002 - gRPC names and passes these.
        return provider_pb2.GetSchemaResponse(schema=json.dumps({"name": "azure-native", "version": VERSION}))

    def CheckConfig(self, request: Any, context: Context) -> Any:  # noqa: N802, ARG002 - gRPC names and passes these.
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Context) -> Any:  # noqa: N802, ARG002 - gRPC names and passes these.
        changed = from_struct(request.old_inputs) != from_struct(request.news)
        some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=some if changed else none)

    def Configure(self, request: Any, context: Context) -> Any:  # noqa: N802, ARG002 - gRPC names and passes these.
        # The environment is looked at with the first request, whose error then names what lacks.
        named = {key.rpartition(":")[2]: value for key, value in request.variables.items()}
        self._config = named | from_struct(request.args)
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, acceptResources=False, acceptOutputs=False
        )

    def Invoke(self, request: Any, context: Context) -> Any:  # noqa: N802 - gRPC's name.
        with self._told(context) as provider:
            response = provider_pb2.InvokeResponse()
            getattr(response, "return").CopyFrom(to_struct(provider.invoke(request.tok, from_struct(request.args))))
            return response

    def Check(self, request: Any, context: Context) -> Any:  # noqa: N802 - gRPC's name.
        with self._told(context) as provider:
            olds, news = from_struct(request.olds), from_struct(request.news)
            try:
                checked = provider.check(_type(request.urn), request.urn, news, olds)
            except ProviderError as refused:
                return provider_pb2.CheckResponse(failures=[provider_pb2.CheckFailure(reason=str(refused))])
            return provider_pb2.CheckResponse(inputs=to_struct(checked))

    def Diff(self, request: Any, context: Context) -> Any:  # noqa: N802 - gRPC's name.
        with self._told(context) as provider:
            found = provider.diff(_type(request.urn), from_struct(request.old_inputs), from_struct(request.news))
            ignored = tuple(request.ignoreChanges)
            changes = [change for change in found.changes if not matches(change.path, ignored)]
            return provider_pb2.DiffResponse(
                changes=provider_pb2.DiffResponse.DIFF_SOME if changes else provider_pb2.DiffResponse.DIFF_NONE,
                replaces=sorted({change.key for change in changes if change.replaces}),
                diffs=sorted({change.key for change in changes}),
                detailedDiff={change.path: _detail(change) for change in changes},
                hasDetailedDiff=True,
                deleteBeforeReplace=found.delete_before_replace,
            )

    def Create(self, request: Any, context: Context) -> Any:  # noqa: N802 - gRPC's name.
        token, inputs = _type(request.urn), from_struct(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(id="", properties=to_struct(expected_outputs(token, inputs)))
        with self._told(context, inputs) as provider:
            made = provider.create(token, inputs, patience=request.timeout)
            return provider_pb2.CreateResponse(id=made.id, properties=to_struct(with_secrets(inputs, made.outputs)))

    def Read(self, request: Any, context: Context) -> Any:  # noqa: N802 - gRPC's name.
        with self._told(context) as provider:
            inputs, outputs = from_struct(request.inputs), from_struct(request.properties)
            found = provider.read(_type(request.urn), request.id, inputs, outputs)
            if found is None:
                return provider_pb2.ReadResponse(id="")
            return provider_pb2.ReadResponse(
                id=found.id,
                properties=to_struct(with_secrets(found.inputs, found.outputs)),
                inputs=to_struct(found.inputs),
            )

    def Update(self, request: Any, context: Context) -> Any:  # noqa: N802 - gRPC's name.
        token, inputs = _type(request.urn), from_struct(request.news)
        if request.preview:
            expected = expected_outputs(token, inputs, from_struct(request.olds))
            return provider_pb2.UpdateResponse(properties=to_struct(expected))
        with self._told(context, inputs) as provider:
            outputs = provider.update(token, request.id, inputs, patience=request.timeout)
            return provider_pb2.UpdateResponse(properties=to_struct(with_secrets(inputs, outputs)))

    def Delete(self, request: Any, context: Context) -> Any:  # noqa: N802 - gRPC's name.
        with self._told(context) as provider:
            provider.delete(_type(request.urn), request.id, patience=request.timeout)
            return empty_pb2.Empty()

    def Cancel(self, request: Any, context: Context) -> Any:  # noqa: N802, ARG002 - gRPC names and passes these.
        self._stop()
        return empty_pb2.Empty()

    def Attach(self, request: Any, context: Context) -> Any:  # noqa: N802, ARG002 - gRPC names and passes these.
        return empty_pb2.Empty()

    @contextmanager
    def _told(self, context: Context, inputs: Properties | None = None) -> Iterator[Provider]:
        """The provider, made at first use; what it refuses becomes a gRPC error of one line."""
        try:
            yield self._made()
        except PartlyCreated as partly:
            _abort_partly(context, partly, inputs or {})
        except FAULTS as fault:
            context.abort(grpc.StatusCode.UNKNOWN, str(fault))

    def _made(self) -> Provider:
        with self._lock:
            if self._provider is None:
                if has_unknown(self._config):
                    raise ProviderError("the provider's own config is not known yet: it can't be asked in this preview")
                self._provider = Provider(ArmClient(Connection.of(self._config)))
            return self._provider

    def close(self) -> None:
        if self._provider is not None:
            self._provider.client.close()


def serve() -> None:
    """Serves until the CLI ends this process, or has ended itself."""
    cli = os.getppid()
    done = threading.Event()
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=THREADS),
        options=[("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)],
    )
    plugin = Plugin()
    # The stubs of pulumi's SDK are generated without types.
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(plugin, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    try:
        # A CLI that was killed ends nobody: whom it leaves behind has another parent.
        while os.getppid() == cli:
            done.wait(WATCH)
    except KeyboardInterrupt:
        pass
    finally:
        server.stop(grace=None)
        plugin.close()


def _type(urn: str) -> str:
    """The type token in a URN: the last of the parents' chain."""
    return urn.split("::")[2].rpartition("$")[2]


_KINDS = {
    ("add", False): provider_pb2.PropertyDiff.ADD,
    ("add", True): provider_pb2.PropertyDiff.ADD_REPLACE,
    ("update", False): provider_pb2.PropertyDiff.UPDATE,
    ("update", True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
    ("delete", False): provider_pb2.PropertyDiff.DELETE,
    ("delete", True): provider_pb2.PropertyDiff.DELETE_REPLACE,
}


def _detail(change: Change) -> Any:
    return provider_pb2.PropertyDiff(kind=_KINDS[change.kind, change.replaces], inputDiff=True)


def _abort_partly(context: Any, partly: PartlyCreated, inputs: Properties) -> None:
    """Tells the CLI of a resource that exists although its making failed, so that it is recorded."""
    detail = provider_pb2.ErrorResourceInitFailed(
        id=partly.resource_id,
        properties=to_struct(with_secrets(inputs, partly.outputs)),
        reasons=[str(partly)],
        inputs=to_struct(inputs),
    )
    packed = any_pb2.Any()
    packed.Pack(detail)
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(partly), details=[packed])
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, str(partly))


if __name__ == "__main__":
    serve()
