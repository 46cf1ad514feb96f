"""Graders that people wrote as functions: found, called, and their faults named by file and line.

They run in this process, with all that it may do, and without a time limit: they are code of the repository.
"""

from __future__ import annotations

import importlib
import importlib.util
import math
import numbers
import sys
import traceback
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from contract import evaluation_graders
from jobs.data.reading.json_line import shortened
from jobs.errors import Refused
from jobs.evaluation.answer import Answer
from jobs.evaluation.graders.graded import Graded
from jobs.evaluation.question import Question

_Function = Callable[[Question, Answer], object]


def scored(grader: evaluation_graders.Callable, question: Question, answer: Answer, folder: Path | None) -> Graded:
    """Raises Refused where the function is not there, fails, or gives what is no score."""
    function = loaded(grader, folder)
    try:
        found = function(question, answer)
    except (Exception, SystemExit) as error:
        raise Refused(
            f"the grader {grader.function} failed at line {question.line} of the holdout: {_told(error)}"
        ) from error
    return _graded(found, f"the grader {grader.function}")


def loaded(grader: evaluation_graders.Callable, folder: Path | None) -> _Function:
    """Its function. Raises Refused where it is not there, or its module cannot be imported."""
    module, name = grader.parts
    return _function(module, name, grader.file(folder) if folder is not None else None)


def _graded(found: object, who: str) -> Graded:
    given = found if isinstance(found, Mapping) else {"score": found}
    score = given.get("score")
    if not isinstance(score, numbers.Real) or not math.isfinite(score):
        what = f"the score {shortened(repr(score))}" if isinstance(found, Mapping) else shortened(repr(found))
        raise Refused(f"{who} gave {what}: a number, true or false, or a mapping with a `score` is expected")
    return Graded(float(score), _text(given.get("reason")), _text(given.get("label")))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


@lru_cache(maxsize=16)
def _function(module: str, name: str, file: Path | None) -> _Function:
    """From ``file``, or else from what is installed."""
    try:
        found = getattr(importlib.import_module(module) if file is None else _from_file(file), name, None)
    except (Exception, SystemExit) as error:
        if isinstance(error, ModuleNotFoundError) and file is None and module.startswith(str(error.name)):
            told = f"there is no {module.replace('.', '/')}.py beside tune.yaml, nor is {module} installed"
        else:
            told = _told(error)
        raise Refused(f"the grader {module}:{name} cannot be imported: {told}") from error
    if not callable(found):
        raise Refused(f"the grader {module}:{name} cannot be used: {module} has no function {name}")
    function: _Function = found
    return function


def _from_file(path: Path) -> ModuleType:
    """Under a name of its own: modules of two models may be called the same."""
    known_as = f"tuned_models_grader_{abs(hash(path.resolve())):x}"
    specification = importlib.util.spec_from_file_location(known_as, path)
    if specification is None or specification.loader is None:
        raise ImportError(f"{path} is no module")
    module = importlib.util.module_from_spec(specification)
    sys.modules[known_as] = module
    try:
        specification.loader.exec_module(module)
    except BaseException:
        del sys.modules[known_as]
        raise
    return module


def _told(error: BaseException) -> str:
    """``models/m/tone.py, line 3: KeyError: …``: the place that people can change, and no traceback."""
    what = f"{type(error).__name__}: {shortened(str(error), 120)}" if str(error) else type(error).__name__
    if isinstance(error, SyntaxError):
        return f"{error.filename}, line {error.lineno}: {type(error).__name__}: {error.msg}"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not _ours(frame.filename)]
    return f"{frames[-1].filename}, line {frames[-1].lineno}: {what}" if frames else what


def _ours(filename: str) -> bool:
    return filename == __file__ or filename.startswith("<frozen")
