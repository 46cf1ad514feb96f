"""The record: every request, and nothing secret."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from simulator.entra.models import SEEDED, TENANT_ID, TRAINER
from simulator.entra.tokens import access_token
from simulator.errors import Unusable
from simulator.record import LEFT_OUT, Record, without_secrets
from simulator.server import Simulator


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "below" / "record.jsonl"


@pytest.fixture
def recorded(file: Path) -> Iterator[tuple[Simulator, httpx2.Client]]:
    with Simulator(azurite=False, record=file) as simulator:
        trusting = ssl.create_default_context(cafile=simulator.ca_file)
        with httpx2.Client(base_url=simulator.url, verify=trusting, trust_env=False) as http:
            yield simulator, http


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_a_line_has_what_was_asked_and_answered(recorded: tuple[Simulator, httpx2.Client], file: Path) -> None:
    _, http = recorded
    http.get("/metadata/endpoints", params={"api-version": "2022-09-01"})
    http.post("/_simulator/clock?note=x", json={"advance": 1.5})
    described, moved = lines(file)
    assert described["method"] == "GET"
    assert described["path"] == "/metadata/endpoints"
    assert described["apiVersion"] == "2022-09-01"
    assert described["request"] is None
    assert described["status"] == 200
    assert described["response"]["name"] == "AzureCloud"
    assert moved["request"] == {"advance": 1.5}
    assert moved["apiVersion"] is None


def test_refusals_are_recorded_too(recorded: tuple[Simulator, httpx2.Client], file: Path) -> None:
    _, http = recorded
    http.put("/nothing/here", json={"a": 1})
    [line] = lines(file)
    assert (line["status"], line["response"]["error"]["code"]) == (501, "NotSimulated")


def test_a_body_is_recorded_though_nobody_read_it(recorded: tuple[Simulator, httpx2.Client], file: Path) -> None:
    _, http = recorded
    http.put("/nothing/here", json={"a": "b" * 300_000})
    assert lines(file)[0]["request"] == {"a": "b" * 300_000}


def test_other_content_is_counted(recorded: tuple[Simulator, httpx2.Client], file: Path) -> None:
    _, http = recorded
    http.post("/_simulator/clock", content=b"\x00" * 1000, headers={"content-type": "application/octet-stream"})
    http.post("/_simulator/clock", content=b"{broken", headers={"content-type": "application/json"})
    assert [line["request"] for line in lines(file)] == [{"bytes": 1000}, {"bytes": 7}]


def test_no_token_and_no_secret_gets_in(recorded: tuple[Simulator, httpx2.Client], file: Path) -> None:
    simulator, http = recorded
    audience = "https://management.azure.com"
    form = {
        "grant_type": "client_credentials",
        "client_id": TRAINER.client_id,
        "client_secret": TRAINER.secret,
        "scope": f"{audience}/.default",
    }
    token = http.post(f"/{TENANT_ID}/oauth2/v2.0/token", data=form).json()["access_token"]
    http.post(f"/{TENANT_ID}/oauth2/token", json=form)
    header = {"Authorization": f"Bearer {token}", "api-key": "0123456789abcdef"}
    http.get("/subscriptions?api-version=2022-12-01&sig=c2VjcmV0", headers=header)
    echoed = access_token(simulator.cloud, TRAINER, audience)
    http.post("/_simulator/clock", json={"note": f"Bearer {echoed}", "of": TRAINER.secret, "client_secret": "hidden"})
    http.get(f"/nothing/{TRAINER.secret}")
    text = file.read_text()
    assert len(text.splitlines()) == 5
    assert token not in text
    assert not re.search(r"eyJ[\w-]+\.", text)
    assert not any(each.secret and each.secret in text for each in SEEDED.values())
    for secret in ("0123456789abcdef", "c2VjcmV0", "hidden"):
        assert secret not in text


def test_keys_are_left_out_of_answers_by_their_names() -> None:
    storage = {"keys": [{"keyName": "key1", "permissions": "FULL", "value": "abc=="}]}
    assert without_secrets(storage) == {"keys": [{"keyName": "key1", "permissions": "FULL", "value": LEFT_OUT}]}
    assert without_secrets({"key1": "a", "key2": "b"}) == {"key1": LEFT_OUT, "key2": LEFT_OUT}


def test_lists_keep_their_values() -> None:
    assert without_secrets({"value": [{"name": "one"}]}) == {"value": [{"name": "one"}]}


def test_signatures_and_account_keys_are_left_out_of_texts(file: Path) -> None:
    with Record(file) as record:
        record.add({"request": {"content_url": "https://x/y?sv=1&sig=abc%3D&se=2", "c": "AccountKey=k==;Endpoint=x"}})
    assert "abc" not in file.read_text()
    assert "k==" not in file.read_text()
    assert "se=2" in file.read_text()


def test_lines_are_appended(file: Path) -> None:
    for number in (1, 2):
        with Record(file) as record:
            record.add({"n": number})
    assert [line["n"] for line in lines(file)] == [1, 2]


def test_a_file_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="can't write the record"):
        Simulator(azurite=False, record=tmp_path).__enter__()
