"""Azure's own management libraries, pointed at the simulator, as one of its principals."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from httpx2 import Response

from simulator.arm.models import Resource, find
from simulator.entra import tokens
from simulator.entra.models import DEPLOYER, SEEDED
from simulator.server import Simulator
from tests.simulator.arm.clients import GROUP, LOCATION, Clients, make_account

As = Callable[[str], Clients]


@pytest.fixture
def trusting(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes this process trust the simulator's certificates."""
    monkeypatch.setenv("SSL_CERT_FILE", str(simulator.ca_file))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(simulator.ca_file))


@pytest.fixture(scope="session")
def opened() -> Iterator[dict[tuple[str, str], Clients]]:
    """Clients by server and principal. They outlive a test, with their connections and tokens.

    These stay good: each test has an Azure of its own behind the same server, with the same signing key.
    """
    clients: dict[tuple[str, str], Clients] = {}
    yield clients
    for each in clients.values():
        each.open.close()


@pytest.fixture
def as_(simulator: Simulator, trusting: None, opened: dict[tuple[str, str], Clients]) -> As:
    """Clients of a seeded principal, by its name."""

    def clients(name: str) -> Clients:
        key = (simulator.url, name)
        if key not in opened:
            opened[key] = Clients(simulator, name)
        return opened[key]

    return clients


@pytest.fixture
def azure(as_: As) -> Clients:
    """The deployer's clients: Owner of the subscription."""
    return as_(DEPLOYER.name)


@pytest.fixture
def group(azure: Clients) -> str:
    """An empty resource group, by name."""
    azure.resources.resource_groups.create_or_update(GROUP, {"location": LOCATION})
    return GROUP


@pytest.fixture
def account(simulator: Simulator, azure: Clients, group: str) -> Resource:
    """A Foundry account with a subdomain and without keys, as a resource."""
    made = make_account(azure, group, "aoai-tuned")
    found = find(simulator.cloud, str(made.id))
    assert found is not None
    return found


class Wire:
    """Requests that no library would send, with a token of the deployer's unless told otherwise."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        context = ssl.create_default_context(cafile=str(simulator.ca_file))
        self.http = httpx2.Client(base_url=simulator.url, verify=context, trust_env=False)

    def token(self, principal: str = "deployer", audience: str = "https://management.azure.com", **how: Any) -> str:
        """A bearer token, of another audience, time or tenant if wished."""
        return tokens.access_token(self.simulator.cloud, SEEDED[principal], audience, **how)

    def __call__(self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None) -> Response:
        """Sends it; `body` is JSON, or bytes as they are."""
        sent = {"Authorization": f"Bearer {self.token()}"} if headers is None else headers
        content = body if isinstance(body, bytes) or body is None else json.dumps(body, separators=(",", ":")).encode()
        return self.http.request(method, path, content=content, headers={"Content-Type": "application/json"} | sent)


@pytest.fixture
def wire(simulator: Simulator) -> Iterator[Wire]:
    """The wire itself."""
    made = Wire(simulator)
    with made.http:
        yield made
