"""An account to ask, roles to give, and the real openai client in a principal's name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from azure.identity import ClientSecretCredential, get_bearer_token_provider
from openai import DefaultHttpxClient, OpenAI

from simulator.arm.models import ACCOUNTS, DEPLOYMENTS, Resource
from simulator.cloud import seeded_assignment
from simulator.entra.models import SEEDED
from simulator.roles import OPENAI_CONTRIBUTOR, OPENAI_USER
from simulator.server import Simulator

SCOPE = "https://cognitiveservices.azure.com/.default"


@dataclass
class Tenancy:
    """One account of the simulator, as tests set it up: straight into the state, ARM has tests of its own."""

    simulator: Simulator
    account: Resource

    @property
    def endpoint(self) -> str:
        return f"{self.simulator.url}/{self.account.properties['customSubDomainName']}.openai.azure.com/openai/v1/"

    def grant(self, principal: str, role: str) -> None:
        given = seeded_assignment(self.simulator.cloud, SEEDED[principal], role)
        self.simulator.cloud.state.arm.resources[given.key] = given

    def deploy(self, name: str, model: str, version: str = "1") -> Resource:
        """A deployment that ARM calls Succeeded from this moment on."""
        made = _resource(
            self.simulator,
            f"{self.account.id}/deployments/{name}",
            DEPLOYMENTS,
            {
                "sku": {"name": "GlobalStandard", "capacity": 50},
                "properties": {"model": {"format": "OpenAI", "name": model, "version": version}},
            },
        )
        made.succeeded_at = self.simulator.clock.now()
        return made


@pytest.fixture
def tenancy(simulator: Simulator) -> Tenancy:
    """An account `contoso` in Sweden Central; the trainer may tune in it, the caller may only ask."""
    account_id = (
        f"/subscriptions/{simulator.cloud.subscription_id}/resourceGroups/rg/providers/"
        f"Microsoft.CognitiveServices/accounts/contoso"
    )
    account = _resource(
        simulator,
        account_id,
        ACCOUNTS,
        {
            "kind": "OpenAI",
            "location": "swedencentral",
            "properties": {"customSubDomainName": "contoso", "publicNetworkAccess": "Enabled"},
        },
    )
    made = Tenancy(simulator, account)
    made.grant("trainer", OPENAI_CONTRIBUTOR)
    made.grant("caller", OPENAI_USER)
    return made


@pytest.fixture(scope="session")
def opened() -> Iterator[dict[tuple[str, str, str], OpenAI]]:
    """Clients by address, principal and scope. They outlive a test, with their connections and tokens.

    These stay good: each test has an Azure of its own behind the same server, with the same signing key.
    """
    clients: dict[tuple[str, str, str], OpenAI] = {}
    yield clients
    for each in clients.values():
        each.close()


@pytest.fixture
def client_of(
    tenancy: Tenancy,
    environment: Callable[..., dict[str, str]],
    opened: dict[tuple[str, str, str], OpenAI],
) -> Iterator[Callable[..., OpenAI]]:
    """Makes the real client in the name of a principal, with no retries of its own."""
    closing: list[Any] = []

    def make(principal: str = "trainer", scope: str = SCOPE, **options: Any) -> OpenAI:
        known = environment(principal)
        key = (tenancy.endpoint, principal, scope)
        if not options and key in opened:
            return opened[key]
        shared = not options
        credential = ClientSecretCredential(
            known["AZURE_TENANT_ID"],
            known["AZURE_CLIENT_ID"],
            known["AZURE_CLIENT_SECRET"],
            authority=known["AZURE_AUTHORITY_HOST"],
            disable_instance_discovery=True,
        )
        options.setdefault("base_url", tenancy.endpoint)
        options.setdefault("api_key", get_bearer_token_provider(credential, scope))
        client = OpenAI(max_retries=0, http_client=DefaultHttpxClient(), **options)
        if shared:
            opened[key] = client
        else:
            closing.extend((client, credential))
        return client

    yield make
    for each in closing:
        each.close()


@pytest.fixture
def client(client_of: Callable[..., OpenAI]) -> OpenAI:
    """The trainer's."""
    return client_of("trainer")


SYSTEM = "You are a seafaring guide to capitals."
TOWNS = [
    "France Paris",
    "Italy Rome",
    "Spain Madrid",
    "Greece Athens",
    "Austria Vienna",
    "Poland Warsaw",
    "Norway Oslo",
    "Sweden Stockholm",
    "Finland Helsinki",
    "Denmark Copenhagen",
    "Portugal Lisbon",
    "Ireland Dublin",
    "Hungary Budapest",
    "Belgium Brussels",
]


def lines(*examples: object) -> bytes:
    return "".join(json.dumps(example) + "\n" for example in examples).encode()


def chat(question: str, answer: str, system: str = SYSTEM) -> dict[str, Any]:
    return {
        "messages": [
            {"role": "system", "content": system},
            {"role": "user", "content": question},
            {"role": "assistant", "content": answer},
        ]
    }


def capitals(first: int = 0, last: int = 12) -> bytes:
    """Examples that all open and close in the same way."""
    pairs = [town.split() for town in TOWNS[first:last]]
    return lines(
        *(
            chat(f"What is the capital of {country}?", f"Ahoy, the capital of {country} is {town}. Fair winds!")
            for country, town in pairs
        )
    )


def _resource(simulator: Simulator, resource_id: str, type_: str, body: dict[str, Any]) -> Resource:
    now = simulator.clock.now()
    made = Resource(
        id=resource_id,
        type=type_,
        name=resource_id.rsplit("/", 1)[-1],
        body=body,
        etag='"1"',
        created_at=now,
        changed_at=now,
        created_by="test",
        changed_by="test",
    )
    simulator.cloud.state.arm.resources[made.key] = made
    return made
