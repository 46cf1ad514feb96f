"""The slices of the holdout: those that its lines declare, and by the language of the question. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jobs.data.balance.languages import language_of
from jobs.evaluation.question import Question

MOST_VALUES = 200
"""Of one name: so many values are no groups, but what each line has for itself. The most frequent are told."""
_LANGUAGE = "language"


@dataclass(frozen=True)
class Groups:
    """``indices``: by ``name=value``, its questions; ``slices``: what each question, by its index, belongs to."""

    indices: Mapping[str, tuple[int, ...]]
    slices: Mapping[int, Mapping[str, str]]


def groups_of(questions: Sequence[Question], *, languages: bool) -> Groups:
    """``languages``: a line that declares no ``language`` gets the one that is detected, in English: ``German``."""
    slices = {each.index: _slices(each, languages=languages) for each in questions}
    counts: dict[str, Counter[str]] = {}
    for found in slices.values():
        for name, value in found.items():
            counts.setdefault(name, Counter())[value] += 1
    told = {
        (name, value)
        for name, values in counts.items()
        for value, _ in sorted(values.items(), key=lambda each: (-each[1], each[0]))[:MOST_VALUES]
    }
    indices: dict[str, list[int]] = {f"{name}={value}": [] for name, value in sorted(told)}
    for index, found in slices.items():
        for pair in found.items():
            if pair in told:
                indices["=".join(pair)].append(index)
    return Groups({group: tuple(found) for group, found in indices.items()}, slices)


def last_words(question: Question) -> str:
    """The text of the last message before the answer."""
    content = question.messages[-1].get("content") if question.messages else None
    if isinstance(content, list):
        texts = [part.get("text") if isinstance(part, Mapping) else None for part in content]
        return "\n".join(text if isinstance(text, str) else "(no text)" for text in texts)
    return content if isinstance(content, str) else ""


def _slices(question: Question, *, languages: bool) -> Mapping[str, str]:
    if not languages or _LANGUAGE in question.slices:
        return question.slices
    detected = language_of(last_words(question))
    return question.slices if detected is None else {**question.slices, _LANGUAGE: detected}
