"""A dataset goes to the account as a stream: never whole in memory, and what cannot be read of it is told as that."""

from __future__ import annotations

import tracemalloc

import httpx2
import openai
import pytest

from jobs.azure import openai_service
from jobs.azure.openai_service import OpenAIService
from jobs.errors import Refused, ServiceRefused
from jobs.ports import BlobVersion
from tests.jobs.tuning.references import KeptBlob, referenced

MIB = 1024 * 1024
SIZE = 50 * MIB


class Zeros(KeptBlob):
    """50 MiB that exist nowhere."""

    def version(self) -> BlobVersion:
        return BlobVersion(self.etag, SIZE)

    def read(self, offset: int, length: int, etag: str) -> bytes:
        super().read(offset, length, etag)
        return bytes(length)


class Counting(httpx2.BaseTransport):
    """In place of the network. It takes what comes, and keeps nothing."""

    received = 0
    declared = ""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.declared = request.headers.get("content-length", "")
        assert isinstance(request.stream, httpx2.SyncByteStream)
        self.received = sum(len(part) for part in request.stream)
        return httpx2.Response(200, json={"id": "file-1", "bytes": SIZE, "purpose": "fine-tune", "status": "pending"})


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Counting:
    made = Counting()
    real = openai.OpenAI
    client = httpx2.Client(transport=made)
    monkeypatch.setattr(openai_service, "OpenAI", lambda **options: real(**{**options, "http_client": client}))
    return made


def test_50_mib_take_a_few_of_memory_and_their_length_is_told_beforehand(wire: Counting) -> None:
    """Without a length it would be sent in chunks, which not every gateway takes."""
    service = OpenAIService("https://x.openai.azure.com/", lambda: "token")
    source = referenced(Zeros(b""))
    tracemalloc.start()
    try:
        with source.open() as stream:
            service.upload(stream, "x.jsonl")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert SIZE < wire.received < SIZE + 1024
    assert wire.declared == str(wire.received)
    assert peak < 16 * MIB


def test_a_blob_that_changes_while_it_is_sent_is_refused_and_not_taken_for_a_lost_answer(wire: Counting) -> None:
    """The library takes every exception for trouble with the connection; that would be tried again."""
    blob = KeptBlob(bytes(9 * MIB))
    source = referenced(blob)
    service = OpenAIService("https://x.openai.azure.com/", lambda: "token")
    with source.open() as stream:
        stream.read(1)
        blob.etag = "0x2"
        with pytest.raises(Refused, match="was changed or deleted"):
            service.upload(stream, "x.jsonl")

    blob.etag, blob.errors = "0x1", [ServiceRefused("out of order", status=400)]
    with source.open() as stream, pytest.raises(ServiceRefused, match=r"data\.train: out of order"):
        service.upload(stream, "x.jsonl")
