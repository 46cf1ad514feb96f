"""Tokens: what is issued verifies, and what doesn't verify says why."""

from __future__ import annotations

import time
from pathlib import Path
from typing import get_args

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from simulator.cloud import Cloud
from simulator.entra import audiences
from simulator.entra.models import STRANGER, TRAINER
from simulator.entra.signing import SigningKey, kept_key
from simulator.entra.tokens import Kind, TokenProblem, access_token, issue, verify
from simulator.errors import EntraRefusal

SERVICE = "https://cognitiveservices.azure.com"


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


def problem(cloud: Cloud, header: str | None, allowed: frozenset[str] = audiences.DATA_PLANE) -> TokenProblem:
    with pytest.raises(TokenProblem) as caught:
        verify(cloud, header, allowed)
    return caught.value


@pytest.mark.parametrize(
    ("scope", "audience"),
    [
        ("https://cognitiveservices.azure.com/.default", "https://cognitiveservices.azure.com"),
        ("https://ai.azure.com/.default", "https://ai.azure.com"),
        ("https://management.azure.com//.default", "https://management.azure.com/"),
        ("https://management.core.windows.net//.default", "https://management.core.windows.net/"),
        ("https://storage.azure.com/.default", "https://storage.azure.com"),
    ],
)
def test_the_audience_is_the_scope_without_its_ending(cloud: Cloud, scope: str, audience: str) -> None:
    answer = issue(cloud, TRAINER.client_id, TRAINER.secret, scope)
    claims = jwt.decode(answer["access_token"], cloud.signing_key.public, algorithms=["RS256"], audience=audience)
    assert answer["token_type"] == "Bearer"
    assert claims["exp"] - claims["iat"] == answer["expires_in"]
    assert claims["oid"] == TRAINER.object_id
    assert claims["appid"] == TRAINER.client_id
    assert claims["tid"] == cloud.tenant_id
    assert claims["iss"] == f"https://sts.windows.net/{cloud.tenant_id}/"


def test_tokens_keep_wall_time_whatever_the_simulated_date(cloud: Cloud) -> None:
    cloud.clock.advance(10 * 365 * 86400)
    token = issue(cloud, TRAINER.client_id, TRAINER.secret, f"{SERVICE}/.default")["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert abs(claims["iat"] - time.time()) < 60
    assert verify(cloud, f"Bearer {token}", audiences.DATA_PLANE).name == "trainer"


@pytest.mark.parametrize("audience", sorted(audiences.DATA_PLANE))
def test_the_data_plane_takes_either_audience_with_or_without_a_slash(cloud: Cloud, audience: str) -> None:
    assert audience.rstrip("/") in ("https://cognitiveservices.azure.com", "https://ai.azure.com")
    assert verify(cloud, f"Bearer {access_token(cloud, TRAINER, audience)}", audiences.DATA_PLANE)


@pytest.mark.parametrize("header", [None, "", "Basic abc"])
def test_no_bearer_token_is_a_missing_one(cloud: Cloud, header: str | None) -> None:
    assert problem(cloud, header).kind == "missing"


@pytest.mark.parametrize("token", ["", "abc", "a.b.c"])
def test_what_is_no_token_is_garbage(cloud: Cloud, token: str) -> None:
    assert problem(cloud, f"Bearer {token}").kind == "garbage"


def test_another_keys_signature_is_garbage(cloud: Cloud) -> None:
    other = Cloud(signing_key=SigningKey.of(rsa.generate_private_key(public_exponent=65537, key_size=2048)))
    assert problem(cloud, f"Bearer {access_token(other, TRAINER, SERVICE)}").kind == "garbage"


def test_an_unsigned_token_is_garbage(cloud: Cloud) -> None:
    claims = jwt.decode(access_token(cloud, TRAINER, SERVICE), options={"verify_signature": False})
    assert problem(cloud, f"Bearer {jwt.encode(claims, '', algorithm='none')}").kind == "garbage"


def test_another_services_token_names_its_audience(cloud: Cloud) -> None:
    found = problem(cloud, f"Bearer {access_token(cloud, TRAINER, 'https://management.azure.com')}")
    assert (found.kind, found.detail) == ("audience", "https://management.azure.com")


def test_an_expired_token_says_when(cloud: Cloud) -> None:
    issued = time.time() - 7200
    found = problem(cloud, f"Bearer {access_token(cloud, TRAINER, SERVICE, issued_at=issued)}")
    assert (found.kind, found.detail) == ("expired", str(int(issued) + 3599))


def test_another_tenants_token_names_its_issuer(cloud: Cloud) -> None:
    foreign = "11111111-2222-4333-8444-555555555555"
    found = problem(cloud, f"Bearer {access_token(cloud, TRAINER, SERVICE, tenant_id=foreign)}")
    assert (found.kind, found.detail) == ("tenant", f"https://sts.windows.net/{foreign}/")


def test_a_principal_that_is_gone_has_no_good_token(cloud: Cloud) -> None:
    token = access_token(cloud, STRANGER, SERVICE)
    cloud.state.entra.remove(STRANGER.object_id)
    assert problem(cloud, f"Bearer {token}").kind == "garbage"


def test_a_managed_identity_is_known_and_gets_no_token(cloud: Cloud) -> None:
    made = cloud.state.entra.add_managed_identity(
        object_id="AAAAAAAA-0000-4000-8000-000000000001", client_id="bbbb", name="an account"
    )
    assert cloud.state.entra.by_object_id("aaaaaaaa-0000-4000-8000-000000000001") == made
    with pytest.raises(EntraRefusal) as refused:
        issue(cloud, "bbbb", "guess", f"{SERVICE}/.default")
    assert refused.value.number == 7000215


def test_arm_takes_its_own_local_address_as_audience_too(cloud: Cloud) -> None:
    cloud.endpoints.main = "https://127.0.0.1:4711"
    token = access_token(cloud, TRAINER, "https://127.0.0.1:4711/")
    assert verify(cloud, f"Bearer {token}", audiences.of_arm(cloud)).client_id == TRAINER.client_id


def test_kinds_are_the_ones_the_planes_answer_to() -> None:
    assert set(get_args(Kind)) == {"missing", "garbage", "audience", "expired", "early", "tenant"}


def test_a_kept_key_signs_on_after_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "signing.key"
    first, second = kept_key(file), kept_key(file)
    assert file.stat().st_mode & 0o777 == 0o600
    token = access_token(Cloud(signing_key=first), TRAINER, SERVICE)
    assert verify(Cloud(signing_key=second), f"Bearer {token}", audiences.DATA_PLANE).name == "trainer"
    assert first.kid == second.kid
