"""A run is named by its model, key, job, suffix or tuned model; what names several names none."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.errors import NoRun, Usage
from jobs.tuning.known.known_runs import KnownRun, known_runs
from jobs.tuning.known.pointing import handle, pointed_at, short
from tests.jobs.doubles import START
from tests.jobs.journals import KEY, OTHER_KEY, attempt, job, job_id, journal, model_id

SUFFIX = "clippy-66dd61a1"
MODELS = ("clippy", "parrot", "wren")
THIRD_KEY = "66dd61a1" + "2" * 56


def runs(*, status: str = "running") -> tuple[KnownRun, ...]:
    """Two attempts of one clippy, a newer clippy of other data, a parrot, and a job of somebody else's."""
    return known_runs(
        [
            journal(attempt(0x11, "failed"), attempt(0x22, at=START + timedelta(hours=1))),
            journal(attempt(0x33, key=THIRD_KEY, at=START + timedelta(hours=2)), key=THIRD_KEY),
            journal(attempt(0x44, key=OTHER_KEY, model="parrot"), key=OTHER_KEY, model="parrot"),
        ],
        {
            "main": [
                job(0x11, "failed", SUFFIX),
                job(0x22, status, SUFFIX, fine_tuned_model=model_id(0x22, SUFFIX)),
                job(0x33, "running", SUFFIX),
                job(0x44, "running", "parrot-66ee0000"),
                job(0x55, "running", "clippy-01234567"),
            ]
        },
        {},
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("clippy", 0x33),
        (" parrot ", 0x44),
        (KEY, 0x22),
        (KEY[:12], 0x22),
        (THIRD_KEY[:9], 0x33),
        (OTHER_KEY[:8], 0x44),
        ("parrot-66ee0000", 0x44),
        (job_id(0x11), 0x11),
        (job_id(0x22)[:14], 0x22),
        (job_id(0x11).removeprefix("ftjob-"), 0x11),
        (model_id(0x22, SUFFIX), 0x22),
        (f"{model_id(0x22, SUFFIX)}:ckpt-step-7", 0x22),
        # Somebody else's, by its job.
        (job_id(0x55), 0x55),
        ("clippy-01234567", 0x55),
    ],
)
def test_names(text: str, number: int) -> None:
    assert pointed_at(text, runs(), MODELS).job_id == job_id(number)


@pytest.mark.parametrize("text", [KEY[:8], SUFFIX])
def test_what_names_several_is_no_name(text: str) -> None:
    """Two keys may begin with the same 8 hex; the candidates are named."""
    with pytest.raises(Usage) as caught:
        pointed_at(text, runs(), MODELS)

    assert {line.partition(":")[0] for line in caught.value.details} == {job_id(0x11), job_id(0x22), job_id(0x33)}


def test_a_model_with_several_runs_under_way_names_none_that_could_be_changed() -> None:
    with pytest.raises(Usage, match="which one"):
        pointed_at("clippy", runs(), MODELS, under_way=True)
    assert pointed_at("clippy", runs(status="succeeded"), MODELS, under_way=True).job_id == job_id(0x33)


def test_of_a_model_that_is_to_be_changed_the_run_under_way_counts() -> None:
    ended = attempt(0x66, "failed", at=START + timedelta(hours=1))
    found = known_runs(
        [journal(attempt(0x11)), journal(ended, key=OTHER_KEY)],
        {"main": [job(0x11, "running"), job(0x66, "failed")]},
        {},
    )

    assert pointed_at("clippy", found, MODELS, under_way=True).job_id == job_id(0x11)
    assert pointed_at("clippy", found, MODELS).job_id == job_id(0x66)


def test_a_model_that_was_never_trained_has_no_run() -> None:
    with pytest.raises(NoRun):
        pointed_at("wren", runs(), MODELS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("clipy", "did you mean 'clippy'"),
        ("parrot-66ee0001", "did you mean 'parrot-66ee0000'"),
        ("66dd", "too short"),
        ("ftjob-00", "there is no run"),
        ("", "there is no run"),
        ("0123456789abcdef", "there is no run"),
    ],
)
def test_what_names_nothing_is_refused_with_what_may_be_meant(text: str, words: str) -> None:
    with pytest.raises(Usage, match=words):
        pointed_at(text, runs(), MODELS)


@given(st.text(max_size=20) | st.text("0123456789abcdef-ftjob", max_size=70))
def test_whatever_is_typed_is_a_run_or_is_refused(text: str) -> None:
    with suppress(Usage, NoRun):
        assert pointed_at(text, runs(), MODELS) in runs()


def test_a_run_without_a_job_is_called_by_its_key() -> None:
    (begun,) = known_runs([journal()], {"main": []}, {})

    assert (short(begun), handle(begun)) == (KEY[:8], KEY)
