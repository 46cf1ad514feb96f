"""Questions, answers and grades as short as tests can say them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from contract.evaluation_graders import ExactMatch
from jobs.evaluation.answer import Answer
from jobs.evaluation.grading import Graded
from jobs.evaluation.measuring import Measuring, Occasion, Performance, TokenPrice, scorecard
from jobs.evaluation.question import Contender, Kind, Prompt, Question
from jobs.evaluation.scorecard import Scorecard

GRADER = "exact"
BASE = "gpt-4.1-mini-2025-04-14"
TUNED = f"{BASE}.ft-8aad139b19084ebf968c1e58f2dc3326-clippy-0123abcd"
OCCASION = Occasion(model="clippy", stack="dev", run_key=None, holdout="c" * 64, at="2026-11-20T11:00:00Z", by="Ada")
HOW = Measuring([ExactMatch(name=GRADER, type="exact_match")], GRADER, seed=42)


def question(index: int, text: str = "What is it?", **slices: str) -> Question:
    return Question(
        index=index,
        line=index + 1,
        messages=({"role": "user", "content": text},),
        system=None,
        tools=(),
        expected="This.",
        expected_calls=(),
        item={},
        slices=slices,
    )


def contender(name: str, kind: Kind) -> Contender:
    model_id = BASE if kind == "baseline" else TUNED if kind == "candidate" else TUNED.replace("0123abcd", "89abcdef")
    return Contender(name, kind, model_id, "main", f"{name}-deployment", Prompt(system=None))


def performance(
    name: str,
    scores: Sequence[float],
    kind: Kind = "baseline",
    *,
    graded: Mapping[int, Graded] | None = None,
    answers: Mapping[int, Answer] | None = None,
    price: TokenPrice | None = None,
) -> Performance:
    """Of ``scores``, the first of which is of question 0; ``graded`` and ``answers`` in the place of what they make."""
    given = {index: answer(index, f"{score}") for index, score in enumerate(scores)}
    grades = {index: Graded(score) for index, score in enumerate(scores)}
    return Performance(
        contender(name, kind), {**given, **(answers or {})}, {GRADER: {**grades, **(graded or {})}}, price
    )


def answer(index: int, text: str | None = "This.", **changes: object) -> Answer:
    return Answer.model_validate(
        {"question": f"{index:064x}", "text": text, "prompt_tokens": 100, "completion_tokens": 20, "seconds": 0.5}
        | changes
    )


def measured(*performances: Performance, questions: Sequence[Question] = (), how: Measuring = HOW) -> Scorecard:
    count = len(performances[0].answers)
    return scorecard(OCCASION, questions or [question(index) for index in range(count)], performances, how)
