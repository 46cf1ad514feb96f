"""Several write a stack file at once: runs that finish, people with editors, checkouts. Nobody's save is lost."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.release import Releases
from jobs.stacks import replacement, stack_file
from jobs.stacks.exchange import exchange, is_being_written
from jobs.stacks.folder_lock import Waiting, locked
from jobs.stacks.stack_file import StackFileRefused, read_releases, unwritable, update_releases
from tests.contract.specimens import record
from tests.jobs.doubles import HandClock

ROOT = Path(__file__).parents[3]
BEGINNING = "config:\n  a:b: 1   # by hand\n"


def _looked_at_here() -> bool:
    """Whether this system exchanges names of files, and tells who has one open for writing: another kernel, or a file
    system of a container, may do neither."""
    with TemporaryDirectory() as folder:
        one, other = Path(folder, "one"), Path(folder, "other")
        one.touch()
        other.touch()
        with one.open("r+"):
            return exchange(one, other) and is_being_written(other) and not is_being_written(one)


looked_at = pytest.mark.skipif(
    not _looked_at_here(), reason="NOT TESTED: this system neither exchanges names of files nor tells who writes to one"
)


def _releases(digit: str) -> Releases:
    return Releases.model_validate({"candidate": record(digit * 32)})


def _recording(model: str, digit: str) -> Callable[[dict[str, Releases]], dict[str, Releases]]:
    return lambda found: found | {model: _releases(digit)}


def _waiting(seconds: float = 60, between: float = 0.02) -> Waiting:
    return Waiting(clock=HandClock(), seconds=seconds, between=between)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(BEGINNING)
    return path


def _only_file(path: Path) -> bool:
    return [each.name for each in path.parent.iterdir()] == [path.name]


class _Others:
    """People who save a remark each, in all the ways in which programs save."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.remarks: list[str] = []
        self.unfinished: list[Callable[[], None]] = []

    def act(self, how: str) -> None:
        """One of them saves, or begins to; who had begun before ends first."""
        self.end()
        remark = f"# remark {len(self.remarks)}"
        self.remarks.append(remark)
        content = f"{remark}\n{self.path.read_text()}"
        getattr(self, f"_{how}")(content)

    def end(self) -> None:
        while self.unfinished:
            self.unfinished.pop()()

    def _renaming(self, content: str) -> None:
        beside = self.path.with_name("beside~")
        beside.write_text(content)
        beside.replace(self.path)

    def _in_place(self, content: str) -> None:
        self.path.write_text(content)

    def _slowly_in_place(self, content: str) -> None:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_TRUNC)
        half = len(content) // 2
        os.write(descriptor, content[:half].encode())

        def rest() -> None:
            os.write(descriptor, content[half:].encode())
            os.close(descriptor)

        self.unfinished.append(rest)

    def _checkout(self, content: str) -> None:
        """git takes the file away, and makes the other one."""
        self.path.unlink()
        self.unfinished.append(lambda: self._in_place(content))


_HOW = st.sampled_from(["renaming", "in_place", "slowly_in_place", "checkout"])


@looked_at
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15)
@given(script=st.lists(st.none() | _HOW, max_size=4), behind=st.booleans())
def test_whoever_saves_while_a_record_is_put_in_place_loses_nothing(
    tmp_path: Path, script: list[str | None], behind: bool
) -> None:
    """Right before the exchange of the two files, or right after it: the record and each remark are there in the end.

    One save for each exchange: two people who save within the microseconds of one are beyond what is looked for.
    """
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(BEGINNING)
    others, left, seen = _Others(path), list(script), set[Path]()

    def interrupted(one: Path, other: Path) -> bool:
        how = left.pop(0) if left and one not in seen else None
        seen.add(one)
        if how is not None and not behind:
            others.act(how)
        done = exchange(one, other)
        if how is not None and behind:
            others.act(how)
        return done

    clock = HandClock(before_sleep=others.end)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replacement, "exchange", interrupted)
        while left or others.unfinished or "clippy" not in read_releases(path):
            update_releases(path, _recording("clippy", "1"), Waiting(clock=clock))
            update_releases(path, _recording("clippy", "2"), Waiting(clock=clock))
    others.end()

    text = path.read_text()
    assert read_releases(path) == {"clippy": _releases("2")}
    assert [remark for remark in others.remarks if remark not in text] == []
    assert text.endswith("  a:b: 1   # by hand\n" + text.partition("# by hand\n")[2])
    assert _only_file(path)


def test_models_recorded_by_many_at_once_are_all_there(path: Path) -> None:
    """Each under the lock, each on what the others have written; a person who saves by renaming meanwhile, too."""
    models = [f"model-{number}" for number in range(8)]
    failures: list[BaseException] = []

    def work(model: str) -> None:
        try:
            for digit in "12":
                update_releases(path, _recording(model, digit), Waiting(between=0.001))
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=work, args=(model,)) for model in models]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert read_releases(path) == {model: _releases("2") for model in models}
    assert path.read_text().startswith(BEGINNING)
    assert _only_file(path)


def test_processes_wait_for_each_other(path: Path) -> None:
    """Two processes record five models each, in turns."""
    program = (
        "import sys; from pathlib import Path; from contract.release import Releases;"
        "from jobs.stacks.stack_file import update_releases; from tests.contract.specimens import record\n"
        "for n in range(5):\n"
        "    made = {f'{sys.argv[2]}-{n}': Releases.model_validate({'live': record(f'{n}' * 32)})}\n"
        "    update_releases(Path(sys.argv[1]), lambda found: found | made)\n"
    )
    both = [subprocess.Popen([sys.executable, "-c", program, str(path), name], cwd=ROOT) for name in ("one", "two")]

    assert [each.wait(timeout=60) for each in both] == [0, 0]
    assert len(read_releases(path)) == 10
    assert _only_file(path)


class TestWhereNamesAreNotExchanged:
    """Another system, or a network's file system: the file is compared, then replaced."""

    @pytest.fixture(autouse=True)
    def _without(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(replacement, "exchange", lambda *_: False)

    def test_a_system_that_calls_every_file_written_to_keeps_nobody_from_it(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """NFS 4 gives no leases without a delegation, and says that the file is in use (nfs4_setlease in Linux)."""
        monkeypatch.setattr(replacement, "is_being_written", lambda _: True)
        monkeypatch.setattr(stack_file, "is_being_written", lambda _: True)

        assert update_releases(path, _recording("clippy", "1"), _waiting())

    def test_the_record_is_written(self, path: Path) -> None:
        assert update_releases(path, _recording("clippy", "1"), _waiting())
        assert read_releases(path) == {"clippy": _releases("1")}
        assert _only_file(path)

    def test_what_was_saved_before_the_comparison_is_kept(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        synced = os.fsync

        def saving(descriptor: int) -> None:
            if "remark" not in path.read_text():
                path.write_text(f"# remark\n{path.read_text()}")
            synced(descriptor)

        monkeypatch.setattr(os, "fsync", saving)
        update_releases(path, _recording("clippy", "1"), _waiting())

        assert path.read_text().startswith(f"# remark\n{BEGINNING}")
        assert read_releases(path) == {"clippy": _releases("1")}


class TestWaiting:
    """Nobody waits for ever, and nobody waits without being told."""

    def test_a_lock_that_is_not_given_up_ends_with_what_to_type(self, path: Path) -> None:
        said: list[str] = []
        waiting = Waiting(clock=HandClock(), seconds=60, between=0.5, say=said.append)
        with locked(path.parent, _waiting()), pytest.raises(StackFileRefused, match="for 60 seconds") as caught:
            update_releases(path, _recording("clippy", "1"), waiting)

        assert "same command again" in str(caught.value)
        assert said == [f"waiting for another process of jobs, which is writing in {path.parent}"]
        assert path.read_text() == BEGINNING

    @looked_at
    def test_a_program_that_keeps_the_file_open_for_writing_is_waited_for_and_named(self, path: Path) -> None:
        """It might save at any time into what would then be no file any more."""
        said: list[str] = []
        waiting = Waiting(clock=HandClock(), seconds=10, between=0.5, say=said.append)
        with path.open("r+"), pytest.raises(StackFileRefused, match="another program has been writing it"):
            update_releases(path, _recording("clippy", "1"), waiting)

        assert said == [f"waiting for the program that is writing {path}"]
        assert path.read_text() == BEGINNING
        assert _only_file(path)

    def test_who_only_reads_is_in_nobodys_way(self, path: Path) -> None:
        with path.open() as reader:
            assert not is_being_written(path)
            assert update_releases(path, _recording("clippy", "1"), _waiting())
            assert reader.read() == BEGINNING

    def test_a_file_that_a_checkout_takes_away_for_good_is_missing(self, path: Path) -> None:
        def change(found: dict[str, Releases]) -> dict[str, Releases]:
            path.unlink()
            return found | {"clippy": _releases("1")}

        with pytest.raises(StackFileRefused, match="is missing"):
            update_releases(path, change, _waiting())
        assert list(path.parent.iterdir()) == []


class TestWithoutLocksOnFolders:
    """NFS gives none; a file beside is locked in its place."""

    @pytest.fixture(autouse=True)
    def _without(self, monkeypatch: pytest.MonkeyPatch) -> None:
        given = fcntl.flock

        def flock(descriptor: int, operation: int) -> None:
            if stat.S_ISDIR(os.fstat(descriptor).st_mode):
                raise OSError(errno.EBADF, "Bad file descriptor")
            given(descriptor, operation)

        monkeypatch.setattr(fcntl, "flock", flock)

    def test_one_at_a_time_writes(self, path: Path) -> None:
        with locked(path.parent, _waiting()), pytest.raises(StackFileRefused, match="another process of jobs"):
            update_releases(path, _recording("clippy", "1"), _waiting(seconds=3, between=0.5))
        assert update_releases(path, _recording("clippy", "1"), _waiting())

    def test_no_lock_file_is_left(self, path: Path) -> None:
        update_releases(path, _recording("clippy", "1"), _waiting())

        assert _only_file(path)


def test_where_nothing_can_be_locked_it_is_written_all_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def flock(descriptor: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", flock)

    assert update_releases(path, _recording("clippy", "1"), _waiting())


class TestTheDisk:
    """What the disk refuses leaves the file as it was, and nothing beside it."""

    def test_a_full_disk_is_said(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(descriptor: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(StackFileRefused, match="cannot be written: No space left on device"):
            update_releases(path, _recording("clippy", "1"), _waiting())

        assert path.read_text() == BEGINNING
        assert _only_file(path)

    def test_a_read_only_folder_is_said_and_found_beforehand(self, path: Path) -> None:
        with _mode(path.parent, 0o555):
            with pytest.raises(StackFileRefused, match=rf"the folder {path.parent} is read-only"):
                update_releases(path, _recording("clippy", "1"), _waiting())
            assert unwritable(path) == f"the folder {path.parent} is read-only"

        assert unwritable(path) is None
        assert path.read_text() == BEGINNING

    def test_an_interrupted_exchange_is_undone_where_it_displaced_somebodys_save(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Ctrl-C in the moment between: the save has its name back."""
        holds, asked = replacement._holds, []

        def interrupted(file: Path, content: bytes) -> bool:
            asked.append(file)
            if len(asked) == 1:
                raise KeyboardInterrupt
            return holds(file, content)

        def saving(one: Path, other: Path) -> bool:
            if not asked:
                path.write_text(f"# remark\n{BEGINNING}")
            return exchange(one, other)

        monkeypatch.setattr(replacement, "_holds", interrupted)
        monkeypatch.setattr(replacement, "exchange", saving)
        with pytest.raises(KeyboardInterrupt):
            update_releases(path, _recording("clippy", "1"), _waiting())

        assert path.read_text() == f"# remark\n{BEGINNING}"
        assert _only_file(path)


class TestWhatAFileHasBesideItsBytes:
    @pytest.mark.skipif(os.geteuid() != 0, reason="only a superuser gives files away")
    def test_the_owner_is_kept(self, path: Path) -> None:
        os.chown(path, 1234, 2345)
        update_releases(path, _recording("clippy", "1"), _waiting())

        assert (path.stat().st_uid, path.stat().st_gid) == (1234, 2345)

    def test_attributes_are_kept(self, path: Path) -> None:
        try:
            os.setxattr(path, "user.origin", b"by hand")
        except (OSError, AttributeError):
            pytest.skip("no extended attributes here")
        path.chmod(0o2664)
        update_releases(path, _recording("clippy", "1"), _waiting())

        assert os.getxattr(path, "user.origin") == b"by hand"
        assert stat.S_IMODE(path.stat().st_mode) == 0o2664


@contextmanager
def _mode(folder: Path, mode: int) -> Iterator[None]:
    before = stat.S_IMODE(folder.stat().st_mode)
    folder.chmod(mode)
    try:
        yield
    finally:
        folder.chmod(before)


@pytest.mark.parametrize("place", ["before the exchange", "after it"])
def test_what_a_killed_process_left_beside_the_file_is_cleared_away(
    path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Whether it had written already or not; a save of somebody's that came out in exchange stays."""
    kept = path.with_name(f".{path.name}.abcd.tmp")
    kept.write_text(f"{BEGINNING}  c:d: 2   # saved by somebody\n")

    def killed(*_: object) -> bool:
        raise SystemExit

    with monkeypatch.context() as during:
        during.setattr(Path, "unlink", lambda *_, **__: None)
        during.setattr(replacement, "_put_in_place" if place == "before the exchange" else "_sync_folder", killed)
        with pytest.raises(SystemExit):
            update_releases(path, _recording("clippy", "1"))
    assert len(list(path.parent.iterdir())) == 3

    update_releases(path, _recording("clippy", "1"))
    update_releases(path, _recording("other", "2"))

    assert sorted(each.name for each in path.parent.iterdir()) == sorted([kept.name, path.name])
    assert set(read_releases(path)) == {"clippy", "other"}
