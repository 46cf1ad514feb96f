"""What an evaluation changes in a model's records."""

from __future__ import annotations

from typing import Any

import pytest

from contract.evaluation import Preferences, obstacle
from contract.release import ReleaseRecord, Releases
from jobs.errors import Refused
from jobs.releases.evaluated import record_evaluation
from tests.contract.specimens import record as mapping
from tests.evaluations import HOLDOUT, evaluation


def record(**changes: Any) -> ReleaseRecord:
    return ReleaseRecord.model_validate(mapping(**changes))


def test_the_candidate_takes_its_evaluation_and_may_be_live_then() -> None:
    decided = record_evaluation(Releases(candidate=record(evaluation=None)), evaluation())

    candidate = decided.releases.candidate
    assert decided.changed
    assert candidate is not None
    assert candidate.evaluation == evaluation()
    assert obstacle(candidate) is None


def test_the_same_found_again_changes_nothing_whoever_finds_it_when() -> None:
    once = record_evaluation(Releases(candidate=record()), evaluation()).releases

    again = record_evaluation(once, evaluation(at="2026-11-21T08:00:00Z", by="Bob"))

    assert not again.changed
    assert again.releases == once


def test_a_newer_holdout_becomes_that_of_the_record() -> None:
    decided = record_evaluation(Releases(candidate=record()), evaluation(holdout="9" * 64))

    candidate = decided.releases.candidate
    assert candidate is not None
    assert candidate.digests.holdout == "9" * 64
    assert candidate.run_key == record().run_key
    assert obstacle(candidate) is None
    assert "by a newer holdout" in decided.words


def test_what_people_preferred_stays_as_long_as_the_answers_are_the_same() -> None:
    preferred = Preferences(against="prompted", preferred=3, other=1, neither=0, reviewers=("Eve",))
    judged = Releases(candidate=record(digests={**mapping()["digests"], "holdout": HOLDOUT})).model_copy()
    judged = record_evaluation(judged, evaluation(preferences=preferred)).releases

    same = record_evaluation(judged, evaluation(mean=0.91)).releases.candidate
    other = record_evaluation(judged, evaluation(answers="f" * 64)).releases.candidate

    assert same is not None
    assert same.evaluation is not None
    assert same.evaluation.preferences == preferred
    assert other is not None
    assert other.evaluation is not None
    assert other.evaluation.preferences is None


@pytest.mark.parametrize("candidate", [None, record(modelId="gpt-4.1-mini-2025-04-14.ft-" + "1" * 32)])
def test_an_evaluation_of_another_model_than_the_candidate_is_not_recorded(candidate: ReleaseRecord | None) -> None:
    with pytest.raises(Refused, match="is the candidate no more"):
        record_evaluation(Releases(candidate=candidate), evaluation())
