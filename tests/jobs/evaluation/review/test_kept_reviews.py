"""Preferences in the stack's storage."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jobs.errors import Unreadable
from jobs.evaluation.review.kept_reviews import KeptReviews
from jobs.evaluation.review.preference import Preference
from jobs.tuning.patience import Patience
from tests.jobs.doubles import HandClock, KeptBlobs


def kept(blobs: KeptBlobs) -> KeptReviews:
    clock = HandClock()
    patience = Patience(clock, clock.now() + timedelta(hours=1), lambda *_: None)
    return KeptReviews(blobs, "clippy", "e" * 64, patience)


def preference(index: int, preferred: str = "candidate", by: str = "Ada") -> Preference:
    return Preference.model_validate(
        {
            "index": index,
            "against": "live",
            "preferred": preferred,
            "candidate_on": "left",
            "by": by,
            "at": f"2026-11-21T09:00:0{index}Z",
        }
    )


def test_each_reviewer_has_a_file_beside_the_scorecard() -> None:
    blobs = KeptBlobs()
    reviews = kept(blobs)
    reviews.add("Ada Lovelace", [preference(0)])
    reviews.add("李雷", [preference(0)])

    names = list(blobs.names())
    assert all(name.startswith(f"evaluations/clippy/{'e' * 64}/reviews/") for name in names)
    assert names[0].rpartition("/")[2].isascii()
    assert [name.rpartition("/")[2].startswith("ada-lovelace-") for name in names] == [False, True]


def test_people_whose_names_differ_in_a_letter_do_not_share_one() -> None:
    reviews = kept(KeptBlobs())

    assert len({reviews.name(name) for name in ("Ada", "ada", "A.da", "a/d/a", "..")}) == 5
    assert all(reviews.name(name).count("/") == 4 for name in ("a/d/a", "..", ""))


def test_what_was_given_is_there_the_next_time() -> None:
    blobs = KeptBlobs()
    kept(blobs).add("Ada", [preference(0)])
    kept(blobs).add("Ada", [preference(1, "other")])
    kept(blobs).add("Bob", [preference(1, by="Bob")])

    assert list(kept(blobs).of("Ada")) == [0, 1]
    assert len(kept(blobs).all()) == 3


def test_the_same_given_twice_counts_once_and_another_takes_its_place() -> None:
    blobs = KeptBlobs()
    reviews = kept(blobs)

    assert reviews.add("Ada", [preference(0), preference(1)]) == 2
    writes = blobs.writes
    assert reviews.add("Ada", [preference(0).model_copy(update={"at": "2027-01-01T00:00:00Z"})]) == 0
    assert blobs.writes == writes
    assert reviews.add("Ada", [preference(0, "other")]) == 1
    assert [each.preferred for each in reviews.all()] == ["other", "candidate"]


def test_two_sessions_of_one_person_lose_nothing() -> None:
    """The other one writes between this one's look and its own writing."""

    class Meanwhile(KeptBlobs):
        raced = False

        def replace(self, name: str, content: bytes, etag: str) -> str | None:
            if not self.raced:
                self.raced = True
                kept(self).add("Ada", [preference(7)])
            return super().replace(name, content, etag)

    blobs = Meanwhile()
    reviews = kept(blobs)
    reviews.add("Ada", [preference(0)])
    reviews.add("Ada", [preference(1)])

    assert sorted(reviews.of("Ada")) == [0, 1, 7]


def test_a_file_that_is_none_is_named_with_its_line() -> None:
    blobs = KeptBlobs()
    reviews = kept(blobs)
    reviews.add("Ada", [preference(0)])
    blobs.blobs[reviews.name("Ada")] += b"{}\n"

    with pytest.raises(Unreadable, match=r"no review that this version reads") as refused:
        reviews.all()
    assert refused.value.line == 2
