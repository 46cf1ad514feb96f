"""`jobs evaluate`: the candidate and what it would replace are asked the whole holdout, measured, and held to the gate.

Answers that were paid for are kept: the same command goes on where it was interrupted, and asks nobody twice.
"""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import timedelta

import typer

from contract.catalog.prices import Prices
from contract.evaluation import Evaluation, scorecard_name
from contract.release import ReleaseRecord
from jobs.cli.asked import Asked
from jobs.cli.evaluation import scorecard_text
from jobs.cli.evaluation.asking_display import AskingDisplay
from jobs.cli.evaluation.cost import Allowance, planned
from jobs.cli.evaluation.grading import graded_by_all
from jobs.cli.evaluation.run_fit import overfitting_of
from jobs.cli.evaluation.trial import Trial, prepare, stack_model
from jobs.cli.outcomes import INTERRUPTED, REFUSED, complain
from jobs.cli.program import say_next, typed
from jobs.cli.stacks.settling import settle
from jobs.cli.surroundings import surroundings
from jobs.cli.training.candidate import look_ahead
from jobs.errors import CloudFailed, Refused
from jobs.evaluation import kept_scorecards
from jobs.evaluation.asking.limits import limits_of
from jobs.evaluation.asking.round import ask_all
from jobs.evaluation.costs import price_of, skus
from jobs.evaluation.kept_answers import Kept
from jobs.evaluation.measuring import Measuring, Occasion, Performance, scorecard
from jobs.evaluation.scorecard import Scorecard
from jobs.evaluation.verdict import evaluation_of, with_verdict
from jobs.releases.evaluated import record_evaluation
from jobs.tuning.recording import timestamp


@dataclass(frozen=True)
class Wish:
    """What `evaluate` was told. ``again``: the flags with which the same would be typed once more."""

    yes: bool
    baseline: bool
    as_json: bool
    again: tuple[str, ...]


def evaluate_model(model: str, asked: Asked, deadline: timedelta, wish: Wish) -> None:
    """Exits with 1 where the candidate has not passed, which is recorded as well."""
    with surroundings(asked) as around:
        # The document is all that is printed.
        with redirect_stdout(sys.stderr if wish.as_json else sys.stdout):
            trial = prepare(stack_model(model, around, asked, deadline), baseline=wish.baseline)
            card = kept_scorecards.keep(_measured(trial, wish), trial.runs, trial.patience)
        if wish.as_json:
            typer.echo(kept_scorecards.text_of(card), nl=False)
        else:
            scorecard_text.show(card)
        with redirect_stdout(sys.stderr if wish.as_json else sys.stdout):
            trial.say(f"scorecard: {scorecard_name(model, card.answers)}, in the container runs")
            if trial.record is None:
                _say_baseline(trial, card)
            else:
                _conclude(trial, trial.record, card)


def _measured(trial: Trial, wish: Wish) -> Scorecard:
    again = trial.asked.command("evaluate", trial.model, *wish.again)
    allowance = Allowance(trial, wish.yes, trial.asked.command("evaluate", trial.model, *wish.again, "--yes"))
    try:
        with Kept(trial.runs, trial.model, trial.patience, trial.say) as kept:
            allowance.plan(planned(trial, kept))
            if trial.record is not None:
                look_ahead(trial.around.stack)
            return _scored(trial, kept, allowance)
    except KeyboardInterrupt:
        complain("\njobs: interrupted; answers that came are kept, and the same command goes on", again)
        raise typer.Exit(INTERRUPTED) from None
    except CloudFailed as error:
        following = trial.asked.up if error.status == 404 else again
        raise error.located(stack=trial.asked.stack, next_command=following) from None


def _scored(trial: Trial, kept: Kept, allowance: Allowance) -> Scorecard:
    clock, asking = trial.around.clock, trial.spec.asking
    with AskingDisplay(trial.say, clock.now) as display:
        answers = ask_all(
            trial.contenders,
            trial.questions,
            asking,
            trial.chats,
            kept,
            clock=clock,
            say=display.show,
            of=len(trial.questions),
            deadline=trial.patience.deadline,
            limits=limits_of(trial.outputs, trial.contenders, asking),
        )
    grades = graded_by_all(trial, answers, kept, allowance)
    prices = Prices(trial.outputs.environment.prices)
    on = skus(trial.contenders, trial.model, trial.outputs)
    performances = [
        Performance(each, answers[each.name], grades[each.name], price_of(each.model_id, on[each.name], prices))
        for each in trial.contenders
    ]
    occasion = Occasion(
        model=trial.model,
        stack=trial.asked.stack,
        run_key=trial.record.run_key if trial.record is not None else None,
        holdout=trial.holdout,
        at=timestamp(clock.now()),
        by=trial.person,
        overfitting=overfitting_of(trial, trial.record) if trial.record is not None else None,
    )
    languages = trial.spec.slices == "declaredAndLanguage"
    how = Measuring(trial.spec.graders, trial.decisive, asking.seed, languages)
    card = scorecard(occasion, trial.questions, performances, how)
    return card if trial.record is None else with_verdict(card, trial.gate, near=trial.near)


def _say_baseline(trial: Trial, card: Scorecard) -> None:
    use_case = trial.folder.spec.use_case
    named = use_case.baseline.scorecard if use_case is not None and use_case.baseline is not None else None
    if named == card.answers:
        trial.say("tune.yaml names this scorecard as its baseline")
    else:
        trial.say(f"to name it as the baseline, write into {trial.folder.tune_yaml}, under useCase:")
        typer.echo(f"  baseline:\n    scorecard: {card.answers}")
    say_next(trial.asked.command("run", trial.model))


def _conclude(trial: Trial, record: ReleaseRecord, card: Scorecard) -> None:
    evaluation = evaluation_of(card)
    _record(trial, evaluation)
    earlier = _earlier(trial, record, card)
    if evaluation.verdict == "passed":
        say_next(trial.asked.command("release", trial.model))
        return
    said = scorecard_text.VERDICTS[evaluation.verdict]
    helps = "A larger holdout" if evaluation.verdict == "notShown" else "Better data, or another run,"
    withdraw = typed(trial.asked.command("withdraw", trial.model))
    complain(
        f"jobs: stack {trial.asked.stack}: {record.model_id} has not passed: {said}\n"
        f"  {helps} may help; {withdraw} puts the candidate aside.",
        earlier,
    )
    raise typer.Exit(REFUSED)


def _earlier(trial: Trial, record: ReleaseRecord, card: Scorecard) -> str | None:
    """The command that makes a better checkpoint the candidate, where there is one; which is said."""
    found = card.overfitting.earlier_checkpoint if card.overfitting is not None else None
    if found is None or record.checkpoint is not None:
        return None
    step = found.rpartition("-")[2]
    command = trial.asked.command("evaluate", trial.model, "--checkpoint", step)
    trial.say(f"the checkpoint of step {step} looks better; {typed(command)} makes it the candidate")
    return command


def _record(trial: Trial, evaluation: Evaluation) -> None:
    try:
        settled = settle(trial.around.stack, trial.model, lambda releases: record_evaluation(releases, evaluation))
    except Refused as refused:
        refused.details += ("The answers are kept. Once that is mended, the same command records what they came to.",)
        raise
    trial.say_settled(settled)
