"""Tools: their declaration, calls of them, and the answers to these calls."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

import orjson

from jobs.data.findings import Fault
from jobs.data.formats.parameters import Parameters, parameters
from jobs.data.reading.json_line import shortened, type_word

Declared = Mapping[str, Parameters]
"""The parameters of what may be called, by name."""

MAX_DESCRIPTION = 1024
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_FORMS = {
    "tools": "{type: function, function: {name, …}}",
    "functions": "{name, description, parameters}",
}
_TOOL_KEYS = frozenset({"type", "function"})
_FUNCTION_KEYS = frozenset({"name", "description", "parameters", "strict"})
_CALL_KEYS = frozenset({"id", "type", "function"})
_CALLED_KEYS = frozenset({"name", "arguments"})


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a list of tools or functions comes to: what is wrong with it, and what may be called."""

    faults: tuple[Fault, ...]
    declared: Declared


_NOTHING = Declaration((), {})
_KEPT_LISTS = 256
_KEPT_BYTES = 64 * 1024


def tools_in(source: Mapping[str, Any]) -> Declaration:
    """The tools that ``source`` declares."""
    return _declaration(source, "tools")


def functions_in(source: Mapping[str, Any]) -> Declaration:
    """The functions that ``source`` declares in the deprecated way."""
    return _declaration(source, "functions")


def _declaration(source: Mapping[str, Any], key: str) -> Declaration:
    found = source.get(key)
    if found is None or found == []:
        return _NOTHING
    if not isinstance(found, list):
        return Declaration((("schema-tools", f"{key} is {type_word(found)}, a list is expected"),), {})
    try:
        data = orjson.dumps(found)
    except TypeError:
        # A number that it has no room for.
        data = json.dumps(found).encode()
    return _kept(key, data) if len(data) <= _KEPT_BYTES else _read(key, data)


def _read(key: str, data: bytes) -> Declaration:
    """``key``: tools or functions. ``data``: the list as JSON."""
    faults: list[Fault] = []
    found: dict[str, Parameters] = {}
    for number, item in enumerate(json.loads(data), start=1):
        where = f"{key[:-1]} {number}"
        function = _function(item) if key == "tools" else named(item)
        if function is None:
            faults.append(("schema-tools", f"{where} is not of the form {_FORMS[key]}"))
            continue
        name = function["name"]
        if name in found:
            faults.append(("schema-tools", f"{where} has the name {shortened(name)}, as one before it"))
            continue
        schema = function.get("parameters")
        found[name] = parameters(schema) if isinstance(schema, dict) else parameters({})
        if key == "tools":
            faults += unknown_keys(where, item, _TOOL_KEYS)
        faults += _function_faults(where, function, found[name])
    return Declaration(tuple(faults), found)


_kept = lru_cache(maxsize=_KEPT_LISTS)(_read)
"""Most files declare the same few tools on every line."""


def _function_faults(where: str, function: Mapping[str, Any], declared: Parameters) -> Iterator[Fault]:
    name = function["name"]
    yield from unknown_keys(where, function, _FUNCTION_KEYS)
    if not _NAME.fullmatch(name):
        yield (
            "schema-tool-name",
            f"{where} has the name {shortened(name)}: 1 to 64 of a-z, A-Z, 0-9, _ and - are expected",
        )
    description = function.get("description", "")
    if not isinstance(description, str | None):
        yield "schema-tools", f"{where} has {type_word(description)} as description, a text is expected"
    elif description and len(description) > MAX_DESCRIPTION:
        yield "schema-tool-description", f"{where} has a description of {len(description)} characters"
    if not isinstance(function.get("strict", False), bool | None):
        yield "schema-tools", f"{where} has {type_word(function['strict'])} as strict, true or false is expected"
    if not isinstance(schema := function.get("parameters", {}), dict):
        yield "schema-tools", f"{where} has {type_word(schema)} as parameters, a JSON Schema is expected"
    elif declared.fault:
        yield (
            "schema-tool-parameters",
            f"{where} ({shortened(name)}) has parameters that are no JSON Schema: {declared.fault}",
        )


def parallel_faults(source: Mapping[str, Any], messages: Iterable[Any]) -> Iterator[Fault]:
    """What is wrong with parallel_tool_calls, and with calls beside each other where it is false."""
    parallel = source.get("parallel_tool_calls", True)
    if not isinstance(parallel, bool):
        yield "schema-tools", f"parallel_tool_calls is {type_word(parallel)}, true or false is expected"
    elif not parallel and any(len(_call_ids(message)) > 1 for message in messages if isinstance(message, dict)):
        yield "schema-tool-parallel", "has several calls in one message, and says parallel_tool_calls: false"


def call_faults(where: str, role: str, message: Mapping[str, Any], tools: Declared, *, taught: bool) -> Iterator[Fault]:
    """What is wrong with the tool calls of one message, and with its being an answer to one.

    taught    whether the model learns to make these calls; only then their arguments have to fit what is declared
    """
    if role != "tool" and message.get("tool_call_id") is not None:
        yield "schema-tool-answer", f"{where} has a tool_call_id, which only tool messages have"
    if role == "tool" and not isinstance(message.get("tool_call_id"), str):
        yield "schema-tool-answer", f"{where} has no tool_call_id: which call does it answer?"
    calls = message.get("tool_calls")
    if calls is None:
        return
    if role != "assistant":
        yield "schema-tool-call", f"{where} has tool_calls, which only assistant messages have"
        return
    if not isinstance(calls, list) or not calls:
        given = "an empty list" if calls == [] else type_word(calls)
        yield "schema-tool-call", f"{where} has {given} as tool_calls"
        return
    for number, call in enumerate(calls, start=1):
        yield from _one_call_faults(f"{where}, call {number},", call, tools, taught)


def _one_call_faults(where: str, call: object, tools: Declared, taught: bool) -> Iterator[Fault]:
    function = _function(call)
    if function is None or not isinstance(call, dict):
        yield "schema-tool-call", f"{where} is not of the form {{id, type: function, function: {{name, arguments}}}}"
        return
    yield from unknown_keys(where, call, _CALL_KEYS)
    yield from unknown_keys(where, function, _CALLED_KEYS)
    call_id = call.get("id")
    if call_id is None:
        yield "schema-tool-id", f"{where} has no id"
    elif not isinstance(call_id, str) or not call_id:
        yield "schema-tool-call", f"{where} has {'an empty text' if call_id == '' else type_word(call_id)} as id"
    name = function["name"]
    if name not in tools:
        yield "schema-tool-undeclared", f"{where} calls {shortened(name)}, which is not among the example's tools"
    arguments = function.get("arguments")
    if not isinstance(arguments, str):
        yield "schema-tool-call", f"{where} has {type_word(arguments)} as arguments, a text with JSON in it is expected"
    else:
        yield from arguments_faults(where, name, arguments, tools, taught=taught)


def arguments_faults(where: str, name: str, arguments: str, tools: Declared, *, taught: bool) -> Iterator[Fault]:
    """What is wrong with the arguments of a call of the function ``name``. No value of theirs is repeated."""
    try:
        value = json.loads(arguments, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        yield (
            "schema-tool-arguments",
            f"{where} has arguments that are not JSON: {error.msg} at character {error.pos + 1} of {len(arguments)}",
        )
        return
    except (ValueError, RecursionError) as error:
        words = "nested too deep" if isinstance(error, RecursionError) else "a number that JSON does not have"
        yield "schema-tool-arguments", f"{where} has arguments that are not JSON: {words}"
        return
    if not isinstance(value, dict):
        twice = ": JSON written twice?" if isinstance(value, str) and value.lstrip().startswith("{") else ""
        yield "schema-tool-arguments", f"{where} has {type_word(value)} as arguments, a JSON object is expected{twice}"
    elif taught and (declared := tools.get(name)) and (misfit := declared.misfit(value)):
        yield "schema-tool-misfit", f"{where} has arguments that don't fit {shortened(name)}: {misfit}"


def pairing_faults(labelled: Iterable[tuple[str, Any]]) -> Iterator[Fault]:
    """Calls without an answer and answers without a call. Calls of the last message need no answer yet.

    labelled    the messages, each with what it is called: ``message 3``
    """
    open_calls: dict[str, str] = {}
    role: object = None
    for label, message in labelled:
        role = message.get("role") if isinstance(message, dict) else None
        if role is None:
            continue
        if role == "tool":
            answered = message.get("tool_call_id")
            if isinstance(answered, str) and open_calls.pop(answered, None) is None:
                yield "schema-tool-answer", f"{label} (tool) answers {shortened(answered)}, which is no open call"
            continue
        yield from _unanswered(open_calls)
        open_calls = {}
        for call_id in _call_ids(message):
            if call_id in open_calls:
                yield "schema-tool-call", f"{label} has two calls with the id {shortened(call_id)}"
            open_calls[call_id] = label
    if role == "tool":
        yield from _unanswered(open_calls)


def _unanswered(open_calls: Mapping[str, str]) -> Iterator[Fault]:
    for call_id, label in open_calls.items():
        yield "schema-tool-answer", f"{label} (assistant) calls {shortened(call_id)}, and no tool message answers"


def _call_ids(message: Mapping[str, Any]) -> list[str]:
    calls = message.get("tool_calls")
    if message.get("role") != "assistant" or not isinstance(calls, list):
        return []
    return [call["id"] for call in calls if isinstance(call, dict) and isinstance(call.get("id"), str)]


def unknown_keys(where: str, value: Mapping[str, Any], known: frozenset[str]) -> Iterator[Fault]:
    """A fault where ``value`` has other keys than the ``known`` ones."""
    if not known.issuperset(value):
        yield "schema-unknown-key", f"{where} has {key_words(set(value) - known)}"


def key_words(keys: Iterable[str]) -> str:
    """The keys in words: ``the key 'a'``, ``the keys 'a', 'b'``; the first of many."""
    found = sorted(keys)
    more = ", …" if len(found) > 5 else ""
    return f"the key{'' if len(found) == 1 else 's'} {', '.join(map(shortened, found[:5]))}{more}"


def _function(value: object) -> dict[str, Any] | None:
    """The function in ``{type: function, function: {name}}``; None where that is not its form."""
    if not isinstance(value, dict) or value.get("type") != "function":
        return None
    return named(value.get("function"))


def named(function: object) -> dict[str, Any] | None:
    """The function, where it is an object with a name; else None."""
    if not isinstance(function, dict) or not isinstance(function.get("name"), str) or not function["name"]:
        return None
    return function


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
