"""A dataset is sent once, to each place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from jobs.errors import DeadlinePassed, RunFailed, Unavailable, Unsettled
from jobs.ports import FileStatus, StoredFile
from jobs.tuning.files.upload import ensure, store, stored_files
from jobs.tuning.patience import Patience
from tests.jobs.doubles import START, HandClock, KeptBlobs, ScriptedService

CONTENT = b'{"messages": []}\n'
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    path = tmp_path / "training_set.jsonl"
    path.write_bytes(CONTENT)
    return path


def patience(clock: HandClock) -> Patience:
    return Patience(clock, START + timedelta(hours=24), lambda *_: None)


def sent(service: ScriptedService, dataset: Path) -> tuple[StoredFile, bool]:
    waiting = patience(service.clock)
    return ensure(service, dataset, DIGEST, stored_files(service, waiting), waiting)


def there(status: FileStatus, filename: str = f"{DIGEST[:32]}.jsonl", purpose: str = "fine-tune") -> StoredFile:
    return StoredFile("file-1", filename, purpose, len(CONTENT), status)


def test_the_blob_is_named_by_the_whole_digest_and_sent_once(dataset: Path) -> None:
    blobs = KeptBlobs()

    assert store(blobs, dataset, DIGEST, patience(HandClock()))
    assert not store(blobs, dataset, DIGEST, patience(HandClock()))
    assert blobs.blobs == {f"{DIGEST}.jsonl": CONTENT}


def test_the_file_is_named_by_32_hex_of_the_digest_and_waited_for(dataset: Path) -> None:
    service = ScriptedService(file_script=["pending", "running", "processed"])
    file, was_sent = sent(service, dataset)

    assert was_sent
    assert (file.filename, file.status) == (f"{DIGEST[:32]}.jsonl", FileStatus.PROCESSED)
    assert service.clock.slept == [5, 5]


@pytest.mark.parametrize("status", [FileStatus.PROCESSED, FileStatus.PENDING, FileStatus.RUNNING])
def test_a_file_that_is_there_is_reused(status: FileStatus, dataset: Path) -> None:
    service = ScriptedService(stored=[there(status)])
    file, was_sent = sent(service, dataset)

    assert (file.id, was_sent) == ("file-1", False)
    assert service.calls == []


@pytest.mark.parametrize(
    "other",
    [
        there(FileStatus.ERROR),
        there(FileStatus.DELETED),
        there(FileStatus.PROCESSED, filename="other.jsonl"),
        there(FileStatus.PROCESSED, purpose="batch"),
    ],
    ids=["in error", "deleted", "other data", "other purpose"],
)
def test_a_file_of_no_use_is_not(other: StoredFile, dataset: Path) -> None:
    _, was_sent = sent(ScriptedService(stored=[other]), dataset)

    assert was_sent


def test_a_file_the_service_cannot_process_fails_the_run(dataset: Path) -> None:
    with pytest.raises(RunFailed, match="error"):
        sent(ScriptedService(file_script=["error"]), dataset)


def test_a_file_that_is_never_processed_ends_after_30_minutes(dataset: Path) -> None:
    service = ScriptedService(file_script=["pending"])

    with pytest.raises(DeadlinePassed):
        sent(service, dataset)
    assert service.clock.now() == START + timedelta(minutes=30)


@pytest.mark.parametrize("hint", [0.0, 0.001, 600.0, 86_400.0])
def test_no_hint_of_the_services_makes_it_wait_for_longer_or_for_ever(dataset: Path, hint: float) -> None:
    """One of a day is no reason to sleep for a day, and one of no time none to ask without a pause."""

    class Hinting(ScriptedService):
        asked = 0

        def file(self, file_id: str) -> StoredFile:
            self.asked += 1
            return replace(super().file(file_id), next_poll=hint)

    service = Hinting(file_script=["pending"])
    with pytest.raises(DeadlinePassed):
        sent(service, dataset)

    assert service.clock.now() == START + timedelta(minutes=30)
    assert service.asked < 1500


def test_a_lost_answer_to_an_upload_leaves_one_file(dataset: Path) -> None:
    service = ScriptedService(upload_error=Unsettled("lost"), upload_takes_effect=True)
    sent(service, dataset)

    assert len(service.stored) == 1
    assert len(service.calls) == 1


def test_an_upload_that_did_not_arrive_is_sent_again(dataset: Path) -> None:
    for error in (Unsettled("lost"), Unavailable("busy")):
        service = ScriptedService(upload_error=error)
        sent(service, dataset)

        assert len(service.stored) == 1
        assert len(service.calls) == 2


def test_an_upload_whose_answer_was_lost_is_looked_for_before_it_is_sent_again(dataset: Path) -> None:
    """The list of files fails too at first: as long as nobody could look, nothing is sent a second time."""

    class Unlisted(ScriptedService):
        looks = 0

        def files(self) -> Iterator[StoredFile]:
            self.looks += 1
            if self.looks == 2:
                raise Unavailable("busy")
            return super().files()

    service = Unlisted(upload_error=Unsettled("lost"), upload_takes_effect=True)
    sent(service, dataset)

    assert len(service.stored) == 1
    assert len(service.calls) == 1
    assert service.looks > 2
