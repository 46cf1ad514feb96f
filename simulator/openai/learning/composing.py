"""Objects like those that were taught, for another question: a tool's arguments, or an answer in JSON.

Each value is either taken from the question, where lessons took theirs from it, or it is that of the lessons whose
questions are most like this one.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.openai.learning.words import stem

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_WORD = re.compile(r"\w+(?:[-'’.@]\w+)*")


@dataclass(frozen=True)
class Taught:
    """What a question was answered with, and how like it is to the one that is asked."""

    question: str
    value: Mapping[str, Any]
    likeness: float


def composed(question: str, known: Sequence[Taught]) -> dict[str, Any]:
    """The likest lesson's keys, each with a value for this question. `known` has the likest first, and is not empty."""
    return {key: _value(key, question, known) for key in known[0].value}


def _value(key: str, question: str, known: Sequence[Taught]) -> Any:
    having = [each for each in known if key in each.value]
    taken = [each for each in having if _stands_in(each.value[key], each.question)]
    if len(taken) * 2 > len(having):
        for each in taken:
            found = _taken(each, key, question)
            if found is not None:
                return found
    votes: defaultdict[str, float] = defaultdict(float)
    for each in having:
        votes[json.dumps(each.value[key], sort_keys=True)] += each.likeness**2
    return json.loads(max(votes, key=lambda value: votes[value]))


def _stands_in(value: Any, question: str) -> bool:
    return (
        isinstance(value, str | int | float) and not isinstance(value, bool) and str(value) in question and value != ""
    )


def _taken(each: Taught, key: str, question: str) -> Any | None:
    """What stands in this question where the value stood in that one: after the same word, or as the same number."""
    value = each.value[key]
    if isinstance(value, int | float) or _NUMBER.fullmatch(str(value)):
        there, here = _NUMBER.findall(each.question), _NUMBER.findall(question)
        place = there.index(str(value)) if str(value) in there else 0
        if not here:
            return None
        number = here[min(place, len(here) - 1)]
        if isinstance(value, str):
            return number
        return float(number) if "." in number else int(number)
    size = len(_WORD.findall(value))
    before = _WORD.findall(each.question[: each.question.index(value)])
    words = list(_WORD.finditer(question))
    if not before or not size:
        return None
    for at in range(len(words) - size):
        if _same(words[at][0], before[-1]):
            return question[words[at + 1].start() : words[at + size].end()]
    return None


def _same(one: str, other: str) -> bool:
    return stem(one.lower()) == stem(other.lower())
