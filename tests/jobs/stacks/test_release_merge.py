"""Releases of two branches made one: together where both can be had, else a conflict in words."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from contract.release import Releases
from jobs.stacks import release_lines
from jobs.stacks.release_edit import Misrecorded, edited
from jobs.stacks.release_lines import KEY
from jobs.stacks.release_merge import merged
from jobs.stacks.yaml_span import Document, Unwritable
from tests.jobs.stacks.branches import (
    CHANGES,
    FORMER,
    SKU,
    STATES,
    fresh_text_of,
    made,
    merged_as_text,
    overrides,
    pairs,
    read,
    records,
    releases_it,
    signed,
    text_of,
    withdraws,
)


def _merged(base: Releases, ours: Releases, theirs: Releases) -> Releases | tuple[str, ...]:
    """Of the one model clippy."""
    found = merged({"clippy": base}, {"clippy": ours}, {"clippy": theirs})
    return found.conflicts["clippy"] if found.conflicts else found.releases.get("clippy", Releases())


def _conflict(base: Releases, ours: Releases, theirs: Releases) -> str:
    """The one reason why it is a conflict."""
    [why] = merged({"clippy": base}, {"clippy": ours}, {"clippy": theirs}).conflicts["clippy"]
    return why


class TestWhatGoesTogether:
    @pytest.mark.parametrize("state", STATES)
    @pytest.mark.parametrize("change", ["records X", "releases", "Ada withdraws", "forgets the last"])
    def test_what_one_branch_alone_has_done_is_taken(self, state: str, change: str) -> None:
        base = STATES[state]
        try:
            changed = CHANGES[change](base)
        except Exception:  # noqa: BLE001 - nothing there to release or to withdraw
            return

        assert _merged(base, changed, base) == changed
        assert _merged(base, base, changed) == changed
        assert _merged(base, changed, changed) == changed

    def test_different_models_of_two_branches(self) -> None:
        x, y = Releases(candidate=made("X", "alpha")), Releases(candidate=made("Y", "beta"))
        found = merged({}, {"alpha": x}, {"beta": y})

        assert (found.releases, found.conflicts) == ({"alpha": x, "beta": y}, {})

    def test_a_release_here_and_a_remark_there_follow_the_record(self) -> None:
        """The live model that is overridden there is a former one here."""
        base = STATES["both"]
        found = _merged(base, releases_it(base), overrides("live")(base))

        assert isinstance(found, Releases)
        assert (found.live, found.candidate) == (base.candidate, None)
        assert [each.override for each in found.previous] == [signed("Bob")]
        assert [each.served_with for each in found.previous] == [SKU]

    def test_a_branch_that_goes_on_from_what_the_other_has_recorded(self) -> None:
        """After a squashed merge neither side's record is in the base."""
        base = STATES["live"]
        recorded = records("X")(base)

        assert _merged(base, recorded, releases_it(recorded)) == releases_it(recorded)

    def test_previous_stays_newest_first(self) -> None:
        base = STATES["all"]
        ours = withdraws("Ada")(base)
        theirs = base.model_copy(update={"previous": (*base.previous, made("imported", day=10))})
        found = _merged(base, ours, theirs)

        assert isinstance(found, Releases)
        assert base.candidate is not None
        assert [each.model_id for each in found.previous] == [
            base.candidate.model_id,
            made("imported", day=10).model_id,
            *(each.model_id for each in FORMER),
        ]


class TestWhatAPersonDecides:
    def test_another_candidate_on_each_branch(self) -> None:
        """Neither is taken for being the younger one."""
        base = STATES["live"]
        why = _conflict(base, records("X")(base), records("Y")(base))

        trained = "(trained 2026-11-20T10:02:03Z)"
        assert why == (
            f"both have put another model in the role candidate: ours {made('X').model_id} {trained}, theirs "
            f"{made('Y').model_id} {trained}. Keep one there; the other one goes to previous, with a withdrawal that "
            "says why"
        )

    def test_released_here_and_withdrawn_there(self) -> None:
        base = STATES["both"]
        why = _conflict(base, releases_it(base), withdraws("Ada")(base))

        assert base.candidate is not None
        assert why.startswith(
            f"{base.candidate.model_id} is live by ours and withdrawn (not good enough) by theirs: keep it in the one"
        )

    def test_removed_here_and_changed_there(self) -> None:
        base = STATES["both"]
        ours = base.model_copy(update={"candidate": None})
        why = _conflict(base, ours, overrides("candidate")(base))

        assert "was removed by ours, and changed by theirs" in why

    def test_another_reason_on_each_branch(self) -> None:
        base = STATES["a candidate"]
        why = _conflict(base, withdraws("Ada")(base), withdraws("Bob")(base))

        assert why.endswith("has another withdrawal by ours than by theirs: keep one")


def test_both_ways_round_come_to_the_same() -> None:
    """Whose side is called ours decides nothing but words."""
    for pair in pairs():
        one, other = _merged(*pair[1:]), _merged(pair.base, pair.theirs, pair.ours)

        assert isinstance(one, Releases) == isinstance(other, Releases), pair.name
        if isinstance(one, Releases):
            assert one == other, pair.name


def test_a_record_of_the_former_order_goes_over_to_no_other_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that people have are not rewritten: a record keeps the order of its facts until it moves."""
    state = STATES["a candidate"]
    with monkeypatch.context() as patch:
        patch.setattr(release_lines, "_FIRST", ("schemaVersion", "modelId", "parentModelId", "checkpoint", "jobId"))
        base = fresh_text_of(state)
    assert base.partition(b"candidate:\n")[2].lstrip().startswith(b"schemaVersion")
    others = {"writer": Releases(live=made("w", "writer"))}

    def changed(releases: Releases) -> bytes:
        return edited(Document.parse(base, KEY), {"clippy": releases, **others})

    for ours, theirs in combinations([records("X"), releases_it, withdraws("Ada"), overrides("candidate")], 2):
        text = merged_as_text(tmp_path, base, changed(ours(state)), changed(theirs(state)))
        assert text is None or read(text)["clippy"] == _merged(state, ours(state), theirs(state))


def test_no_text_merge_goes_wrong_without_a_word(tmp_path: Path) -> None:
    """Where git merges the lines cleanly without any driver, it has come to the right thing, or it is found afterwards:
    the file can't be read, or one model stands in two places."""
    clean = right = 0
    for pair in pairs():
        if pair.base is STATES["both"]:
            continue  # All that can be done there is done to "all", too.
        text = merged_as_text(tmp_path, *(text_of(each) for each in pair[1:]))
        if text is None:
            continue
        clean += 1
        try:
            found = read(text)["clippy"]
        except (Unwritable, Misrecorded):
            continue
        model_ids = [each.model_id for each in found.records()]
        if len(set(model_ids)) == len(model_ids):
            right += 1
            assert found == _merged(*pair[1:]), pair.name
    assert (clean, right) > (20, 20)
