"""The question that each deployment of a model is asked to see that it answers."""

from __future__ import annotations

from pathlib import Path

from contract.evaluation_spec import EvaluationSpec
from contract.faults import Faults
from contract.tune_spec import TuneSpec
from jobs.errors import Unreadable
from jobs.releases.verifying import Golden

_ANYTHING = "Hello. Who are you, in one sentence?"
"""Of a model whose folder is not here: only whether it answers is seen."""


def golden_of(models: Path, model: str) -> Golden:
    """tune.yaml's ``evaluation.golden``, else the first question of the holdout where that lies beside it, else a
    neutral one. Raises Unreadable where there is a tune.yaml, and it or its holdout cannot be used."""
    path = models / model / "tune.yaml"
    if not path.is_file():
        return _plain(_ANYTHING)
    try:
        spec = TuneSpec.read(path)
    except Faults as faults:
        raise Unreadable(f"{path} cannot be used", details=[str(fault) for fault in faults.faults]) from faults
    golden = spec.evaluation.golden if spec.evaluation is not None else None
    if golden is not None:
        return _plain(golden.prompt, golden.contains, spec.evaluation)
    if isinstance(spec.data.holdout, str):
        return _first_of(path.parent, spec.data.holdout, spec.evaluation)
    return _plain(_ANYTHING, None, spec.evaluation)


def _first_of(folder: Path, named: str, evaluation: EvaluationSpec | None) -> Golden:
    from jobs.evaluation.questions import questions_of
    from jobs.tuning.model_folder import unusable

    if (why := unusable(folder, named)) is not None:
        raise Unreadable(f"{folder / 'tune.yaml'}: data.holdout: {why}")
    question = next(iter(questions_of(folder / named)), None)
    if question is None:
        raise Unreadable(f"{folder / named} has no question in it")
    temperature, longest = _asking(evaluation)
    return Golden(question.messages, None, question.system, question.tools, temperature, longest)


def _plain(prompt: str, contains: str | None = None, evaluation: EvaluationSpec | None = None) -> Golden:
    temperature, longest = _asking(evaluation)
    message = {"role": "user", "content": prompt}
    return Golden((message,), contains, temperature=temperature, max_tokens=longest)


def _asking(evaluation: EvaluationSpec | None) -> tuple[float | None, int | None]:
    if evaluation is None:
        return None, None
    return evaluation.asking.temperature, evaluation.asking.max_tokens
