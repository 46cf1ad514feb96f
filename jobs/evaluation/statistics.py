"""Intervals of means and of paired differences, and the exact test beside them. Pure, and the same for the same seed.

Intervals are of 95 %, by scipy. That of a share (scores of 0 and 1 only) is Wilson's (Newcombe, "Two-sided confidence
intervals for the single proportion", 1998), others are bootstrapped (Efron and Tibshirani, "An Introduction to the
Bootstrap", 1993), corrected (BCa) but for differences of 0 and 1, of which there are so few that a correction jumps.

A bootstrap repeats what was seen and knows nothing of what was not: of six wins of six it makes an interval of no
width. So an interval of differences begins no higher than it would with as many losses as there may be: up to the exact
bound of their share (Clopper and Pearson, 1934), which of 0 of n is 1 - 0.025^(1/n); and it ends no lower than with as
many wins.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEWEST_DIFFERENT = 6
"""Differences that are needed before chance can be ruled out at all: five of five go one way by chance in 1 of 16 cases
(two-sided, 2 · 0.5⁵), six of six in 1 of 32, which is the first under 5 %."""
_RESAMPLES = 9_999
_LEAST_RESAMPLES = 1_999
"""Of means, by which nothing is decided: there is one of each slice. Enough by Efron and Tibshirani, who take 2,000."""
_MOST_DRAWN = 100_000_000
"""Examples drawn in all for one interval: a second. Of more than 10,000 examples fewer resamples are drawn."""
_DRAWN_AT_ONCE = 1_000_000
"""Examples that are held at a time, of 8 bytes each, some three times over."""
_CORRECTED = 5_000
"""Examples up to which the interval is corrected (BCa), which takes their square; the correction goes with 1/n."""
_DIGITS = 9
"""Decimals to which differences count: what is less is how a computer writes fractions."""


@dataclass(frozen=True)
class Interval:
    """``low`` and ``high`` of 95 %."""

    low: float
    high: float


@dataclass(frozen=True)
class Paired:
    """The first one's mean less the other's, over the same examples. ``p_value``: of the exact sign test (McNemar's) of
    wins and losses, two-sided, where all scores are 0 or 1; None for others, where it would not be about the mean."""

    difference: float
    interval: Interval
    wins: int
    losses: int
    ties: int
    p_value: float | None


def mean_interval(scores: Sequence[float], seed: int) -> Interval | None:
    """Of the mean. None where ``scores`` tell of none: there are none, or all are the same, and not 0 or 1."""
    if not scores:
        return None
    if _is_binary(scores):
        from scipy.stats import binomtest

        share = binomtest(round(sum(scores)), len(scores)).proportion_ci(0.95, method="wilson")
        return Interval(float(share.low), float(share.high))
    values = _array(sorted(scores))
    if _all_equal(values):
        return None
    found = _of_fractions(values, seed, _LEAST_RESAMPLES)
    return Interval(max(found.low, min(0.0, values[0])), min(found.high, max(1.0, values[-1])))


def paired(scores: Sequence[float], others: Sequence[float], seed: int) -> Paired:
    """``scores`` beside ``others``, example by example; of no example nothing is known. Raises ValueError where there
    are not as many of both."""
    if len(scores) != len(others):
        raise ValueError(f"{len(scores)} and {len(others)} scores make no pairs")
    if not scores:
        return Paired(0.0, Interval(-1.0, 1.0), 0, 0, 0, None)
    differences = (_array(scores) - _array(others)).round(_DIGITS)
    # Whatever the order of examples the numbers are the same, and no higher score makes an interval begin lower.
    differences.sort()
    wins, losses = int((differences > 0).sum()), int((differences < 0).sum())
    difference = float(differences.mean())
    binary = _is_binary(scores) and _is_binary(others)
    if _all_equal(differences):
        interval = Interval(difference, difference)
    else:
        interval = (_bootstrap if binary else _of_fractions)(differences, seed, _RESAMPLES)
    span = max(1.0, *scores, *others) - min(0.0, *scores, *others)
    low = min(max(interval.low, -span), _if_losses_were_missed(differences, span))
    high = max(min(interval.high, span), -_if_losses_were_missed(-differences, span))
    p_value = sign_test(wins, losses) if binary else None
    return Paired(difference, Interval(low, high), wins, losses, len(scores) - wins - losses, p_value)


def sign_test(wins: int, losses: int) -> float:
    """The exact sign test, two-sided, which is McNemar's of 0 and 1: how often chance alone would part as far."""
    from scipy.stats import binomtest

    return float(binomtest(wins, wins + losses, 0.5).pvalue) if wins + losses else 1.0


def _if_losses_were_missed(differences: NDArray[np.float64], span: float) -> float:
    """The mean, had there been as many losses as there may well be: up to the exact bound of their share.

    They are taken to be as large as those that were seen; where there were none, as the largest difference or ``span``.
    """
    from scipy.stats import binomtest

    # Where all are the same nobody has seen how far others may lie from them, in whatever direction.
    lost = (differences < 0) & (not _all_equal(differences))
    share = float(binomtest(int(lost.sum()), len(differences)).proportion_ci(0.95, method="exact").high)
    largest = float(abs(differences).max()) or span
    size = float(-differences[lost].mean()) if lost.any() else largest
    others = float(differences[~lost].mean()) if not lost.all() else 0.0
    return (1 - share) * others - share * size


def _of_fractions(values: NDArray[np.float64], seed: int, most: int) -> Interval:
    """The bootstrap's, corrected (BCa) where that is defined, and no narrower than Student's.

    Of a dozen values it is too narrow by itself (Hesterberg, "What Teachers Should Know About the Bootstrap", 2015).
    """
    from scipy.stats import ttest_1samp

    drawn = _bootstrap(values, seed, most, "BCa") if len(values) <= _CORRECTED else None
    if drawn is None or not math.isfinite(drawn.low + drawn.high):
        drawn = _bootstrap(values, seed, most, "percentile")
    student = ttest_1samp(values, 0.0).confidence_interval(0.95)
    return Interval(min(drawn.low, float(student.low)), max(drawn.high, float(student.high)))


def _bootstrap(
    values: NDArray[np.float64], seed: int, most: int, method: Literal["BCa", "percentile"] = "percentile"
) -> Interval:
    """Of the mean of sorted values. With a generator of its own: no interval depends on which was made before."""
    import numpy as np
    from scipy import stats

    count = len(values)
    with warnings.catch_warnings():
        # What it warns of is an interval that is no number, which is looked for.
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)
        found = stats.bootstrap(
            (values,),
            np.mean,
            n_resamples=max(_LEAST_RESAMPLES, min(most, _MOST_DRAWN // count)),
            batch=max(1, _DRAWN_AT_ONCE // count),
            method=method,
            rng=np.random.default_rng(seed),
        ).confidence_interval
    return Interval(float(found.low), float(found.high))


def _is_binary(scores: Sequence[float]) -> bool:
    return all(score in (0, 1) for score in scores)


def _all_equal(values: NDArray[np.float64]) -> bool:
    return bool((values == values[0]).all())


def _array(scores: Sequence[float]) -> NDArray[np.float64]:
    import numpy as np

    return np.asarray(scores, dtype=np.float64)
