"""Azure's own management libraries, pointed at the simulator, as one of its principals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from azure.identity import ClientSecretCredential
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.cognitiveservices import CognitiveServicesManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.storage import StorageManagementClient

from simulator.arm.models import Resource, find
from simulator.entra.models import DEPLOYER, SEEDED
from simulator.server import Simulator
from tests.simulator.arm.clients import GROUP, LOCATION, Clients, make_account

As = Callable[[str], Clients]


@pytest.fixture
def trusting(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes this process trust the simulator's certificates."""
    monkeypatch.setenv("SSL_CERT_FILE", str(simulator.ca_file))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(simulator.ca_file))


@pytest.fixture
def as_(simulator: Simulator, trusting: None) -> Iterator[As]:
    """Clients of a seeded principal by its name. Versions are those whose types are known to be Azure's own."""
    with ExitStack() as open_clients:

        def clients(name: str) -> Clients:
            who = SEEDED[name]
            credential = ClientSecretCredential(
                simulator.cloud.tenant_id,
                who.client_id,
                who.secret or "",
                authority=simulator.url,
                disable_instance_discovery=True,
            )
            common: dict[str, Any] = {
                "base_url": simulator.url,
                "credential_scopes": ["https://management.azure.com/.default"],
            }
            subscription = simulator.cloud.subscription_id
            made = Clients(
                ResourceManagementClient(credential, subscription, **common),
                CognitiveServicesManagementClient(credential, subscription, api_version="2025-06-01", **common),
                StorageManagementClient(credential, subscription, api_version="2024-01-01", **common),
                AuthorizationManagementClient(credential, subscription, **common),
            )
            for client in (made.resources, made.cognitive, made.storage, made.authorization):
                open_clients.enter_context(client)
            return made

        yield clients


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
