"""What is evaluated: which models are asked which questions, and by what their answers are measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

from contract.evaluation_graders import Callable, judges
from contract.evaluation_spec import EvaluationSpec
from contract.gate import Gate
from contract.graders import wire
from contract.release import ReleaseRecord
from jobs.chat_ports import Chat
from jobs.cli.asked import Asked
from jobs.cli.data.check_result import counted
from jobs.cli.evaluation.holdout import checked_holdout
from jobs.cli.others import others
from jobs.cli.surroundings import Surroundings
from jobs.cli.training.stack_model import StackModel
from jobs.cli.trouble import say_trouble
from jobs.errors import Refused, UpNeeded
from jobs.evaluation import contenders
from jobs.evaluation.graders.callables import loaded
from jobs.evaluation.groups import groups_of
from jobs.evaluation.held_out import refuse_held_out
from jobs.evaluation.prompts import prompts_of
from jobs.evaluation.question import Contender, Question
from jobs.evaluation.questions import distinct, questions_of
from jobs.evaluation.verdict import gate_in_force, refuse_unfit
from jobs.tuning.model_folder import ModelFolder, open_model
from jobs.tuning.patience import Patience

_EXAMPLE = (
    "evaluation:",
    "  graders:",
    "    - {type: exact_match, name: exact}",
    "docs/evaluation.md has every grader, and what else may stand there.",
)


@dataclass(frozen=True)
class Trial(StackModel):
    """``record``: the candidate's; None where baselines alone are measured. ``gate``: the one in force."""

    folder: ModelFolder
    spec: EvaluationSpec
    record: ReleaseRecord | None
    holdout: str
    """Its SHA-256."""
    near: int
    """Lines of it that are nearly what the candidate was trained on."""
    questions: tuple[Question, ...]
    contenders: tuple[Contender, ...]
    gate: Gate

    @property
    def decisive(self) -> str:
        """The name of the grader that decides."""
        return self.gate.grader or self.spec.graders[0].name

    @cached_property
    def chats(self) -> Mapping[str, Chat]:
        """By the account's name in the stack, of all that are asked, judges included."""
        accounts = {each.account for each in self.contenders}
        accounts |= {self.outputs.base_deployments[name].account for name in self.judges}
        return {account: self.around.chat(self.outputs, self.outputs.accounts[account]) for account in accounts}

    @cached_property
    def judges(self) -> Mapping[str, int]:
        """The base deployments that graders ask, and how many of them do so."""
        return Counter(name for grader in self.spec.graders for name in judges(grader))


def stack_model(model: str, around: Surroundings, asked: Asked, deadline: timedelta) -> StackModel:
    patience = Patience(around.clock, around.clock.now() + deadline, say_trouble)
    return StackModel(asked, around, around.stack.outputs(), patience, model)


def prepare(of: StackModel, *, baseline: bool) -> Trial:
    """What can be known, or refused, before anybody is asked. ``baseline``: whether prompting alone is measured."""
    folder = open_model(of.asked.models_folder, of.model, of.around.referring(of.patience))
    spec = _spec(folder, of.asked)
    releases, stack = of.releases(), of.asked.stack
    output = of.outputs.models.get(of.model)
    record = None
    if not baseline:
        if output is None:
            raise _not_declared(of)
        record = contenders.candidate_of(of.model, releases, output, stack=stack)
    response_format = _response_format(folder)
    held = checked_holdout(of, folder, record)
    lines = tuple(questions_of(folder.holdout)) if folder.holdout is not None else ()
    questions = distinct(lines)
    if again := len(lines) - len(questions):
        are = "is" if again == 1 else "are"
        of.say(f"{counted(again, 'line')} of the holdout {are} there again: each example counts once")
    tuned = contenders.tuned(releases, output) if output is not None and record is not None else ()
    baselines = _prompted(of, folder, spec, lines, live=any(each.kind == "live" for each in tuned))
    found = tuple(
        replace(each, prompt=replace(each.prompt, response_format=response_format)) for each in (*tuned, *baselines)
    )
    if all(each.kind == "candidate" for each in found):
        raise _nothing_to_compare(folder, stack)
    gate = gate_in_force(spec.gate, output.gate if output is not None else None)
    trial = Trial(
        of.asked,
        of.around,
        of.outputs,
        of.patience,
        of.model,
        folder=folder,
        spec=spec,
        record=record,
        holdout=held.sha256,
        near=held.near,
        questions=questions,
        contenders=found,
        gate=gate,
    )
    slices = groups_of(questions, languages=spec.slices == "declaredAndLanguage").indices
    refuse_unfit(gate, [grader.name for grader in spec.graders], slices)
    _refuse_missing_judges(trial)
    for grader in spec.graders:
        if isinstance(grader, Callable):
            # Before answers are paid for that nobody could grade.
            loaded(grader, folder.path)
    return trial


def _spec(folder: ModelFolder, asked: Asked) -> EvaluationSpec:
    if folder.spec.evaluation is None:
        raise Refused(
            f"{folder.tune_yaml} does not say by what {folder.name} is measured; it takes such as:",
            details=_EXAMPLE,
            stack=asked.stack,
        )
    return folder.spec.evaluation


def _not_declared(of: StackModel) -> UpNeeded:
    return UpNeeded(
        f"the stack outputs have no model {of.model}{others(of.model, of.outputs.models)}",
        details=["Declare it under tuned-models:models of the stack file, then bring the stack up."],
        stack=of.asked.stack,
        next_command=of.asked.up,
    )


def _prompted(
    of: StackModel, folder: ModelFolder, spec: EvaluationSpec, lines: tuple[Question, ...], *, live: bool
) -> tuple[Contender, ...]:
    """The baselines. Where a model is ``live`` and nothing serves the base, that model alone is what is replaced."""
    base = folder.spec.base
    unnamed = all(each.deployment is None for each in spec.baselines)
    if live and unnamed and contenders.served_base(base, of.outputs) is None:
        of.say(
            f"no base deployment of {of.asked.stack} serves {base}: the live model alone is what it is compared with"
        )
        return ()
    prompts = prompts_of(spec.baselines, folder.path, folder.lines, questions=len(lines))
    if folder.holdout is not None:
        refuse_held_out(spec.baselines, folder.path, folder.lines, folder.holdout, lines)
    return contenders.prompted(base, spec.baselines, prompts, of.outputs, stack=of.asked.stack)


def _nothing_to_compare(folder: ModelFolder, stack: str) -> Refused:
    return Refused(
        f"{folder.tune_yaml}: evaluation.baselines is empty, and no model is live: there is nothing to measure against",
        details=["Without the key there is one baseline: the base model, as the examples themselves prompt it."],
        stack=stack,
    )


def _response_format(folder: ModelFolder) -> Mapping[str, Any] | None:
    """What reinforcement holds answers to."""
    form = folder.spec.response_format
    return wire(form) if form is not None else None


def _refuse_missing_judges(trial: Trial) -> None:
    missing = [name for name in trial.judges if name not in trial.outputs.base_deployments]
    if missing:
        there = ", ".join(sorted(trial.outputs.base_deployments)) or "none"
        raise Refused(
            f"graders ask {' and '.join(missing)}, which is no base deployment of the stack (there: {there})",
            details=["tuned-models:baseDeployments of the stack file declares one, by that name; then bring it up."],
            stack=trial.asked.stack,
            next_command=trial.asked.up,
        )
