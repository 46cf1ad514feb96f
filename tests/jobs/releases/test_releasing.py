"""What a candidate needs before it is live, and what an override does."""

from __future__ import annotations

from typing import Any

import pytest

from contract.evaluation import obstacle
from contract.release import ReleaseRecord, Releases, Signed, Withdrawal
from jobs.errors import Refused, UpNeeded
from jobs.releases.pointers import Decided
from jobs.releases.releasing import lacking, release_deployed
from tests.evaluations import against, passed
from tests.jobs.releases.outputs import made, output, served

ADA = Signed(by="Ada", at="2026-11-21T08:00:00Z", reason="the old one is worse")
BARE = made("2", evaluation=None)
LIVE = made("1")


def better(digit: str = "2", **changes: Any) -> ReleaseRecord:
    """A candidate that has passed against ``LIVE``."""
    return passed(made(digit), **{"against": (against("live", LIVE.model_id),), **changes})


def released(candidate: ReleaseRecord, live: ReleaseRecord | None = LIVE, **changes: Any) -> Decided:
    up = output(live=served("1") if live is not None else None, candidate=served("2"), gate=changes.pop("gate", None))
    return release_deployed("clippy", Releases(candidate=candidate, live=live), up, stack="dev", **changes)


class TestWhatIsMissing:
    def test_nothing_of_one_that_passed_against_what_is_live(self) -> None:
        assert released(better()).releases.live == better()

    def test_an_evaluation_names_the_command_for_it_and_the_way_around_it(self) -> None:
        with pytest.raises(Refused, match="has not been evaluated") as caught:
            released(BARE)

        assert caught.value.next_command == "jobs evaluate clippy -s dev"
        assert 'jobs release clippy -s dev --override "why"' in caught.value.details[-1]

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"verdict": "failed", "reasons": ("2 regressions, where 1 is allowed",)}, "2 regressions"),
            ({"verdict": "notShown", "reasons": ("20 examples are too few",)}, "20 examples are too few"),
            ({"model_id": "gpt-4.1-mini-2025-04-14.ft-other"}, "its evaluation is that of gpt-4.1-mini"),
            ({"holdout": "9" * 64}, "by a holdout 99999999"),
            ({"against": (against(),)}, f"it was not compared with {LIVE.model_id}, which is live"),
            ({"against": (against("live", "another"),)}, "it was not compared with"),
        ],
    )
    def test_a_pass_of_this_model_by_its_holdout_against_this_live_one(self, changes: dict[str, Any], why: str) -> None:
        with pytest.raises(Refused) as caught:
            released(better(**changes))

        assert why in str(caught.value)

    def test_no_comparison_where_nothing_is_live_yet(self) -> None:
        assert released(better(against=(against(),)), live=None).changed

    def test_a_gate_that_became_stricter_since_then(self) -> None:
        with pytest.raises(Refused, match=r"minDifference is 0\.1 now, and 0 was asked for") as caught:
            released(better(), gate={"minDifference": 0.1})

        assert caught.value.next_command == "jobs evaluate clippy -s dev"
        assert released(better(), gate={"minDifference": 0.0}).changed

    def test_what_tune_yaml_allowed_elsewhere_is_not_allowed_here(self) -> None:
        """In dev's gate both are one; of a promoted model nobody knows whose it was."""
        lax = better(gate=better().evaluation.gate.model_copy(update={"lower_bound": -0.1}))  # type: ignore[union-attr]  # Evaluated.

        assert list(lacking(lax, LIVE, None, stack="acme/tuned-models/dev")) == []
        assert list(lacking(lax, LIVE, None, stack="prod")) == [
            "the gate is stricter than the one it passed: lowerBound is 0 now, and -0.1 was asked for"
        ]

    def test_a_merge_that_marked_the_live_one_as_put_aside_is_mended_first(self) -> None:
        aside = Withdrawal.model_validate({**ADA.model_dump(), "kind": "rolledBack"})
        with pytest.raises(Refused, match="contradict each other") as caught:
            released(better(), live=LIVE.model_copy(update={"withdrawal": aside}))

        assert caught.value.next_command == "jobs config check -s dev"

    def test_all_of_it_is_told_at_once(self) -> None:
        with pytest.raises(Refused) as caught:
            released(better(against=(against(),)), gate={"maxRegressions": 0, "minDifference": 1.0})

        assert len([each for each in caught.value.details if "stricter" in each]) == 2


class TestOverrides:
    def test_who_when_and_why_stand_in_the_record(self) -> None:
        decided = released(BARE, override=ADA)

        assert decided.releases.live == BARE.model_copy(update={"override": ADA})
        assert "By an override of Ada" in decided.words
        assert "has not been evaluated" in decided.words
        assert obstacle(decided.releases.live) is None

    def test_one_that_is_not_needed_is_not_written(self) -> None:
        decided = released(better(), override=ADA)

        assert decided.releases.live == better()
        assert "nothing to override" in decided.words

    def test_one_of_another_stack_does_not_count_here(self) -> None:
        with pytest.raises(Refused, match="has not been evaluated"):
            released(BARE.model_copy(update={"override": ADA}))

    def test_it_does_not_stand_for_the_up(self) -> None:
        """Nobody releases what could not be tried."""
        with pytest.raises(UpNeeded):
            release_deployed("clippy", Releases(candidate=BARE), output(), stack="dev", override=ADA)


class TestWhatWasLiveBeforeThereWereEvaluations:
    BEFORE = Releases(live=made("1", evaluation=None))

    def test_it_is_refused_with_the_one_command_that_helps(self) -> None:
        with pytest.raises(Refused, match="no up serves it so") as caught:
            release_deployed("clippy", self.BEFORE, output(live=served("1")), stack="dev")

        assert caught.value.next_command == 'jobs release clippy -s dev --override "why"'

    def test_that_command_overrides_it_in_place_and_twice_is_as_once(self) -> None:
        decided = release_deployed("clippy", self.BEFORE, output(live=served("1")), stack="dev", override=ADA)
        again = release_deployed("clippy", decided.releases, output(live=served("1")), stack="dev", override=ADA)

        assert self.BEFORE.live is not None
        assert decided.releases == Releases(live=self.BEFORE.live.model_copy(update={"override": ADA}))
        assert (again.changed, again.releases) == (False, decided.releases)

    def test_a_candidate_that_no_up_can_deploy_meanwhile_stays_the_candidate(self) -> None:
        """The up is refused for the live one's sake: that comes first."""
        both = self.BEFORE.model_copy(update={"candidate": BARE})
        decided = release_deployed("clippy", both, output(live=served("1")), stack="dev", override=ADA)

        assert decided.releases.candidate == BARE
        assert decided.releases.live is not None
        assert decided.releases.live.override == ADA

    def test_one_that_is_up_and_has_not_passed_stays_it_too_and_takes_an_override_of_its_own(self) -> None:
        """A preview names the command for the live model's sake, and whoever types it releases nothing by it."""
        first = released(BARE, live=self.BEFORE.live, override=ADA)
        now = first.releases.live

        assert now is not None
        assert (now.model_id, now.override, first.releases.candidate) == (LIVE.model_id, ADA, BARE)
        assert f"{BARE.model_id} stays the candidate" in first.words
        assert released(BARE, live=now, override=ADA).releases.live == BARE.model_copy(update={"override": ADA})

    def test_a_candidate_that_has_passed_takes_its_place_without(self) -> None:
        assert released(better(), live=self.BEFORE.live).releases.live == better()
