"""What a scorecard has of answers and grades."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.evaluation_graders import ExactMatch
from jobs.evaluation.grading import Graded
from jobs.evaluation.measuring import TokenPrice, scorecard
from jobs.evaluation.scorecard import Latency, Mean, Scorecard
from tests.jobs.evaluation.measured import GRADER, HOW, OCCASION, answer, measured, performance, question

CANDIDATE = performance("candidate", [1, 1, 1, 0], "candidate")
LIVE = performance("live", [1, 0, 0, 0], "live")
PROMPTED = performance("prompted", [0, 0, 0, 1])


def test_the_candidate_is_compared_with_each_other_live_first() -> None:
    card = measured(PROMPTED, CANDIDATE, LIVE)

    assert [comparison.against for comparison in card.comparisons] == ["live", "prompted"]
    with_live, with_base = card.comparisons
    assert (with_live.improvements, with_live.regressions) == ((1, 2), ())
    assert (with_base.improvements, with_base.regressions) == ((0, 1, 2), (3,))
    found = with_base.graders[GRADER]
    assert (found.difference, found.wins, found.losses, found.ties) == (0.5, 3, 1, 0)
    assert with_base.p_value == pytest.approx(2 * (1 + 4) / 2**4)


def test_a_baselines_scorecard_compares_nothing() -> None:
    card = measured(PROMPTED)

    assert (card.model_id, card.comparisons, card.verdict) == (None, (), None)
    assert card.contenders[0].scores[GRADER].mean == 0.25


def test_what_is_right_is_what_reaches_the_graders_threshold() -> None:
    """And a p-value is told of rights and wrongs only."""
    how = replace(HOW, graders=[ExactMatch(name=GRADER, type="exact_match", pass_threshold=0.7)])
    card = measured(performance("candidate", [0.7, 0.69], "candidate"), performance("prompted", [0.6, 0.7]), how=how)

    assert (card.comparisons[0].improvements, card.comparisons[0].regressions) == ((0,), (1,))
    assert card.comparisons[0].p_value is None


def test_means_are_told_with_an_interval_from_ten_examples_on() -> None:
    nine, ten = (measured(performance("prompted", [1] * 5 + [0] * rest)).contenders[0] for rest in (4, 5))

    assert nine.scores[GRADER] == Mean(mean=0.555556, count=9)
    # Wilson's interval of 5 of 10 (Newcombe's formula by hand: 0.5 ± 0.2634).
    assert ten.scores[GRADER] == Mean(mean=0.5, count=10, low=0.236593, high=0.763407)


def test_each_slice_has_the_means_of_its_lines() -> None:
    questions = [question(0, language="de"), question(1, language="en"), question(2, language="de"), question(3)]
    card = measured(CANDIDATE, PROMPTED, questions=questions)

    assert card.contenders[0].slices == {
        "language=de": {GRADER: Mean(mean=1.0, count=2)},
        "language=en": {GRADER: Mean(mean=1.0, count=1)},
    }
    assert [row.slices for row in card.rows] == [{"language": "de"}, {"language": "en"}, {"language": "de"}, {}]


def test_an_answer_that_the_service_refused_counts_as_wrong_and_not_for_tokens_or_time() -> None:
    refused = answer(1, None, failed="content_filter", prompt_tokens=0, completion_tokens=0, seconds=9.0)
    found = performance(
        "prompted", [1, 1], answers={1: refused}, graded={1: Graded(0.0, "refused")}, price=TokenPrice(1e-6, 4e-6)
    )
    card = measured(found).contenders[0]

    assert (card.failed, card.scores[GRADER].mean) == (1, 0.5)
    assert (card.prompt_tokens, card.completion_tokens) == (100, 20)
    assert card.latency == Latency(p50=0.5, p90=0.5, p95=0.5, p99=0.5)
    # 100 tokens at $1 and 20 at $4 per million.
    assert card.cost_per_answer == pytest.approx(0.00018)


def test_what_costs_nobody_knows_is_not_nothing() -> None:
    for price in (None, TokenPrice(None, 4e-6), TokenPrice(1e-6, None)):
        assert measured(performance("prompted", [1], price=price)).contenders[0].cost_per_answer is None
    refused = performance("prompted", [0], answers={0: answer(0, None, failed="x")}, price=TokenPrice(0, 0))
    assert measured(refused).contenders[0].cost_per_answer is None
    assert measured(refused).contenders[0].latency is None


def test_latencies_are_told_by_percentiles() -> None:
    """Of 1 to 101 hundredths of a second the percentiles are those hundredths, whichever definition is taken."""
    answers = {index: answer(index, seconds=(index + 1) / 100) for index in range(101)}

    found = measured(performance("prompted", [1] * 101, answers=answers)).contenders[0].latency
    assert found == Latency(p50=0.51, p90=0.91, p95=0.96, p99=1.0)


def test_what_a_judge_gave_no_verdict_on_is_left_out_of_means_and_pairs() -> None:
    silent = {0: Graded(0.0, "no verdict", judged=False)}
    card = measured(performance("candidate", [0, 1, 1], "candidate", graded=silent), performance("prompted", [1, 0, 1]))

    assert card.contenders[0].scores[GRADER] == Mean(mean=1.0, count=2)
    found = card.comparisons[0].graders[GRADER]
    assert (found.wins, found.losses, found.ties) == (1, 0, 1)
    assert card.comparisons[0].regressions == ()
    assert card.rows[0].answers["candidate"].scores == {}
    assert card.rows[0].answers["candidate"].said == {GRADER: "no verdict"}


def test_nothing_hangs_on_the_order_in_which_answers_came() -> None:
    questions = [question(index) for index in range(4)]
    turned = replace(
        CANDIDATE,
        answers=dict(list(CANDIDATE.answers.items())[::-1]),
        graded={GRADER: dict(list(CANDIDATE.graded[GRADER].items())[::-1])},
    )

    assert scorecard(OCCASION, questions[::-1], [turned, LIVE], HOW) == measured(CANDIDATE, LIVE, questions=questions)


def test_the_digest_is_of_the_answers_and_not_of_their_time_or_price() -> None:
    later = {0: answer(0, "1", seconds=3.0, at="2026-11-21T00:00:00Z", completion_tokens=21)}
    other = {0: answer(0, "1.")}

    same, timed, changed = (
        measured(replace(LIVE, answers={**LIVE.answers, **answers})).answers for answers in ({}, later, other)
    )
    assert same == timed
    assert same != changed
    assert measured(LIVE, CANDIDATE).answers == measured(CANDIDATE, LIVE).answers != same


def test_a_scorecard_is_read_back_as_it_was_written() -> None:
    card = measured(CANDIDATE, LIVE, PROMPTED)

    assert Scorecard.model_validate_json(card.model_dump_json(by_alias=True)) == card


def test_an_answer_that_nobody_gave_is_no_wrong_one() -> None:
    with pytest.raises(KeyError):
        measured(performance("prompted", [1]), questions=[question(0), question(1)])
