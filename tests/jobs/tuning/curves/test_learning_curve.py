"""How a training went, from its results file or from what it has said so far."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.ports import Checkpoint, Event
from jobs.tuning.curves.learning_curve import Best, Sample, from_events, from_results
from tests.jobs.doubles import START

# Headings: azure-ai-docs, fine-tuning.md.
RESULTS = b"""\
step,train_loss,train_mean_token_accuracy,valid_loss,valid_mean_token_accuracy,full_valid_loss
1,2.1,0.5,2.0,0.5,
2,1.4,0.6,1.8,0.6,1.7
3,1.1,0.7,1.6,0.6,
4,0.9,0.7,1.9,0.6,1.75
"""


def checkpoint(step: int, **metrics: float) -> Checkpoint:
    return Checkpoint(f"ftchkpt-{step}", step, f"m.ft-1:ckpt-step-{step}", metrics)


def said(number: int, message: str, **metrics: float) -> Event:
    return Event(f"ftevent-{number}", START, "info", message, metrics)


def test_each_step_of_the_results_file() -> None:
    curve = from_results(RESULTS, [])

    assert curve.samples[:2] == (
        Sample(1, {"train_loss": 2.1, "valid_loss": 2.0}),
        Sample(2, {"train_loss": 1.4, "valid_loss": 1.8, "full_valid_loss": 1.7}),
    )
    assert curve.measures == ("train_loss", "valid_loss", "full_valid_loss")
    assert curve.last == {"train_loss": 0.9, "valid_loss": 1.9, "full_valid_loss": 1.75}


def test_the_best_step_is_by_the_loss_of_the_whole_validation_file() -> None:
    """Though that of a part of it is lower at another step. The checkpoint is the one at or before it."""
    kept = [checkpoint(4), checkpoint(1)]

    assert from_results(RESULTS, kept).best == Best(2, "full_valid_loss", 1.7, checkpoint(1))


def test_a_reward_is_the_better_the_higher_it_is() -> None:
    curve = from_results(b"step,valid_reward_mean\n1,0.2\n2,0.6\n3,0.6\n4,0.5\n", [checkpoint(3)])

    assert curve.best == Best(2, "valid_reward", 0.6, None)


def test_without_a_validation_there_is_no_best_step() -> None:
    assert from_results(b"step,train_loss\n1,2.1\n", []).best is None


def test_events_in_any_order_and_repeated_are_one_curve() -> None:
    told = [
        said(3, "Step 2: training loss=1.4", step=2, train_loss=1.4),
        said(1, "Job started."),
        said(2, "Step 1: training loss=2.1"),
        said(3, "Step 2: training loss=1.4", step=2, train_loss=1.4),
    ]

    assert from_events(told, []).samples == (Sample(1, {"train_loss": 2.1}), Sample(2, {"train_loss": 1.4}))


def test_checkpoints_fill_in_what_events_have_not_told() -> None:
    kept = [checkpoint(1, train_loss=2.0, full_valid_loss=1.9)]
    curve = from_events([said(1, "Step 1: training loss=2.1")], kept)

    assert curve.samples == (Sample(1, {"train_loss": 2.1, "full_valid_loss": 1.9}),)
    assert curve.best == Best(1, "full_valid_loss", 1.9, kept[0])


@pytest.mark.parametrize("content", [b"", b"<html>", b"step\n1\n2\n", b"train_loss\nnan\n"])
def test_a_file_that_says_nothing_is_an_empty_curve(content: bytes) -> None:
    assert from_results(content, []).samples == ()


def test_rows_without_a_step_are_counted() -> None:
    assert [sample.step for sample in from_results(b"train_loss,x\n2.1,1\n1.4,1\n", []).samples] == [1, 2]


@given(st.binary(max_size=200))
def test_nothing_that_a_service_answers_is_a_fault_of_ours(content: bytes) -> None:
    steps = [sample.step for sample in from_results(b"step,valid_loss\n" + content, []).samples]

    assert steps == sorted(set(steps))
