"""What a gate asks for, beside what another one did."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.faults import Faults
from contract.gate import DEFAULTS, Gate, shortfalls
from contract.stack_config import StackConfig
from tests.contract.rules.specimens import SMALLEST

FULL = Gate(
    grader="in style",
    min_difference=0.05,
    lower_bound=0.0,
    max_regressions=10,
    floors={"language=de": 0.8},
    max_cost_per_answer=0.01,
    max_p95_seconds=2,
)


def test_what_is_not_demanded_is_not_missed() -> None:
    assert shortfalls(DEFAULTS, Gate()) == []
    assert shortfalls(FULL, DEFAULTS) == []


@pytest.mark.parametrize(
    ("demanded", "words"),
    [
        (Gate(min_difference=0.1), "minDifference is 0.1 now, and 0.05 was asked for"),
        (Gate(lower_bound=0.01), "lowerBound is 0.01 now, and 0 was asked for"),
        (Gate(max_regressions=9), "maxRegressions is 9 now, and 10 was asked for"),
        (Gate(max_cost_per_answer=0.005), "maxCostPerAnswer is 0.005 now, and 0.01 was asked for"),
        (Gate(max_p95_seconds=1), "maxP95Seconds is 1 now, and 2 was asked for"),
        (Gate(floors={"language=de": 0.9}), "floors language=de is 0.9 now, and 0.8 was asked for"),
        (Gate(floors={"language=fr": 0.5}), "floors language=fr is 0.5 now, and nothing was asked for"),
        (Gate(grader="correct"), "grader 'correct' decides now, and 'in style' did"),
    ],
)
def test_each_stricter_demand_is_named_with_both_values(demanded: Gate, words: str) -> None:
    assert shortfalls(FULL, demanded) == [words]


def test_what_was_not_limited_then_is_missed() -> None:
    assert shortfalls(DEFAULTS, Gate(max_regressions=0)) == ["maxRegressions is 0 now, and nothing was asked for"]
    assert shortfalls(DEFAULTS, Gate(grader="correct")) == ["grader 'correct' decides now, and another did"]


def test_all_that_is_missed_is_told_at_once() -> None:
    assert len(shortfalls(DEFAULTS, Gate(min_difference=0.1, max_regressions=1, floors={"a=b": 0.1}))) == 3


SCORES = st.none() | st.floats(-1, 1)
GATES = st.builds(
    Gate,
    grader=st.none() | st.sampled_from(["a", "b"]),
    min_difference=SCORES,
    lower_bound=SCORES,
    max_regressions=st.none() | st.integers(0, 5),
    floors=st.none() | st.dictionaries(st.sampled_from(["x=1", "y=2"]), st.floats(0, 1)),
    max_cost_per_answer=st.none() | st.floats(0, 1),
)


@given(GATES, GATES)
def test_a_gate_asks_for_as_much_as_it_lays_over_another_one(own: Gate, general: Gate) -> None:
    """So the gate of an environment is always met by the one that was applied in it."""
    assert shortfalls(own.over(general), own) == []


@pytest.mark.parametrize("floor", ["de", "=de", "language="])
def test_a_floor_of_what_is_no_slice_is_refused_with_its_form(floor: str) -> None:
    model = {"skus": {"live": {"name": "Standard", "capacity": 5}}, "gate": {"floors": {floor: 0.5}}}
    with pytest.raises(Faults) as caught:
        StackConfig.parse(SMALLEST | {"models": {"clippy": model}})

    (fault,) = caught.value.faults
    assert fault.key.startswith("tuned-models:models.clippy.gate.floors")
    assert "such as language=de" in fault.message
