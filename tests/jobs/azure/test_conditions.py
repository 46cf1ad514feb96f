"""Blobs that are written under conditions, by Storage's own client in front of Azurite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from jobs.azure.blobs import BlobContainer
from jobs.azure.credentials import Credential
from jobs.errors import ServiceRefused
from simulator.server import Simulator
from tests.simulator.blobs.storage import CONTRIBUTOR, Storage


@pytest.fixture
def container(
    blobs_simulator: Simulator, environment: Callable[..., dict[str, str]]
) -> Iterator[Callable[[str], BlobContainer]]:
    """Containers of one storage, as a trainer reaches them; `runs` is there."""
    storage = Storage(blobs_simulator, "contosodev", {})
    storage.container("runs")
    storage.grant("trainer", CONTRIBUTOR)
    environment("trainer", blobs_simulator)
    with closing(storage), closing(Credential(None)) as credential:
        yield lambda name: BlobContainer(f"{storage.url}/", name, credential)


def test_of_two_who_create_a_blob_one_does(container: Callable[[str], BlobContainer]) -> None:
    with closing(container("runs")) as runs:
        etag = runs.create("a.json", b"1")

        assert etag is not None
        assert runs.create("a.json", b"2") is None
        found = runs.read("a.json")
        assert found is not None
        assert (found.content, found.etag) == (b"1", etag)
        assert timedelta(0) <= found.age < timedelta(minutes=1)


def test_of_two_who_replace_a_version_one_does(container: Callable[[str], BlobContainer]) -> None:
    with closing(container("runs")) as runs:
        first = runs.create("a.json", b"1") or ""
        second = runs.replace("a.json", b"2", first)

        assert second not in (None, first)
        assert runs.replace("a.json", b"3", first) is None
        assert runs.get("a.json") == b"2"


def test_what_is_gone_is_neither_read_nor_replaced(container: Callable[[str], BlobContainer]) -> None:
    with closing(container("runs")) as runs:
        assert runs.read("a.json") is None
        assert runs.replace("a.json", b"1", '"0x8DC0000000000000"') is None


def test_a_container_that_is_missing_is_no_blob_that_exists(container: Callable[[str], BlobContainer]) -> None:
    with closing(container("nowhere")) as nowhere, pytest.raises(ServiceRefused):
        nowhere.create("a.json", b"1")


def test_names_are_sorted(container: Callable[[str], BlobContainer]) -> None:
    with closing(container("runs")) as runs:
        for name in ("b.json", "a/plan.json", "a.json"):
            runs.put(name, b"{}")

        assert list(runs.names()) == sorted(["a.json", "a/plan.json", "b.json"])


def test_names_are_those_that_begin_so(container: Callable[[str], BlobContainer]) -> None:
    with closing(container("runs")) as runs:
        for name in ("answers/clippy/1/a.jsonl", "answers/clippy/12/a.jsonl", "b.json"):
            runs.put(name, b"{}")

        assert list(runs.names("answers/clippy/1/")) == ["answers/clippy/1/a.jsonl"]
        assert list(runs.names("nothing")) == []
