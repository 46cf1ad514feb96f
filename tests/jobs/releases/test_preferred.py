"""What people preferred, in the records of the model whose answers they saw."""

from __future__ import annotations

from contract.evaluation import Preferences
from contract.release import ReleaseRecord, Releases
from jobs.releases.preferred import record_preferences
from tests.contract.specimens import record as mapping
from tests.evaluations import passed

PREFERENCES = Preferences(against="live", preferred=7, other=2, neither=1, reviewers=("Ada",))


def record(job: str, answers: str) -> ReleaseRecord:
    return passed(ReleaseRecord.model_validate(mapping(job * 32)), answers=answers * 64)


def preferences(of: ReleaseRecord | None) -> Preferences | None:
    assert of is not None
    assert of.evaluation is not None
    return of.evaluation.preferences


def test_the_record_that_was_evaluated_by_these_answers_has_them_wherever_it_stands() -> None:
    releases = Releases(
        candidate=record("1", "a"), live=record("2", "b"), previous=(record("3", "c"), record("4", "d"))
    )

    for answers, place in (("a", 0), ("b", 1), ("d", 3)):
        decided = record_preferences(releases, answers * 64, PREFERENCES)
        found = [preferences(each) for each in decided.releases.records()]
        assert decided.changed
        assert found == [PREFERENCES if at == place else None for at in range(4)]


def test_recorded_again_they_change_nothing() -> None:
    once = record_preferences(Releases(candidate=record("1", "a")), "a" * 64, PREFERENCES).releases

    again = record_preferences(once, "a" * 64, PREFERENCES)
    assert not again.changed
    assert again.releases == once


def test_a_model_that_has_not_been_evaluated_is_left_as_it_is() -> None:
    releases = Releases(candidate=ReleaseRecord.model_validate(mapping(evaluation=None)))

    assert record_preferences(releases, "a" * 64, PREFERENCES).releases == releases
