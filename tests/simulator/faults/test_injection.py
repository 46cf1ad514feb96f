"""What a client sees of each fault, and what is left behind."""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from simulator import passage
from simulator.clock import Clock
from simulator.cloud import Cloud
from simulator.server import Simulator

SOMETHING = "/metadata/endpoints?api-version=2022-09-01"
CLOCK = "/_simulator/clock"
IMPATIENT = httpx2.Timeout(20, read=0.1)
Planning = Callable[..., Any]
CUT = (httpx2.NetworkError, httpx2.RemoteProtocolError)
"""As what a client sees a connection that ended too early: which one depends on what it was doing."""


@pytest.fixture
def planned(simulator: Simulator) -> Iterator[Planning]:
    """Puts one fault into force: `planned({"kind": "reset"}, times=2)`."""

    def plan(does: dict[str, Any], **said: Any) -> Any:
        simulator.faults.install({"faults": [{"does": does} | said]})
        return simulator.faults

    yield plan
    simulator.faults.clear()


@pytest.fixture
def arm(http: httpx2.Client, authorization: Callable[..., dict[str, str]], simulator: Simulator) -> Planning:
    """Makes, reads or deletes a resource group: something with an effect."""

    def ask(method: str = "PUT", **options: Any) -> httpx2.Response:
        path = f"/subscriptions/{simulator.cloud.subscription_id}/resourceGroups/one?api-version=2021-04-01"
        body = {"json": {"location": "swedencentral"}} if method == "PUT" else {}
        return http.request(method, path, headers=authorization(), **(body | options))

    return ask


def made(simulator: Simulator) -> bool:
    return any(key.endswith("/resourcegroups/one") for key in simulator.cloud.state.arm.resources)


# --- answers


def test_an_answer_in_the_place_of_another_is_as_planned(http: httpx2.Client, planned: Planning) -> None:
    faults = planned({"kind": "answer", "status": 418, "body": {"a": [1]}, "headers": {"x-b": "c"}})
    answer = http.get(SOMETHING)
    assert (answer.status_code, answer.json(), answer.headers["x-b"]) == (418, {"a": [1]}, "c")
    assert answer.headers["content-type"].startswith("application/json")
    assert http.get(SOMETHING).status_code == 200
    assert (faults.matched, faults.fired) == (2, 1)


def test_a_text_is_sent_as_it_is(http: httpx2.Client, planned: Planning) -> None:
    planned({"kind": "answer", "status": 502, "body": "<html>", "contentType": "text/html"})
    answer = http.get(SOMETHING)
    assert (answer.text, answer.headers["content-type"]) == ("<html>", "text/html")


def test_before_the_effect_nothing_has_happened(arm: Planning, planned: Planning, simulator: Simulator) -> None:
    planned({"kind": "answer", "status": 503})
    assert arm().status_code == 503
    assert not made(simulator)


def test_after_the_effect_all_has_happened(arm: Planning, planned: Planning, simulator: Simulator) -> None:
    planned({"kind": "answer", "status": 503, "after": True})
    assert arm().status_code == 503
    assert made(simulator)


@pytest.mark.parametrize(
    ("said", "header", "value"),
    [
        ({"retryAfter": 2}, "retry-after", "2"),
        ({"retryAfter": 1.5, "retryAfterAs": "milliseconds"}, "retry-after-ms", "1500"),
    ],
)
def test_it_says_when_to_come_again(
    http: httpx2.Client, planned: Planning, said: dict[str, Any], header: str, value: str
) -> None:
    planned({"kind": "answer", "status": 429} | said)
    assert http.get(SOMETHING).headers[header] == value


def test_it_says_so_by_a_date_too(http: httpx2.Client, planned: Planning) -> None:
    """In HTTP's form (RFC 9110, 10.2.3), from the machine's time."""
    planned({"kind": "answer", "status": 503, "retryAfter": 120, "retryAfterAs": "date"})
    when = parsedate_to_datetime(http.get(SOMETHING).headers["retry-after"])
    assert timedelta(seconds=110) < when - datetime.now(UTC) <= timedelta(seconds=120)


@pytest.mark.parametrize(
    ("path", "begins"),
    [
        ("/subscriptions/x?api-version=2022-12-01", '{"error":{"code":"ServiceUnavailable","message":'),
        ("/contoso.openai.azure.com/openai/v1/files", '{"error":{"code":"503","message": '),
        ("/common/oauth2/v2.0/token", '{"error":"temporarily_unavailable","error_description":"AADSTS90033: '),
    ],
)
def test_left_to_itself_a_plane_answers_in_its_own_form(
    http: httpx2.Client, planned: Planning, path: str, begins: str
) -> None:
    """With the headers it has on every answer: ARM and the data plane name the request."""
    planned({"kind": "answer", "status": 503})
    answer = http.get(path)
    assert answer.text.startswith(begins)
    assert {"x-ms-request-id", "apim-request-id"} & set(answer.headers) or "oauth2" in path


def test_the_blob_listener_answers_in_storages_form(simulator: Simulator, planned: Planning) -> None:
    planned({"kind": "answer", "status": 503}, match={"listener": "blob"})
    trusting = ssl.create_default_context(cafile=simulator.ca_file)
    answer = httpx2.get(f"{simulator.blob_url}/a/b/c", verify=trusting, trust_env=False)
    assert (answer.status_code, answer.headers["x-ms-error-code"]) == (503, "ServerBusy")
    assert "<Error><Code>ServerBusy</Code>" in answer.text


def test_a_large_request_is_heard_out(http: httpx2.Client, planned: Planning) -> None:
    """Or its sender would find a broken connection in the place of the answer."""
    planned({"kind": "answer", "status": 503})
    assert http.post(SOMETHING, content=b"x" * 2_000_000).status_code == 503


# --- connections


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_reset_leaves_no_answer_and_what_was_done_before_it(
    arm: Planning, planned: Planning, simulator: Simulator, when: str
) -> None:
    planned({"kind": "reset", "when": when})
    with pytest.raises(CUT):
        arm()
    assert made(simulator) is (when == "after")
    assert arm("GET").status_code == (200 if when == "after" else 404)


def test_a_connection_is_really_reset(simulator: Simulator, planned: Planning) -> None:
    """TLS is left without its goodbye, which no orderly end does."""
    import socket

    planned({"kind": "reset"})
    host, port = simulator.url.removeprefix("https://").split(":")
    trusting = ssl.create_default_context(cafile=simulator.ca_file)
    with (
        socket.create_connection((host, int(port))) as plain,
        trusting.wrap_socket(plain, server_hostname=host, suppress_ragged_eofs=False) as connection,
    ):
        connection.sendall(f"GET {SOMETHING} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        with pytest.raises((ConnectionResetError, ssl.SSLEOFError)):
            connection.recv(1)


def test_an_upload_is_broken_off(http: httpx2.Client, planned: Planning) -> None:
    """What hasn't been sent by then is never sent."""
    planned({"kind": "reset", "when": "during", "bytes": 100_000})
    sent = 0

    def parts() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(2000):
            sent += 50_000
            yield bytes(50_000)

    with pytest.raises(CUT):
        http.post(SOMETHING, content=parts())
    assert 100_000 <= sent < 100_000_000


def test_a_truncated_answer_promised_more_than_came(http: httpx2.Client, planned: Planning) -> None:
    planned({"kind": "truncate", "bytes": 10})
    with pytest.raises(httpx2.RemoteProtocolError, match=r"received 10 bytes, expected \d{3}"):
        http.get(SOMETHING)
    assert http.get(SOMETHING).status_code == 200


@pytest.mark.parametrize("size", [None, 10**6])
def test_some_of_it_is_always_missing(http: httpx2.Client, planned: Planning, size: int | None) -> None:
    planned({"kind": "truncate", "bytes": size})
    with pytest.raises(httpx2.RemoteProtocolError):
        http.get(SOMETHING)


def test_an_answer_without_a_body_is_missing_as_a_whole(http: httpx2.Client, planned: Planning) -> None:
    planned({"kind": "truncate"})
    with pytest.raises(CUT):
        http.head(SOMETHING)


def test_the_way_inside_is_cut_as_well(
    simulator: Simulator, planned: Planning, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once: nobody waits for more from a connection that is gone."""
    monkeypatch.setattr(passage, "FAREWELL", 60.0)
    planned({"kind": "reset"})
    trusting = ssl.create_default_context(cafile=simulator.ca_file)
    begun = time.monotonic()
    with (
        httpx2.Client(verify=trusting, trust_env=False, proxy=simulator.passage_url, timeout=20) as inside,
        pytest.raises(CUT),
    ):
        inside.get(simulator.url + SOMETHING)
    assert time.monotonic() - begun < 15


# --- bodies


def test_an_answer_is_spoilt_in_its_type_its_body_or_its_form(http: httpx2.Client, planned: Planning) -> None:
    whole = http.get(SOMETHING)
    seen = []
    for kind in ("contentType", "empty", "notJson"):
        planned({"kind": kind})
        answer = http.get(SOMETHING)
        assert answer.status_code == 200
        seen.append((answer.headers["content-type"], answer.content))
    assert seen[0] == ("text/html", whole.content)
    assert seen[1] == ("application/json", b"")
    assert seen[2][0] == "application/json"
    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(seen[2][1])


def test_faults_at_one_request_happen_around_each_other(http: httpx2.Client, simulator: Simulator) -> None:
    """The first is nearest to the client: here the type of an answer that is itself planned."""
    simulator.faults.install(
        {"faults": [{"does": {"kind": "contentType", "value": "a/b"}}, {"does": {"kind": "answer", "status": 500}}]}
    )
    answer = http.get(SOMETHING)
    assert (answer.status_code, answer.headers["content-type"]) == (500, "a/b")


# --- time


@pytest.mark.parametrize("after", [False, True])
def test_by_hand_a_delay_moves_the_clock_and_nobody_waits(
    http: httpx2.Client, simulator: Simulator, planned: Planning, after: bool
) -> None:
    planned({"kind": "delay", "seconds": 86_400, "after": after})
    before, begun = simulator.clock.now(), time.monotonic()
    assert http.get(SOMETHING).status_code == 200
    assert simulator.clock.now() - before == timedelta(days=1)
    assert time.monotonic() - begun < 5


def test_with_a_rate_a_delay_is_waited_for(http: httpx2.Client, simulator: Simulator, planned: Planning) -> None:
    simulator.replace_cloud(Cloud(Clock(rate=100.0)))
    planned({"kind": "delay", "seconds": 10})
    begun = time.monotonic()
    http.get(SOMETHING)
    assert 0.1 <= time.monotonic() - begun < 5


def test_a_delay_by_the_wall_outlasts_a_clients_patience_and_the_request_is_carried_out_all_the_same(
    arm: Planning, planned: Planning, simulator: Simulator
) -> None:
    planned({"kind": "delay", "wallSeconds": 30})
    with pytest.raises(httpx2.ReadTimeout):
        arm(timeout=IMPATIENT)
    assert not made(simulator)
    simulator.faults.clear()  # which lets it go at once
    _await(lambda: made(simulator))


def test_a_late_answer_is_of_what_was_done_in_time(arm: Planning, planned: Planning, simulator: Simulator) -> None:
    planned({"kind": "delay", "wallSeconds": 30, "after": True})
    with pytest.raises(httpx2.ReadTimeout):
        arm(timeout=IMPATIENT)
    _await(lambda: made(simulator))


def test_a_request_that_waits_is_no_business_of_the_next_cloud(
    arm: Planning, planned: Planning, simulator: Simulator
) -> None:
    planned({"kind": "delay", "wallSeconds": 30})
    ended: list[Exception] = []

    def ask() -> None:
        try:
            arm(timeout=20)
        except httpx2.HTTPError as problem:
            ended.append(problem)

    asking = threading.Thread(target=ask)
    asking.start()
    _await(lambda: simulator.faults.fired == 1)
    simulator.replace_cloud(Cloud(Clock(step_on_poll=True)))
    asking.join(timeout=10)
    assert isinstance(ended[0], CUT)
    assert not made(simulator)


def _await(come: Callable[[], bool]) -> None:
    """Of another thread's doing there is no other sign."""
    end = time.monotonic() + 10
    while not come():
        assert time.monotonic() < end
        time.sleep(0.005)


# --- the endpoint


def test_a_plan_is_put_seen_with_its_counts_and_cleared(http: httpx2.Client) -> None:
    fault = {"match": {"path": "/metadata/*"}, "times": 1, "does": {"kind": "empty"}}
    assert http.put("/_simulator/faults", json={"seed": 4, "faults": [fault]}).status_code == 200
    http.get(SOMETHING)
    http.get(SOMETHING)
    assert http.get("/_simulator/faults").json() == {"seed": 4, "faults": [fault | {"matched": 2, "fired": 1}]}
    assert http.delete("/_simulator/faults").status_code == 204
    assert http.get("/_simulator/faults").json() == {"faults": []}


def test_a_bad_plan_is_refused_with_all_that_is_wrong(http: httpx2.Client) -> None:
    answer = http.put("/_simulator/faults", json={"faults": [{}], "a": 1})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == (
        "This is no fault plan: faults[0].does: it is missing; a: there is no such key"
    )


def test_no_fault_keeps_the_simulators_own_routes_from_being_asked(http: httpx2.Client, planned: Planning) -> None:
    faults = planned({"kind": "reset"}, times=None)
    assert http.get(CLOCK).status_code == 200
    assert http.get("/_simulator").status_code == 200
    assert http.delete("/_simulator/faults").status_code == 204
    assert faults.matched == 0


def test_another_cloud_has_no_faults(http: httpx2.Client, planned: Planning, simulator: Simulator) -> None:
    planned({"kind": "reset"}, times=None)
    simulator.replace_cloud(Cloud())
    assert http.get(SOMETHING).status_code == 200


# --- the record


def test_the_record_has_what_the_client_got(tmp_path: Path) -> None:
    file = tmp_path / "record.jsonl"
    with Simulator(azurite=False, record=file) as simulator:
        trusting = ssl.create_default_context(cafile=simulator.ca_file)
        with httpx2.Client(base_url=simulator.url, verify=trusting, trust_env=False) as http:
            plan = {
                "faults": [
                    {"does": {"kind": "reset", "when": "after"}},
                    {"skip": 1, "does": {"kind": "answer", "status": 503, "body": {"a": 1}}},
                    {"skip": 2, "does": {"kind": "truncate", "bytes": 7}},
                ]
            }
            with simulator.faults.planned(plan):
                for asked in range(1, 5):
                    with contextlib.suppress(httpx2.HTTPError):
                        http.get(SOMETHING)
                    # Who has seen the end of it finds it written.
                    assert len(file.read_text().splitlines()) == asked
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(line["status"], line["response"], line.get("faults")) for line in lines[:3]] == [
        (None, None, ["reset"]),
        (503, {"a": 1}, ["answer"]),
        (200, {"bytes": 7}, ["truncate"]),
    ]
    assert (lines[3]["status"], "faults" in lines[3]) == (200, False)
