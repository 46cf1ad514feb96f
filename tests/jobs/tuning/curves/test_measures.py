"""The service's numbers under our words, whichever of its names they come by."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.ports import Event
from jobs.tuning.curves.measures import measured, told_by
from tests.jobs.doubles import START


def event(message: str, **metrics: float) -> Event:
    return Event("ftevent-1", START, "info", message, metrics)


def test_either_name_of_a_reward_is_known() -> None:
    """Microsoft Learn has the one, microsoft/azure-skills the other."""
    assert measured({"train_reward_mean": 0.4}) == measured({"train_mean_reward": 0.4}) == {"train_reward": 0.4}


def test_what_is_not_finite_measures_nothing() -> None:
    assert measured({"valid_loss": math.nan, "train_loss": math.inf, "other": 1.0}) == {}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        # Azure's words: microsoft-foundry/fine-tuning, output of the SFT_CNN_DailyMail notebook.
        ("Step 20: training loss=1.2174", (20, {"train_loss": 1.2174})),
        # OpenAI's, in its guide to fine-tuning.
        (
            "Step 88/90: training loss=0.25, validation loss=0.31, full validation loss=0.30",
            (88, {"train_loss": 0.25, "valid_loss": 0.31, "full_valid_loss": 0.30}),
        ),
        # OpenAI's, in its guide to reinforcement tuning.
        (
            "Step 3/60 , train mean reward=0.23, full validation mean reward=0.30",
            (3, {"train_reward": 0.23, "valid_reward": 0.30}),
        ),
        ("Job started.", None),
        ("Step 5: training loss=--", (5, {})),
    ],
)
def test_the_words_of_events(message: str, expected: tuple[int, dict[str, float]] | None) -> None:
    assert told_by(event(message)) == expected


def test_numbers_that_come_with_an_event_are_preferred_to_its_words() -> None:
    assert told_by(event("Step 3: training loss=9", step=4, train_loss=1.5)) == (4, {"train_loss": 1.5})


@given(st.text(max_size=80), st.dictionaries(st.sampled_from(["step", "train_loss", "valid_loss"]), st.floats()))
def test_nothing_that_a_service_says_is_a_fault_of_ours(message: str, metrics: dict[str, float]) -> None:
    told = told_by(event(message, **metrics))

    assert told is None or all(math.isfinite(value) for value in told[1].values())
