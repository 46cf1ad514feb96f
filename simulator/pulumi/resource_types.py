"""How azure-native's resource types become ARM resources: one value per type token, in azure_native/."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from simulator.pulumi.values import UNKNOWN

PARAMETER = re.compile(r"\{(\w+)\}")
SCOPES = ("scope", "resourceUri")
"""Inputs that are the ID of what an extension resource stands on."""


@dataclass(frozen=True)
class ResourceType:
    """One type token.

    path            of the resource; names in braces are inputs, and subscriptionId
    top             inputs that are members of the body; for a type that isn't flattened, all but the path's
    properties      inputs that stand under the body's `properties`, in a type that azure-native flattens
    nested          for `properties` as an input: those of its members that may be written
    answered_flat   what stands under the body's `properties` are outputs of their own, whatever the inputs are
    renamed         input → member, where the wire has another name; a dotted path goes into objects and lists, and
                    stands before that of an object it goes through
    flattened       objects, or lists of them, at a dotted input path: on the wire all their members but the ones named
                    here stand under `properties`; an outer path comes before what is inside it
    string_sets     inputs that are lists of text in Pulumi and objects with empty values on the wire
    replaced_by     dotted inputs whose change makes another resource
    set_once        dotted inputs that may be added and not changed after that
    constants       inputs that can have one value only
    singleton       always exists with its parent: neither created nor deleted, but set and set back
    """

    token: str
    kind: str
    path: str
    api_version: str
    top: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()
    nested: tuple[str, ...] = ()
    answered_flat: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)
    flattened: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    string_sets: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    set_once: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    singleton: bool = False

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The inputs that are part of the path, in their order."""
        return tuple(name for name in PARAMETER.findall(self.path) if name != "subscriptionId")

    @property
    def inputs(self) -> tuple[str, ...]:
        return (*self.parameters, *(name for name in self.top if name not in self.parameters), *self.properties)

    @property
    def name_parameter(self) -> str:
        """The input that is the resource's own name."""
        return self.parameters[-1]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches an ID of this type, case-insensitive as ARM's are; the scope of an extension resource may be long."""
        parts = (
            f"(?P<{piece}>.+)" if piece in SCOPES else f"(?P<{piece}>[^/]+)" if index % 2 else re.escape(piece)
            for index, piece in enumerate(PARAMETER.split(self.path))
        )
        return re.compile("".join(parts), re.IGNORECASE)

    def id_of(self, inputs: Mapping[str, Any], subscription: str) -> str | None:
        """The resource's ID; None while a part of it is unknown or missing."""
        parts = {"subscriptionId": subscription} | {name: inputs.get(name) for name in self.parameters}
        if not all(isinstance(part, str) and part for part in parts.values()):
            return None
        return PARAMETER.sub(lambda found: str(parts[found[1]]).strip("/"), self.path)

    def to_body(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The body of the PUT."""

        def members(names: tuple[str, ...]) -> dict[str, Any]:
            return {self._member(name): self._to_wire(name, inputs[name]) for name in names if name in inputs}

        return members(self.top) | ({"properties": members(self.properties)} if self.properties else {})

    def to_outputs(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """What the program sees of an answer; `id` is not among the outputs."""
        back = {member: name for name, member in self.renamed.items() if "." not in name}
        outputs: dict[str, Any] = {"azureApiVersion": self.api_version}
        for member, value in body.items():
            if member == "properties" and (self.properties or self.answered_flat):
                below: dict[str, Any] = value or {}
                for inner, inner_value in below.items():
                    name = back.get(inner, inner)
                    outputs[name] = self._from_wire(name, inner_value)
            elif member != "id":
                outputs[member] = value
        return {name: value for name, value in outputs.items() if value is not None}

    def to_inputs(self, resource_id: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
        """The inputs that would make what is there: for imports. Raises ValueError on another type's ID."""
        found = self.pattern.fullmatch(resource_id)
        if found is None:
            raise ValueError(f"{resource_id} is not the ID of a {self.token}: {self.path}")
        inputs: dict[str, Any] = {name: found[name] for name in self.parameters}
        for scope in SCOPES:
            if scope in inputs:
                inputs[scope] = "/" + inputs[scope].strip("/")
        for name in self.inputs:
            if name in outputs and name not in inputs:
                inputs[name] = outputs[name]
        if self.nested:
            if self.answered_flat:
                inputs["properties"] = dict(outputs)
            _change(inputs, ["properties"], lambda value: {k: v for k, v in value.items() if k in self.nested})
        for name in self.string_sets:
            _change(inputs, name.split("."), lambda value: sorted(value) if isinstance(value, Mapping) else value)
        _change(inputs, ["identity"], lambda value: _without(value, "principalId", "tenantId"))
        _change(inputs, ["sku"], lambda value: _without(value, "tier"))
        return inputs

    def answered(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Inputs in the form in which they come back: sets of text as objects."""
        answered = dict(inputs)
        for name in self.string_sets:
            _change(answered, name.split("."), _as_object)
        return answered

    def _member(self, name: str) -> str:
        return self.renamed.get(name, name)

    def _to_wire(self, name: str, value: Any) -> Any:
        for path, member in _below(self.renamed, name):
            value = _renamed(value, path, member)
        for path in (each.split(".") for each in self.string_sets if each.split(".")[0] == name):
            holder = {name: value}
            _change(holder, path, lambda found: {text: {} for text in found} if isinstance(found, list) else found)
            value = holder[name]
        for inner, kept in reversed(self._flattened_in(name)):
            value = _below_each(value, inner, partial(_nested, kept=kept))
        return value

    def _from_wire(self, name: str, value: Any) -> Any:
        for inner, _ in self._flattened_in(name):
            value = _below_each(value, inner, _flat)
        for path, member in reversed(list(_below(self.renamed, name))):
            value = _renamed(value, [*path[:-1], member], path[-1])
        return value

    def _flattened_in(self, name: str) -> list[tuple[list[str], tuple[str, ...]]]:
        """Of an input: the paths below it to what is flattened, and the members that are not."""
        split = ((path.split("."), kept) for path, kept in self.flattened.items())
        return [(rest, kept) for (first, *rest), kept in split if first == name]


def _below(renamed: Mapping[str, str], name: str) -> Iterator[tuple[list[str], str]]:
    """The renamings inside an input: the path below it, and the other name."""
    for path, member in renamed.items():
        first, *rest = path.split(".")
        if first == name and rest:
            yield rest, member


def _renamed(value: Any, path: list[str], to: str) -> Any:
    """The value with the member at the end of the path named otherwise; lists are gone through."""
    if isinstance(value, list):
        return [_renamed(item, path, to) for item in value]
    if not isinstance(value, Mapping) or path[0] not in value:
        return value
    if len(path) == 1:
        return {(to if key == path[0] else key): item for key, item in value.items()}
    return {key: _renamed(item, path[1:], to) if key == path[0] else item for key, item in value.items()}


def _below_each(value: Any, path: list[str], how: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """The value with each object at the end of the path changed; lists are gone through."""
    if isinstance(value, list):
        return [_below_each(item, path, how) for item in value]
    if not isinstance(value, Mapping):
        return value
    if not path:
        return how(dict(value))
    return {key: _below_each(item, path[1:], how) if key == path[0] else item for key, item in value.items()}


def _nested(item: dict[str, Any], kept: tuple[str, ...]) -> dict[str, Any]:
    below = {name: value for name, value in item.items() if name not in kept}
    return {name: value for name, value in item.items() if name in kept} | ({"properties": below} if below else {})


def _flat(item: dict[str, Any]) -> dict[str, Any]:
    return item | (item.pop("properties", None) or {})


def _change(holder: dict[str, Any], path: list[str], how: Any) -> None:
    """Changes the value at a path in place, where there is one; objects on the way are copied."""
    first, *rest = path
    if first not in holder:
        return
    if not rest:
        holder[first] = how(holder[first])
    elif isinstance(holder[first], Mapping):
        inner = dict(holder[first])
        _change(inner, rest, how)
        holder[first] = inner


def _as_object(texts: Any) -> Any:
    if not isinstance(texts, list):
        return texts
    # With a text that isn't known yet, none of its members has a name.
    return {text: {} for text in texts} if all(isinstance(text, str) for text in texts) else UNKNOWN


def _without(value: Any, *names: str) -> Any:
    return {k: v for k, v in value.items() if k not in names} if isinstance(value, Mapping) else value
