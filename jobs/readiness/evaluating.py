"""What looks wrong with an evaluation, before anybody is asked: files that are not there, graders that see nothing."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import orjson

from contract import graders
from contract.evaluation_graders import Callable, EvaluationGrader, JsonSchema, Judge, Multi, Python, templates
from contract.evaluation_spec import EvaluationBaseline, EvaluationSpec
from contract.graders import singles
from jobs.data.formats.parameters import parameters
from jobs.readiness.grading import source_doubts, unused
from jobs.readiness.remark import Remark


def doubts(evaluation: EvaluationSpec, folder: Path) -> Iterator[Remark]:
    """What a person should look at again, with its key. ``folder``: the model's."""
    for index, baseline in enumerate(evaluation.baselines):
        yield from _of_baseline(baseline, f"evaluation.baselines[{index}]", folder)
    for index, grader in enumerate(evaluation.graders):
        yield from _of_grader(grader, f"evaluation.graders[{index}]", folder)


def _of_baseline(baseline: EvaluationBaseline, key: str, folder: Path) -> Iterator[Remark]:
    named = (("systemFile", baseline.system_file), ("examples", baseline.examples), ("context", baseline.context))
    for what, path in named:
        if path is not None and not (folder / path).is_file():
            yield Remark("evaluation-file", f"{key}.{what}", f"there is no {folder / path}")


def _of_grader(grader: EvaluationGrader, key: str, folder: Path) -> Iterator[Remark]:
    if isinstance(grader, JsonSchema):
        yield from _of_schema(grader, key, folder)
    if isinstance(grader, Callable):
        yield from _of_callable(grader, f"{key}.function", folder)
    if isinstance(grader, Python | Multi):
        for below, single in singles(grader):
            if isinstance(single, graders.Python):
                yield from source_doubts(single.source, ".".join(filter(None, (key, below, "source"))))
    if isinstance(grader, Multi):
        yield from unused(grader, key)
    # A judge is shown the answer beside its rubric.
    filled = () if isinstance(grader, Judge) else templates(grader)
    if filled and not any("sample." in text for text in filled):
        yield Remark("grader-blind", key, "nothing of it refers to the answer: write {{ sample.output_text }}")


def _of_schema(grader: JsonSchema, key: str, folder: Path) -> Iterator[Remark]:
    schema: object = grader.schema_
    at = f"{key}.schema"
    if grader.schema_file is not None:
        at = f"{key}.schemaFile"
        try:
            schema = orjson.loads((folder / grader.schema_file).read_bytes())
        except OSError as error:
            yield Remark("evaluation-file", at, f"{folder / grader.schema_file} cannot be read: {error.strerror}")
            return
        except ValueError:
            schema = None
        if not isinstance(schema, dict):
            yield Remark("evaluation-file", at, f"{folder / grader.schema_file} is no JSON object")
            return
    if isinstance(schema, dict) and (fault := parameters(schema).fault) is not None:
        yield Remark("evaluation-file", at, f"is no JSON Schema: {fault}")


def _of_callable(grader: Callable, key: str, folder: Path) -> Iterator[Remark]:
    """Looked for, and not imported: to check a model runs nothing of it."""
    module, name = grader.parts
    file = grader.file(folder)
    if file is None:
        # Of a package in a package only an import tells.
        if importlib.util.find_spec(module.partition(".")[0]) is None:
            words = f"there is no {module.replace('.', '/')}.py in {folder}, nor is {module} installed"
            yield Remark("evaluation-file", key, words)
        return
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = f" in line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        yield Remark("evaluation-file", key, f"{file} cannot be read as Python{line}")
        return
    if name not in {found for node in ast.walk(tree) for found in _named(node)}:
        yield Remark("evaluation-file", key, f"{file} defines no {name}")


def _named(node: ast.AST) -> Iterator[str]:
    """The names that a statement binds, wherever it stands."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name for alias in names)
