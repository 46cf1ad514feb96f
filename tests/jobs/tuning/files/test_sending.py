"""A dataset becomes one file of the account, by the way that its size asks for, whatever is interrupted or lost."""

from __future__ import annotations

import hashlib
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeVar

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jobs.errors import CloudFailed, Refused, RunFailed, ServiceRefused, Unavailable, Unsettled, Unsupported
from jobs.ports import BlobVersion, FileStatus, Job, JobStatus, OpenUpload, Secret, StoredFile
from jobs.tuning.files import file_parts, sending
from jobs.tuning.files.sending import Sending, Steps
from jobs.tuning.files.upload import blob_name, ensure, file_name, store, stored_files
from jobs.tuning.journals.journal import BegunUpload
from jobs.tuning.patience import Patience
from tests.jobs.doubles import START, HandClock, KeptBlobs, ScriptedService
from tests.jobs.large_files import SIGNATURE
from tests.jobs.tuning.references import KeptBlob, referenced

LARGE, LARGEST_WHOLE, PART = 1000, 3000, 256
"""In place of 100 MB, 512 MB and 16 MiB."""
CONTENT = bytes(range(256)) * 4 + b"end"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
NAME = file_name(DIGEST)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "LARGE", LARGE)
    monkeypatch.setattr(sending, "LARGEST_WHOLE", LARGEST_WHOLE)
    monkeypatch.setattr(file_parts, "PART", PART)


def patience(clock: HandClock) -> Patience:
    return Patience(clock, START + timedelta(hours=24), lambda *_: None)


@dataclass
class Journal:
    """What is kept of an upload, and what was said and told."""

    begun: BegunUpload | None = None
    said: list[str] = field(default_factory=list)
    told: list[tuple[int, int]] = field(default_factory=list)

    def steps(self, silence: timedelta = timedelta(0)) -> Steps:
        return Steps(self.begun, silence, self.keep, lambda *both: self.told.append(both), self.said.append)

    def keep(self, begun: BegunUpload) -> None:
        self.begun = begun


@dataclass
class Scene:
    """An account, the storage in which the dataset lies already, and a journal."""

    dataset: Path
    service: ScriptedService = field(default_factory=ScriptedService)
    journal: Journal = field(default_factory=Journal)
    blobs: KeptBlobs = field(default_factory=lambda: KeptBlobs({blob_name(DIGEST): CONTENT}))

    def imports(self) -> Scene:
        self.service.storage = self.blobs
        return self

    def takes_parts(self) -> Scene:
        self.service.takes_parts = True
        return self

    def send(self, silence: timedelta = timedelta(0)) -> StoredFile:
        waiting = patience(self.service.clock)
        files = stored_files(self.service, waiting)
        steps = self.journal.steps(silence)
        return ensure(self.service, self.dataset, DIGEST, files, waiting, steps=steps, blobs=self.blobs)[0]

    def verbs(self) -> list[str]:
        return [call.split()[0] for call in self.service.calls]


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    dataset = tmp_path / "training_set.jsonl"
    dataset.write_bytes(CONTENT)
    return Scene(dataset)


EARLIER = START - timedelta(hours=1)


class TestTheWay:
    def test_a_small_file_goes_whole(self, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sending, "LARGE", len(CONTENT) + 1)
        scene.imports().takes_parts().send()

        assert scene.verbs() == ["upload"]

    def test_a_large_one_is_fetched_from_the_storage(self, scene: Scene) -> None:
        file = scene.imports().takes_parts().send()

        assert scene.verbs() == ["import"]
        assert (file.status, scene.service.contents[file.id]) == (FileStatus.PROCESSED, CONTENT)

    def test_where_imports_are_not_offered_it_goes_in_parts(self, scene: Scene) -> None:
        file = scene.takes_parts().send()

        assert scene.verbs() == ["open", *["add"] * 5, "complete"]
        assert scene.service.contents[file.id] == CONTENT
        assert scene.journal.told[-1] == (len(CONTENT), len(CONTENT))
        assert scene.journal.said[-1] == "training_set.jsonl cannot be imported by this account; it goes in parts"

    def test_where_neither_is_offered_it_goes_whole_and_that_is_said(self, scene: Scene) -> None:
        scene.send()

        assert scene.verbs() == ["upload"]
        assert "cannot be sent in parts to this account; it goes whole" in scene.journal.said[-1]

    def test_what_may_not_be_sent_whole_is_refused_then(self, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sending, "LARGEST_WHOLE", len(CONTENT) - 1)
        with pytest.raises(Unsupported, match=r"takes files of up to 1,026"):
            scene.imports().send()

        assert scene.verbs() == []
        scene.takes_parts().send()
        assert scene.verbs()[0] == "open"

    def test_what_is_too_large_for_any_way_is_not_begun(self, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        """8 GB by Microsoft's page on fine-tuning trouble, where its specification says 9: the smaller counts."""
        assert (sending.LARGEST, LARGE) == (8_000_000_000, 1000)
        monkeypatch.setattr(sending, "LARGEST", len(CONTENT) - 1)
        with pytest.raises(Unsupported):
            scene.takes_parts().send()

        assert scene.verbs() == []

    def test_where_nothing_can_be_signed_it_goes_in_parts(self, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> Secret:
            raise ServiceRefused("no address can be signed", status=403)

        monkeypatch.setattr(scene.blobs, "signed_address", refuse)
        scene.imports().takes_parts().send()

        assert scene.verbs()[0] == "open"

    def test_a_refusal_that_is_no_matter_of_the_way_is_not_evaded(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Who may not import may not upload either."""

        def refuse(*_: object) -> StoredFile:
            raise ServiceRefused("lacks the data action", status=401, code="PermissionDenied")

        monkeypatch.setattr(scene.service, "import_blob", refuse)
        with pytest.raises(ServiceRefused, match="lacks the data action"):
            scene.takes_parts().send()


class TestAFileThatCouldNotBeFetched:
    """The service reaches no storage whose network is closed: the file ends in error."""

    def test_goes_in_parts_and_its_remains_are_taken_away(self, scene: Scene) -> None:
        scene.service.file_script = ["pending", "error", "processed"]
        file = scene.imports().takes_parts().send()

        assert scene.verbs() == ["import", "delete", "open", *["add"] * 5, "complete"]
        assert [each.id for each in scene.service.stored] == [file.id]

    def test_leaves_nothing_where_the_answer_was_lost_either(self, scene: Scene) -> None:
        class Losing(ScriptedService):
            def import_blob(self, address: Secret, filename: str) -> StoredFile:
                super().import_blob(address, filename)
                raise Unsettled("lost")

        scene.service = Losing(file_script=["error", "processed"])
        file = scene.imports().takes_parts().send()

        assert [each.id for each in scene.service.stored] == [file.id]

    def test_is_told_without_the_signature(self, scene: Scene) -> None:
        """The service may repeat the address in its words."""

        class Repeating(ScriptedService):
            asked = ""

            def import_blob(self, address: Secret, filename: str) -> StoredFile:
                self.asked = address.value
                return super().import_blob(address, filename)

            def file(self, file_id: str) -> StoredFile:
                words = f"Import of file failed. {self.asked} answered 403."
                return replace(super().file(file_id), detail=words)

        scene.service = Repeating(file_script=["error", "processed"])
        scene.imports().takes_parts().send()
        said = "\n".join(scene.journal.said)

        assert "Import of file failed." in said
        assert SIGNATURE not in said + repr(scene.blobs.signed_address("x", timedelta(hours=1)))


def test_what_a_dead_command_left_in_error_goes_and_nothing_elder(scene: Scene) -> None:
    """Its journal says since when something was on its way."""
    scene.journal.begun = BegunUpload(at="2026-11-20T09:00:00Z")
    left = replace(scene.service.taken(NAME, CONTENT), status=FileStatus.ERROR)
    elder = replace(left, id="file-e", created_at=EARLIER)
    undated = replace(left, id="file-u", created_at=None)
    scene.service.stored += [left, elder, undated]
    file = scene.takes_parts().send()

    assert [each.id for each in scene.service.stored] == ["file-e", "file-u", file.id]


def test_a_file_that_was_on_its_way_and_ends_in_error_is_sent(scene: Scene) -> None:
    """Such as one whose import was begun by a command that died, from a storage that the service can't reach."""
    there = scene.service.taken(NAME, CONTENT)
    scene.service.stored.append(there)
    scene.service.file_script = ["error", "processed"]
    file = scene.takes_parts().send()

    assert (file.id != there.id, file.status) == (True, FileStatus.PROCESSED)


class TestParts:
    def test_that_were_sent_stay_sent(self, scene: Scene) -> None:
        """The second command sends what the first one had not, to the same upload."""
        scene.takes_parts()
        stopping = Stopping(scene.service, after=3)
        with pytest.raises(KeyboardInterrupt), stopping:
            scene.send()
        scene.send()

        assert scene.verbs() == ["open", "add", "add", "add", "add", "add", "complete"]
        assert len(scene.service.stored) == 1

    def test_of_an_upload_that_is_over_are_sent_again(self, scene: Scene) -> None:
        """It lives for two hours; one that is near its end is not gone on with."""
        scene.takes_parts()
        with pytest.raises(KeyboardInterrupt), Stopping(scene.service, after=3):
            scene.send()
        scene.service.clock.moment += timedelta(minutes=115)
        scene.send()

        assert scene.verbs() == ["open", *["add"] * 2, "open", *["add"] * 5, "complete"]

    def test_of_a_file_that_is_too_much_for_the_account_are_sent_once(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object) -> StoredFile:
            raise ServiceRefused("the quota is reached", status=400, code="quotaExceeded")

        monkeypatch.setattr(scene.service, "complete_upload", refuse)
        with pytest.raises(ServiceRefused, match="the quota is reached"):
            scene.takes_parts().send()

        assert scene.verbs().count("open") == 1

    def test_of_data_that_change_in_between_make_no_file(self, scene: Scene) -> None:
        scene.takes_parts()
        scene.dataset.write_bytes(CONTENT.replace(b"end", b"END"))
        with pytest.raises(Refused, match="changed in between"):
            scene.send()

        assert scene.service.stored == []
        assert "complete" not in scene.verbs()

    def test_are_as_good_from_a_blob_that_is_read_elsewhere(self, scene: Scene) -> None:
        """It gives fewer bytes at a time than it is asked for."""
        source = referenced(KeptBlob(CONTENT))
        waiting = patience(scene.service.clock)
        scene.takes_parts()
        file = Sending(scene.service, source, DIGEST, NAME, waiting).send()

        assert scene.service.contents[file.id] == CONTENT


def test_parts_of_a_large_file_take_no_more_memory_than_one_or_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """32 MiB that exist nowhere, in parts of one."""
    mib, size = 2**20, 32 * 2**20

    class Zeros(KeptBlob):
        def version(self) -> BlobVersion:
            return BlobVersion(self.etag, size)

        def read(self, offset: int, length: int, etag: str) -> bytes:
            super().read(offset, length, etag)
            return bytes(min(length, size - offset))

    monkeypatch.setattr(file_parts, "PART", mib)
    service, source = ScriptedService(), replace(referenced(Zeros(b"")), sha256="")
    service.takes_parts = True
    sent: list[int] = []

    def add(_: str, content: bytes) -> str:
        sent.append(len(content))
        return "part"

    monkeypatch.setattr(service, "add_part", add)
    monkeypatch.setattr(service, "complete_upload", lambda *_: replace(TestAFileBesideOurs.ELDER, size=size))
    digest = hashlib.sha256(bytes(size)).hexdigest()
    tracemalloc.start()
    try:
        Sending(service, source, digest, NAME, patience(service.clock)).send()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert sent == [mib] * 32
    # Two parts, and what is read ahead of a blob elsewhere.
    assert peak < 12 * mib


class TestAFileBesideOurs:
    ELDER = StoredFile(
        "file-e",
        NAME,
        "fine-tune",
        len(CONTENT),
        FileStatus.PROCESSED,
        created_at=START - timedelta(seconds=1),
    )
    """Somebody else's of the same dataset: the list shows it only after ours was sent."""

    def test_that_is_elder_is_used_and_ours_goes(self, scene: Scene) -> None:
        appearing = Appearing(self.ELDER)
        scene.service = appearing
        file = scene.send()

        assert file.id == "file-e"
        assert [each.id for each in appearing.stored] == ["file-e"]

    def test_that_is_elder_leaves_ours_where_a_job_has_it(self, scene: Scene) -> None:
        appearing = Appearing(self.ELDER)
        ours = f"file-{1:032x}"
        appearing.all_jobs.append(Job("ftjob-1", JobStatus.parse("running"), "m", START, training_file=ours))
        scene.service = appearing
        scene.send()

        assert len(appearing.stored) == 2

    def test_that_came_of_no_request_of_ours_is_never_deleted(self, scene: Scene) -> None:
        """What is found where an answer was lost may be somebody else's, and end in error."""

        class Losing(ScriptedService):
            def import_blob(self, address: Secret, filename: str) -> StoredFile:  # noqa: ARG002 - of the port
                there = replace(TestAFileBesideOurs.ELDER, status=FileStatus.PENDING, created_at=EARLIER)
                self.stored.append(there)
                raise Unsettled("lost")

        scene.service = Losing(file_script=["error", "processed"])
        scene.takes_parts().send()

        assert "file-e" in {each.id for each in scene.service.stored}
        assert "delete" not in scene.verbs()

    @pytest.mark.parametrize(
        "change", [{"status": FileStatus.ERROR}, {"filename": "other.jsonl"}, {"created_at": None}]
    )
    def test_that_is_of_no_use_or_not_elder_is_left_alone(self, scene: Scene, change: dict[str, Any]) -> None:
        scene.service = Appearing(replace(self.ELDER, **change))
        file = scene.send()

        assert (file.id, len(scene.service.stored)) == (f"file-{1:032x}", 2)
        assert "delete" not in scene.verbs()


class Appearing(ScriptedService):
    """Lists a file from the moment on that another one was sent."""

    def __init__(self, there: StoredFile) -> None:
        super().__init__()
        self.there: StoredFile | None = there

    def files(self) -> Iterator[StoredFile]:
        if self.there is not None and self.stored:
            self.stored.append(self.there)
            self.there = None
        return super().files()

    def file(self, file_id: str) -> StoredFile:
        found = next(file for file in self.stored if file.id == file_id)
        return super().file(file_id) if found.status.coming else found


class Stopping:
    """Interrupts the command before its request number ``after`` + 1 that changes something."""

    def __init__(self, service: ScriptedService, after: int) -> None:
        self.service, self.left = service, after

    def __enter__(self) -> None:
        def counted(name: str) -> None:
            real = getattr(self.service, name)

            def call(*given: object) -> object:
                self.left -= 1
                if self.left < 0:
                    raise KeyboardInterrupt
                return real(*given)

            setattr(self.service, name, call)

        for name in ("open_upload", "add_part", "complete_upload"):
            counted(name)

    def __exit__(self, *_: object) -> None:
        for name in ("open_upload", "add_part", "complete_upload"):
            delattr(self.service, name)


# --- whatever is interrupted


class Killed(BaseException):
    """The process is gone."""


Fault = tuple[Literal["kill", "lose", "busy"], Literal["before", "after"]]
T = TypeVar("T")


class Shaky(ScriptedService):
    """An account in trouble. A whole upload is read in small pieces."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__()
        self.faults, self.lag, self.number = trouble.faults, timedelta(seconds=trouble.lag), 0
        self.cut = trouble.cut

    def files(self) -> Iterator[StoredFile]:
        now = self.clock.now()
        return (file for file in super().files() if file.created_at is None or now - file.created_at >= self.lag)

    def upload(self, stream: BinaryIO, filename: str) -> StoredFile:
        return self._shaken(lambda: self._whole(stream, filename), Unsettled)

    def _whole(self, stream: BinaryIO, filename: str) -> StoredFile:
        pieces: list[bytes] = []
        while piece := stream.read(97):
            pieces.append(piece)
            if self.cut is not None and sum(map(len, pieces)) > self.cut:
                self.cut = None
                raise Killed
        taken = self.taken(filename, b"".join(pieces))
        self.stored.append(taken)
        return taken

    def import_blob(self, address: Secret, filename: str) -> StoredFile:
        real = super().import_blob
        return self._shaken(lambda: real(address, filename), Unsettled)

    def open_upload(self, filename: str, size: int) -> OpenUpload:
        real = super().open_upload
        return self._shaken(lambda: real(filename, size), Unavailable)

    def add_part(self, upload_id: str, content: bytes) -> str:
        real = super().add_part
        return self._shaken(lambda: real(upload_id, content), Unavailable)

    def complete_upload(self, upload_id: str, part_ids: Sequence[str], md5: str) -> StoredFile:
        real = super().complete_upload
        return self._shaken(lambda: real(upload_id, part_ids, md5), Unsettled)

    def _shaken(self, real: Callable[[], T], lost: type[CloudFailed]) -> T:
        self.number += 1
        kind, when = self.faults.get(self.number, ("", ""))
        if kind == "busy":
            raise Unavailable("busy")
        if kind and when == "before":
            raise Killed if kind == "kill" else lost("lost")
        answer = real()
        if kind:
            raise Killed if kind == "kill" else lost("lost")
        return answer


@dataclass(frozen=True)
class Trouble:
    """What befalls a dataset of so many bytes on its way.

    faults   by the number of the request that changes something
    lag      seconds for which a new file isn't listed
    pauses   seconds before each command
    cut      byte of a whole upload at which the process is killed
    """

    size: int
    faults: dict[int, Fault]
    lag: float
    pauses: list[float]
    cut: int | None
    imports: bool
    parts: bool


TROUBLE = st.builds(
    Trouble,
    size=st.sampled_from([1, 700, 1000, 1024, 1500]),
    faults=st.dictionaries(
        st.integers(1, 12),
        st.tuples(st.sampled_from(["kill", "lose", "busy"]), st.sampled_from(["before", "after"])),
        max_size=5,
    ),
    lag=st.sampled_from([0.0, 3.0, 299.0]),
    pauses=st.lists(st.sampled_from([0.0, 61.0, 290.0, 400.0, 7000.0, 8000.0]), min_size=8, max_size=8),
    cut=st.none() | st.integers(0, 1500),
    imports=st.booleans(),
    parts=st.booleans(),
)


SLOW = Trouble(1024, {}, 299.0, [0.0] * 8, None, imports=False, parts=False)


@given(TROUBLE)
@example(replace(SLOW, size=700, faults={1: ("lose", "after")}))
@example(replace(SLOW, size=700, faults={1: ("kill", "after")}))
@example(replace(SLOW, imports=True, faults={1: ("kill", "after")}))
@example(replace(SLOW, parts=True, faults={7: ("kill", "after")}))
@example(replace(SLOW, parts=True, faults={7: ("lose", "after")}))
def test_whatever_is_interrupted_there_is_one_file_in_the_end(trouble: Trouble) -> None:
    """Killed at any byte or request, answers lost before or after their effect, a list that lags: the same command
    again, soon or hours later, on whatever machine, ends with one file that holds the dataset. What was there stays."""
    content = (CONTENT * 2)[: trouble.size]
    digest = hashlib.sha256(content).hexdigest()
    service, journal, blobs = Shaky(trouble), Journal(), KeptBlobs({blob_name(digest): content})
    service.takes_parts, service.storage = trouble.parts, blobs if trouble.imports else None
    foreign = StoredFile("file-f", file_name(digest), "fine-tune", trouble.size, FileStatus.ERROR, created_at=EARLIER)
    service.stored.append(foreign)
    with tempfile.TemporaryDirectory() as folder:
        dataset = Path(folder) / "training_set.jsonl"
        dataset.write_bytes(content)
        ended = service.clock.now()
        for pause in trouble.pauses:
            service.clock.moment += timedelta(seconds=pause)
            now = service.clock.now()
            waiting = Patience(service.clock, now + timedelta(hours=24), lambda *_: None)
            steps = journal.steps(silence=now - ended)
            try:
                files = stored_files(service, waiting)
                file, _ = ensure(service, dataset, digest, files, waiting, steps=steps, blobs=blobs)
                break
            except (Killed, CloudFailed):
                ended = service.clock.now()
        else:
            pytest.fail("six faults end more than seven commands")

    assert service.contents[file.id] == content
    assert [each.id for each in service.stored if each.id != "file-f"] == [file.id]
    assert foreign in service.stored


@given(cut=st.integers(0, len(CONTENT)))
def test_a_blob_that_is_interrupted_at_any_byte_is_stored_by_the_next_command(cut: int) -> None:
    class Cut(KeptBlobs):
        def put_once(self, name: str, stream: BinaryIO, size: int) -> bool:  # noqa: ARG002 - of the port
            stream.read(cut)
            raise Killed

    with tempfile.TemporaryDirectory() as folder:
        dataset = Path(folder) / "training_set.jsonl"
        dataset.write_bytes(CONTENT)
        blobs = Cut()
        with suppress(Killed):
            store(blobs, dataset, DIGEST, patience(HandClock()))
        again = KeptBlobs(blobs.blobs)

        assert store(again, dataset, DIGEST, patience(HandClock()))
        assert again.blobs == {blob_name(DIGEST): CONTENT}


def test_a_file_that_the_service_cannot_use_fails_the_run(scene: Scene) -> None:
    scene.service.file_script = ["error"]
    with pytest.raises(RunFailed):
        scene.takes_parts().send()
