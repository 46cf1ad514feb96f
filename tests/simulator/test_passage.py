"""The way inside: real clients take it by their environment alone, and it leads nowhere else."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx2
import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient

from simulator.environment import reaching
from simulator.server import Simulator
from tests.simulator.blobs.storage import CONTRIBUTOR, Storage
from tests.simulator.inside import lead_inside, stand

OFF = {"publicNetworkAccess": "Disabled"}


def test_storage_s_client_goes_in(blobs_simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a body that takes more than one piece."""
    storage = Storage(blobs_simulator, "tests", OFF | {"allowSharedKeyAccess": False})
    storage.container("data")
    storage.grant("trainer", CONTRIBUTOR)
    lead_inside(blobs_simulator, storage.resource)
    content = os.urandom(3_000_000)

    def blob() -> bytes:
        with (
            DefaultAzureCredential(disable_instance_discovery=True) as credential,
            BlobServiceClient(storage.url, credential=credential, retry_total=0) as client,
        ):
            client.get_blob_client("data", "blob").upload_blob(content, overwrite=True)
            return bytes(client.get_blob_client("data", "blob").download_blob().readall())

    stand(monkeypatch, blobs_simulator, "private")
    assert blob() == content
    stand(monkeypatch, blobs_simulator, "public")
    with pytest.raises(HttpResponseError) as refused:
        blob()
    assert refused.value.status_code == 403
    assert refused.value.error_code == "AuthorizationFailure"  # type: ignore[attr-defined]  # Storage's client adds it.


def test_requests_goes_in(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every Azure library but openai's sends by it: what is not the simulator's is refused to it as well."""
    import requests  # here: only the libraries under test need it

    stand(monkeypatch, simulator, "private")

    assert requests.get(f"{simulator.url}/_simulator", timeout=10).status_code == 200
    with pytest.raises(requests.exceptions.ProxyError, match="403"):
        requests.get("https://management.azure.com", timeout=10)


@pytest.fixture
def raw(simulator: Simulator) -> Iterator[socket.socket]:
    """A connection to the passage."""
    where = urlsplit(simulator.passage_url)
    with socket.create_connection((str(where.hostname), int(where.port or 0)), timeout=10) as made:
        yield made


@pytest.mark.parametrize(
    "line",
    [
        b"CONNECT example.com:443 HTTP/1.1",
        b"CONNECT 127.0.0.1:22 HTTP/1.1",
        b"CONNECT 127.0.0.1:https HTTP/1.1",
        b"CONNECT nonsense HTTP/1.1",
        b"GET https://example.com/ HTTP/1.1",
    ],
)
def test_it_leads_to_the_simulator_and_nowhere_else(raw: socket.socket, line: bytes) -> None:
    raw.sendall(line + b"\r\nHost: x\r\n\r\n")

    answer = raw.recv(4096)

    assert answer.startswith(b"HTTP/1.1 403 Forbidden\r\n")
    assert b"leads to the simulated Azure only" in answer + raw.recv(4096)


def test_what_is_no_request_gets_no_answer(raw: socket.socket) -> None:
    raw.sendall(b"x" * 100_000)
    raw.shutdown(socket.SHUT_WR)

    with contextlib.suppress(ConnectionResetError):  # As good an end as any.
        assert raw.recv(4096) == b""


def test_it_ends_with_the_simulator() -> None:
    """A connection that is open through it doesn't hold it up."""
    with Simulator(azurite=False) as running:
        where = urlsplit(running.passage_url)
        port = int(where.port or 0)
        trusting = ssl.create_default_context(cafile=running.ca_file)
        with httpx2.Client(proxy=running.passage_url, verify=trusting) as client:
            assert client.get(f"{running.url}/_simulator").status_code == 200
            hanging = socket.create_connection(("127.0.0.1", port), timeout=10)
    with pytest.raises(OSError):  # noqa: PT011 - refused or reset, by the system's timing
        socket.create_connection(("127.0.0.1", port), timeout=10).close()
    hanging.close()


def test_a_command_inside_asks_the_passage_for_everything_but_grpc(simulator: Simulator) -> None:
    ambient = {"NO_PROXY": "127.0.0.1,intern.example", "https_proxy": "http://proxy", "HTTPS_PROXY": "http://proxy"}

    values = reaching(simulator, network="private", ambient=ambient)

    assert values["HTTPS_PROXY"] == values["https_proxy"] == simulator.passage_url
    assert values["NO_PROXY"] == values["no_proxy"] == ""
    assert values["no_grpc_proxy"] == "127.0.0.1,localhost"


def test_exec_stands_inside_where_it_is_told_to() -> None:
    script = "import os; print(os.environ.get('HTTPS_PROXY', 'none'))"
    told = []
    for network in ("public", "private"):
        words = ["-m", "simulator", "exec", "--network", network, "--", sys.executable, "-c", script]
        around = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        done = subprocess.run([sys.executable, *words], env=around, capture_output=True, text=True, check=True)
        told.append(done.stdout.strip())

    assert told[0] == "none"
    assert told[1].startswith("http://127.0.0.1:")


GRPC = """
from concurrent import futures
import grpc

answer = lambda request, context: request
handler = grpc.method_handlers_generic_handler("echo", {"say": grpc.unary_unary_rpc_method_handler(answer)})
server = grpc.server(futures.ThreadPoolExecutor(1))
server.add_generic_rpc_handlers((handler,))
port = server.add_insecure_port("127.0.0.1:0")
server.start()
with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
    print(channel.unary_unary("/echo/say")(b"heard", timeout=10).decode())
server.stop(None)
"""


def test_grpc_on_this_machine_does_not_ask_the_passage(simulator: Simulator) -> None:
    """So Pulumi's SDK speaks to its engine; the passage would refuse it."""
    inside = {**os.environ, **simulator.environment(network="private")}

    done = subprocess.run([sys.executable, "-c", GRPC], env=inside, capture_output=True, text=True, check=True)

    assert done.stdout == "heard\n"
    del inside["no_grpc_proxy"]
    lost = subprocess.run([sys.executable, "-c", GRPC], env=inside, capture_output=True, text=True, check=False)
    assert lost.returncode != 0
