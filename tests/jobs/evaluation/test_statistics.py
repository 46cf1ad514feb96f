"""Intervals and tests, beside published examples, known distributions, and what has to hold of any scores."""

from __future__ import annotations

import math
import random
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.evaluation.statistics import FEWEST_DIFFERENT, Interval, mean_interval, paired, sign_test

SEED = 42


def binary(right: int, wrong: int) -> list[float]:
    return [1.0] * right + [0.0] * wrong


def table(wins: int, losses: int, ties: int) -> tuple[list[float], list[float]]:
    """Scores of two models, of which the first alone is right ``wins`` times, and the other ``losses`` times."""
    return [1.0] * wins + [0.0] * losses + [1.0] * ties, [0.0] * wins + [1.0] * losses + [1.0] * ties


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_of_a_share_is_wilsons(right: int, count: int, low: float, high: float) -> None:
    """Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 3."""
    found = mean_interval(binary(right, count - right), SEED)

    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("wins", "losses", "p_value"),
    [(59, 121, 0.000004), (70, 59, 0.378688), (80, 59, 0.089452), (30, 60, 0.00206), (10, 30, 0.002221)],
)
def test_the_exact_test_of_mcnemar(wins: int, losses: int, p_value: float) -> None:
    """What SPSS gives for five tables, as statsmodels' own tests (test_nonparametric.py) have it."""
    assert paired(*table(wins, losses, ties=134), SEED).p_value == pytest.approx(p_value, abs=5e-7)


def test_a_second_published_example_of_mcnemar() -> None:
    """mlxtend's user guide: 25 wins beside 15 losses, p = 0.154 by the exact test."""
    assert sign_test(25, 15) == pytest.approx(0.154, abs=5e-4)


def test_six_that_differ_are_the_fewest_by_which_chance_can_be_ruled_out() -> None:
    assert sign_test(FEWEST_DIFFERENT, 0) == pytest.approx(2 * 0.5**6)
    assert sign_test(FEWEST_DIFFERENT, 0) < 0.05 < sign_test(FEWEST_DIFFERENT - 1, 0)


def test_where_nothing_differs_chance_explains_it() -> None:
    assert sign_test(0, 0) == 1.0


def test_the_bootstrap_of_a_share_is_a_binomial_distribution() -> None:
    """Resamples of 50 wins and 50 ties have Binomial(100, 1/2) wins, of which 95 % lie from 40 to 60."""
    found = paired(binary(50, 50), binary(0, 100), SEED)

    assert found.difference == 0.5
    assert (found.interval.low, found.interval.high) == pytest.approx((0.40, 0.60), abs=0.011)


def test_the_bootstrap_of_many_scores_is_that_of_the_normal_distribution() -> None:
    """Mean ± 1.96 standard errors, to which it tends."""
    generator = np.random.default_rng(7)
    scores = generator.normal(0.3, 1.0, 2000).tolist()
    mean = sum(scores) / len(scores)
    error = math.sqrt(sum((score - mean) ** 2 for score in scores) / (len(scores) - 1) / len(scores))
    found = mean_interval(scores, SEED)

    assert found is not None
    assert (found.low, found.high) == pytest.approx((mean - 1.96 * error, mean + 1.96 * error), abs=0.1 * error)


def test_the_difference_is_of_pairs_and_not_of_two_samples() -> None:
    """A model that is better by 0.1 ± 0.01 on each is better, however much the questions differ."""
    generator = np.random.default_rng(3)
    others = generator.uniform(0, 10, 40).tolist()
    scores = [other + generator.normal(0.1, 0.01) for other in others]
    found = paired(scores, others, SEED)

    assert 0.07 < found.interval.low < found.difference < found.interval.high < 0.11
    assert (found.wins, found.losses, found.ties, found.p_value) == (40, 0, 0, None)


def test_of_a_few_scores_the_interval_is_no_narrower_than_students() -> None:
    """Student's own example ("The Probable Error of a Mean", 1908): hours of sleep that ten patients gained by one drug
    over another. R's t.test gives 0.7001142 to 2.4598858 for the difference of 1.58."""
    dextro = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    laevo = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    found = paired(laevo, dextro, SEED)

    assert found.difference == pytest.approx(1.58)
    assert found.interval.low <= 0.7001142
    assert found.interval.high >= 2.4598858
    assert (found.wins, found.losses, found.ties) == (9, 0, 1)


@pytest.mark.parametrize(("count", "shown"), [(1, False), (2, False), (5, False), (6, True), (20, True)])
def test_wins_alone_show_as_much_as_the_exact_test_says(count: int, shown: bool) -> None:
    """A bootstrap of five wins of five would be an interval of no width, above 0."""
    found = paired(binary(count, 0), binary(0, count), SEED)

    assert found.difference == 1.0
    assert found.interval.high == pytest.approx(1.0)
    assert (found.interval.low > 0) is shown
    assert (found.p_value is not None and found.p_value < 0.05) is shown


def test_where_all_are_ties_what_was_not_seen_stays_possible() -> None:
    """Of what was seen 0 times of 30 the exact upper bound is 0.1157 (Clopper and Pearson's tables: 11.6 %)."""
    found = paired(binary(20, 10), binary(20, 10), SEED)

    assert (found.interval.low, found.interval.high) == pytest.approx((-0.1157, 0.1157), abs=5e-5)
    assert (found.wins, found.losses, found.ties, found.p_value) == (0, 0, 30, 1.0)


def test_of_eight_examples_each_answer_that_is_better_makes_the_interval_begin_and_end_higher() -> None:
    """Every number of wins and losses beside that with a loss less, or a win more."""
    found = {
        (wins, losses): paired(*table(wins, losses, 8 - wins - losses), SEED).interval
        for wins in range(9)
        for losses in range(9 - wins)
    }

    for (wins, losses), interval in found.items():
        for better in ((wins, losses - 1), (wins + 1, losses), (wins + 1, losses - 1)):
            if better in found:
                assert found[better].low >= interval.low
                assert found[better].high >= interval.high


def test_one_win_among_ties_does_not_show_that_there_are_no_losses() -> None:
    """The bootstrap's own interval would begin at 0."""
    assert paired([1.0, *binary(5, 4)], [0.0, *binary(5, 4)], SEED).interval.low < -0.2


def test_an_interval_of_one_score_or_of_equal_ones_is_not_told() -> None:
    assert mean_interval([], SEED) is None
    assert mean_interval([0.4], SEED) is None
    assert mean_interval([0.7] * 9, SEED) is None


def test_of_no_pair_nothing_is_known() -> None:
    assert paired([], [], SEED).interval == Interval(-1.0, 1.0)


def test_what_is_no_pair_is_refused() -> None:
    with pytest.raises(ValueError, match="2 and 1 scores"):
        paired([1.0, 0.0], [1.0], SEED)


def test_what_computers_make_of_fractions_is_no_difference() -> None:
    found = paired([0.1 + 0.2] * 8, [0.3] * 8, SEED)

    assert (found.difference, found.ties) == (0.0, 8)


def test_the_same_seed_gives_the_same_numbers_whichever_thread_is_first() -> None:
    generator = np.random.default_rng(5)
    samples = generator.random((6, 30)).tolist()

    def interval(sample: list[float]) -> Interval | None:
        return mean_interval(sample, SEED)

    one_after_the_other = [interval(sample) for sample in samples]
    with ThreadPoolExecutor(4) as threads:
        at_once = list(threads.map(interval, reversed(samples)))

    assert at_once[::-1] == one_after_the_other


def test_the_order_of_examples_is_of_no_account() -> None:
    scores = np.random.default_rng(5).random(30)

    assert mean_interval(scores.tolist(), SEED) == mean_interval(scores[::-1].tolist(), SEED)
    assert paired(scores.tolist(), [0.5] * 30, SEED) == paired(scores[::-1].tolist(), [0.5] * 30, SEED)


def test_fifty_thousand_examples_take_no_more_memory_than_their_batch() -> None:
    """All resamples of them at once would take 800 MB."""
    generator = np.random.default_rng(1)
    scores = generator.random(50_000).tolist()
    mean_interval(scores[:10], SEED)
    tracemalloc.start()
    try:
        found = mean_interval(scores, SEED)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert found is not None
    assert found.high - found.low == pytest.approx(2 * 1.96 * math.sqrt(1 / 12 / 50_000), rel=0.1)
    assert peak < 100_000_000


SCORES = st.lists(
    st.tuples(st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from([0.0, 0.5, 1.0])), min_size=1, max_size=25
)


@settings(max_examples=40)
@given(SCORES)
def test_an_interval_holds_its_difference_and_is_that_of_the_other_turned_round(
    pairs: list[tuple[float, float]],
) -> None:
    ours, theirs = [list(side) for side in zip(*pairs, strict=True)]
    found, turned = paired(ours, theirs, SEED), paired(theirs, ours, SEED)

    assert -1 <= found.interval.low <= found.difference <= found.interval.high <= 1
    assert found.wins + found.losses + found.ties == len(pairs)
    assert (turned.wins, turned.losses, turned.difference) == (found.losses, found.wins, -found.difference)
    # The corrected interval counts resamples that hit the mean to one side and the other by halves: not bit by bit.
    assert (-turned.interval.high, -turned.interval.low) == pytest.approx(
        (found.interval.low, found.interval.high), abs=0.12
    )


@settings(max_examples=40)
@given(SCORES, st.randoms(use_true_random=False))
def test_what_is_better_everywhere_is_never_taken_for_worse(
    pairs: list[tuple[float, float]], chance: random.Random
) -> None:
    ours, theirs = [list(side) for side in zip(*pairs, strict=True)]
    raised = [min(1.0, score + chance.choice([0.0, 0.5, 1.0])) for score in ours]
    before, after = paired(ours, theirs, SEED), paired(raised, theirs, SEED)

    assert after.difference >= before.difference
    assert after.losses <= before.losses
