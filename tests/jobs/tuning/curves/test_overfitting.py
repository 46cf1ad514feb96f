"""Whether a training went on for too long, and which checkpoint would have been better."""

from __future__ import annotations

import pytest

from jobs.ports import Checkpoint
from jobs.tuning.curves.learning_curve import LearningCurve, from_results
from jobs.tuning.curves.overfitting import DEPLOYABLE, fit_of


def checkpoint(step: int, **metrics: float) -> Checkpoint:
    return Checkpoint(f"ftchkpt-{step}", step, f"m.ft-1:ckpt-step-{step}", metrics)


def epochs(*losses: float) -> LearningCurve:
    """A checkpoint and a look at the whole validation file every ten steps; the loss of training falls by 0.1 each."""
    rows = [f"{10 * each},{1 - each / 10:.1f},{loss}" for each, loss in enumerate(losses, 1)]
    content = "\n".join(["step,train_loss,full_valid_loss", *rows]).encode()
    return from_results(content, [checkpoint(10 * each) for each in range(1, len(losses) + 1)])


def test_a_model_that_was_best_at_the_end_is_none_that_learned_by_heart() -> None:
    fit = fit_of(epochs(0.9, 0.7, 0.6))

    assert fit is not None
    assert (fit.best_step, fit.last_step, fit.best, fit.last, fit.earlier) == (30, 30, 0.6, 0.6, None)
    assert fit.words == "The validation loss was best at the end (step 30, 0.6): no sign of too long a training."


def test_the_checkpoint_of_the_best_step_is_told() -> None:
    fit = fit_of(epochs(0.9, 0.6, 0.7))

    assert fit is not None
    assert (fit.best_step, fit.best, fit.last) == (20, 0.6, 0.7)
    assert fit.earlier == checkpoint(20)
    assert fit.gap == pytest.approx(0.7 - 0.7)
    assert "best at step 20 (0.6) and ended at 0.7 (step 30): the checkpoint of step 20 is better" in fit.words


def test_only_the_last_three_checkpoints_can_be_deployed() -> None:
    """azure-ai-docs, fine-tuning-rest.md. Of those that are better than the end the best is told."""
    fit = fit_of(epochs(0.9, 0.4, 0.7, 0.65, 0.8))

    assert fit is not None
    assert (fit.best_step, fit.earlier) == (20, checkpoint(40))
    assert DEPLOYABLE == 3


def test_where_none_that_can_be_deployed_is_better_it_says_so() -> None:
    fit = fit_of(epochs(0.4, 0.9, 0.9, 0.8))

    assert fit is not None
    assert fit.earlier is None
    assert "None of the checkpoints that can be deployed, the last 3, is better than the end" in fit.words


def test_the_gap_is_what_the_validation_lacks_of_the_training() -> None:
    fit = fit_of(epochs(0.9, 0.95, 1.2))

    assert fit is not None
    assert fit.gap == pytest.approx(1.2 - 0.7)


def test_a_checkpoints_own_metrics_count_before_those_of_its_step() -> None:
    content = b"step,valid_loss\n5,0.9\n10,0.8\n15,0.5\n20,0.9\n"
    curve = from_results(content, [checkpoint(10, valid_loss=0.6), checkpoint(12), checkpoint(20)])
    fit = fit_of(curve)

    assert fit is not None
    assert (fit.best_step, fit.gap) == (15, None)
    # What was measured at step 12 nobody knows.
    assert fit.earlier is not None
    assert fit.earlier.step == 10


def test_of_rewards_the_higher_is_the_better() -> None:
    content = b"step,train_reward_mean,valid_reward_mean\n1,0.2,0.3\n2,0.8,0.6\n3,0.9,0.5\n"
    fit = fit_of(from_results(content, [checkpoint(1), checkpoint(2), checkpoint(3)]))

    assert fit is not None
    assert fit.measure == "valid_reward"
    assert fit.earlier == checkpoint(2)
    assert "validation reward was best at step 2" in fit.words


def test_without_a_validation_nothing_is_said() -> None:
    assert fit_of(from_results(b"step,train_loss\n1,2.0\n", [checkpoint(1)])) is None
