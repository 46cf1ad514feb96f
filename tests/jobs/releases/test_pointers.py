"""How candidate, live and previous move."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.outputs import ModelOutput
from contract.release import ReleaseRecord, Releases, Signed, Sku
from jobs.errors import Refused, UpNeeded
from jobs.releases.pointers import Decided, record_candidate, release, withdraw
from jobs.releases.releasing import release_deployed
from tests.contract.specimens import record
from tests.evaluations import against, passed

STANDARD = Sku(name="Standard", capacity=5)
GLOBAL = Sku(name="GlobalStandard", capacity=50)
ADA = Signed(by="Ada", at="2026-11-21T08:00:00Z", reason="a newer run")
BOB = Signed(by="Bob", at="2026-11-22T08:00:00Z", reason="worse than its base")


def _record(digit: str, **changes: Any) -> ReleaseRecord:
    return ReleaseRecord.model_validate(record(digit * 32, **changes))


def _ids(releases: Releases) -> tuple[str | None, str | None, list[str]]:
    def digit(entry: ReleaseRecord | None) -> str | None:
        return entry.job_id[-1] if entry is not None else None

    return digit(releases.candidate), digit(releases.live), [entry.job_id[-1] for entry in releases.previous]


def _output(live: str | None = None, candidate: str | None = None) -> ModelOutput:
    def served(digit: str | None, sku: Sku) -> dict[str, Any] | None:
        if digit is None:
            return None
        return {
            "modelId": _record(digit).model_id,
            "systemMessage": None,
            "sku": sku.model_dump(),
            "deployments": {"main": f"clippy-{digit * 8}"},
        }

    return ModelOutput.model_validate(
        {
            "trainIn": "main",
            "servedIn": ["main"],
            "skus": {"live": GLOBAL.model_dump(), "candidate": GLOBAL.model_dump()},
            "keepPrevious": 1,
            "budget": None,
            "gate": None,
            "systemMessage": None,
            "live": served(live, STANDARD),
            "candidate": served(candidate, GLOBAL),
            "previous": [],
        }
    )


class TestRecording:
    """A run's result becomes the candidate."""

    def test_the_first_is_the_candidate(self) -> None:
        """Nothing else moves."""
        decided = record_candidate(Releases(), _record("1"), signed=ADA)

        assert _ids(decided.releases) == ("1", None, [])
        assert decided.releases.candidate == _record("1")

    def test_a_displaced_candidate_goes_to_previous_superseded(self) -> None:
        """With who, when and why; newest first."""
        before = Releases(candidate=_record("1"), previous=(_record("0"),))
        decided = record_candidate(before, _record("2"), signed=ADA)

        assert _ids(decided.releases) == ("2", None, ["1", "0"])
        withdrawal = decided.releases.previous[0].withdrawal
        assert withdrawal is not None
        assert withdrawal.model_dump() == {"kind": "superseded"} | ADA.model_dump()

    @pytest.mark.parametrize(
        ("before", "place"),
        [
            (Releases(candidate=_record("1")), "it is the candidate"),
            (Releases(live=_record("1")), "it is live"),
            (Releases(previous=(_record("1"),)), "it was live before"),
            (withdraw(Releases(candidate=_record("1")), BOB).releases, "withdrawn (by Bob, 2026-11-22T08:00:00Z"),
        ],
    )
    def test_a_model_that_is_recorded_stays_where_it_is(self, before: Releases, place: str) -> None:
        """So that a run that is finished twice is recorded once."""
        decided = record_candidate(before, _record("1", seed=7), signed=ADA)

        assert decided.releases is before
        assert not decided.changed
        assert place in decided.words


class TestReleasing:
    """The candidate becomes live."""

    def test_the_former_live_model_keeps_the_sku_it_had(self) -> None:
        """It stays deployed with it while callers move over."""
        better = passed(_record("2"), against=(against("live", _record("1").model_id),))
        before = Releases(candidate=better, live=_record("1"), previous=(_record("0"),))
        decided = release_deployed("clippy", before, _output(live="1", candidate="2"), stack="dev")

        assert _ids(decided.releases) == (None, "2", ["1", "0"])
        assert decided.releases.previous[0].served_with == STANDARD

    def test_the_first_release_needs_no_former_one(self) -> None:
        """There is none to keep."""
        before = Releases(candidate=_record("1"))

        assert _ids(release_deployed("clippy", before, _output(candidate="1"), stack="dev").releases) == (None, "1", [])

    def test_the_second_time_nothing_moves(self) -> None:
        """Whether or not an up came in between."""
        released = release(Releases(candidate=_record("1")), None).releases
        for output in (_output(candidate="1"), _output(live="1"), None):
            again = release_deployed("clippy", released, output, stack="dev")
            assert (again.releases, again.changed) == (released, False)
            assert "live already" in again.words

    @pytest.mark.parametrize(
        "output", [None, _output(), _output(candidate="9"), _output(live="2"), _output(live="9", candidate="2")]
    )
    def test_what_is_not_deployed_needs_an_up_first(self, output: ModelOutput | None) -> None:
        """A model that nobody could try is not released."""
        before = Releases(candidate=_record("2"), live=_record("1"))
        with pytest.raises(UpNeeded, match="not deployed as such yet") as caught:
            release_deployed("clippy", before, output, stack="acme/tuned-models/dev")

        assert caught.value.next_command == "pulumi up -s acme/tuned-models/dev"

    def test_without_any_model_a_run_comes_first(self) -> None:
        """The refusal names it."""
        with pytest.raises(Refused, match="no candidate") as caught:
            release_deployed("clippy", Releases(), _output(), stack="dev")

        assert caught.value.next_command == "jobs run clippy -s dev"

    def test_the_former_sku_may_not_be_guessed(self) -> None:
        """The record would say something untrue for good."""
        with pytest.raises(Refused, match="SKU"):
            release(Releases(candidate=_record("2"), live=_record("1")), None)


class TestWithdrawing:
    """The candidate is set aside."""

    def test_it_is_kept_with_who_when_and_why(self) -> None:
        """At the head of previous, marked."""
        decided = withdraw(Releases(candidate=_record("2"), live=_record("1")), BOB)

        assert _ids(decided.releases) == (None, "1", ["2"])
        withdrawal = decided.releases.previous[0].withdrawal
        assert withdrawal is not None
        assert withdrawal.model_dump() == {"kind": "withdrawn"} | BOB.model_dump()

    def test_the_second_time_nothing_moves(self) -> None:
        """And the first decision stays, with its signature."""
        once = withdraw(Releases(candidate=_record("1")), BOB).releases
        again = withdraw(once, ADA)

        assert (again.releases, again.changed) == (once, False)
        assert "withdrawn (by Bob" in again.words

    @pytest.mark.parametrize("before", [Releases(), Releases(live=_record("1")), Releases(previous=(_record("1"),))])
    def test_without_a_candidate_it_is_refused(self, before: Releases) -> None:
        """A live model is not withdrawn so."""
        with pytest.raises(Refused, match="no candidate"):
            withdraw(before, BOB)


def _move(releases: Releases, move: str) -> Decided | None:
    try:
        if move == "withdraw":
            return withdraw(releases, BOB)
        if move == "release":
            return release(releases, STANDARD)
        return record_candidate(releases, _record(move), signed=ADA)
    except Refused:
        return None


@given(st.lists(st.sampled_from(["withdraw", "release", *"012345"]), max_size=30))
def test_no_record_is_ever_lost_doubled_or_rewritten(moves: list[str]) -> None:
    """Whatever is asked for in whatever order; and asked again at once, each move changes nothing."""
    releases = Releases()
    ever: set[str] = set()
    for move in moves:
        decided = _move(releases, move)
        if decided is None:
            continue
        assert decided.changed == (decided.releases != releases)
        releases = decided.releases
        ever |= {_record(move).model_id} if move.isdigit() else set()
        ids = [entry.model_id for entry in releases.records()]
        assert sorted(ids) == sorted(ever)
        for entry in releases.records():
            bare = entry.model_copy(update={"withdrawal": None, "served_with": None})
            assert bare == _record(entry.job_id[-1])
        for pointer in (releases.candidate, releases.live):
            assert pointer is None or pointer.withdrawal is None
        for entry in releases.previous:
            assert (entry.withdrawal is None) == (entry.served_with is not None)
        again = _move(releases, move)
        assert again is not None
        assert (again.releases, again.changed) == (releases, False)
