"""Every answer by every grader; judges are asked what they have not said yet."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from jobs.cli.evaluation.asking_display import AskingDisplay
from jobs.cli.evaluation.trial import Trial
from jobs.evaluation.answer import Answer
from jobs.evaluation.asking.limits import Limits
from jobs.evaluation.asking.round import Party, ask_requests
from jobs.evaluation.docket import Docket, NotAskedYet
from jobs.evaluation.grading import Graded, graded
from jobs.evaluation.kept_answers import Kept
from jobs.evaluation.question import Question

Grades = Mapping[str, Mapping[str, Mapping[int, Graded]]]
"""By contender, grader and the question's index."""
_ROUNDS = 3
"""A judge whose answer can't be read may be asked once more; for more there is no need."""


def graded_by_all(trial: Trial, answers: Mapping[str, Mapping[int, Answer]], kept: Kept) -> Grades:
    """Raises Refused where a grader is faulty, CloudFailed where a judge cannot be asked."""
    docket = Docket(trial.outputs)
    found: dict[str, dict[str, dict[int, Graded]]] = {
        each.name: {grader.name: {} for grader in trial.spec.graders} for each in trial.contenders
    }
    for _ in range(_ROUNDS):
        _grade(trial, answers, docket, found)
        if not docket.open:
            return found
        _ask(trial, docket, kept)
    _grade(trial, answers, docket, found)
    return found


def _grade(
    trial: Trial,
    answers: Mapping[str, Mapping[int, Answer]],
    docket: Docket,
    found: dict[str, dict[str, dict[int, Graded]]],
) -> None:
    for contender in trial.contenders:
        for question in trial.questions:
            missing = [each for each in trial.spec.graders if question.index not in found[contender.name][each.name]]
            answer = answers[contender.name][question.index] if missing else None
            for grader in missing if answer is not None else ():
                with suppress(NotAskedYet):
                    given = graded(grader, question, answer, docket, trial.folder.path)
                    found[contender.name][grader.name][question.index] = given


def _ask(trial: Trial, docket: Docket, kept: Kept) -> None:
    chats = trial.chats()
    for deployment, requests in docket.by_deployment().items():
        account = trial.outputs.base_deployments[deployment].account
        party = Party(f"judge {deployment}", docket.model_id(deployment), (account, deployment))
        trial.say(f"{len(requests):,} answers are shown to the judge {deployment}, as far as they have not been before")
        with AskingDisplay(trial.say, trial.around.clock.now) as display:
            answers = ask_requests(
                party,
                requests,
                chats[account],
                kept,
                clock=trial.around.clock,
                say=display.show,
                deadline=trial.patience.deadline,
                limits=trial.limits().get((account, deployment)) or Limits(trial.spec.asking.concurrency),
            )
        docket.settle(requests, answers)
