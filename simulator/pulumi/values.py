"""Pulumi's property values as plain Python: dicts, lists, text, numbers, booleans, with secrets and unknowns marked.

On the wire (a protobuf Struct) and in stored JSON a secret is an object with a signature key and an unknown a fixed
text; both are Pulumi's own forms (sdk/python/lib/pulumi/runtime/rpc.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf import struct_pb2  # type: ignore[import-untyped]  # As grpc: no types.

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
REFERENCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

Properties = dict[str, Any]


@dataclass(frozen=True, repr=False)
class Secret:
    """A value that must not be shown; hashable or not as the value in it is."""

    value: Any

    def __repr__(self) -> str:
        return "[secret]"


class Unknown:
    """A value that only an update will know; one object, compared by identity."""

    def __repr__(self) -> str:
        return "[unknown]"


UNKNOWN: Final = Unknown()


def from_struct(struct: struct_pb2.Struct, *, nulls: bool = False) -> Properties:
    """The properties in a Struct; nulls in objects are absent, as they are to Pulumi's SDKs, unless asked for."""
    found = _object(struct, nulls)
    return found if isinstance(found, dict) else {}


def _value(value: struct_pb2.Value, nulls: bool) -> Any:
    """One value; whole numbers become ints, for all numbers come as floats."""
    match value.WhichOneof("kind"):
        case "struct_value":
            return _object(value.struct_value, nulls)
        case "list_value":
            return [_value(item, nulls) for item in value.list_value.values]
        case "string_value":
            text = value.string_value
            return UNKNOWN if text == UNKNOWN_TEXT else text
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case _:
            return None


def _object(struct: struct_pb2.Struct, nulls: bool) -> Any:
    fields = struct.fields
    if SIGNATURE in fields:
        return _signed({key: _value(item, nulls) for key, item in fields.items()})
    read = ((key, _value(item, nulls)) for key, item in fields.items())
    return {key: item for key, item in read if nulls or item is not None}


def _signed(fields: Mapping[str, Any]) -> Any:
    match fields[SIGNATURE]:
        case str(signature) if signature == SECRET:
            return Secret(fields.get("value"))
        case str(signature) if signature == OUTPUT:
            value = fields.get("value", UNKNOWN)
            return Secret(value) if fields.get("secret") else value
        case str(signature) if signature == REFERENCE:
            return fields.get("id") or fields["urn"]
        case signature:
            raise ValueError(f"a value of the kind {signature} (asset or archive) has no place in an Azure resource")


def to_struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(marked(properties))
    return struct


def marked(value: Any) -> Any:
    """The value as JSON holds it, secrets and unknowns in Pulumi's forms."""
    if isinstance(value, Secret):
        return {SIGNATURE: SECRET, "value": marked(value.value)}
    if value is UNKNOWN:
        return UNKNOWN_TEXT
    return _each(value, marked)


def unmarked(value: Any) -> Any:
    """What `marked` made, back again."""
    if isinstance(value, dict) and value.get(SIGNATURE) == SECRET:
        return Secret(unmarked(value.get("value")))
    if value == UNKNOWN_TEXT:
        return UNKNOWN
    return _each(value, unmarked)


def revealed(value: Any) -> Any:
    """The value with every secret laid open: what goes to Azure."""
    if isinstance(value, Secret):
        return revealed(value.value)
    return _each(value, revealed)


def shown(value: Any) -> Any:
    """The value as people and files may see it: `[secret]` as `pulumi stack output --json` has it, null for unknown."""
    if isinstance(value, Secret):
        return "[secret]"
    if value is UNKNOWN:
        return None
    return _each(value, shown)


def has_secret(value: Any) -> bool:
    return _any(value, lambda item: isinstance(item, Secret))


def has_unknown(value: Any) -> bool:
    return _any(value, lambda item: item is UNKNOWN)


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, dict):
        return {key: change(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [change(item) for item in value]
    return value


def _any(value: Any, holds: Callable[[Any], bool]) -> bool:
    if holds(value):
        return True
    if isinstance(value, Secret):
        return _any(value.value, holds)
    if isinstance(value, dict):
        return any(_any(item, holds) for item in value.values())
    return isinstance(value, list | tuple) and any(_any(item, holds) for item in value)
