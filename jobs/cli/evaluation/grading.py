"""Every answer by every grader; judges are asked what they have not said yet."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from jobs.cli.evaluation.asking_display import AskingDisplay
from jobs.cli.evaluation.cost import Allowance, share_of_judge
from jobs.cli.evaluation.trial import Trial
from jobs.evaluation.answer import Answer
from jobs.evaluation.asking.limits import limits_of
from jobs.evaluation.asking.round import ask_requests, party_of
from jobs.evaluation.costs import AskingCost
from jobs.evaluation.docket import Docket, NotAskedYet
from jobs.evaluation.grading import Graded, graded
from jobs.evaluation.kept_answers import Kept
from jobs.evaluation.question import Contender, Prompt

Grades = Mapping[str, Mapping[str, Mapping[int, Graded]]]
"""By contender, grader and the question's index."""
_ROUNDS = 3
"""A judge whose answer can't be read may be asked once more; for more there is no need."""


def graded_by_all(
    trial: Trial, answers: Mapping[str, Mapping[int, Answer]], kept: Kept, allowance: Allowance
) -> Grades:
    """Raises Refused where a grader is faulty, CloudFailed where a judge cannot be asked."""
    docket = Docket(trial.outputs, lambda model_id, key: kept.of(model_id).get(key))
    found: dict[str, dict[str, dict[int, Graded]]] = {
        each.name: {grader.name: {} for grader in trial.spec.graders} for each in trial.contenders
    }
    for _ in range(_ROUNDS):
        _grade(trial, answers, docket, found)
        if not docket.open:
            break
        _ask(trial, docket, kept, allowance)
    return found


def _grade(
    trial: Trial,
    answers: Mapping[str, Mapping[int, Answer]],
    docket: Docket,
    found: dict[str, dict[str, dict[int, Graded]]],
) -> None:
    for name, by_grader in found.items():
        for question in trial.questions:
            for grader in trial.spec.graders:
                if question.index not in by_grader[grader.name]:
                    with suppress(NotAskedYet):
                        answer = answers[name][question.index]
                        given = graded(grader, question, answer, docket, trial.folder.path)
                        by_grader[grader.name][question.index] = given


def _ask(trial: Trial, docket: Docket, kept: Kept, allowance: Allowance) -> None:
    waiting = docket.take_open()
    allowance.spend(AskingCost(tuple(share_of_judge(trial, name, waiting[name]) for name in waiting)))
    chats = trial.chats
    for deployment, requests in waiting.items():
        judge = _judge(trial, deployment, docket.model_id(deployment))
        with AskingDisplay(trial.say, trial.around.clock.now) as display:
            ask_requests(
                party_of(judge),
                requests,
                chats[judge.account],
                kept,
                clock=trial.around.clock,
                say=display.show,
                deadline=trial.patience.deadline,
                limits=limits_of(trial.outputs, [judge], trial.spec.asking)[party_of(judge).place],
            )


def _judge(trial: Trial, deployment: str, model_id: str) -> Contender:
    account = trial.outputs.base_deployments[deployment].account
    return Contender(f"judge {deployment}", "baseline", model_id, account, deployment, Prompt(None))
