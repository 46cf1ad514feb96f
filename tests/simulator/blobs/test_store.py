"""What becomes of blobs and of requests under way when accounts, simulators and clouds come and go."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2

from simulator.cloud import Cloud
from simulator.server import Simulator
from tests.simulator.blobs.storage import CONTRIBUTOR, Storage

if TYPE_CHECKING:
    from tests.simulator.blobs.conftest import Making

MIB = 1024 * 1024


def test_an_upload_under_way_is_finished_before_azurite_starts_again(make_storage: Making, storage: Storage) -> None:
    """A new account has to wait for it; both requests succeed."""
    begun, go_on = threading.Event(), threading.Event()
    size = 16 * MIB

    def content() -> Iterator[bytes]:
        for _ in range(8):
            yield b"x" * MIB
        # More than fits in the sockets between: the listener must have passed it on.
        begun.set()
        assert go_on.wait(60)
        yield b"x" * (size - 8 * MIB)

    def upload() -> int:
        token = storage.credential("trainer").get_token("https://storage.azure.com/.default").token
        headers = {
            "authorization": f"Bearer {token}",
            "x-ms-version": "2021-12-02",
            "x-ms-blob-type": "BlockBlob",
            "content-length": str(size),
        }
        trust = ssl.create_default_context(cafile=str(storage.running.ca_file))
        with httpx2.Client(verify=trust, trust_env=False, timeout=60) as client:
            return client.put(f"{storage.url}/data/slow", content=content(), headers=headers).status_code

    def use_another() -> list[str]:
        return list(another.client("trainer").get_container_client("data").list_blob_names())

    with ThreadPoolExecutor(2) as pool:
        uploaded = pool.submit(upload)
        assert begun.wait(60)
        another = make_storage("onemore")
        another.grant("trainer", CONTRIBUTOR)
        listed = pool.submit(use_another)
        go_on.set()

        assert uploaded.result(60) == 201
        assert listed.result(60) == []
    assert storage.client("trainer").get_blob_client("data", "slow").get_blob_properties().size == size


def test_many_clients_at_once_get_what_they_wrote(storage: Storage) -> None:
    """The first requests of all, which start Azurite, come from many threads."""
    client = storage.client("trainer").get_container_client("data")

    def there_and_back(number: int) -> bytes:
        client.upload_blob(f"blob-{number}", str(number).encode())
        return client.download_blob(f"blob-{number}").readall()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(there_and_back, range(32))) == [str(number).encode() for number in range(32)]


def test_a_container_that_is_made_again_is_empty(storage: Storage) -> None:
    """ARM may delete and create it between two requests, at the same simulated moment; a lease holds nothing up."""
    container = storage.client("trainer").get_container_client("data")
    container.upload_blob("blob", b"former")
    container.acquire_lease()

    storage.container("data")

    assert list(container.list_blob_names()) == []


def test_another_cloud_behind_the_listener_finds_no_blobs(blobs_simulator: Simulator) -> None:
    """An account of the same name and key in a fresh cloud is empty."""
    for turn in (b"first", b"second"):
        storage = Storage(blobs_simulator, "tests", {})
        storage.container("data")
        storage.grant("trainer", CONTRIBUTOR)
        try:
            container = storage.client("trainer").get_container_client("data")
            assert list(container.list_blob_names()) == []
            container.upload_blob("blob", turn)
        finally:
            storage.close()
        blobs_simulator.replace_cloud(Cloud())


def test_blobs_stay_in_a_state_folder(tmp_path: Path) -> None:
    """A simulator started again on its folder has accounts, containers and blobs."""
    with Simulator(state_dir=tmp_path) as running:
        storage = Storage(running, "tests", {})
        storage.container("data")
        storage.grant("trainer", CONTRIBUTOR)
        storage.client("trainer").get_blob_client("data", "blob").upload_blob(b"kept")
        storage.close()

    with Simulator(state_dir=tmp_path) as again:
        same = Storage(again, "tests", None)
        assert same.client("trainer").get_blob_client("data", "blob").download_blob().readall() == b"kept"
        same.close()


def test_blobs_can_be_used_within_six_seconds_of_a_start() -> None:
    """Azurite starts with the first request for a blob; the wait for both is what a test suite pays per worker."""
    started = time.monotonic()
    with Simulator() as simulator:
        storage = Storage(simulator, "tests", {})
        storage.container("data")
        storage.grant("trainer", CONTRIBUTOR)
        storage.client("trainer").get_blob_client("data", "first").upload_blob(b"x")
        took = time.monotonic() - started
        storage.close()

    assert took < 6
