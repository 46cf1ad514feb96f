"""When a fault happens: counted by request, or drawn by the plan's seed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.cloud import Cloud
from simulator.faults.installed import Installed
from simulator.faults.plan import BadPlan, Plan

RESET = {"kind": "reset"}
AFTER = {"kind": "reset", "when": "after"}


def of(*faults: dict[str, Any], seed: int = 0) -> Installed:
    made = Cloud().faults
    made.install({"seed": seed, "faults": list(faults)})
    assert made.installed is not None
    return made.installed


def at(installed: Installed, *paths: str) -> list[list[int]]:
    """Which of the plan's faults happen at each of these requests, by number."""
    numbers = {id(each): number for number, each in enumerate(installed.plan.faults)}
    return [[numbers[id(each)] for each in installed.due("main", "GET", path, {})] for path in paths]


def test_skipped_requests_pass_and_then_it_happens_so_many_times() -> None:
    assert at(of({"skip": 2, "times": 2, "does": RESET}), *"abcdef") == [[], [], [0], [0], [], []]


def test_without_an_end_it_always_happens() -> None:
    assert at(of({"times": None, "does": RESET}), *"abc") == [[0], [0], [0]]


def test_only_requests_that_match_are_counted() -> None:
    installed = of({"match": {"path": "/b"}, "skip": 1, "does": RESET})
    assert at(installed, "/a", "/b", "/a", "/b", "/b") == [[], [], [], [0], []]
    assert [(each.matched, each.fired) for each in installed.tallies] == [(3, 1)]


def test_what_ends_a_request_keeps_it_from_the_faults_behind_it() -> None:
    """They have seen it, and happen at the next one."""
    installed = of({"does": RESET}, {"does": RESET}, {"skip": 1, "does": AFTER})
    assert at(installed, *"abc") == [[0], [1], [2]]
    assert [each.matched for each in installed.tallies] == [3, 3, 3]


def test_others_happen_together() -> None:
    assert at(of({"does": AFTER}, {"does": {"kind": "delay", "seconds": 1}}, {"does": RESET}), "a") == [[0, 1, 2]]


probabilities = st.none() | st.floats(0, 1)
faults = st.lists(
    st.builds(
        lambda path, skip, times, probability: {
            "match": {"path": path},
            "skip": skip,
            "times": times,
            "probability": probability,
            "does": AFTER,
        },
        st.sampled_from(["*", "/a*", "/b"]),
        st.integers(0, 3),
        st.none() | st.integers(1, 4),
        probabilities,
    ),
    max_size=4,
)
requests = st.lists(st.sampled_from(["/a", "/ab", "/b", "/c"]), max_size=30)


@given(faults, requests, st.integers())
def test_the_same_plan_and_the_same_requests_have_the_same_faults(
    planned: list[dict[str, Any]], asked: list[str], seed: int
) -> None:
    assert at(of(*planned, seed=seed), *asked) == at(of(*planned, seed=seed), *asked)


@given(faults, faults, requests, st.integers())
def test_a_fault_draws_by_itself(
    planned: list[dict[str, Any]], more: list[dict[str, Any]], asked: list[str], seed: int
) -> None:
    """What is planned behind it doesn't change when it happens, as long as nothing ends a request."""
    alone = at(of(*planned, seed=seed), *asked)
    together = at(of(*planned, *more, seed=seed), *asked)
    assert [[number for number in due if number < len(planned)] for due in together] == alone


def test_another_seed_has_other_faults_and_a_probability_is_about_kept() -> None:
    """Of 2,000 requests a quarter, within five standard deviations of 19."""
    drawn = [at(of({"probability": 0.25, "does": RESET}, seed=seed), *(["/a"] * 2000)) for seed in (1, 2)]
    assert drawn[0] != drawn[1]
    assert all(abs(sum(map(len, each)) - 500) < 97 for each in drawn)


def test_a_plan_is_gone_when_it_is_cleared_and_begins_anew_when_it_is_installed_again() -> None:
    made = Cloud().faults
    plan = {"faults": [{"does": RESET}]}
    with made.planned(plan) as planned:
        assert made.installed is not None
        assert at(made.installed, "a", "b") == [[0], []]
        assert (planned.matched, planned.fired) == (2, 1)
    assert (made.plan, made.tallies, made.fired) == (Plan(), [], 0)
    made.install(plan)
    assert (made.matched, made.fired) == (0, 0)


def test_a_bad_plan_is_refused_and_the_one_before_stays() -> None:
    made = Cloud().faults
    made.install({"faults": [{"does": RESET}]})
    before = made.installed
    with pytest.raises(BadPlan):
        made.install({"faults": [{}]})
    assert made.installed is before
