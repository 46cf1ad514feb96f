"""functions and function_call, which tools and tool_calls have replaced: still read, so their faults are told too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jobs.data.findings import Fault
from jobs.data.formats.tools import Declared, arguments_faults, named, unknown_keys
from jobs.data.reading.json_line import shortened

_CALL_KEYS = frozenset({"name", "arguments"})


def functions_faults(source: Mapping[str, Any], messages: Iterable[Any]) -> Iterator[Fault]:
    """That they are used, once for an example."""
    if "functions" in source or any(map(_uses_functions, messages)):
        yield "schema-functions", "uses functions or function_call: write them as tools and tool_calls"
    if source.get("functions") and source.get("tools"):
        yield "schema-tools", "has functions and tools: all belong into tools"


def _uses_functions(message: object) -> bool:
    return isinstance(message, dict) and (message.get("role") == "function" or message.get("function_call") is not None)


def function_call_faults(
    where: str, role: str, message: Mapping[str, Any], functions: Declared, *, taught: bool
) -> Iterator[Fault]:
    """What is wrong with the function call of one message, and with its being an answer to one."""
    if role == "function" and not isinstance(message.get("name"), str):
        yield "schema-tool-answer", f"{where} has no name: which function does it answer for?"
    call = message.get("function_call")
    if call is None:
        return
    if role != "assistant":
        yield "schema-tool-call", f"{where} has a function_call, which only assistant messages have"
        return
    found = named(call)
    if found is None or not isinstance(found.get("arguments"), str):
        yield "schema-tool-call", f"{where} has a function_call that is not of the form {{name, arguments}}, both texts"
        return
    if message.get("tool_calls"):
        yield "schema-tool-call", f"{where} has a function_call and tool_calls"
    yield from unknown_keys(f"{where}, in its function_call,", found, _CALL_KEYS)
    name = found["name"]
    if name not in functions:
        yield "schema-tool-undeclared", f"{where} calls {shortened(name)}, which is not among the example's functions"
    yield from arguments_faults(where, name, found["arguments"], functions, taught=taught)


def function_pairing_faults(labelled: Iterable[tuple[str, Any]]) -> Iterator[Fault]:
    """Calls that no function message answers, and the reverse. A call of the last message needs no answer yet."""
    waiting: tuple[str, str] | None = None
    for label, message in labelled:
        role = message.get("role") if isinstance(message, dict) else None
        if role == "function":
            name = message.get("name")
            if isinstance(name, str) and (waiting is None or waiting[1] != name):
                yield (
                    "schema-tool-answer",
                    f"{label} (function) answers {shortened(name)}, which was not called before it",
                )
            waiting = None
            continue
        if waiting is not None:
            yield (
                "schema-tool-answer",
                f"{waiting[0]} (assistant) calls {shortened(waiting[1])}, and no function message answers",
            )
        call = named(message.get("function_call")) if role == "assistant" else None
        waiting = (label, call["name"]) if call is not None else None
