"""What a gate makes of a scorecard."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.evaluation import Verdict
from contract.gate import Gate
from jobs.errors import Refused
from jobs.evaluation.grading import Graded
from jobs.evaluation.measuring import Performance, TokenPrice
from jobs.evaluation.scorecard import Scorecard
from jobs.evaluation.shown import usd
from jobs.evaluation.verdict import evaluation_of, gate_in_force, refuse_unfit, with_verdict
from tests.jobs.evaluation.measured import BASE, GRADER, TUNED, answer, measured, performance, question

OPEN = Gate(lower_bound=-1_000_000)
"""Asks for nothing."""


def pairs(wins: int, losses: int, ties: int, kind: str = "prompted") -> list[Performance]:
    """The candidate and another, which are right or wrong; ``ties`` are right."""
    ours = [1.0] * wins + [0.0] * losses + [1.0] * ties
    theirs = [0.0] * wins + [1.0] * losses + [1.0] * ties
    return [
        performance("candidate", ours, "candidate", price=TokenPrice(1e-6, 4e-6)),
        performance(kind, theirs, "live" if kind == "live" else "baseline"),
    ]


def decided(performances: Sequence[Performance], gate: Gate | None = None) -> Scorecard:
    return with_verdict(measured(*performances), gate or Gate())


def reasons(card: Scorecard) -> str:
    return "\n".join(card.reasons)


@pytest.mark.parametrize(
    ("wins", "losses", "ties", "verdict"),
    [
        (40, 10, 50, "passed"),
        (10, 40, 50, "failed"),
        (12, 10, 78, "notShown"),
        (6, 0, 0, "passed"),
        (5, 0, 0, "notShown"),
        (5, 0, 500, "notShown"),
        (0, 0, 400, "notShown"),
        (0, 1, 0, "notShown"),
    ],
)
def test_better_is_what_chance_does_not_explain(wins: int, losses: int, ties: int, verdict: Verdict) -> None:
    card = decided(pairs(wins, losses, ties))

    assert card.verdict == verdict
    assert (card.reasons == ()) is (verdict == "passed")


@pytest.mark.parametrize(("near", "verdict"), [(0, "passed"), (9, "passed"), (10, "notShown"), (300, "notShown")])
def test_what_was_nearly_learned_shows_nothing_from_a_tenth_of_the_holdout_on(near: int, verdict: Verdict) -> None:
    card = with_verdict(measured(*pairs(40, 10, 50)), Gate(), near=near)

    assert card.verdict == verdict
    if verdict != "passed":
        assert reasons(card).startswith(
            f"{min(near, 100)} of 100 examples of the holdout are nearly what it was trained"
        )


def test_what_failed_has_failed_whatever_was_nearly_learned() -> None:
    assert with_verdict(measured(*pairs(10, 40, 50)), Gate(), near=50).verdict == "failed"


def test_a_model_that_is_not_shown_to_be_better_is_told_by_numbers_and_by_how_many_examples_would_tell() -> None:
    said = reasons(decided(pairs(12, 10, 78)))

    assert said.startswith(
        f"It is not shown to be better than prompted ({BASE}): by 'exact' 0.900 against 0.880 over 100 examples, a "
        "difference of +0.020 (95 % interval -0."
    )
    assert "12 better, 10 worse)" in said
    # ((0.02 + 0.07) / 0.02)² times as many, or so; two digits are enough.
    count = said.split("about ")[1].split(" examples")[0]
    assert 1_500 < int(count.replace(",", "")) < 3_500
    assert said.endswith("the same ones asked again do not.")


def test_where_it_all_but_tells_more_examples_than_there_are_are_asked_for() -> None:
    """Of 7 wins and 1 loss among 20 the interval begins at 0.05; of a bound of as much it takes some more."""
    card = decided(pairs(7, 1, 12), Gate(lower_bound=0.05))
    found = card.comparisons[0].graders[GRADER]
    said = reasons(with_verdict(card, Gate(lower_bound=found.low)))

    assert found.low > 0
    assert "about 24 examples would tell" in said


def test_a_model_that_is_worse_is_said_to_be_so() -> None:
    said = reasons(decided(pairs(10, 40, 50)))

    assert said.startswith(f"It is worse than prompted ({BASE}): by 'exact' 0.600 against 0.900 over 100 examples")
    assert "difference of -0.300" in said


def test_five_wins_among_hundreds_of_ties_may_be_chance() -> None:
    """McNemar's exact test: 2 · 0.5⁵, whatever the bootstrap's interval is."""
    said = reasons(decided(pairs(5, 0, 500)))

    assert "Chance alone parts wins and losses so in 6.2 % of all cases" in said


def test_the_live_model_decides_where_there_is_one() -> None:
    candidate, prompted = pairs(40, 10, 50)
    _, live = pairs(40, 10, 50, "live")
    better_than_base = [candidate, performance("live", [1.0] * 100, "live"), prompted]
    worse_than_base = [candidate, live, performance("prompted", [1.0] * 100)]

    assert decided(better_than_base).verdict == "failed"
    assert "the live model" in reasons(decided(better_than_base))
    assert decided(worse_than_base).verdict == "passed"


def test_without_a_live_model_every_baseline_has_to_be_beaten() -> None:
    candidate, prompted = pairs(40, 10, 50)
    good = performance("few-shot", [1.0] * 100)

    card = decided([candidate, prompted, good])
    assert card.verdict == "failed"
    assert "few-shot" in reasons(card)
    assert "prompted" not in reasons(card)


def test_what_was_compared_with_nothing_is_not_shown_to_be_better() -> None:
    card = decided(pairs(40, 10, 50)[:1])

    assert card.verdict == "notShown"
    assert "Nothing was compared" in reasons(card)


@pytest.mark.parametrize(
    ("gate", "verdict", "words"),
    [
        (Gate(lower_bound=0.1), "passed", ""),
        (
            Gate(lower_bound=0.25),
            "notShown",
            "is not shown to be better than prompted (gpt-4.1-mini-2025-04-14) by more",
        ),
        (Gate(lower_bound=0.6), "failed", "is not better than prompted (gpt-4.1-mini-2025-04-14) by more than 0.600"),
        (Gate(min_difference=0.3), "passed", ""),
        (
            Gate(min_difference=0.35),
            "notShown",
            "It is not shown to be better than prompted (gpt-4.1-mini-2025-04-14) by 0.350 or more",
        ),
        (
            Gate(min_difference=0.6),
            "failed",
            "It is not better than prompted (gpt-4.1-mini-2025-04-14) by 0.600 or more",
        ),
        (Gate(max_regressions=10), "passed", ""),
        (Gate(max_regressions=9), "failed", "10 answers are wrong that prompted (gpt-4.1-mini-2025-04-14) has right"),
        (Gate(max_cost_per_answer=0.00018), "passed", ""),
        (Gate(max_cost_per_answer=0.0001), "failed", "An answer costs $0.00018; at most $0.0001 is allowed"),
        (Gate(max_p95_seconds=0.5), "passed", ""),
        (Gate(max_p95_seconds=0.4), "failed", "Of 100 answers 95 come within 0.5 s; 0.4 s are allowed"),
    ],
)
def test_each_key_of_the_gate(gate: Gate, verdict: Verdict, words: str) -> None:
    """The candidate is better by 0.3, with an interval of about 0.17 to 0.42."""
    card = decided(pairs(40, 10, 50), gate)

    assert card.verdict == verdict, card.reasons
    assert words in reasons(card)


def test_a_lower_bound_under_zero_lets_a_model_be_worse_by_as_much() -> None:
    """The mean, too, unless minDifference is named."""
    slightly_worse = pairs(2, 4, 400)

    assert decided(slightly_worse, Gate(lower_bound=-0.05)).verdict == "passed"
    assert decided(slightly_worse, Gate(lower_bound=-0.05, min_difference=0.0)).verdict == "notShown"
    assert decided(slightly_worse, Gate(lower_bound=-0.01)).verdict == "notShown"
    said = reasons(decided(slightly_worse, Gate(lower_bound=-0.01)))
    assert "not shown to be worse than prompted (gpt-4.1-mini-2025-04-14) by less than 0.010" in said


def test_so_few_examples_tell_nothing_whatever_is_asked_for() -> None:
    card = decided(pairs(5, 0, 0), OPEN)

    assert card.verdict == "notShown"
    assert "chance cannot be ruled out by fewer than 6" in reasons(card)


def test_ten_ties_do_not_show_that_a_model_is_as_good() -> None:
    assert decided(pairs(0, 0, 10), Gate(lower_bound=-0.05)).verdict == "notShown"
    assert decided(pairs(0, 0, 100), Gate(lower_bound=-0.05)).verdict == "passed"


def sliced(right: int, wrong: int) -> Scorecard:
    """A hundred examples, of which those that are German are answered so; all others are right."""
    german = [1.0] * right + [0.0] * wrong
    count = 200
    questions = [question(index, language="de" if index < len(german) else "en") for index in range(count)]
    ours = performance("candidate", german + [1.0] * (count - len(german)), "candidate")
    return measured(ours, performance("prompted", [0.0] * count), questions=questions)


def test_a_floor_is_of_each_slice() -> None:
    floors = Gate(floors={"language=de": 0.6, "language=en": 1.0})

    assert with_verdict(sliced(6, 4), floors).verdict == "passed"
    missed = with_verdict(sliced(5, 5), floors)
    assert missed.verdict == "failed"
    assert missed.reasons == (
        "In language=de it scores 0.500 by 'exact' over 10 examples; the floor is 0.600 (gate.floors).",
    )


def test_a_floor_cannot_be_held_against_a_few_lines() -> None:
    card = with_verdict(sliced(9, 0), Gate(floors={"language=de": 0.6}))

    assert card.verdict == "notShown"
    assert card.reasons == (
        "The floor of language=de (gate.floors) cannot be held against 9 examples: at least 10 are needed.",
    )


def test_a_floor_of_a_slice_that_the_holdout_lacks_is_a_fault_and_so_is_an_unknown_grader() -> None:
    with pytest.raises(Refused) as refused:
        refuse_unfit(Gate(grader="exakt", floors={"language=fr": 0.5, "label=x": 1}), ["exact"], ["language=de"])

    assert [detail.split(";")[0] for detail in refused.value.details] == [
        "gate.grader: there is no grader 'exakt'",
        "gate.floors: the holdout has no slice 'label=x'",
        "gate.floors: the holdout has no slice 'language=fr'",
    ]
    with pytest.raises(Refused):
        with_verdict(sliced(9, 1), Gate(floors={"language=fr": 0.5}))


def test_what_costs_nobody_knows_is_over_every_ceiling() -> None:
    candidate, prompted = pairs(40, 10, 50)
    unpriced = [Performance(candidate.contender, candidate.answers, candidate.graded), prompted]

    card = decided(unpriced, Gate(max_cost_per_answer=1000))
    assert card.verdict == "failed"
    assert "What an answer costs is not known" in reasons(card)


def test_a_model_that_was_never_answered_by_has_no_latency_to_be_within() -> None:
    refused = {index: answer(index, None, failed="content_filter") for index in range(8)}
    ours = performance("candidate", [0.0] * 8, "candidate", answers=refused)
    card = decided([ours, performance("prompted", [1.0] * 8)], Gate(max_p95_seconds=60))

    assert card.verdict == "failed"
    assert "There is no answer to tell how long they take" in reasons(card)
    assert "it was refused 8 answers by the service, which count as wrong" in reasons(card)


def test_where_a_judge_was_silent_too_often_nothing_is_shown() -> None:
    silent = {index: Graded(0.0, judged=False) for index in range(11)}
    candidate, prompted = pairs(40, 10, 150)
    ours = performance("candidate", [each.score for each in candidate.graded[GRADER].values()], "candidate")
    unsure = Performance(ours.contender, ours.answers, {GRADER: {**ours.graded[GRADER], **silent}})

    assert decided([ours, prompted]).verdict == "passed"
    card = decided([unsure, prompted])
    assert card.verdict == "notShown"
    assert "The judge gave no verdict on 11 of 200 examples" in reasons(card)


def test_scores_that_are_no_rights_and_wrongs_go_by_their_interval() -> None:
    scores = [0.8 + 0.01 * (index % 5) for index in range(20)]
    ours = performance("candidate", scores, "candidate")

    assert decided([ours, performance("prompted", [score - 0.1 for score in scores[::-1]])]).verdict == "passed"
    few = [*[score - 0.3 for score in scores[:5]], *scores[5:]]
    card = decided([ours, performance("prompted", few)])
    assert card.verdict == "notShown"
    assert "Only 5 scores differ, and chance cannot be ruled out by fewer than 6" in reasons(card)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.000016, "$0.000016"),
        (0.0000345, "$0.0000345"),
        (0.0001, "$0.0001"),
        (0.00123, "$0.00123"),
        (1234.5, "$1,234.50"),
        (0.25, "$0.25"),
        (0, "$0.00"),
        (1, "$1.00"),
    ],
)
def test_a_small_sum_is_told_in_decimals(value: float, words: str) -> None:
    assert usd(value) == words


def test_the_gate_of_the_stack_counts_before_that_of_tune_yaml() -> None:
    gate = gate_in_force(Gate(lower_bound=0.05, floors={"a=b": 0.5}), Gate(lower_bound=0.1, floors={"c=d": 0.2}))

    assert gate == Gate(min_difference=0.0, lower_bound=0.1, floors={"a=b": 0.5, "c=d": 0.2})
    assert gate_in_force(Gate(), None) == Gate(min_difference=0.0, lower_bound=0.0)


def test_the_record_keeps_what_was_decided_and_by_what() -> None:
    card = decided([*pairs(40, 10, 50), pairs(30, 5, 65, "live")[1]], Gate(max_regressions=50))
    kept = evaluation_of(card)

    assert (kept.model_id, kept.holdout, kept.examples, kept.grader) == (TUNED, "c" * 64, 100, GRADER)
    assert (kept.mean, kept.scores) == (0.9, {GRADER: 0.9})
    assert [other.name for other in kept.against] == ["live", "prompted"]
    assert kept.against[1].difference.wins == 40
    assert kept.against[1].regressions == 10
    assert kept.gate == Gate(grader=GRADER, min_difference=0.0, lower_bound=0.0, max_regressions=50)
    assert (kept.verdict, kept.answers, kept.p95_seconds) == (card.verdict, card.answers, 0.5)
    assert kept.cost_per_answer == pytest.approx(0.00018)
    assert (kept.at, kept.by, kept.stack) == ("2026-11-20T11:00:00Z", "Ada", "dev")


def test_a_baselines_scorecard_is_not_decided() -> None:
    card = measured(performance("prompted", [1.0]))

    with pytest.raises(ValueError, match="no candidate"):
        with_verdict(card, Gate())
    with pytest.raises(ValueError, match="no verdict"):
        evaluation_of(measured(*pairs(1, 0, 0)))


OUTCOMES = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=40)


@settings(max_examples=30)
@given(OUTCOMES, st.data(), st.sampled_from([Gate(), Gate(lower_bound=0.1), Gate(max_regressions=3), OPEN]))
def test_who_answers_better_never_fails_where_it_passed(
    found: list[tuple[int, int]], data: st.DataObject, gate: Gate
) -> None:
    """Nor is it not shown any more."""
    ours, theirs = ([float(score) for score in side] for side in zip(*found, strict=True))
    raised = [score or float(data.draw(st.booleans())) for score in ours]
    prompted = performance("prompted", theirs)
    before = decided([performance("candidate", ours, "candidate"), prompted], gate).verdict
    after = decided([performance("candidate", raised, "candidate"), prompted], gate).verdict

    assert before != "passed" or after == "passed", (ours, raised)


@settings(max_examples=15)
@given(OUTCOMES, st.sampled_from([0.05, 0.2]))
def test_who_asks_for_more_passes_nobody_whom_less_refused(found: list[tuple[int, int]], more: float) -> None:
    ours, theirs = ([float(score) for score in side] for side in zip(*found, strict=True))
    performances = [performance("candidate", ours, "candidate"), performance("prompted", theirs)]
    order = ["failed", "notShown", "passed"]

    for stricter in (Gate(lower_bound=more), Gate(min_difference=more), Gate(max_regressions=0)):
        lax, strict = decided(performances).verdict, decided(performances, stricter).verdict
        assert order.index(str(strict)) <= order.index(str(lax))


@settings(max_examples=20)
@given(OUTCOMES)
def test_only_a_verdict_without_reasons_is_passed(found: list[tuple[int, int]]) -> None:
    ours, theirs = ([float(score) for score in side] for side in zip(*found, strict=True))
    card = decided([performance("candidate", ours, "candidate"), performance("prompted", theirs)])

    assert (card.verdict == "passed") is (card.reasons == ())
    assert evaluation_of(card).reasons == card.reasons
