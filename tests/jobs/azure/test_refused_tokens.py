"""A token that a service refuses before it has run out, as after a revocation: another one is asked for, once."""

from __future__ import annotations

import io
from contextlib import closing

import httpx2
import pytest

from jobs.azure.account_client import AccountClient
from jobs.azure.credentials import Bearer
from jobs.azure.openai_service import OpenAIService
from jobs.errors import ServiceRefused


class Named(Bearer):
    """Gives `old`, and from its refusal on `new`. A Bearer."""

    def __init__(self) -> None:
        super().__init__(credential=None, scope="")  # type: ignore[arg-type]  # Nobody is asked.
        self.given = ["old", "new"]

    def __call__(self) -> str:
        return self.given[0]

    def renewed(self, refused: str) -> str:  # noqa: ARG002 - of a Bearer
        del self.given[:-1]
        return self()


Heard = list[tuple[str, bytes]]


def service(good: str, heard: Heard) -> OpenAIService:
    """An account that takes no token but `good`; hears of each request's token and body."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        heard.append((request.headers["authorization"].removeprefix("Bearer "), request.read()))
        if heard[-1][0] != good:
            return httpx2.Response(401, json={"error": {"code": "401", "message": "expired"}}, request=request)
        return httpx2.Response(200, json={"id": "file-1", "status": "pending", "bytes": 3}, request=request)

    token = Named()
    made = OpenAIService("https://x.openai.azure.com/", token)
    client = AccountClient(token, transport=httpx2.MockTransport(answer))
    made._client = made._client.with_options(http_client=client)
    return made


def test_the_request_is_sent_again_whole() -> None:
    """An upload too: what is sent is read from its beginning."""
    heard: Heard = []
    with closing(service("new", heard)) as account:
        assert account.upload(io.BytesIO(b"abc"), "a.jsonl").id == "file-1"

    assert [token for token, _ in heard] == ["old", "new"]
    assert b"abc" in heard[0][1]
    assert heard[1][1] == heard[0][1]


def test_where_the_other_one_is_refused_too_it_ends() -> None:
    heard: Heard = []
    with closing(service("none", heard)) as account, pytest.raises(ServiceRefused, match="expired"):
        account.file("file-1")

    assert [token for token, _ in heard] == ["old", "new"]
