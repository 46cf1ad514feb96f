"""Scorecards in the stack's storage."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contract.evaluation import Preferences, scorecard_name
from jobs.errors import Unreadable
from jobs.evaluation.kept_scorecards import keep, read
from jobs.tuning.patience import Patience
from tests.jobs.doubles import START, HandClock, KeptBlobs
from tests.jobs.evaluation.scorecards import scorecard

PATIENCE = Patience(HandClock(), START + timedelta(hours=1), lambda *_: None)


def test_it_lies_under_the_digest_of_its_answers_and_is_read_back() -> None:
    blobs, card = KeptBlobs(), scorecard()

    assert keep(card, blobs, PATIENCE) == card
    assert list(blobs.blobs) == [scorecard_name(card.model, card.answers)]
    assert read(blobs, card.model, card.answers, PATIENCE) == card


def test_the_same_found_again_is_not_written() -> None:
    blobs, card = KeptBlobs(), scorecard()
    keep(card, blobs, PATIENCE)

    keep(card.model_copy(update={"at": "2026-11-22T09:00:00Z", "by": "Bob"}), blobs, PATIENCE)
    assert blobs.writes == 1


def test_what_people_preferred_stays_where_it_is_measured_anew() -> None:
    blobs, card = KeptBlobs(), scorecard()
    preferred = Preferences(against="prompted", preferred=3, other=1, neither=0, reviewers=("Eve",))
    keep(card.model_copy(update={"preferences": preferred}), blobs, PATIENCE)

    told = keep(card.model_copy(update={"seed": 7, "preferences": None}), blobs, PATIENCE)

    assert told.preferences == preferred
    there = read(blobs, card.model, card.answers, PATIENCE)
    assert there is not None
    assert (there.seed, there.preferences) == (7, preferred)


def test_there_may_be_none() -> None:
    assert read(KeptBlobs(), "clippy", "e" * 64, PATIENCE) is None


def test_what_is_none_is_told_and_written_over() -> None:
    card = scorecard()
    blobs = KeptBlobs({scorecard_name(card.model, card.answers): b'{"schemaVersion": 2}'})

    with pytest.raises(Unreadable, match="is no scorecard that this version reads"):
        read(blobs, card.model, card.answers, PATIENCE)
    keep(card, blobs, PATIENCE)
    assert read(blobs, card.model, card.answers, PATIENCE) == card
