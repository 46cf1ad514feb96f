"""What is asked of storage for a blob that lies elsewhere, and of whom."""

from __future__ import annotations

import io
import time
from types import SimpleNamespace
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.pipeline.transport import HttpTransport
from azure.core.rest._requests_basic import RestRequestsTransportResponse
from requests import Response
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPResponse

from jobs.azure import blobs
from jobs.azure.blobs import BlobContainer, BlobReader
from jobs.errors import ServiceRefused, Unreadable

DATE = "Fri, 20 Nov 2026 09:00:00 GMT"
ADDRESS = "https://contosodata.blob.core.windows.net/approved/support/t%201.jsonl"


class Shown:
    """A credential. It counts how often it was asked."""

    asked = 0

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        self.asked += 1
        return AccessToken("token", int(time.time()) + 3600)


class Wire(HttpTransport[Any, Any]):
    """Answers each request with ``status`` and ``headers``; keeps the requests."""

    def __init__(self, status: int, headers: dict[str, str]) -> None:
        self.requests: list[Any] = []
        self._status = status
        self._headers = headers

    def send(self, request: Any, **_: Any) -> Any:
        self.requests.append(request)
        answer = Response()
        answer.status_code = self._status
        answer.headers = CaseInsensitiveDict(self._headers)
        answer.raw = HTTPResponse(io.BytesIO(), preload_content=False)
        made: Any = RestRequestsTransportResponse
        return made(request=request, internal_response=answer)

    def open(self) -> None: ...

    def close(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


def reader(monkeypatch: pytest.MonkeyPatch, status: int, headers: dict[str, str]) -> tuple[BlobReader, Wire, Shown]:
    wire, credential = Wire(status, headers), Shown()
    monkeypatch.setitem(blobs._OPTIONS, "transport", wire)
    return BlobReader(ADDRESS, credential), wire, credential  # type: ignore[arg-type]  # A credential by its methods.


def test_a_redirection_is_not_followed_so_no_other_host_sees_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    blob, wire, _ = reader(monkeypatch, 307, {"Location": "https://evil.example/c/b"})
    with pytest.raises(ServiceRefused):
        blob.version()

    assert [request.url for request in wire.requests] == [ADDRESS]


def test_a_piece_is_asked_for_by_its_range_and_of_one_version(monkeypatch: pytest.MonkeyPatch) -> None:
    blob, wire, credential = reader(monkeypatch, 412, {"x-ms-error-code": "ConditionNotMet"})
    with pytest.raises(ServiceRefused) as refused:
        blob.read(4, 10, '"0x1"')

    assert refused.value.status == 412
    [request] = wire.requests
    assert (request.method, request.url, request.headers["x-ms-range"]) == ("GET", ADDRESS, "bytes=4-13")
    assert request.headers["If-Match"] == '"0x1"'
    assert credential.asked == 1


@pytest.mark.parametrize("read", ["get", "read"])
def test_a_document_larger_than_any_is_not_read(monkeypatch: pytest.MonkeyPatch, read: str) -> None:
    """Ten megabytes under the name of a journal: of these, the first piece comes with the size."""
    size = 10 * 1024 * 1024
    told = {
        "Content-Range": f"bytes 0-0/{size}",
        "Content-Length": "1",
        "ETag": '"1"',
        "Last-Modified": DATE,
        "Date": DATE,
    }
    wire = Wire(206, told)
    monkeypatch.setitem(blobs._OPTIONS, "transport", wire)
    container = BlobContainer("https://contosodev.blob.core.windows.net/", "runs", Shown())  # type: ignore[arg-type]  # As above.
    with pytest.raises(Unreadable, match="10,485,760 bytes"):
        getattr(container, read)("x.json")

    assert len(wire.requests) == 1


def test_who_expects_a_larger_document_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scorecard of some thousand examples."""
    found = SimpleNamespace(size=5 * 1024 * 1024, readall=lambda: b"{}")
    container = BlobContainer("https://contosodev.blob.core.windows.net/", "runs", Shown())  # type: ignore[arg-type]  # As above.
    monkeypatch.setattr(container, "_container", SimpleNamespace(download_blob=lambda _: found))
    with pytest.raises(Unreadable):
        container.get("x.json")

    assert container.get("x.json", largest=5 * 1024 * 1024) == b"{}"


def test_a_container_of_more_names_than_runs_make_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blobs, "LONGEST_LIST", 3)
    container = BlobContainer("https://contosodev.blob.core.windows.net/", "runs", Shown())  # type: ignore[arg-type]  # As above.
    monkeypatch.setattr(
        container, "_container", SimpleNamespace(list_blob_names=lambda **_: iter(["a", "b", "c", "d"]))
    )
    with pytest.raises(ServiceRefused, match="more than 3 blobs"):
        list(container.names())
