"""Azure's own graders: string_check, and multi, which combines others. By the documents that contract.graders names."""

from __future__ import annotations

import math
from typing import Literal

from contract import grader_formula, graders
from jobs.errors import Unavailable
from jobs.evaluation.graders import judges, similarity, sources
from jobs.evaluation.graders.graded import Graded, whether
from jobs.evaluation.graders.judging import Judging
from jobs.evaluation.graders.namespaces import Namespaces, Unresolved

Operation = Literal["eq", "ne", "like", "ilike"]
Single = graders.StringCheck | graders.TextSimilarity | graders.ScoreModel | graders.Python


def single(grader: Single, spaces: Namespaces, judging: Judging | None) -> Graded:
    """Raises Unresolved, and as ``judges``."""
    match grader:
        case graders.StringCheck():
            return checked(grader.operation, spaces.filled(grader.input), spaces.filled(grader.reference))
        case graders.TextSimilarity():
            metric = grader.evaluation_metric
            return similarity.alike(metric, spaces.filled(grader.input), spaces.filled(grader.reference))
        case graders.ScoreModel():
            return judges.scored(grader, spaces, judging)
        case graders.Python():
            return sources.run(grader.source, spaces)


def checked(operation: Operation, given: str, wanted: str) -> Graded:
    """``like`` and ``ilike``: the input contains the reference."""
    match operation:
        case "eq":
            return whether(given == wanted)
        case "ne":
            return whether(given != wanted)
        case "like":
            return whether(wanted in given)
        case "ilike":
            return whether(wanted.lower() in given.lower())


def combined(grader: graders.Multi, spaces: Namespaces, judging: Judging | None) -> Graded:
    """What the formula comes to; a part that lacks what it refers to counts 0, as does arithmetic that fails.

    A judge that is not to be had is raised once all parts have asked: who only notes what is asked notes all of it.
    """
    parts: dict[str, Graded] = {}
    trouble: Unavailable | None = None
    for name, part in grader.graders.items():
        try:
            parts[name] = _part(part, spaces, judging)
        except Unavailable as unavailable:
            trouble = trouble or unavailable
    if trouble is not None:
        raise trouble
    if not all(part.judged for part in parts.values()):
        return Graded(0.0, "a part of it was not judged", judged=False)
    said = "; ".join(f"{name}: {part.said}" for name, part in parts.items() if part.said) or None
    try:
        found = grader_formula.value(grader.calculate_output, {name: part.score for name, part in parts.items()})
    except ArithmeticError as error:
        return Graded(0.0, f"calculateOutput cannot be computed ({error})")
    return Graded(found, said) if math.isfinite(found) else Graded(0.0, "calculateOutput comes to no finite number")


def _part(part: Single, spaces: Namespaces, judging: Judging | None) -> Graded:
    try:
        return single(part, spaces, judging)
    except Unresolved as unresolved:
        return Graded(0.0, str(unresolved))
