"""Microsoft's Azurite as a child process: it starts, keeps its data, and never outlives who started it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from azure.storage.blob import BlobServiceClient

from simulator import azurite
from simulator.azurite import Azurite
from simulator.errors import Unusable

KEY = "A" * 86 + "=="
OTHER_KEY = "B" * 86 + "=="


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azurite]:
    with Azurite(tmp_path_factory.mktemp("azurite")) as started:
        started.start({"one": (KEY, OTHER_KEY)})
        yield started


@contextmanager
def client(url: str, account: str, key: str = KEY, *, folder: Path) -> Iterator[BlobServiceClient]:
    with BlobServiceClient(
        f"{url}/{account}",
        credential={"account_name": account, "account_key": key},
        connection_verify=str(folder / "tls" / "ca.pem"),
        retry_total=0,
    ) as found:
        yield found


def test_another_account_is_added_and_the_data_stays(running: Azurite) -> None:
    """Starting again with more accounts keeps what was written, at another port."""
    with client(running.url, "one", OTHER_KEY, folder=running.folder) as first:
        first.create_container("kept").upload_blob("blob", b"content")

    running.start({"two": (KEY, OTHER_KEY)})

    with (
        client(running.url, "one", folder=running.folder) as first,
        client(running.url, "two", folder=running.folder) as second,
    ):
        assert first.get_blob_client("kept", "blob").download_blob().readall() == b"content"
        assert list(second.list_containers()) == []


def test_a_start_with_what_it_knows_changes_nothing(running: Azurite) -> None:
    """The process stays the same."""
    before = running.process_id

    running.start({"one": (KEY, OTHER_KEY)})

    assert running.process_id == before
    assert not running.knows({"one": (OTHER_KEY, KEY)})


def test_its_certificate_is_trusted_by_its_own_authority_only(running: Azurite) -> None:
    """TLS on loopback, with the authority in its folder."""
    with httpx2.Client(verify=running.trust(), trust_env=False) as trusting:
        assert trusting.get(f"{running.url}/one?comp=list").status_code == 403
    with httpx2.Client(trust_env=False) as strange, pytest.raises(httpx2.ConnectError):
        strange.get(running.url)


def test_a_temporary_folder_goes_with_it() -> None:
    """Without a folder nothing is left."""
    with Azurite() as started:
        started.start({"one": (KEY, KEY)})
        folder, process = started.folder, started.process_id

    assert not folder.exists()
    assert process is not None
    assert not _alive(process)


def test_one_that_died_is_started_again(running: Azurite) -> None:
    """A process that is gone is not taken for a running one."""
    former = running.process_id
    assert former is not None
    _kill(former)

    assert not running.knows({"one": (KEY, OTHER_KEY)})
    running.start({"one": (KEY, OTHER_KEY)})
    assert running.process_id not in (None, former)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "terminated"])
def test_it_does_not_outlive_who_started_it(tmp_path: Path, how: signal.Signals) -> None:
    """However its parent ends, Azurite ends too, and its last writes are on disk."""
    script = (
        "import json, sys, time\n"
        "from pathlib import Path\n"
        "from simulator.azurite import Azurite\n"
        "a = Azurite(Path(sys.argv[1]))\n"
        f"a.start({{'one': ({KEY!r}, {KEY!r})}})\n"
        "print(json.dumps([a.process_id, a.url]), flush=True)\n"
        "sys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=azurite.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        process, url = json.loads(parent.stdout.readline())
        with client(url, "one", folder=tmp_path) as one:
            one.create_container("last").upload_blob("words", b"kept")
        with _watched(process) as ended:
            parent.send_signal(how)
            parent.wait()
            assert ended(), "Azurite outlived its parent"

    with Azurite(tmp_path) as again:
        again.start({"one": (KEY, KEY)})
        with client(again.url, "one", folder=tmp_path) as one:
            assert one.get_blob_client("last", "words").download_blob().readall() == b"kept"


def test_what_is_missing_is_said_with_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without node_modules the person at the keyboard reads what to type."""
    monkeypatch.setattr(azurite, "PROGRAM", tmp_path / "main.js")

    with pytest.raises(Unusable, match="run `make setup`"):
        Azurite(tmp_path).start({"one": (KEY, KEY)})


def test_a_failed_start_tells_what_azurite_said(tmp_path: Path) -> None:
    """A folder whose data can't be used is named in Azurite's own words."""
    (tmp_path / "data").write_text("not a folder")

    with pytest.raises(Unusable, match=r"Azurite did not start: .+"):
        Azurite(tmp_path).start({"one": (KEY, KEY)})


def _alive(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


def _kill(process: int) -> None:
    with _watched(process) as ended:
        os.kill(process, signal.SIGKILL)
        assert ended()


@contextmanager
def _watched(process: int) -> Iterator[Callable[[], bool]]:
    """Waits for the end of a process that may be nobody's child."""
    watched = os.pidfd_open(process)
    try:
        yield lambda: bool(select.select([watched], [], [], azurite.STOP_SECONDS)[0])
    finally:
        os.close(watched)
