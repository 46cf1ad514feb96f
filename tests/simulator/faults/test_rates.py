"""Windows and buckets, whatever is asked and whenever."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from simulator.arm.models import Resource
from simulator.clock import AS_OF, Clock
from simulator.faults.rates import HAIR, Rates, until_next
from simulator.openai.throttling import Limits, Meter

CAPACITIES = st.integers(1, 5)
ASKED = st.lists(st.tuples(st.floats(0, 20), st.integers(0, 3_000)), max_size=60)
"""Seconds since the request before, and the tokens it is estimated at."""


def deployment(capacity: int) -> Resource:
    return Resource(
        id="/d",
        type="",
        name="d",
        body={"sku": {"capacity": capacity}},
        etag="",
        created_at=AS_OF,
        changed_at=AS_OF,
        created_by="",
        changed_by="",
    )


@given(CAPACITIES, ASKED)
def test_no_more_than_the_rates_allow_ever_pass(capacity: int, asked: list[tuple[float, int]]) -> None:
    """One request for each unit of capacity in ten seconds; in a minute, once 1,000 tokens for each are reached,
    nothing else."""
    meter = Meter(Rates(), "d", Limits.of(deployment(capacity)))
    now, passed = 0.0, list[tuple[float, int]]()
    for pause, tokens in asked:
        now += pause
        if meter.refused(tokens, now) is None:
            passed.append((now + HAIR, tokens))

    for window in {at // 10 for at, _ in passed}:
        assert sum(at // 10 == window for at, _ in passed) <= capacity
    for minute in {at // 60 for at, _ in passed}:
        before_last = [tokens for at, tokens in passed if at // 60 == minute][:-1]
        assert sum(before_last) < capacity * 1000


@given(CAPACITIES, ASKED)
def test_who_waits_as_long_as_it_is_told_passes(capacity: int, asked: list[tuple[float, int]]) -> None:
    meter = Meter(Rates(), "d", Limits.of(deployment(capacity)))
    now = 0.0
    for pause, tokens in asked:
        now += pause
        for _ in range(3):
            refused = meter.refused(tokens, now)
            if refused is None:
                break
            now += refused[1]
        else:
            raise AssertionError("refused again and again")


@given(st.integers(1, 20), st.floats(0.1, 50), st.lists(st.floats(0, 5), max_size=60))
def test_a_bucket_gives_what_it_holds_and_what_has_come_back(size: int, per_second: float, pauses: list[float]) -> None:
    rates, now, given_ = Rates(), 0.0, 0
    for pause in pauses:
        now += pause
        there, left = rates.draw("b", size, per_second, now)
        given_ += there
        assert 0 <= left <= size
    assert given_ <= size + now * per_second + HAIR * (1 + per_second) * (given_ + 1)


@given(st.integers(1, 200), st.integers(0, 10**13))
def test_who_comes_when_it_was_told_to_is_not_early(tenths: int, microseconds: int) -> None:
    """By a clock of microseconds, in the seconds since 1970 that they are counted in."""
    clock, per_second, rates = Clock(AS_OF + timedelta(microseconds=microseconds)), tenths / 10, Rates()
    rates.draw("b", 1, per_second, clock.now().timestamp())
    _, left = rates.draw("b", 1, per_second, clock.now().timestamp())
    clock.advance((1 - left) / per_second)
    assert rates.draw("b", 1, per_second, clock.now().timestamp())[0]

    rates.add("w", per_second, clock.now().timestamp(), 1)
    clock.advance(until_next(per_second, clock.now().timestamp()))
    assert rates.used("w", per_second, clock.now().timestamp()) == 0


@given(st.floats(0.1, 100), st.floats(0, 1e6))
def test_a_window_is_over_when_it_says(length: float, now: float) -> None:
    rates = Rates()
    rates.add("w", length, now, 1)

    assert rates.used("w", length, now) == 1
    assert rates.used("w", length, now + until_next(length, now) + 1e-6) == 0
