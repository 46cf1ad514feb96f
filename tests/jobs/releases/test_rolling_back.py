"""Which model a rollback puts back, and what becomes of the one that is left."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.evaluation import obstacle
from contract.outputs import ModelOutput
from contract.record_faults import record_faults, record_remarks
from contract.release import ReleaseRecord, Releases, Signed
from contract.serving import deployed_previous
from jobs.errors import Refused, UpNeeded
from jobs.releases.pointers import Decided, put_back, record_candidate, release
from jobs.releases.rolling_back import rollback
from tests.jobs.releases.outputs import GLOBAL, STANDARD, made, output, served

ADA = Signed(by="Ada", at="2026-11-21T08:00:00Z", reason="customers complain")


def former(digit: str, **changes: Any) -> ReleaseRecord:
    return made(digit).model_copy(update={"served_with": STANDARD, **changes})


def back(releases: Releases, up: ModelOutput, to: str | None = None) -> Decided:
    return rollback("clippy", releases, up, ADA, stack="dev", to=made(to).model_id if to else None)


STANDING = Releases(live=made("3"), previous=(former("2"), former("1")))
UP = output(live=served("3"), previous=(served("2"),))


def ids(releases: Releases) -> list[str]:
    """The live one, then the previous ones."""
    return [each.job_id[-1] for each in (releases.live, *releases.previous) if each is not None]


def test_the_newest_that_was_live_is_live_again_and_the_other_heads_previous() -> None:
    """Marked, with who and why, and with the SKU it was served with."""
    decided = back(STANDING, UP)

    assert ids(decided.releases) == ["2", "3", "1"]
    left = decided.releases.previous[0]
    assert left.withdrawal is not None
    assert left.withdrawal.model_dump() == {"kind": "rolledBack"} | ADA.model_dump()
    assert left.served_with == GLOBAL
    assert decided.releases.live == former("2")


def test_the_one_that_is_left_stays_deployed_as_keep_previous_says() -> None:
    after = back(STANDING, UP).releases

    assert [each.job_id[-1] for each in deployed_previous(after, 1)] == ["3"]
    assert [each.job_id[-1] for each in deployed_previous(after, 2)] == ["3", "1"]


def test_nothing_is_moved_on_top_of_what_a_merge_has_left_in_two_places() -> None:
    twice = STANDING.model_copy(update={"previous": (former("3"), *STANDING.previous)})
    with pytest.raises(Refused, match="contradict each other") as caught:
        back(twice, UP)

    assert caught.value.next_command == "jobs config check -s dev"
    assert "stands in more than one place: live, previous[0]" in caught.value.details[0]


def test_it_says_whether_its_deployment_still_stands() -> None:
    assert "deployed still (clippy-22222222 in main)" in back(STANDING, UP).words
    assert "deploys it anew" in back(STANDING, UP, to="1").words
    # On another SKU it has another name.
    other = output(live=served("3"), previous=(served("2", STANDARD),))
    assert "deploys it anew" in back(STANDING, other).words


def test_typed_again_before_an_up_it_changes_nothing() -> None:
    once = back(STANDING, UP).releases
    again = back(once, UP)

    assert (again.changed, again.releases) == (False, once)
    assert "rolled back by Ada" in again.words
    assert not back(once, UP, to="2").changed


def test_before_an_up_it_is_taken_back_by_the_name_of_what_is_served_as_if_it_had_not_been() -> None:
    """The one that was put back was not served meanwhile, so nothing is said against it."""
    once = back(STANDING, UP).releases
    undone = back(once, UP, to="3")

    assert undone.changed
    assert undone.releases == STANDING.model_copy(update={"live": former("3", served_with=GLOBAL)})
    assert not back(undone.releases, UP, to="3").changed


def test_after_the_up_it_goes_further_back_and_never_to_what_was_rolled_back() -> None:
    once = back(STANDING, UP).releases
    twice = back(once, output(live=served("2"), previous=(served("3"),))).releases

    assert ids(twice) == ["1", "2", "3"]
    with pytest.raises(Refused, match="no model to go back to") as caught:
        back(twice, output(live=served("1"), previous=(served("2"),)))
    assert [each.split()[1] for each in caught.value.details] == [made("2").model_id, made("3").model_id]


def test_a_release_that_is_not_up_yet_is_not_taken_for_a_rollback() -> None:
    with pytest.raises(UpNeeded, match="not deployed as such yet") as caught:
        back(STANDING, output(live=served("2")))

    assert caught.value.next_command == "pulumi up -s dev"
    assert ids(back(STANDING, output(live=served("2")), to="2").releases) == ["2", "3", "1"]


def test_what_was_rolled_back_is_live_again_where_it_is_named() -> None:
    once = back(STANDING, UP).releases
    again = back(once, output(live=served("2"), previous=(served("3"),)), to="3").releases

    assert ids(again) == ["3", "2", "1"]
    assert again.live is not None
    assert again.live.withdrawal is None


def test_what_was_put_aside_or_was_never_live_is_passed_over_and_refused_by_name() -> None:
    withdrawn = made("5", withdrawal={"kind": "withdrawn", **ADA.model_dump()})
    before = STANDING.model_copy(update={"previous": (withdrawn, made("4"), *STANDING.previous)})

    assert ids(back(before, UP).releases) == ["2", "3", "5", "4", "1"]
    with pytest.raises(Refused, match=r"was not live before: it is withdrawn \(by Ada"):
        back(before, UP, to="5")
    with pytest.raises(Refused, match="was not live before: it was never live"):
        back(before, UP, to="4")


def test_a_candidate_is_left_alone_and_is_no_way_back() -> None:
    before = STANDING.model_copy(update={"candidate": made("6")})

    assert back(before, UP).releases.candidate == made("6")
    with pytest.raises(Refused, match="it is the candidate, and is released") as caught:
        back(before, UP, to="6")
    assert caught.value.next_command == "jobs release clippy -s dev"


def test_an_unknown_model_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(Refused, match="it is not recorded") as caught:
        back(STANDING, UP, to="9")

    assert caught.value.details == (f"--to {made('2').model_id}", f"--to {made('1').model_id}")


def test_where_nothing_is_live_nothing_is_rolled_back() -> None:
    with pytest.raises(Refused, match="nothing is live"):
        back(Releases(previous=(former("1"),)), UP)


def test_one_that_was_never_evaluated_is_live_again_by_an_override_that_says_so() -> None:
    """Nobody waits for an evaluation at night."""
    old = former("2", evaluation=None)
    live = back(STANDING.model_copy(update={"previous": (old,)}), UP).releases.live

    assert live is not None
    assert obstacle(live) is None
    assert live.override is not None
    assert (live.override.by, live.override.reason) == (
        "Ada",
        "rolled back, though it has not been evaluated: customers complain",
    )


@given(st.lists(st.sampled_from(["back", "release", *"012345"]), max_size=30))
def test_no_record_is_lost_or_doubled_and_what_stands_is_sound(moves: list[str]) -> None:
    """Whatever is done in whatever order, with an up after each move."""
    releases = Releases()
    ever: set[str] = set()
    for move in moves:
        try:
            if move == "back":
                target = next((each for each in releases.previous if each.served_with and not each.withdrawal), None)
                decided = put_back(releases, target, GLOBAL, ADA) if target is not None else None
            elif move == "release":
                decided = release(releases, GLOBAL)
            else:
                own = {"runKey": "0123abcd" + move * 56, "trainedAt": f"2026-11-20T10:02:0{len(ever) % 10}Z"}
                decided = record_candidate(releases, made(move, **own), signed=ADA)
                ever |= {made(move).model_id}
        except Refused:
            continue
        releases = decided.releases if decided is not None else releases
        assert sorted(each.model_id for each in releases.records()) == sorted(ever)
        assert record_faults({"clippy": releases}) == []
        assert not any("after the one before" in each.message for each in record_remarks({"clippy": releases}))
