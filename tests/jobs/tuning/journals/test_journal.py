"""What a journal says, how it is stored, and that what was stored is read by every later version."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from jobs.errors import Unreadable
from jobs.ports import Job, JobStatus
from jobs.tuning.journals import attempts
from jobs.tuning.journals.journal import (
    Attempt,
    BegunUpload,
    Entry,
    Journal,
    KnownJob,
    Step,
    blob_name,
    is_journal,
    read_journal,
)
from tests.jobs.doubles import START
from tests.jobs.specimens import BASE, intent, run

KEY = run().key
STORED = (Path(__file__).parent / "journal_v1.json").read_text()
"""As version 1 writes it. It lies in teams' storage: this text stays as it is, and is read for ever."""


def test_what_version_1_stored_is_read() -> None:
    read = read_journal(STORED.encode(), "x.json")

    assert (read.run_key, read.model, read.job_ids()) == (KEY, "clippy", ("ftjob-1",))
    assert read.last.intent.system_message == "Be kind."
    assert read.last.intent.hyperparameters.epochs == 2
    assert read.last.step is Step.RECORDED


def test_it_is_stored_as_version_1_is_read() -> None:
    """A change to what is written would need another schemaVersion."""
    read = read_journal(STORED.encode(), "x.json")

    assert read_journal(read.content(), "x.json") == read
    written, told = json.loads(read.content()), json.loads(STORED)
    assert written.keys() == told.keys()
    assert written["attempts"][0].keys() == told["attempts"][0].keys()
    assert written["lease"] == told["lease"]


def test_a_journal_of_a_newer_version_is_left_to_it() -> None:
    with pytest.raises(Unreadable, match="another version of jobs"):
        read_journal(STORED.replace('"schemaVersion": 1', '"schemaVersion": 2').encode(), "x.json")


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff", b'{"schemaVersion": 1}'])
def test_what_is_no_journal_is_refused_with_its_name(content: bytes) -> None:
    with pytest.raises(Unreadable, match=r"x\.json in the stack's storage"):
        read_journal(content, "x.json")


def test_what_is_no_journal_is_refused_with_what_helps_and_a_newer_one_is_not_to_be_deleted() -> None:
    name = f"{'0' * 64}.json"
    with pytest.raises(Unreadable) as broken:
        read_journal(b"{", name)
    with pytest.raises(Unreadable) as newer:
        read_journal(b'{"schemaVersion": 2}', name)

    assert "or delete it (container runs)" in str(broken.value)
    assert "(found '{')" in str(broken.value)
    assert "delete" not in str(newer.value)


def test_plans_are_no_journals() -> None:
    assert is_journal(blob_name(KEY))
    assert not is_journal(f"{KEY}/plan.json")
    assert not is_journal("../" + "a" * 61 + ".json")


class TestSteps:
    """How far an attempt is."""

    def test_each_step_is_told_apart(self) -> None:
        attempt = Attempt(intent=intent())
        reached = [attempt.step]
        known = KnownJob(id="ftjob-1", at="2026-11-20T09:00:00Z", how="submitted")
        changes: list[Callable[[Attempt], Attempt]] = [
            lambda each: attempts.stored(each, "train", START),
            lambda each: attempts.submitting(each, START),
            lambda each: attempts.submitted(each, known),
        ]
        for change in changes:
            attempt = change(attempt)
            reached.append(attempt.step)
        journal = Journal(run_key=KEY, model="clippy", attempts=(attempt,))
        done = Job("ftjob-1", JobStatus.parse("succeeded"), BASE, START, fine_tuned_model="m.ft-1")
        journal = attempts.seen(journal, done, START)
        reached.append(journal.last.step)
        entry = Entry(role="candidate", at="2026-11-20T09:00:00Z", by="Ada")
        reached.append(attempts.recorded(journal, "ftjob-1", entry).last.step)

        assert reached == list(Step)

    def test_who_asked_for_a_job_and_saw_no_answer_has_left_it_unsettled(self) -> None:
        asked = attempts.submitting(Attempt(intent=intent()), START)

        assert asked.unsettled
        assert not attempts.not_submitted(asked).unsettled

    def test_the_same_change_twice_is_one(self) -> None:
        """The storage's answer may be lost."""
        later = START + timedelta(minutes=1)
        known = KnownJob(id="ftjob-1", at="2026-11-20T09:00:00Z", how="submitted")
        attempt = Attempt(intent=intent())
        changes: list[Callable[[Attempt, datetime], Attempt]] = [
            lambda each, at: attempts.stored(each, "train", at),
            lambda each, at: attempts.sent(each, "train", "file-1", at),
            lambda each, _: attempts.submitted(each, known),
        ]
        for change in changes:
            assert change(change(attempt, START), later) == change(attempt, START)

    def test_one_request_for_the_job_is_noted_once(self) -> None:
        """What its answer was lost is written again as it was; another request comes later."""
        once = attempts.submitting(Attempt(intent=intent()), START)

        assert attempts.submitting(once, START) == once
        assert len(attempts.submitting(once, START + timedelta(seconds=2)).submitting) == 2


class TestUploads:
    """A dataset on its way into the account, for whoever goes on with it."""

    BEGUN = BegunUpload(
        at="2026-11-20T09:00:00Z",
        id="fine-tune-1",
        expires="2026-11-20T11:00:00Z",
        part_size=16_777_216,
        parts=("uplprt-1", "uplprt-2"),
    )

    def test_one_in_parts_is_stored_with_its_parts_in_their_order(self) -> None:
        attempt = attempts.uploading(Attempt(intent=intent()), "train", self.BEGUN)
        journal = Journal(run_key=KEY, model="clippy", attempts=(attempt,))
        written = json.loads(journal.content())["attempts"][0]["uploads"]

        assert written == {
            "train": {
                "at": "2026-11-20T09:00:00Z",
                "id": "fine-tune-1",
                "expires": "2026-11-20T11:00:00Z",
                "partSize": 16777216,
                "parts": ["uplprt-1", "uplprt-2"],
            }
        }
        assert read_journal(journal.content(), "x.json").last.uploads == {"train": self.BEGUN}

    def test_one_that_has_become_a_file_is_none_any_more(self) -> None:
        attempt = attempts.uploading(Attempt(intent=intent()), "train", self.BEGUN)
        attempt = attempts.uploading(attempt, "validation", self.BEGUN)

        sent = attempts.sent(attempt, "train", "file-1", START)
        again = attempts.sent(attempts.uploading(sent, "train", self.BEGUN), "train", "file-1", START)

        assert set(sent.uploads) == set(again.uploads) == {"validation"}


class TestAttempts:
    """A run that is begun goes on in the attempt that is open; what has a job is another attempt."""

    def journal(self, job: str | None = None) -> Journal:
        attempt = Attempt(intent=intent(), stored={"train": "2026-11-20T09:00:00Z"})
        if job is not None:
            attempt = attempts.submitted(attempt, KnownJob(id=job, at="2026-11-20T09:00:00Z", how="submitted"))
        return Journal(run_key=KEY, model="clippy", attempts=(attempt,))

    def test_an_open_one_goes_on_with_what_is_there(self) -> None:
        again = attempts.begun(self.journal(), run(), Attempt(intent=intent(estimated=2.0)))

        assert len(again.attempts) == 1
        assert again.last.stored == self.journal().last.stored
        assert again.last.intent.estimated == 2.0

    def test_one_with_a_job_is_followed_by_another(self) -> None:
        assert len(attempts.begun(self.journal("ftjob-1"), run(), Attempt(intent=intent())).attempts) == 2

    def test_a_job_that_somebody_submitted_belongs_to_the_open_one(self) -> None:
        job = Job("ftjob-1", JobStatus.parse("running"), BASE, START)
        taken = attempts.adopted(self.journal(), run(), Attempt(intent=intent()), job, START)

        assert taken.job_ids() == ("ftjob-1",)
        assert len(taken.attempts) == 1
        assert attempts.adopted(taken, run(), Attempt(intent=intent()), job, START) == taken

    def test_but_not_a_job_that_was_there_before_it(self) -> None:
        """`--new` was begun, and nothing came of it."""
        open_anew = self.journal().with_last(lambda last: last.model_copy(update={"before": ("ftjob-1",)}))
        job = Job("ftjob-1", JobStatus.parse("running"), BASE, START)
        taken = attempts.adopted(open_anew, run(), Attempt(intent=intent()), job, START)

        assert [each.job is None for each in taken.attempts] == [True, False]


class TestWhatOthersWrote:
    """Whoever may train may write into the container."""

    @pytest.mark.parametrize(
        "name",
        [
            "../../x.json",
            "a" * 64,
            f"{'a' * 63}/.json",
            f"{'A' * 64}.json",
            "\x1b" * 64 + ".json",
            f"{'a' * 64}.json\n",
        ],
    )
    def test_a_blob_of_another_name_is_no_journal(self, name: str) -> None:
        assert not is_journal(name)

    def test_the_journal_of_another_run_under_a_runs_name_is_refused(self) -> None:
        with pytest.raises(Unreadable, match="the journal of another run"):
            read_journal(STORED.encode(), blob_name("f" * 64))

    @pytest.mark.parametrize(
        "wrong",
        [
            "[" * 100_000,
            STORED.replace('"seconds": 120', '"seconds": 999999999999'),
            STORED.replace('"seconds": 120', '"seconds": -1'),
            STORED.replace('"seed": 42', f'"seed": {"9" * 5000}'),
            STORED.replace("1.25", "NaN"),
            STORED.replace("1.25", "1e999"),
            STORED.replace("Ada@build", "Ada\\u001b[2J"),
            STORED.replace("ftjob-1", "ftjob-1\\u009b31m"),
            "\x00",
            "",
        ],
    )
    def test_what_is_no_journal_is_refused_without_a_traceback(self, wrong: str) -> None:
        with pytest.raises(Unreadable):
            read_journal(wrong.encode(), "x.json")
