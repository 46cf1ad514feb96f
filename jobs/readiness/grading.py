"""What looks wrong with a grader, though the service may take it."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

from contract import grader_formula
from contract.graders import (
    DOCUMENTED_MODELS,
    AnyGrader,
    Multi,
    Python,
    ResponseFormat,
    ScoreModel,
    sample_references,
    singles,
)
from jobs.readiness.remark import Remark


def doubts(grader: AnyGrader, form: ResponseFormat | None) -> Iterator[Remark]:
    """What a person should look at again, with the key it stands under."""
    for below, single in singles(grader):
        key = f"grader.{below}" if below else "grader"
        if isinstance(single, ScoreModel) and single.model not in DOCUMENTED_MODELS:
            known = " and ".join(DOCUMENTED_MODELS)
            words = f"{single.model} is not documented as a model that grades; {known} are, as of October 2026"
            yield Remark("grader-model", f"{key}.model", words)
        if isinstance(single, Python):
            yield from source_doubts(single.source, f"{key}.source")
        elif not sample_references(single):
            yield Remark("grader-blind", key, "nothing of it refers to the answer: write {{ sample.output_text }}")
        if form is None and any(path.startswith("output_json") for path in sample_references(single)):
            words = "sample.output_json is there only where answers are JSON: give a responseFormat"
            yield Remark("grader-blind", key, words)
    if isinstance(grader, Multi):
        yield from unused(grader, "grader")


def unused(grader: Multi, key: str) -> Iterator[Remark]:
    """The parts that its formula does not use."""
    for name in sorted(grader.graders.keys() - grader_formula.used(grader.calculate_output)):
        yield Remark("grader-unused", f"{key}.graders.{name}", "calculateOutput does not use it")


def source_doubts(source: str, key: str) -> Iterator[Remark]:
    """The service's Python may be newer than this one: what cannot be read here is a doubt, no fault."""
    try:
        # What this Python warns of it still takes.
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = f" in its line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        yield Remark("grader-source", key, f"cannot be read as Python{line}")
        return
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "grade"]
    if not found:
        yield Remark("grader-source", key, "defines no function `grade(sample, item)` at its top level")
    elif len(found[-1].args.posonlyargs) + len(found[-1].args.args) != 2 and found[-1].args.vararg is None:
        yield Remark("grader-source", key, "`grade` is called with two arguments, (sample, item)")
