"""Planned faults, as the openai client takes them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import openai
import pytest
from openai import OpenAI

from tests.simulator.openai.conftest import Tenancy, capitals

UPLOAD = {"method": "POST", "path": "*/files"}


@pytest.fixture(autouse=True)
def cleared(tenancy: Tenancy) -> Iterator[None]:
    yield
    tenancy.simulator.faults.clear()


def plan(tenancy: Tenancy, does: dict[str, Any], match: dict[str, Any] | None = None, **said: Any) -> None:
    tenancy.simulator.faults.install({"faults": [{"match": match or UPLOAD, "does": does} | said]})


def upload(client: OpenAI) -> str:
    return client.files.create(file=("a.jsonl", capitals()), purpose="fine-tune").id


@pytest.mark.parametrize(("after", "files"), [(False, 1), (True, 2)])
def test_what_it_tries_again_by_itself_happens_twice_where_only_the_answer_was_lost(
    tenancy: Tenancy, client: OpenAI, after: bool, files: int
) -> None:
    """It obeys the hint to wait, or the test would take half a second."""
    plan(
        tenancy, {"kind": "answer", "status": 503, "retryAfter": 0.001, "retryAfterAs": "milliseconds", "after": after}
    )
    upload(client.with_options(max_retries=1))
    assert len(list(client.files.list())) == files


@pytest.mark.parametrize(
    ("does", "raised", "files"),
    [
        ({"kind": "answer", "status": 500}, openai.InternalServerError, 0),
        ({"kind": "answer", "status": 429}, openai.RateLimitError, 0),
        ({"kind": "reset"}, openai.APIConnectionError, 0),
        ({"kind": "reset", "when": "during", "bytes": 500}, openai.APIConnectionError, 0),
        ({"kind": "reset", "when": "after"}, openai.APIConnectionError, 1),
        ({"kind": "truncate"}, openai.APIConnectionError, 1),
        ({"kind": "refuseToken"}, openai.AuthenticationError, 0),
        ({"kind": "expireTokens"}, openai.AuthenticationError, 0),
    ],
    ids=str,
)
def test_it_raises_its_own_errors(
    tenancy: Tenancy, client: OpenAI, does: dict[str, Any], raised: type[Exception], files: int
) -> None:
    plan(tenancy, does)
    with pytest.raises(raised):
        upload(client)
    assert tenancy.simulator.faults.fired == 1
    tenancy.simulator.faults.clear()
    assert len(list(client.files.list())) == files


def test_a_time_out_leaves_a_file_behind(tenancy: Tenancy, client: OpenAI) -> None:
    plan(tenancy, {"kind": "delay", "wallSeconds": 20, "after": True})
    with pytest.raises(openai.APITimeoutError):
        upload(client.with_options(timeout=httpx2.Timeout(20, read=0.1)))
    tenancy.simulator.faults.clear()
    end = time.monotonic() + 10
    while (files := len(list(client.files.list()))) == 0 and time.monotonic() < end:
        time.sleep(0.005)  # Of the server's doing there is no other sign: it may be slower than the client is patient.
    assert files == 1


@pytest.mark.parametrize("kind", ["empty", "notJson"])
def test_a_spoilt_answer_gives_no_file(tenancy: Tenancy, client: OpenAI, kind: str) -> None:
    """What is no JSON comes through as the json module's own error: whoever asks has to expect that."""
    plan(tenancy, {"kind": kind})
    with pytest.raises(json.JSONDecodeError):
        upload(client)


def test_after_its_token_expired_a_client_with_a_fresh_one_goes_on(
    tenancy: Tenancy, client: OpenAI, client_of: Callable[..., OpenAI]
) -> None:
    plan(tenancy, {"kind": "expireTokens"}, {"path": "*/files"})
    with pytest.raises(openai.AuthenticationError):
        upload(client)
    assert upload(client_of("trainer", timeout=30.0))


def test_a_service_whose_clock_is_ahead_dates_its_files_so(tenancy: Tenancy, client: OpenAI) -> None:
    made = upload(client)
    usual = client.files.retrieve(made).created_at
    tenancy.simulator.faults.install({"skew": 1000})
    assert client.files.retrieve(made).created_at == usual + 1000
    assert [each.created_at for each in client.files.list()] == [usual + 1000]
    tenancy.simulator.faults.clear()
    assert client.files.retrieve(made).created_at == usual
