"""Answers and what graders gave them -> the scorecard, as yet without a verdict. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from contract.evaluation import Difference
from contract.evaluation_graders import EvaluationGrader
from jobs.data.slices import FEWEST_LINES
from jobs.evaluation.answer import Answer
from jobs.evaluation.answers_digest import answers_digest
from jobs.evaluation.classified import classification
from jobs.evaluation.grading import Graded, right
from jobs.evaluation.groups import groups_of, last_words
from jobs.evaluation.question import Contender, Question
from jobs.evaluation.scorecard import (
    Comparison,
    ContenderCard,
    Latency,
    Mean,
    Overfitting,
    Row,
    RowAnswer,
    Scorecard,
)
from jobs.evaluation.statistics import mean_interval, paired

_DIGITS = 6
"""Decimals that a scorecard keeps of a score; more is not known of any."""


@dataclass(frozen=True)
class TokenPrice:
    """US dollars per token, of what is sent and of what comes back; None where it is not known."""

    prompt: float | None
    completion: float | None


@dataclass(frozen=True)
class Performance:
    """What one contender did. ``answers`` and, per grader's name, ``graded`` have every question, by its index;
    ``price``: None where nothing is known of it."""

    contender: Contender
    answers: Mapping[int, Answer]
    graded: Mapping[str, Mapping[int, Graded]]
    price: TokenPrice | None = None


@dataclass(frozen=True)
class Occasion:
    """Whose evaluation it is, of what, when and by whom; as a scorecard has it."""

    model: str
    stack: str
    run_key: str | None
    holdout: str
    at: str
    by: str
    overfitting: Overfitting | None = None


@dataclass(frozen=True)
class Measuring:
    """How it is measured. ``decisive``: the name of the grader that decides; ``languages``: whether slices are made of
    the language that is detected, too."""

    graders: Sequence[EvaluationGrader]
    decisive: str
    seed: int
    languages: bool = False


def scorecard(
    occasion: Occasion, questions: Sequence[Question], performances: Sequence[Performance], how: Measuring
) -> Scorecard:
    """What was measured. The candidate is compared with each other, live first. Raises KeyError where an answer or a
    grade is missing: whoever asks, asks everybody everything."""
    questions = sorted(questions, key=lambda each: each.index)
    groups = groups_of(questions, languages=how.languages)
    candidate = next((each for each in performances if each.contender.kind == "candidate"), None)
    others = sorted((each for each in performances if each is not candidate), key=_live_first)
    return Scorecard(
        model=occasion.model,
        stack=occasion.stack,
        model_id=candidate.contender.model_id if candidate is not None else None,
        run_key=occasion.run_key,
        holdout=occasion.holdout,
        examples=len(questions),
        seed=how.seed,
        at=occasion.at,
        by=occasion.by,
        grader=how.decisive,
        contenders=tuple(_card(each, questions, groups.indices, how) for each in performances),
        comparisons=tuple(_comparison(candidate, each, questions, how) for each in others) if candidate else (),
        overfitting=occasion.overfitting,
        answers=answers_digest({each.contender.name: (each.contender, each.answers) for each in performances}),
        rows=tuple(_row(each, groups.slices[each.index], performances, how) for each in questions),
    )


def _card(
    performance: Performance, questions: Sequence[Question], groups: Mapping[str, Sequence[int]], how: Measuring
) -> ContenderCard:
    contender, answers = performance.contender, [performance.answers[each.index] for each in questions]
    everything = [each.index for each in questions]
    given = [answer for answer in answers if answer.failed is None]
    prompt, completion = (
        sum(tokens) / len(tokens) if tokens else 0.0
        for tokens in ([each.prompt_tokens for each in given], [each.completion_tokens for each in given])
    )
    names = [grader.name for grader in how.graders]
    return ContenderCard(
        name=contender.name,
        kind=contender.kind,
        model_id=contender.model_id,
        account=contender.account,
        deployment=contender.deployment,
        scores={name: _mean(performance, name, everything, how) for name in names},
        slices={
            group: {name: _mean(performance, name, indices, how) for name in names} for group, indices in groups.items()
        },
        classification={
            name: found
            for name in names
            if (found := classification([performance.graded[name][index] for index in everything])) is not None
        },
        latency=_latency(given),
        prompt_tokens=round(prompt, 1),
        completion_tokens=round(completion, 1),
        cost_per_answer=_cost(performance.price, prompt, completion) if given else None,
        failed=len(answers) - len(given),
    )


def _mean(performance: Performance, grader: str, indices: Sequence[int], how: Measuring) -> Mean:
    graded = (performance.graded[grader][index] for index in indices)
    scores = [each.score for each in graded if each.judged]
    interval = mean_interval(scores, how.seed) if len(scores) >= FEWEST_LINES else None
    mean = round(sum(scores) / len(scores), _DIGITS) if scores else 0.0
    if interval is None:
        return Mean(mean=mean, count=len(scores))
    return Mean(mean=mean, count=len(scores), low=round(interval.low, _DIGITS), high=round(interval.high, _DIGITS))


def _comparison(
    candidate: Performance, other: Performance, questions: Sequence[Question], how: Measuring
) -> Comparison:
    found, p_value, judged = {}, None, frozenset[int]()
    for grader in how.graders:
        ours, theirs = candidate.graded[grader.name], other.graded[grader.name]
        both = [each.index for each in questions if ours[each.index].judged and theirs[each.index].judged]
        pairs = paired([ours[index].score for index in both], [theirs[index].score for index in both], how.seed)
        found[grader.name] = Difference(
            difference=round(pairs.difference, _DIGITS),
            low=round(pairs.interval.low, _DIGITS),
            high=round(pairs.interval.high, _DIGITS),
            wins=pairs.wins,
            losses=pairs.losses,
            ties=pairs.ties,
        )
        if grader.name == how.decisive:
            p_value, judged = pairs.p_value, frozenset(both)
    here, there = (_right(each, judged, how) for each in (candidate, other))
    return Comparison(
        against=other.contender.name,
        graders=found,
        p_value=p_value,
        regressions=tuple(sorted(there - here)),
        improvements=tuple(sorted(here - there)),
    )


def _right(performance: Performance, indices: Iterable[int], how: Measuring) -> set[int]:
    """Those whose answer is right by the grader that decides."""
    grader = next(grader for grader in how.graders if grader.name == how.decisive)
    graded = performance.graded[how.decisive]
    return {index for index in indices if right(grader, graded[index], performance.answers[index])}


def _latency(given: Sequence[Answer]) -> Latency | None:
    if not given:
        return None
    import numpy as np

    p50, p90, p95, p99 = np.percentile([answer.seconds for answer in given], [50, 90, 95, 99]).tolist()
    return Latency(p50=round(p50, 3), p90=round(p90, 3), p95=round(p95, 3), p99=round(p99, 3))


def _cost(price: TokenPrice | None, prompt: float, completion: float) -> float | None:
    if price is None or price.prompt is None or price.completion is None:
        return None
    return price.prompt * prompt + price.completion * completion


def _row(question: Question, slices: Mapping[str, str], performances: Sequence[Performance], how: Measuring) -> Row:
    return Row(
        index=question.index,
        line=question.line,
        question=last_words(question),
        expected=_expected(question),
        slices=dict(slices),
        answers={each.contender.name: _row_answer(question, each, how) for each in performances},
    )


def _row_answer(question: Question, performance: Performance, how: Measuring) -> RowAnswer:
    answer = performance.answers[question.index]
    graded = {grader.name: performance.graded[grader.name][question.index] for grader in how.graders}
    return RowAnswer(
        text=answer.text,
        tool_calls=answer.tool_calls,
        failed=answer.failed,
        scores={name: round(each.score, _DIGITS) for name, each in graded.items() if each.judged},
        said={name: each.said for name, each in graded.items() if each.said is not None},
    )


def _expected(question: Question) -> str | None:
    calls = [f"{call.name}({call.arguments})" for call in question.expected_calls]
    return "\n".join([*([question.expected] if question.expected else []), *calls]) or None


def _live_first(performance: Performance) -> bool:
    return performance.contender.kind != "live"
