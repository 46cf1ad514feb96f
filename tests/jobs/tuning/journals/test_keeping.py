"""Two who work on one run meet at its journal: one holds it, the other waits; who is taken over does nothing more."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.errors import DeadlinePassed, JobsError, Unavailable, Unreadable
from jobs.tuning.journals import attempts
from jobs.tuning.journals.holder import Holder, has_died, this_process
from jobs.tuning.journals.journal import Attempt, Journal, KnownJob, blob_name
from jobs.tuning.journals.keeping import LEASE, Held, HeldClock, Keeper, TakenOver, journals
from jobs.tuning.patience import Patience
from tests.jobs.doubles import START, HandClock, KeptBlobs
from tests.jobs.specimens import intent, run

KEY = run().key
SILENT = LEASE.total_seconds() + 1


class Storage(KeptBlobs):
    """Loses the answers that a test names by their number: the write has happened."""

    def __init__(self, lost: set[int] | None = None) -> None:
        super().__init__(clock=HandClock())
        self.lost = lost or set()
        self.asked = 0

    def create(self, name: str, content: bytes) -> str | None:
        return self._told(super().create(name, content))

    def replace(self, name: str, content: bytes, etag: str) -> str | None:
        return self._told(super().replace(name, content, etag))

    def _told(self, etag: str | None) -> str | None:
        self.asked += 1
        if self.asked in self.lost:
            raise Unavailable("the connection broke")
        return etag

    def keeper(self, name: str, process: str | None = None, minutes: int = 60) -> Keeper:
        patience = Patience(self.clock, self.clock.now() + timedelta(minutes=minutes), lambda *_: None)
        return Keeper(self, KEY, patience, Holder(name, token=name, process=process))

    def journal(self) -> Journal:
        return Journal.model_validate_json(self.blobs[blob_name(KEY)])


def begin(found: Journal | None) -> Journal:
    return attempts.begun(found, run(), Attempt(intent=intent()))


def held(storage: Storage, name: str = "ada@build") -> Keeper:
    keeper = storage.keeper(name)
    keeper.hold(begin)
    return keeper


def submitted(keeper: Keeper, job: str = "ftjob-1") -> None:
    known = KnownJob(id=job, at="2026-11-20T09:00:00Z", how="submitted")
    keeper.update(lambda last: attempts.submitted(last, known))


def test_the_second_one_is_told_who_holds_the_run() -> None:
    storage = Storage()
    held(storage)
    storage.clock.sleep(30)

    with pytest.raises(Held) as caught:
        storage.keeper("bob@ci").hold(begin)
    assert caught.value.lease.holder == "ada@build"
    assert caught.value.lease.until == "2026-11-20T09:02:00Z"
    assert caught.value.seconds == LEASE.total_seconds() - 30


def test_it_waits_and_finds_the_run_submitted() -> None:
    storage = Storage()
    ada = held(storage)
    told: list[Held] = []
    storage.clock.before_sleep = lambda: submitted(ada)
    journal = storage.keeper("bob@ci").hold_when_free(begin, lambda each: each.last.job is not None, told.append)

    assert journal is None
    assert [each.lease.holder for each in told] == ["ada@build"]


def test_who_is_silent_for_too_long_is_taken_over_and_finds_out() -> None:
    storage = Storage()
    ada = held(storage)
    storage.clock.sleep(SILENT)
    bob = held(storage, "bob@ci")

    with pytest.raises(TakenOver, match="bob@ci has taken this run over"):
        submitted(ada)
    submitted(bob, "ftjob-2")
    assert storage.journal().job_ids() == ("ftjob-2",)
    assert bob.silence == timedelta(seconds=SILENT)


def test_waiting_keeps_the_run_held() -> None:
    storage = Storage()
    ada = held(storage)
    HeldClock(storage.clock, ada).sleep(10 * SILENT)

    with pytest.raises(Held):
        storage.keeper("bob@ci").hold(begin)


def test_who_has_let_go_is_waited_for_no_more() -> None:
    storage = Storage()
    held(storage).release()

    assert held(storage, "bob@ci").journal.lease is not None


def test_whose_process_has_died_on_this_machine_is_taken_over_at_once() -> None:
    storage = Storage()
    place = (this_process() or "nowhere/0").rpartition("/")[0]
    # No process has a number beyond the system's largest.
    storage.keeper("dead@here", process=f"{place}/{2**22 + 1}").hold(begin)

    if this_process() is None:
        pytest.skip("this system does not tell processes of one boot from others")
    held(storage, "bob@here")


def test_a_process_is_known_to_have_died_only_on_its_own_machine() -> None:
    assert not has_died(f"another-boot/pid:[1]/{os.getpid()}")
    assert not has_died(this_process())
    assert not has_died(None)
    assert not has_died("nonsense")


def test_the_deadline_ends_the_waiting() -> None:
    storage = Storage()
    ada = held(storage)
    storage.clock.before_sleep = ada.alive

    with pytest.raises(DeadlinePassed, match="ada@build still works on this run"):
        storage.keeper("bob@ci", minutes=10).hold_when_free(begin, lambda _: False, lambda _: None)


@given(lost=st.sets(st.integers(1, 8)))
def test_a_write_whose_answer_is_lost_is_done_once(lost: set[int]) -> None:
    storage = Storage(lost)
    ada = held(storage)
    submitted(ada)
    ada.update(lambda last: attempts.stored(last, "train", START))
    ada.release()

    journal = storage.journal()
    assert (len(journal.attempts), journal.job_ids()) == (1, ("ftjob-1",))
    assert journal.last.stored.keys() == {"train"}


class TestNotes:
    """What is seen is noted by whoever sees it, and not while somebody holds the run."""

    def test_it_is_written_beside_what_others_noted(self) -> None:
        storage = Storage()
        ada = held(storage)
        ada.release()
        for name in ("train", "validation"):
            storage.keeper(name).note(
                lambda found, name=name: found and found.with_last(lambda last: attempts.stored(last, name, START))  # type: ignore[misc]  # mypy has no types for defaults of a lambda.
            )

        assert storage.journal().last.stored.keys() == {"train", "validation"}

    def test_not_while_somebody_holds_it(self) -> None:
        storage = Storage()
        held(storage)
        before = storage.blobs.copy()
        storage.keeper("bob@ci").note(
            lambda found: found and found.with_last(lambda last: attempts.stored(last, "train", START))
        )

        assert storage.blobs == before

    def test_nothing_new_writes_nothing(self) -> None:
        storage = Storage()
        held(storage).release()
        writes = storage.writes
        storage.keeper("bob@ci").note(lambda found: found)

        assert storage.writes == writes


def test_all_journals_are_found_and_what_is_none_is_named() -> None:
    storage = Storage()
    held(storage)
    storage.put(f"{KEY}/plan.json", b"{}")
    storage.put(blob_name("f" * 64), b"{}")
    shelf = journals(storage, storage.keeper("bob@ci").patience)

    assert [each.run_key for each in shelf.journals] == [KEY]
    (broken,) = shelf.unreadable
    assert isinstance(broken, JobsError)
    assert blob_name("f" * 64) in broken.what


def test_what_evaluations_keep_beside_is_passed_over_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers and scorecards lie in the same container."""
    storage = Storage()
    held(storage)
    for name in (
        "answers/clippy/0123456789abcdef/20261121T090000Z-0a1b2c3d-000001.jsonl",
        f"evaluations/clippy/{KEY}.json",
    ):
        storage.put(name, b"{}")
    read: list[str] = []
    get = storage.get

    def noted(name: str) -> bytes | None:
        read.append(name)
        return get(name)

    monkeypatch.setattr(storage, "get", noted)
    shelf = journals(storage, storage.keeper("bob@ci").patience)

    assert [each.run_key for each in shelf.journals] == [KEY]
    assert shelf.unreadable == ()
    assert read == [blob_name(KEY)]


def test_a_blob_that_is_too_large_to_be_a_journal_keeps_nobody_from_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    storage = Storage()
    held(storage)
    storage.put(blob_name("f" * 64), b"")
    get = storage.get

    def refusing(name: str) -> bytes | None:
        if name == blob_name("f" * 64):
            raise Unreadable("blob f has 10,485,760 bytes")
        return get(name)

    monkeypatch.setattr(storage, "get", refusing)
    shelf = journals(storage, storage.keeper("bob@ci").patience)

    assert [each.run_key for each in shelf.journals] == [KEY]
    assert len(shelf.unreadable) == 1
