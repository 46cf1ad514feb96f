"""How far a training is, and how well it goes, from what its job says."""

from __future__ import annotations

import pytest

from jobs.ports import EchoedHyperparameters, Event, Job, JobStatus
from jobs.tuning.curves.curve import Curve, read_curve, total_steps
from tests.jobs.doubles import START

JOB = Job("ftjob-1", JobStatus.parse("pending"), "gpt-4.1-mini-2025-04-14", START, suffix="clippy-0123abcd")


def event(message: str, **metrics: float) -> Event:
    return Event("ftevent-1", START, "info", message, metrics)


def test_azures_words_are_read() -> None:
    """microsoft-foundry/fine-tuning, output of the SFT_CNN_DailyMail notebook."""
    events = [event("Step 20: training loss=1.2174"), event("Step 10: training loss=2.3"), event("Job started.")]

    assert read_curve(events, Curve()) == Curve(step=20, train_loss=1.2174)


def test_openais_words_are_read_and_a_loss_of_the_whole_validation_file_is_preferred() -> None:
    events = [event("Step 88/90: training loss=0.25, validation loss=0.31, full validation loss=0.30")]

    assert read_curve(events, Curve()) == Curve(88, 90, 0.25, 0.30)


def test_numbers_that_come_with_an_event_are_preferred() -> None:
    events = [event("Step 3: training loss=9", step=3, train_loss=1.5, valid_loss=1.7, full_valid_loss=1.6)]

    assert read_curve(events, Curve()) == Curve(3, None, 1.5, 1.6)


def test_a_validation_loss_stays_until_there_is_a_newer_one() -> None:
    before = Curve(10, 60, 1.0, 1.1)

    assert read_curve([event("Step 11: training loss=0.9")], before) == Curve(11, 60, 0.9, 1.1)


@pytest.mark.parametrize("name", ["{}_reward_mean", "{}_mean_reward"])
def test_reinforcement_has_rewards_under_either_name(name: str) -> None:
    """Microsoft Learn, "Reinforcement fine-tuning", and microsoft/azure-skills."""
    told = {name.format("train"): 0.4, name.format("valid"): 0.35}

    assert read_curve([event("Step 3", step=3, **told)], Curve()) == Curve(3, train_reward=0.4, valid_reward=0.35)


def test_rewards_are_read_from_words_too() -> None:
    """Which words Azure uses no page says; these are like its words for losses."""
    assert read_curve([event("Step 3: training reward=0.4")], Curve()) == Curve(3, train_reward=0.4)


def test_events_without_a_step_and_older_ones_change_nothing() -> None:
    before = Curve(10, 60, 1.0, 1.1)

    assert read_curve([event("Job resumed."), event("Step 9: training loss=5")], before) == before


def test_steps_in_all_are_epochs_times_batches() -> None:
    told = Job("j", JobStatus.parse("running"), "m", START, hyperparameters=EchoedHyperparameters(3, 4, 1.0))

    assert total_steps(told, 10) == 9
    assert total_steps(told, None) is None
    assert total_steps(JOB, 10) is None
