"""User-assigned identities and federated credentials, held against azure-mgmt-msi."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from simulator.server import Simulator
from tests.simulator.arm.clients import GROUP, LOCATION, refused
from tests.simulator.arm.conftest import Wire
from tests.simulator.arm.key_vault_clients import KeyClients, key_clients

NAME = "id-deploy"
GITHUB = "https://token.actions.githubusercontent.com"


def credential(subject: str = "repo:contoso/models:environment:prod", **more: Any) -> Any:
    audiences = ["api://AzureADTokenExchange"]
    return {"properties": {"issuer": GITHUB, "subject": subject, "audiences": audiences} | more}


@pytest.fixture
def clients(simulator: Simulator, group: str) -> Iterator[KeyClients]:
    with key_clients(simulator) as opened:
        yield opened


@pytest.fixture
def identity(clients: KeyClients) -> Any:
    where: Any = {"location": LOCATION}
    return clients.identities.user_assigned_identities.create_or_update(GROUP, NAME, where)


def test_an_identity_is_a_principal_as_long_as_it_lives(
    simulator: Simulator, clients: KeyClients, identity: Any
) -> None:
    entra = simulator.cloud.state.entra
    known = entra.by_object_id(identity.principal_id)
    assert known is not None
    assert (known.client_id, known.name) == (identity.client_id, NAME)
    assert identity.tenant_id == simulator.cloud.tenant_id
    clients.identities.user_assigned_identities.delete(GROUP, NAME)
    assert entra.by_object_id(identity.principal_id) is None


def test_an_identity_goes_with_its_group(simulator: Simulator, identity: Any, wire: Wire) -> None:
    wire("DELETE", f"/subscriptions/{simulator.cloud.subscription_id}/resourceGroups/{GROUP}?api-version=2021-04-01")
    simulator.clock.advance(60)
    wire("GET", f"/subscriptions/{simulator.cloud.subscription_id}/resourceGroups?api-version=2021-04-01")
    assert simulator.cloud.state.entra.by_object_id(identity.principal_id) is None


def test_an_update_keeps_the_principal(clients: KeyClients, identity: Any) -> None:
    tagged: Any = {"location": LOCATION, "tags": {"team": "ml"}}
    again = clients.identities.user_assigned_identities.create_or_update(GROUP, NAME, tagged)
    assert (again.principal_id, again.tags) == (identity.principal_id, {"team": "ml"})
    patched: Any = {"tags": {"team": "ops"}}
    assert clients.identities.user_assigned_identities.update(GROUP, NAME, patched).tags == {"team": "ops"}


def test_an_identitys_name_has_three_characters(clients: KeyClients) -> None:
    where: Any = {"location": LOCATION}
    with refused(400, "InvalidResourceName"):
        clients.identities.user_assigned_identities.create_or_update(GROUP, "ab", where)


def test_credentials_are_made_listed_and_deleted(clients: KeyClients, identity: Any) -> None:
    credentials = clients.identities.federated_identity_credentials
    made = credentials.create_or_update(GROUP, NAME, "github-prod", credential())
    assert (made.issuer, made.subject) == (GITHUB, "repo:contoso/models:environment:prod")
    assert [each.name for each in credentials.list(GROUP, NAME)] == ["github-prod"]
    credentials.delete(GROUP, NAME, "github-prod")
    assert list(credentials.list(GROUP, NAME)) == []


def test_issuer_and_subject_stand_once_in_an_identity(clients: KeyClients, identity: Any) -> None:
    credentials = clients.identities.federated_identity_credentials
    credentials.create_or_update(GROUP, NAME, "github-prod", credential())
    credentials.create_or_update(GROUP, NAME, "github-prod", credential())
    with refused(400, "Conflict", "Issuer and subject combination already exists for this Managed Identity."):
        credentials.create_or_update(GROUP, NAME, "github-other", credential())


def test_an_identity_has_twenty_credentials_at_most(clients: KeyClients, identity: Any) -> None:
    credentials = clients.identities.federated_identity_credentials
    for number in range(20):
        credentials.create_or_update(GROUP, NAME, f"github-{number}", credential(f"subject-{number}"))
    with refused(400, "BadRequest"):
        credentials.create_or_update(GROUP, NAME, "github-20", credential("subject-20"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": ""},
        {"issuer": "http://token.actions.githubusercontent.com"},
        {"subject": ""},
        {"subject": "s" * 601},
        {"audiences": []},
        {"audiences": ["one", "two"]},
    ],
    ids=str,
)
def test_a_credential_is_whole(clients: KeyClients, identity: Any, wrong: dict[str, Any]) -> None:
    with refused(400, "BadRequest"):
        clients.identities.federated_identity_credentials.create_or_update(GROUP, NAME, "github", credential(**wrong))


def test_credentials_of_one_identity_are_written_one_by_one(clients: KeyClients, identity: Any) -> None:
    """Azure/bicep-registry-modules#1447; the two writes meet because each is under way for a moment."""
    credentials = clients.identities.federated_identity_credentials

    def write(number: int) -> str:
        try:
            credentials.create_or_update(
                GROUP, NAME, f"github-{number}", credential(f"subject-{number}"), retry_total=0
            )
        except HttpResponseError as refusal:
            return str(refusal.error.code) if refusal.error is not None else ""
        return "written"

    write(0)
    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(write, range(1, 5)))
    assert answers == {"written", "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity"}
