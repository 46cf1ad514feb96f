"""Identities that have no secret sign in with tokens of others, through Microsoft's own identity library."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import jwt
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientAssertionCredential, WorkloadIdentityCredential
from azure.mgmt.resource.resources import ResourceManagementClient
from cryptography.hazmat.primitives.asymmetric import rsa

from simulator.cloud import seeded_assignment
from simulator.entra.models import CALLER, ServicePrincipal
from simulator.entra.outside import AUDIENCE, GITHUB, mint
from simulator.roles import READER
from simulator.server import Simulator
from tests.simulator.arm.clients import GROUP, LOCATION, Clients
from tests.simulator.arm.key_vault_clients import KeyClients, key_clients

SUBJECT = "repo:contoso/models:environment:prod"
SCOPE = "https://management.azure.com/.default"


@pytest.fixture
def clients(simulator: Simulator, environment: Callable[..., Any]) -> Iterator[KeyClients]:
    environment("deployer")
    deployer = Clients(simulator, "deployer")
    with deployer.open:
        deployer.resources.resource_groups.create_or_update(GROUP, {"location": LOCATION})
    with key_clients(simulator) as opened:
        yield opened


@pytest.fixture
def identity(clients: KeyClients) -> Any:
    """An identity that trusts one environment of one repository of GitHub's."""
    where: Any = {"location": LOCATION}
    made = clients.identities.user_assigned_identities.create_or_update(GROUP, "id-deploy", where)
    trust(clients, "github-prod", GITHUB)
    return made


def trust(clients: KeyClients, name: str, issuer: str, subject: str = SUBJECT) -> None:
    body: Any = {"properties": {"issuer": issuer, "subject": subject, "audiences": [AUDIENCE]}}
    clients.identities.federated_identity_credentials.create_or_update(GROUP, "id-deploy", name, body)


def credential(simulator: Simulator, client_id: str, assertion: str) -> ClientAssertionCredential:
    return ClientAssertionCredential(
        simulator.cloud.tenant_id,
        client_id,
        lambda: assertion,
        authority=simulator.url,
        disable_instance_discovery=True,
    )


def refused(simulator: Simulator, client_id: str, assertion: str, number: int) -> None:
    with (
        credential(simulator, client_id, assertion) as signing_in,
        pytest.raises(ClientAuthenticationError, match=f"AADSTS{number}: "),
    ):
        signing_in.get_token(SCOPE)


def test_a_githubs_token_signs_the_identity_in(simulator: Simulator, identity: Any) -> None:
    """And ARM takes it, with the identity's own roles."""
    known = ServicePrincipal(name="id-deploy", object_id=identity.principal_id, client_id=identity.client_id)
    given = seeded_assignment(simulator.cloud, known, READER)
    simulator.cloud.state.arm.resources[given.key] = given
    with (
        credential(simulator, identity.client_id, mint(simulator.cloud, SUBJECT, issuer=GITHUB)) as signing_in,
        ResourceManagementClient(
            signing_in, simulator.cloud.subscription_id, base_url=simulator.url, credential_scopes=[SCOPE]
        ) as resources,
    ):
        assert [each.name for each in resources.resource_groups.list()] == [GROUP]


@pytest.mark.shows_secrets("the file is the token's own, as a cluster writes it")
def test_a_workload_reads_its_token_from_a_file(
    simulator: Simulator, clients: KeyClients, identity: Any, tmp_path: Path
) -> None:
    """Its issuer is the simulator's own, asked for the token as a job asks GitHub's."""
    issuer = f"{simulator.url}/_simulator/oidc"
    trust(clients, "own", issuer)
    context = ssl.create_default_context(cafile=str(simulator.ca_file))
    with httpx2.Client(verify=context, trust_env=False) as http:
        answer = http.get(f"{issuer}/token", params={"subject": SUBJECT, "audience": AUDIENCE}).json()
        keys = http.get(http.get(f"{issuer}/.well-known/openid-configuration").json()["jwks_uri"]).json()
    assert jwt.get_unverified_header(answer["value"])["kid"] in [each["kid"] for each in keys["keys"]]
    file = tmp_path / "token"
    file.write_text(answer["value"])
    with WorkloadIdentityCredential(
        tenant_id=simulator.cloud.tenant_id,
        client_id=identity.client_id,
        token_file_path=str(file),
        authority=simulator.url,
        disable_instance_discovery=True,
    ) as signing_in:
        claims = jwt.decode(signing_in.get_token(SCOPE).token, options={"verify_signature": False})
    assert (claims["oid"], claims["appid"]) == (identity.principal_id, identity.client_id)


@pytest.mark.parametrize(
    ("claims", "number"),
    [
        ({"issuer": GITHUB + "/"}, 700211),
        ({"issuer": "https://elsewhere.example"}, 700211),
        ({"subject": "repo:contoso/models:environment:dev"}, 700213),
        ({"subject": SUBJECT.upper()}, 700213),
        ({"audience": "https://management.azure.com"}, 700212),
    ],
    ids=str,
)
def test_what_no_credential_names_is_told_by_what_does_not_fit(
    simulator: Simulator, identity: Any, claims: dict[str, Any], number: int
) -> None:
    assertion = mint(simulator.cloud, **({"subject": SUBJECT, "issuer": GITHUB} | claims))
    refused(simulator, identity.client_id, assertion, number)


def test_an_issuer_that_can_not_be_asked_is_of_no_use(simulator: Simulator, clients: KeyClients, identity: Any) -> None:
    trust(clients, "elsewhere", "https://elsewhere.example")
    assertion = mint(simulator.cloud, SUBJECT, issuer="https://elsewhere.example")
    refused(simulator, identity.client_id, assertion, 501661)


def test_an_old_token_is_refused(simulator: Simulator, identity: Any) -> None:
    old = mint(simulator.cloud, SUBJECT, issuer=GITHUB, issued_at=time.time() - 3600)
    refused(simulator, identity.client_id, old, 700024)


def test_anothers_signature_is_refused(simulator: Simulator, identity: Any) -> None:
    """Under a key of another's, and under the name of the right one."""
    good = mint(simulator.cloud, SUBJECT, issuer=GITHUB)
    claims = jwt.decode(good, options={"verify_signature": False})
    forger = rsa.generate_private_key(65537, 2048)
    unknown = jwt.encode(claims, forger, algorithm="RS256", headers={"kid": "forger"})
    refused(simulator, identity.client_id, unknown, 7000272)
    kid = jwt.get_unverified_header(good)["kid"]
    forged = jwt.encode(claims, forger, algorithm="RS256", headers={"kid": kid})
    refused(simulator, identity.client_id, forged, 700027)


def test_what_is_no_token_is_malformed(simulator: Simulator, identity: Any) -> None:
    refused(simulator, identity.client_id, "no.token", 50027)


def test_who_trusts_nobody_gets_no_token(simulator: Simulator, clients: KeyClients, identity: Any) -> None:
    assertion = mint(simulator.cloud, SUBJECT, issuer=GITHUB)
    clients.identities.federated_identity_credentials.delete(GROUP, "id-deploy", "github-prod")
    refused(simulator, identity.client_id, assertion, 70025)
    refused(simulator, CALLER.client_id, assertion, 70025)


def test_a_deleted_identity_is_unknown(simulator: Simulator, clients: KeyClients, identity: Any) -> None:
    clients.identities.user_assigned_identities.delete(GROUP, "id-deploy")
    refused(simulator, identity.client_id, mint(simulator.cloud, SUBJECT, issuer=GITHUB), 700016)
