"""Whether an evaluation of one stack lets a model be live in another."""

from __future__ import annotations

from typing import Any

import pytest

from contract.evaluation_here import shortfall
from contract.gate import Gate
from contract.release import ReleaseRecord, Signed
from tests.contract.specimens import record
from tests.evaluations import against, passed

LIVE = "gpt-4.1-mini-2025-04-14.ft-ffffffffffffffffffffffffffffffff-clippy-ffffffff"


def _record(**changes: Any) -> ReleaseRecord:
    return passed(ReleaseRecord.model_validate(record()), **changes)


def _live() -> ReleaseRecord:
    return ReleaseRecord.model_validate(record("f" * 32, modelId=LIVE, runKey="f" * 64))


def test_a_passed_one_counts_where_nothing_is_live() -> None:
    assert shortfall(_record(), None, None, "prod") is None


def test_none_at_all_does_not() -> None:
    assert "has not been evaluated" in str(shortfall(ReleaseRecord.model_validate(record()), None, None, "prod"))


def test_what_is_live_here_has_to_be_among_what_it_was_compared_with() -> None:
    words = shortfall(_record(), _live(), None, "prod")

    assert words == f"it was compared with prompted in dev, not with {LIVE}, which is live here"
    assert shortfall(_record(against=(against("live", LIVE),)), _live(), None, "prod") is None


def test_of_the_live_model_itself_nothing_more_is_asked() -> None:
    assert shortfall(_record(), _record(), None, "prod") is None


def test_an_override_lets_everything_pass() -> None:
    signed = Signed(by="Ada", at="2026-11-20T12:00:00Z", reason="an emergency")

    assert shortfall(_record().model_copy(update={"override": signed}), _live(), None, "prod") is None


@pytest.mark.parametrize(
    ("gate", "words"),
    [
        ({"min_difference": 0.2}, "better than prompted by 0.150, where 0.2 is asked for"),
        ({"lower_bound": 0.12}, "the interval begins at 0.100, and has to lie above 0.12"),
        ({"max_regressions": 3}, "10 regressions, where 3 are allowed"),
        ({"max_p95_seconds": 2.0}, "what it takes is not known, where 2 seconds"),
        ({"max_cost_per_answer": 0.01}, "what it costs is not known, where 0.01 US dollars"),
        ({"floors": {"language=de": 0.5}}, "whether language=de reaches 0.5 is not known from it"),
        ({"grader": "judge"}, "in style decided there, and judge decides here"),
    ],
)
def test_the_gate_of_this_stack_is_asked_of_the_other_ones_numbers(gate: dict[str, Any], words: str) -> None:
    found = shortfall(_record(), None, Gate.model_validate(gate), "prod")

    assert found is not None
    assert found.startswith("its evaluation of dev does not pass the gate of prod: ")
    assert words in found
    # An evaluation of this stack was held against its gate when it was made.
    assert shortfall(_record(stack="prod"), None, Gate.model_validate(gate), "prod") is None


def test_a_gate_that_the_numbers_pass() -> None:
    gate = Gate(
        min_difference=0.15,
        lower_bound=0.05,
        max_regressions=10,
        max_p95_seconds=2.0,
        max_cost_per_answer=0.01,
        floors={"language=de": 0.5},
    )
    good = _record(p95_seconds=2.0, cost_per_answer=0.01, gate=Gate(floors={"language=de": 0.6}))

    assert shortfall(good, None, gate, "prod") is None
