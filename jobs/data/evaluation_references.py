"""What the evaluation's graders refer to, and lines of the holdout lack: ``{{ item.slices.label }}``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Self

from contract.reference_path import at, steps
from jobs.data.findings import Remark
from jobs.data.formats import Parts
from jobs.data.scanning.plain_chat import PlainExamples

_OF_THE_ANSWER = ("reference", "expected")
"""What every line has that ends with an answer in words."""


class EvaluationReferences:
    """Observes the lines that lack them. ``references``: paths below an example."""

    def __init__(self, references: tuple[str, ...]) -> None:
        self._lines = 0
        self._lacking: dict[str, tuple[int, int]] = {}
        """The first line that lacks it, and how many do."""
        self._references = references

    def add(self, parts: Parts, example: Mapping[str, Any], line: int) -> None:
        del parts
        self._lines += 1
        for reference in self._references:
            if at(_item(example), reference) is None:
                self._lack(reference, line, 1)

    def add_plain(self, plain: PlainExamples) -> None:
        self._lines += len(plain)
        for reference in self._references:
            # They have messages, and an answer in words.
            if steps(reference)[:1] not in (["messages"], *([name] for name in _OF_THE_ANSWER)):
                self._lack(reference, plain.lines[0], len(plain))

    def merge(self, later: Self) -> None:
        self._lines += later._lines
        for reference, (line, count) in later._lacking.items():
            self._lack(reference, line, count)

    def findings(self, training: Self | None) -> Iterator[Remark]:
        del training
        for reference, (line, count) in sorted(self._lacking.items()):
            words = f"a grader refers to item.{reference}, which {count} of {self._lines} lines lack, this one first"
            yield "evaluation-reference", line, words

    def _lack(self, reference: str, line: int, count: int) -> None:
        first, before = self._lacking.get(reference, (line, 0))
        self._lacking[reference] = (min(first, line), before + count)


def _item(example: Mapping[str, Any]) -> Mapping[str, Any]:
    """The example's keys, and what its last answer is called; of a preference pair that of the preferred output."""
    messages = example.get("preferred_output", example.get("messages"))
    last = messages[-1] if isinstance(messages, list) and messages else None
    if not isinstance(last, dict) or last.get("role") != "assistant":
        return example
    return {**dict.fromkeys(_OF_THE_ANSWER, last.get("content")), **example}
