"""What the program talks to in place of the CLI's engine: a monitor that hands each registration to an Engine.

The SDK calls it from several threads at once; one lock makes that one resource at a time. After the first fault every
further registration is refused, since the SDK itself goes on.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

from google.protobuf import empty_pb2  # type: ignore[import-untyped]  # As grpc: no types.
from pulumi.runtime.mocks import MockMonitor, Mocks
from pulumi.runtime.proto import engine_pb2, resource_pb2

from simulator.pulumi.engine import Declared, Engine
from simulator.pulumi.references import STACK_REFERENCE
from simulator.pulumi.state import Held
from simulator.pulumi.values import UNKNOWN_TEXT, Properties, from_struct, to_struct

STACK_TYPE = "pulumi:pulumi:Stack"
_NEED_THE_CLI = frozenset({"transforms", "replace_with", "replacement_trigger", "state_migrations"})
"""Options that would be passed over here: refused instead."""


class Stopped(Exception):
    """Nothing is started any more, because of a fault that was met before."""


class _NoMocks(Mocks):
    """The base class wants mocks; every call that would reach them is answered by the monitor itself."""

    def call(self, args: Any) -> Any:
        raise NotImplementedError(args.token)

    def new_resource(self, args: Any) -> Any:
        raise NotImplementedError(args.typ)


class Monitor(MockMonitor):
    """Registers into `engine`. `fault` is the first thing that went wrong, `outputs` the stack's."""

    def __init__(self, engine: Engine, project: str, stack: str) -> None:
        super().__init__(_NoMocks())
        self.engine = engine
        self.project = project
        self.stack = stack
        self.outputs: Properties = {}
        self.fault: Exception | None = None
        self._held: dict[str, Held] = {}
        self._lock = threading.Lock()

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """The URN as Pulumi builds it: with all parents' types, the stack's left out."""
        kind = parent.split("::")[2] if parent else ""
        qualified = type_ if kind in ("", STACK_TYPE) else f"{kind}${type_}"
        return f"urn:pulumi:{self.stack}::{self.project}::{qualified}::{name}"

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - gRPC's name.
        def register() -> Any:
            if request.remote:
                raise NotImplementedError(f"{request.type}: components from other packages need the Pulumi CLI")
            if unknown := _NEED_THE_CLI & {member.name for member, _ in request.ListFields()}:
                raise NotImplementedError(f"{request.name}: the option {', '.join(unknown)} needs the Pulumi CLI")
            held = self.engine.register(self._declared(request))
            self._held[held.urn] = held
            return resource_pb2.RegisterResourceResponse(urn=held.urn, id=held.id, object=to_struct(held.outputs))

        return self._guarded(register)

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 - gRPC's name.
        if request.urn.split("::")[2] == STACK_TYPE:
            self.outputs = from_struct(request.outputs, nulls=True)
        return empty_pb2.Empty()

    def ReadResource(self, request: Any) -> Any:  # noqa: N802 - gRPC's name.
        def read() -> Any:
            urn = self.make_urn(request.parent, request.type, request.name)
            if request.id in ("", UNKNOWN_TEXT):
                # Of what isn't there yet a preview knows nothing.
                return resource_pb2.ReadResourceResponse(urn=urn, unknown=True)
            if request.type == STACK_REFERENCE:
                outputs = self.engine.referenced(request.id, self.project)
            else:
                secret = tuple(request.additionalSecretOutputs)
                outputs = self.engine.read(request.type, request.id, request.provider, secret)
            return resource_pb2.ReadResourceResponse(urn=urn, id=request.id, properties=to_struct(outputs))

        return self._guarded(read)

    def Invoke(self, request: Any) -> Any:  # noqa: N802 - gRPC's name.
        def invoke() -> Any:
            response = resource_pb2.ResourceInvokeResponse()
            result = self.engine.invoke(request.tok, request.provider, from_struct(request.args))
            getattr(response, "return").CopyFrom(to_struct(result))
            return response

        return self._guarded(invoke)

    def RegisterStackTransform(self, request: Any) -> Any:  # noqa: N802, ARG002 - gRPC names and passes these.
        return self._guarded(lambda: _refuse("a transform that the engine calls back (register_resource_transform)"))

    def RegisterStackInvokeTransform(self, request: Any) -> Any:  # noqa: N802, ARG002 - gRPC names and passes these.
        return self._guarded(lambda: _refuse("a transform of functions (register_invoke_transform)"))

    def RegisterResourceHook(self, request: Any) -> Any:  # noqa: N802, ARG002 - gRPC names and passes these.
        return self._guarded(lambda: _refuse("a resource hook"))

    def _guarded(self, act: Callable[[], Any]) -> Any:
        with self._lock:
            if self.fault is not None:
                raise Stopped("nothing is started after the first fault")
            try:
                return act()
            except Exception as fault:
                self.fault = fault
                raise

    def _declared(self, request: Any) -> Declared:
        parent = self._held.get(request.parent)
        urn = self.make_urn(request.parent, request.type, request.name)
        held = Held(
            urn=urn,
            type=request.type,
            custom=request.custom,
            parent=request.parent,
            provider=request.provider,
            inputs=from_struct(request.object),
            dependencies=sorted(request.dependencies),
            property_dependencies={
                name: sorted(each.urns) for name, each in sorted(request.propertyDependencies.items()) if each.urns
            },
            deleted_with=request.deletedWith,
            protect=_told(request, "protect", bool(parent and parent.protect)),
            retain_on_delete=_told(request, "retainOnDelete", bool(parent and parent.retain_on_delete)),
        )
        times = request.customTimeouts
        return Declared(
            held,
            aliases=tuple(self._alias(request, alias) for alias in request.aliases),
            ignore_changes=tuple(request.ignoreChanges),
            replace_on_changes=tuple(request.replaceOnChanges),
            delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
            secret_outputs=tuple(request.additionalSecretOutputs),
            import_id=request.importId,
            patience=max(map(_seconds, (times.create, times.update, times.delete))),
        )

    def _alias(self, request: Any, alias: Any) -> str:
        """A former URN. A parent's own alias is not followed: name the child's former URN whole."""
        if alias.WhichOneof("alias") == "urn":
            return str(alias.urn)
        spec = alias.spec
        parent = "" if spec.noParent else spec.parentUrn or request.parent
        urn = self.make_urn(parent, spec.type or request.type, spec.name or request.name)
        _, _, kind, name = urn.split("::", 3)
        return f"urn:pulumi:{spec.stack or self.stack}::{spec.project or self.project}::{kind}::{name}"


class Messages:
    """Takes what the program logs (pulumi.log, pulumi.info …) and passes on what people should read."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    def Log(self, request: Any) -> Any:  # noqa: N802 - gRPC's name.
        if request.severity != engine_pb2.DEBUG:
            severity = {engine_pb2.WARNING: "warning: ", engine_pb2.ERROR: "error: "}.get(request.severity, "")
            self._say(f"{severity}{request.message}")
        return empty_pb2.Empty()


def _refuse(what: str) -> None:
    raise NotImplementedError(f"{what} needs the Pulumi CLI; a stack transformation of the SDK's own does not")


def _told(request: Any, name: str, otherwise: bool) -> bool:
    return bool(getattr(request, name)) if request.HasField(name) else otherwise


_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def _seconds(text: str) -> float:
    """A Go duration such as 1h30m, in seconds; 0 where there is none."""
    return sum(float(number) * _UNITS[unit] for number, unit in re.findall(r"([\d.]+)(ms|h|m|s)", text))
