"""The schema of one preference pair (DPO): an input, the output that is wanted and one that is not.

Source: Microsoft's "Direct preference optimization" (fine-tuning-direct-preference-optimization.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jobs.data.expected import Expected
from jobs.data.findings import Fault
from jobs.data.formats import images
from jobs.data.formats.functions import function_pairing_faults
from jobs.data.formats.messages import (
    is_plain,
    labelled,
    messages_faults,
    offer_faults,
    offered_in,
    order_faults,
    plain_role,
    role_of,
)
from jobs.data.formats.slices import slices_faults
from jobs.data.formats.tools import key_words, pairing_faults
from jobs.data.reading.json_line import shortened, type_word

OUTPUTS = ("preferred_output", "non_preferred_output")
OUTPUT_ROLES = ("assistant", "tool")
_KEYS = ("input", *OUTPUTS)
_INPUT_KEYS = ("messages", "tools", "parallel_tool_calls", "functions")


def example_faults(example: Mapping[str, Any], expected: Expected) -> Iterator[Fault]:
    """Everything that is wrong with ``example``, in its order. Total: any JSON object can be asked about."""
    return iter(()) if _is_plain(example) else _all_faults(example, expected)


def _is_plain(example: Mapping[str, Any]) -> bool:
    """Whether there is nothing to say about the example, seen at a glance."""
    given, outputs = example.get("input"), [example.get(name) for name in OUTPUTS]
    if len(example) != 3 or not isinstance(given, dict) or len(given) != 1 or outputs[0] == outputs[1]:
        return False
    return is_plain(given.get("messages"), "user") and all(map(_is_plain_output, outputs))


def _is_plain_output(output: object) -> bool:
    return isinstance(output, list) and bool(output) and all(plain_role(message) == "assistant" for message in output)


def _all_faults(example: Mapping[str, Any], expected: Expected) -> Iterator[Fault]:
    if not any(key in example for key in _KEYS):
        keys = ", ".join(shortened(key) for key in list(example)[:5])
        yield "schema-input", f"has no input and no outputs, but {keys}" if keys else "is empty"
        return
    if extra := set(example) - {*_KEYS, "slices"}:
        yield "schema-unknown-key", f"has {key_words(extra)}; known: {', '.join(_KEYS)}"
    yield from slices_faults(example, expected)
    found = example.get("input")
    source: Mapping[str, Any] = found if isinstance(found, dict) else {}
    messages = source.get("messages")
    asked = messages if isinstance(messages, list) else []
    if not isinstance(found, dict):
        words = f"input is {type_word(found)}" if "input" in example else "has no input"
        yield "schema-input", f"{words}, an object with messages is expected"
    else:
        if extra := set(source) - set(_INPUT_KEYS):
            yield "schema-unknown-key", f"input has {key_words(extra)}; known: {', '.join(_INPUT_KEYS)}"
        if not asked:
            given = "empty" if messages == [] else "missing" if messages is None else type_word(messages)
            yield "schema-input", f"messages of the input is {given}, a list of them is expected"
    yield from _input_faults(source, asked, example)
    for name in OUTPUTS:
        yield from _output_faults(name, example, source)
    yield from _pairing_faults(asked, example)
    if isinstance(example.get(OUTPUTS[0]), list) and example[OUTPUTS[0]] == example.get(OUTPUTS[1]):
        yield "preference-same", "the preferred output is the other one too"
    yield from images.example_faults(asked, base=expected.base, images=expected.images)


def _input_faults(source: Mapping[str, Any], asked: list[Any], example: Mapping[str, Any]) -> Iterator[Fault]:
    spoken = [m for name in OUTPUTS for m in _listed(example, name)]
    yield from offer_faults(source, [*asked, *spoken])
    offered = offered_in(source)
    yield from messages_faults(labelled(asked, "input"), offered, taught=False)
    roles = [role_of(message) for message in asked]
    yield from order_faults(roles)
    if roles and roles[-1] == "assistant" and not asked[-1].get("tool_calls"):
        yield "schema-order", "the input ends with the assistant, whose answer is what the outputs are"
    elif roles and "user" not in roles:
        yield "schema-order", "the input has no message of a user"


def _output_faults(name: str, example: Mapping[str, Any], source: Mapping[str, Any]) -> Iterator[Fault]:
    output = example.get(name)
    if not isinstance(output, list) or not output:
        words = f"has no {name}" if name not in example else f"{name} is {type_word(output)}"
        yield "schema-output", f"{name} is empty" if output == [] else f"{words}, a list of messages is expected"
        return
    named = labelled(output, name)
    for label, message in named:
        role = role_of(message)
        if role is not None and role not in OUTPUT_ROLES:
            yield "schema-output", f"{label} is of role {role}: an output has messages of assistant and tool only"
    # A call with wrong arguments may be the very thing that is not preferred.
    yield from messages_faults(named, offered_in(source), taught=name == OUTPUTS[0])
    if not any(role_of(message) == "assistant" for message in output):
        yield "schema-output", f"{name} has no message of the assistant"


def _pairing_faults(asked: list[Any], example: Mapping[str, Any]) -> Iterable[Fault]:
    """Of calls and answers: a call at the end of the input may be answered in an output. What lies in the input, and
    so is found with both outputs, is told once."""
    conversations = [[*labelled(asked, "input"), *labelled(_listed(example, name), name)] for name in OUTPUTS]
    pairings = (pairing_faults, function_pairing_faults)
    return dict.fromkeys(fault for talk in conversations for pairing in pairings for fault in pairing(talk))


def _listed(source: Mapping[str, Any], key: str) -> list[Any]:
    found = source.get(key)
    return found if isinstance(found, list) else []
