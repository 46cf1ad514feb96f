"""The schema of one reinforcement example (RFT): messages that end with the user, and keys for the grader.

Source: Microsoft's "Reinforcement fine-tuning" (reinforcement-fine-tuning.md, 2026-03-19).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contract.reference_path import steps
from jobs.data.expected import Expected
from jobs.data.findings import Fault
from jobs.data.formats import images
from jobs.data.formats.chat import no_messages
from jobs.data.formats.functions import function_pairing_faults
from jobs.data.formats.messages import (
    is_plain,
    labelled,
    messages_faults,
    offer_faults,
    offered_in,
    order_faults,
    role_of,
)
from jobs.data.formats.slices import slices_faults
from jobs.data.formats.tools import pairing_faults
from jobs.data.kinds import EXAMPLE_KEYS
from jobs.data.reading.json_line import type_word

_FURTHER_KEYS = EXAMPLE_KEYS - {"messages"} | {"slices"}


def example_faults(example: Mapping[str, Any], expected: Expected) -> Iterator[Fault]:
    """Everything that is wrong with ``example``, in its order. Total: any JSON object can be asked about."""
    messages = example.get("messages")
    if not is_plain(messages, "user") or not _FURTHER_KEYS.isdisjoint(example):
        yield from _conversation_faults(example, messages, expected)
    for reference in expected.grader_references:
        yield from _reference_faults(reference, example)


def _conversation_faults(example: Mapping[str, Any], messages: object, expected: Expected) -> Iterator[Fault]:
    if expected.use == "holdout":
        # In the other files a grader may read them like any key.
        yield from slices_faults(example, expected)
    yield from offer_faults(example, messages if isinstance(messages, list) else ())
    if not isinstance(messages, list) or not messages:
        yield "schema-messages", no_messages(example)
    else:
        offered, named = offered_in(example), labelled(messages)
        yield from messages_faults(named, offered, taught=False)
        roles = [role_of(message) for message in messages]
        yield from order_faults(roles)
        if roles[-1] != "user":
            yield "schema-last-user", f"ends with {roles[-1] or 'something else'}, not with the user"
        yield from pairing_faults(named)
        yield from function_pairing_faults(named)
        yield from images.example_faults(messages, base=expected.base, images=expected.images)


def _reference_faults(reference: str, example: Mapping[str, Any]) -> Iterator[Fault]:
    """What keeps the grader from its ``{{ item.reference }}``."""
    path = steps(reference)
    value: Any = example
    for number, step in enumerate(path):
        known = isinstance(value, dict) and isinstance(step, str) and step in value
        if not known and not (isinstance(value, list) and isinstance(step, int) and step < len(value)):
            there = "the example" if number == 0 else "item." + ".".join(map(str, path[:number]))
            lacks = f"{there} lacks {step!r}" if isinstance(value, dict | list) else f"{there} is {type_word(value)}"
            yield "grader-reference", f"the grader asks for item.{reference}, and {lacks}"
            return
        value = value[step]
    if value is None:
        yield "grader-reference", f"the grader asks for item.{reference}, which is null"
