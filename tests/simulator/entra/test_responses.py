"""Entra on the wire: discovery, keys, tokens, and refusals with their AADSTS numbers."""

from __future__ import annotations

from typing import Any

import httpx2
import jwt
import pytest

from simulator.entra.models import TENANT_ID, TRAINER
from simulator.server import Simulator

SCOPE = "https://cognitiveservices.azure.com/.default"
GOOD = {
    "grant_type": "client_credentials",
    "client_id": TRAINER.client_id,
    "client_secret": TRAINER.secret,
    "scope": SCOPE,
}


def ask(http: httpx2.Client, *, tenant: str = TENANT_ID, **changes: str | None) -> httpx2.Response:
    form = {name: value for name, value in (GOOD | changes).items() if value is not None}
    return http.post(f"/{tenant}/oauth2/v2.0/token", data=form)


def test_discovery_leads_to_a_key_that_verifies_the_token(http: httpx2.Client, simulator: Simulator) -> None:
    found = http.get(f"/{TENANT_ID}/v2.0/.well-known/openid-configuration").json()
    assert found["token_endpoint"] == f"{simulator.url}/{TENANT_ID}/oauth2/v2.0/token"
    token = http.post(found["token_endpoint"], data=GOOD).json()["access_token"]
    keys = jwt.PyJWKSet.from_dict(http.get(found["jwks_uri"]).json())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(token, key, algorithms=["RS256"], audience="https://cognitiveservices.azure.com")
    assert claims["oid"] == TRAINER.object_id


def test_the_older_discovery_names_the_issuer_that_tokens_have(http: httpx2.Client) -> None:
    found = http.get(f"/{TENANT_ID}/.well-known/openid-configuration").json()
    assert found["issuer"] == f"https://sts.windows.net/{TENANT_ID}/"
    answer = http.post(
        found["token_endpoint"],
        data=GOOD | {"resource": "https://management.azure.com/", "scope": ""},
    ).json()
    claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
    assert claims["aud"] == "https://management.azure.com/"
    assert answer["expires_in"] == "3599"
    assert int(answer["expires_on"]) == claims["exp"]


def test_token_answers_are_never_stored(http: httpx2.Client) -> None:
    answer = ask(http)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["cache-control"]
    assert set(answer.json()) == {"token_type", "expires_in", "ext_expires_in", "access_token"}


@pytest.mark.parametrize(
    ("changes", "status", "error", "number"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({"client_secret": None}, 401, "invalid_client", 7000216),
        ({"client_id": "11111111-2222-4333-8444-555555555555"}, 400, "unauthorized_client", 700016),
        ({"scope": "https://cognitiveservices.azure.com"}, 400, "invalid_scope", 70011),
        ({"scope": None}, 400, "invalid_scope", 70011),
        ({"scope": f"{SCOPE} {SCOPE}"}, 400, "invalid_scope", 70011),
        ({"scope": "https://nothing.example/.default"}, 400, "invalid_resource", 500011),
        ({"tenant": "11111111-2222-4333-8444-555555555555"}, 400, "invalid_tenant", 90002),
        ({"client_id": None}, 400, "invalid_request", 900144),
        ({"grant_type": None}, 400, "invalid_request", 900144),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
    ],
)
def test_refusals_carry_the_number_in_text_and_list(
    http: httpx2.Client, changes: dict[str, Any], status: int, error: str, number: int
) -> None:
    answer = ask(http, **changes)
    body = answer.json()
    assert (answer.status_code, body["error"], body["error_codes"]) == (status, error, [number])
    assert body["error_description"].startswith(f"AADSTS{number}: ")
    assert f"Trace ID: {body['trace_id']}" in body["error_description"]
    assert body["error_description"].endswith(f"Timestamp: {body['timestamp']}")
    assert body["error_uri"].endswith(f"?code={number}")


def test_a_refusal_does_not_repeat_the_secret(http: httpx2.Client) -> None:
    assert "hunter2" not in ask(http, client_secret="hunter2").text


def test_discovery_of_another_tenant_is_refused(http: httpx2.Client) -> None:
    answer = http.get("/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration")
    assert answer.status_code == 400
    assert answer.json()["error_codes"] == [90002]
