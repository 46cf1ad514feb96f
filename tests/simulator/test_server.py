"""The running simulator: start, stop, routes, and a fresh Azure behind the same listeners."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from simulator.application import main_application
from simulator.cloud import Cloud
from simulator.errors import Unusable
from simulator.kept_state import KeptState
from simulator.server import Simulator
from simulator.state_folder import Ports, StateFolder

Authorization = Callable[..., dict[str, str]]


def client(simulator: Simulator) -> httpx2.Client:
    trusting = ssl.create_default_context(cafile=simulator.ca_file)
    return httpx2.Client(base_url=simulator.url, verify=trusting, trust_env=False)


def test_it_is_usable_within_three_seconds_without_azurite() -> None:
    started = time.monotonic()
    with Simulator(azurite=False) as simulator, client(simulator) as http:
        assert http.get("/_simulator/clock").status_code == 200
        assert time.monotonic() - started < 3


def test_it_stops_within_half_a_second_though_a_client_keeps_its_connection() -> None:
    simulator = Simulator(azurite=False)
    with simulator, client(simulator) as http:
        http.get("/_simulator/clock")
        started = time.monotonic()
        simulator.__exit__(None, None, None)
        assert time.monotonic() - started < 0.5
        with pytest.raises(httpx2.TransportError):
            http.get("/_simulator/clock")


def test_it_leaves_no_thread_and_no_folder() -> None:
    before = set(threading.enumerate())
    with Simulator(azurite=False) as simulator:
        home = simulator.home
        assert home.exists()
        assert set(threading.enumerate()) - before
    assert not home.exists()
    assert not set(threading.enumerate()) - before


def test_a_client_that_trusts_only_public_authorities_refuses_it(simulator: Simulator) -> None:
    with (
        httpx2.Client(verify=ssl.create_default_context(), trust_env=False) as http,
        pytest.raises(httpx2.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        http.get(simulator.url)


def test_a_route_nobody_wrote_names_itself(http: httpx2.Client) -> None:
    answer = http.get("/common/oauth2/nothing")
    assert answer.status_code == 501
    assert answer.json() == {
        "error": {
            "code": "NotSimulated",
            "message": "The simulated Azure has no route for GET /common/oauth2/nothing",
        }
    }


def test_a_method_nobody_wrote_names_itself_too(http: httpx2.Client) -> None:
    answer = http.delete("/metadata/endpoints?api-version=2022-09-01")
    assert answer.status_code == 501
    assert "DELETE /metadata/endpoints" in answer.json()["error"]["message"]


def test_the_clock_is_read_and_moved_over_http(http: httpx2.Client, simulator: Simulator) -> None:
    assert http.get("/_simulator/clock").json()["now"] == "2026-11-20T09:00:00+00:00"
    assert http.post("/_simulator/clock", json={"advance": 3600}).json()["now"] == "2026-11-20T10:00:00+00:00"
    assert simulator.clock.now().hour == 10


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"advance": -1}', '{"advance": "soon"}', '{"advance": true}', '{"advance": 1e300}']
)
def test_what_cannot_move_the_clock_is_refused(http: httpx2.Client, body: str) -> None:
    answer = http.post("/_simulator/clock", content=body)
    assert answer.status_code == 400
    assert http.get("/_simulator/clock").json()["now"] == "2026-11-20T09:00:00+00:00"


def test_it_says_where_it_is(http: httpx2.Client, simulator: Simulator) -> None:
    told = http.get("/_simulator").json()
    assert (told["url"], told["blobUrl"]) == (simulator.url, simulator.blob_url)
    assert told["subscriptionId"] == simulator.cloud.subscription_id


def test_a_fresh_cloud_knows_nothing_of_the_one_before(http: httpx2.Client, simulator: Simulator) -> None:
    simulator.cloud.state.arm.resources.clear()
    simulator.clock.advance(5)
    simulator.replace_cloud(Cloud())
    # Whose subscriptions they are.
    assert len(simulator.cloud.state.arm.resources) == len(simulator.cloud.subscriptions)
    assert http.get("/_simulator/clock").json()["now"] == "2026-11-20T09:00:00+00:00"
    assert simulator.cloud.endpoints.main == simulator.url


def test_arm_answers_carry_what_azures_do(http: httpx2.Client) -> None:
    answer = http.get("/subscriptions/nothing", headers={"x-ms-correlation-request-id": "mine"})
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-ms-request-id"]
    assert answer.headers["x-ms-correlation-request-id"] == "mine"


def test_data_plane_answers_carry_what_azures_do(http: httpx2.Client) -> None:
    answer = http.get("/nobody.openai.azure.com/openai/v1/models", headers={"x-ms-client-request-id": "mine"})
    assert answer.headers["apim-request-id"]
    assert answer.headers["x-ms-client-request-id"] == "mine"
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains; preload"


def test_the_data_plane_names_its_region_as_people_read_it(http: httpx2.Client) -> None:
    answer = http.get("/swedencentral.api.cognitive.microsoft.com/openai/v1/models")
    assert answer.headers["x-ms-region"] == "Sweden Central"


def test_a_fault_of_the_simulators_own_says_so_and_is_no_azures(
    http: httpx2.Client, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulator.cloud, "endpoints", None)
    answer = http.get("/_simulator")
    assert answer.status_code == 501
    assert answer.json()["error"]["code"] == "SimulatorFault"
    assert "GET /_simulator: AttributeError" in answer.json()["error"]["message"]


def test_a_fault_does_not_reach_the_server_which_would_close_the_connection() -> None:
    cloud = Cloud()
    cloud.endpoints = None  # type: ignore[assignment]  # the fault
    keeping = KeptState(StateFolder.temporary(), Ports(main=0, blob=0))
    through = httpx2.ASGITransport(main_application(cloud, record=None, keeping=keeping), raise_app_exceptions=True)

    async def ask() -> httpx2.Response:
        async with httpx2.AsyncClient(transport=through, base_url="https://local") as http:
            return await http.get("/_simulator")

    assert asyncio.run(ask()).status_code == 501


def test_other_answers_carry_neither(http: httpx2.Client) -> None:
    answer = http.get("/_simulator")
    assert not {"apim-request-id", "x-ms-request-id", "server"} & set(answer.headers)


def test_a_taken_port_is_refused_and_nothing_is_left_behind(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Unusable, match=f"port {port} of 127.0.0.1 can't be taken"):
            Simulator(azurite=False, port=port, state_dir=tmp_path).__enter__()
    with Simulator(azurite=False, state_dir=tmp_path) as simulator:
        assert simulator.home == tmp_path.resolve()


def test_two_can_run_at_once(simulator: Simulator) -> None:
    with Simulator(azurite=False) as other:
        assert other.url != simulator.url
        assert other.home != simulator.home
