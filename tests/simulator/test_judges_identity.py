"""Microsoft's own identity library gets its tokens here."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientSecretCredential, DefaultAzureCredential

from simulator.entra import audiences
from simulator.entra.models import CALLER, TENANT_ID, TRAINER
from simulator.entra.tokens import verify
from simulator.server import Simulator

Environment = Callable[..., dict[str, str]]

SCOPES = [
    ("https://cognitiveservices.azure.com/.default", audiences.DATA_PLANE),
    ("https://ai.azure.com/.default", audiences.DATA_PLANE),
    ("https://management.azure.com/.default", audiences.ARM),
    ("https://management.core.windows.net/.default", audiences.ARM),
    ("https://storage.azure.com/.default", audiences.STORAGE),
    ("https://appconfig.azure.com/.default", audiences.APP_CONFIGURATION),
]


def secret_credential(simulator: Simulator, *, client_id: str, secret: str) -> ClientSecretCredential:
    return ClientSecretCredential(
        TENANT_ID, client_id, secret, authority=simulator.url, disable_instance_discovery=True
    )


@pytest.mark.parametrize(("scope", "allowed"), SCOPES)
def test_a_client_secret_credential_gets_a_token_each_plane_takes(
    simulator: Simulator, environment: Environment, scope: str, allowed: frozenset[str]
) -> None:
    environment()
    with secret_credential(simulator, client_id=CALLER.client_id, secret=CALLER.secret or "") as credential:
        token = credential.get_token(scope)
    assert verify(simulator.cloud, f"Bearer {token.token}", allowed).name == "caller"


@pytest.mark.parametrize("principal", ["deployer", "trainer", "caller", "stranger"])
def test_the_default_credential_finds_everything_in_the_environment(
    simulator: Simulator, environment: Environment, principal: str
) -> None:
    environment(principal)
    with DefaultAzureCredential(disable_instance_discovery=True) as credential:
        token = credential.get_token("https://cognitiveservices.azure.com/.default")
    assert verify(simulator.cloud, f"Bearer {token.token}", audiences.DATA_PLANE).name == principal


def test_a_wrong_secret_is_told_as_entra_tells_it(simulator: Simulator, environment: Environment) -> None:
    environment()
    with (
        secret_credential(simulator, client_id=TRAINER.client_id, secret="wrong") as credential,
        pytest.raises(ClientAuthenticationError, match="AADSTS7000215: Invalid client secret provided"),
    ):
        credential.get_token("https://management.azure.com/.default")


def test_an_unknown_application_is_told_as_entra_tells_it(simulator: Simulator, environment: Environment) -> None:
    environment()
    unknown = "11111111-2222-4333-8444-555555555555"
    with (
        secret_credential(simulator, client_id=unknown, secret="any") as credential,
        pytest.raises(ClientAuthenticationError, match=f"AADSTS700016: Application with identifier '{unknown}'"),
    ):
        credential.get_token("https://management.azure.com/.default")


def test_an_unknown_service_is_told_as_entra_tells_it(simulator: Simulator, environment: Environment) -> None:
    environment()
    with (
        secret_credential(simulator, client_id=TRAINER.client_id, secret=TRAINER.secret or "") as credential,
        pytest.raises(ClientAuthenticationError, match="AADSTS500011"),
    ):
        credential.get_token("https://nothing.example/.default")


def test_a_token_endpoint_that_is_busy_is_asked_again_and_one_that_is_down_is_told(
    simulator: Simulator, environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its tries the library waits by time.sleep."""
    environment()
    monkeypatch.setattr(time, "sleep", lambda _: None)
    busy = {"match": {"path": "*/oauth2/v2.0/token"}, "does": {"kind": "answer", "status": 503}}
    scope = "https://management.azure.com/.default"
    with secret_credential(simulator, client_id=TRAINER.client_id, secret=TRAINER.secret or "") as credential:
        with simulator.faults.planned({"faults": [busy | {"times": 2}]}) as faults:
            token = credential.get_token(scope)
            assert faults.matched == 3
        assert verify(simulator.cloud, f"Bearer {token.token}", audiences.ARM).name == "trainer"
    with (
        secret_credential(simulator, client_id=TRAINER.client_id, secret=TRAINER.secret or "") as credential,
        simulator.faults.planned({"faults": [busy | {"times": None}]}),
        pytest.raises(ClientAuthenticationError, match="HTTP Error: 503"),
    ):
        credential.get_token(scope)
