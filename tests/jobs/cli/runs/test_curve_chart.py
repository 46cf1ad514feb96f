"""A learning curve drawn with characters: it fits, falls where the loss falls, and marks what was kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.cli.runs.curve_chart import FINE, NARROWEST, PLAIN, chart, signs_for
from jobs.ports import Checkpoint
from jobs.tuning.curves.learning_curve import LearningCurve, Sample, from_results
from jobs.tuning.curves.measures import NAMES


def falling(steps: int, *kept: int) -> LearningCurve:
    """A training loss that falls from 2 to 1 step by step."""
    rows = [f"{step},{2 - (step - 1) / max(1, steps - 1)}" for step in range(1, steps + 1)]
    checkpoints = [Checkpoint(f"ftchkpt-{step}", step, f"m:ckpt-step-{step}", {}) for step in kept]
    return from_results("\n".join(["step,train_loss", *rows]).encode(), checkpoints)


def test_a_loss_that_falls_goes_from_the_top_left_to_the_bottom_right() -> None:
    lines = chart(falling(60), width=60, signs=PLAIN)

    assert lines[0].startswith("  2 +.")
    assert lines[7].startswith("1.5 +")
    assert lines[14].startswith("  1 +")
    assert lines[14].endswith(".")
    assert len(lines[14]) == 60
    assert [line.find(".", 5) for line in lines[1:7]] == sorted(line.find(".", 5) for line in lines[1:7])
    assert lines[16].split() == ["1", "step", "60"]
    assert lines[17] == ". training loss"


def test_checkpoints_stand_on_the_axis() -> None:
    floor = chart(falling(61, 1, 31, 61), width=66, signs=FINE)[15]

    assert floor == "    └▲" + "─" * 29 + "▲" + "─" * 29 + "▲"


def test_more_steps_than_columns_are_averaged() -> None:
    """A jump to and fro within a column is its middle."""
    rows = [f"{step},{step % 2}" for step in range(1000)]
    lines = chart(from_results("\n".join(["step,train_loss", *rows]).encode(), []), width=50, signs=PLAIN)

    assert all("." not in line[5:] for line in (*lines[:6], *lines[9:14]))


def test_losses_and_rewards_have_a_chart_each() -> None:
    curve = from_results(b"step,train_loss,valid_reward_mean\n1,2,0.1\n2,1,0.9\n", [])
    lines = chart(curve, width=60, signs=PLAIN)

    assert ". training loss" in lines
    assert "o validation reward" in lines
    assert lines.count("") == 1


@pytest.mark.parametrize(
    ("encoding", "signs"), [("utf-8", FINE), ("ascii", PLAIN), ("latin-1", PLAIN), (None, PLAIN), ("of no kind", PLAIN)]
)
def test_signs_are_those_that_the_terminal_has(encoding: str | None, signs: object) -> None:
    assert signs_for(encoding) is signs


def test_the_plain_signs_are_ascii() -> None:
    assert PLAIN.every.isascii()


values = st.dictionaries(st.sampled_from(sorted(NAMES)), st.floats(allow_nan=False, allow_infinity=False), min_size=1)


@given(st.dictionaries(st.integers(0, 10**12), values, min_size=1, max_size=20), st.integers(NARROWEST, 200))
def test_whatever_was_measured_fits(measured: dict[int, dict[str, float]], width: int) -> None:
    samples = tuple(Sample(step, measured[step]) for step in sorted(measured))
    kept = tuple(Checkpoint("c", step, "m", {}) for step in (0, samples[-1].step))
    lines = chart(LearningCurve(samples, kept, "events"), width=width, signs=PLAIN)

    assert max(len(line) for line in lines) <= width
    for name in LearningCurve(samples, (), "").measures:
        assert any(PLAIN.points[name] in line for line in lines)
