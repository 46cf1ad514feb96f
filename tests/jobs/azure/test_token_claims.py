"""Whom a token speaks for, by the claims that Entra ID writes into it."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from jobs.azure.token_claims import identity_of
from jobs.doctor_ports import Identity

OID, TID = "33333333-0000-0000-0000-000000000003", "11111111-0000-0000-0000-000000000001"


def _token(**claims: Any) -> str:
    body = base64.urlsafe_b64encode(json.dumps({"oid": OID, "tid": TID} | claims).encode()).decode().rstrip("=")
    return f"e30.{body}.c2ln"


@pytest.mark.parametrize(
    ("claims", "identity"),
    [
        ({"idtyp": "app", "appid": "app-1"}, Identity("service principal", "ServicePrincipal", "app-1", OID, TID)),
        ({"idtyp": "app", "azp": "app-1"}, Identity("service principal", "ServicePrincipal", "app-1", OID, TID)),
        (
            {"idtyp": "app", "appid": "app-1", "xms_mirid": "/subscriptions/1/…"},
            Identity("managed identity", "ServicePrincipal", "app-1", OID, TID),
        ),
        ({"appid": "04b0", "upn": "ada@contoso.example"}, Identity("user", "User", "ada@contoso.example", OID, TID)),
        ({"idtyp": "user", "unique_name": "live.com#ada"}, Identity("user", "User", "live.com#ada", OID, TID)),
    ],
)
def test_people_applications_and_managed_identities_are_told_apart(claims: dict[str, Any], identity: Identity) -> None:
    assert identity_of(_token(**claims)) == identity


@pytest.mark.parametrize("token", ["", "opaque-token", "a.b.c", "e30.e30.e30", "e30.!!!.e30", "e30.bnVsbA.e30"])
def test_a_token_that_says_nothing_is_not_shown(token: str) -> None:
    with pytest.raises(ValueError, match=r"^the token says nothing of whom it speaks for$"):
        identity_of(token)
