"""What a grader gives an answer, for those that can be had honestly here.

string_check, multi   as documented (shape.py names the pages)
fuzzy_match           RapidFuzz's ratio, 0 to 1; the documents name the library, and not which of its functions
rouge_1 to rouge_l    F-measure over lower-case words, without stemming, as the rouge-score library defines it

The others need a library (bleu, gleu, meteor), a model (score_model) or a sandbox (python): NotHere is raised for them.
"""

from __future__ import annotations

import contextlib
import functools
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulator.openai.graders import formulas
from simulator.openai.graders.templates import Unresolved, rendered


class NotHere(Exception):
    """A grader that the simulator can't run: its kind."""


@dataclass(frozen=True)
class Graded:
    """reward   what the model gets
    scores      by the names of a multi grader's parts; else empty
    problem     which of the service's errors there was: `invalid_variable_error`, `formula_parse_error`
    """

    reward: float
    scores: Mapping[str, float] = field(default_factory=dict)
    problem: str | None = None


def graded(grader: Mapping[str, Any], answer: str, item: object) -> Graded:
    """Grades one answer with a well-formed grader. Raises NotHere."""
    sample: dict[str, Any] = {"output_text": answer, "choices": [{"message": {"content": answer}}]}
    with contextlib.suppress(ValueError, RecursionError):
        sample["output_json"] = json.loads(answer)
    return _graded(grader, {"sample": sample, "item": item})


def _graded(grader: Mapping[str, Any], namespaces: Mapping[str, Any]) -> Graded:
    if grader["type"] == "multi":
        return _combined(grader, namespaces)
    if grader["type"] not in ("string_check", "text_similarity"):
        raise NotHere(grader["type"])
    compare = _OPERATIONS.get(str(grader.get("operation") or grader.get("evaluation_metric")))
    if compare is None:
        raise NotHere(f"text_similarity with {grader['evaluation_metric']}")
    try:
        given, wanted = (rendered(grader[name], namespaces) for name in ("input", "reference"))
    except Unresolved:
        return Graded(0.0, problem="invalid_variable_error")
    return Graded(float(compare(given, wanted)))


def _combined(grader: Mapping[str, Any], namespaces: Mapping[str, Any]) -> Graded:
    parts = {key: _graded(part, namespaces) for key, part in grader["graders"].items()}
    scores = {key: part.reward for key, part in parts.items()}
    problem = next((part.problem for part in parts.values() if part.problem), None)
    try:
        return Graded(formulas.value(grader["calculate_output"], scores), scores, problem)
    except ArithmeticError:
        return Graded(0.0, scores, problem or "formula_parse_error")


def _ratio(one: Sequence[str], other: Sequence[str]) -> float:
    """Twice the longest common subsequence, over both lengths: 1 for two empty ones."""
    both = len(one) + len(other)
    return 2 * _common(one, other) / both if both else 1.0


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Length of the longest common subsequence, by bits (Hyyrö 2004)."""
    where: dict[str, int] = {}
    for index, each in enumerate(one):
        where[each] = where.get(each, 0) | 1 << index
    whole = (1 << len(one)) - 1
    row = whole
    for each in other:
        known = row & where.get(each, 0)
        row = ((row + known) | (row - known)) & whole
    return len(one) - row.bit_count()


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def _rouge(length: int, one: str, other: str) -> float:
    def grams(words: list[str]) -> Counter[tuple[str, ...]]:
        return Counter(tuple(words[at : at + length]) for at in range(len(words) - length + 1))

    given, wanted = grams(_words(one)), grams(_words(other))
    both = given.total() + wanted.total()
    return 2 * (given & wanted).total() / both if both else 0.0


_OPERATIONS: Mapping[str, Callable[[str, str], float]] = {
    "eq": lambda given, wanted: given == wanted,
    "ne": lambda given, wanted: given != wanted,
    "like": lambda given, wanted: wanted in given,
    "ilike": lambda given, wanted: wanted.lower() in given.lower(),
    "fuzzy_match": _ratio,
    "rouge_l": lambda given, wanted: _ratio(_words(given), _words(wanted)) if _words(given + wanted) else 0.0,
    **{f"rouge_{n}": functools.partial(_rouge, n) for n in range(1, 6)},
}
