"""Alpaca: an instruction, mostly with an input, and its output (stanford_alpaca's alpaca_data.json).

Instruction and input become one message, parted by a line break, as LLaMA-Factory's data/README.md has it; from there,
too, are ``system`` and ``history``, a list of earlier instructions with their answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobs.data.conversion.record import Chat, Message, Unconvertible, answered, asked, text_or_none, text_under

_KEYS = {"instruction", "input", "output", "system", "history"}


def chat_of(value: Mapping[str, Any]) -> Chat:
    """Raises Unconvertible."""
    instruction, given, output = (
        text_under(value, "instruction"),
        text_or_none(value, "input"),
        text_under(value, "output"),
    )
    question = instruction if given is None else f"{instruction}\n{given}"
    messages = [*_history(value.get("history")), asked(question), answered(output)]
    return Chat(messages, text_or_none(value, "system"), unused=frozenset(value) - _KEYS)


def _history(turns: object) -> list[Message]:
    if turns is None:
        return []
    if not isinstance(turns, list):
        raise Unconvertible("has a history that is no list")
    messages: list[Message] = []
    for turn in turns:
        if not (isinstance(turn, list) and len(turn) == 2 and all(isinstance(text, str) and text for text in turn)):
            raise Unconvertible("has a history with something else than pairs of texts")
        messages += [asked(turn[0]), answered(turn[1])]
    return messages
