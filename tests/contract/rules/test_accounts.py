"""What is refused of an account."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.rules.specimens import ACCOUNT, GROUP, KEY, faults

IDENTITY = f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/theirs"
OWN: dict[str, Any] = {"name": "contoso-openai", "location": "swedencentral"}
THEIRS: dict[str, Any] = {"existing": ACCOUNT, "location": "swedencentral"}
FOUNDRY: dict[str, Any] = OWN | {"kind": "AIServices"}


def of(account: dict[str, Any]) -> dict[str, str]:
    return {key.removeprefix("accounts.main"): said for key, said in faults(accounts={"main": account}).items()}


@pytest.mark.parametrize(
    "account",
    [
        OWN,
        OWN | {"identity": "user"},
        OWN | {"identity": "user", "identityId": IDENTITY},
        OWN | {"restore": True, "limits": {"tunedDeployments": 100, "deployments": 120}},
        FOUNDRY | {"projects": {"support": {"displayName": "Support"}, "sales": {}}},
        THEIRS,
        THEIRS | {"kind": "AIServices", "limits": {"tunedDeployments": 20}},
    ],
)
def test_whole_accounts_have_no_fault(account: dict[str, Any]) -> None:
    assert of(account) == {}


@pytest.mark.parametrize(
    ("account", "key", "said"),
    [
        ({"location": "swedencentral"}, ".name", "or existing"),
        (THEIRS | {"name": "contoso-openai"}, ".name", "not touched"),
        (THEIRS | {"subdomain": "contoso"}, ".subdomain", "not touched"),
        (THEIRS | {"identity": "user"}, ".identity", "not touched"),
        (THEIRS | {"identityId": IDENTITY}, ".identityId", "not touched"),
        (THEIRS | {"restore": True}, ".restore", "not touched"),
        (THEIRS | {"kind": "AIServices", "projects": {"support": {}}}, ".projects", "not touched"),
        (THEIRS | {"existing": KEY}, ".existing", "Microsoft.CognitiveServices/accounts"),
        (OWN | {"identityId": IDENTITY}, ".identityId", "identity: user"),
        (OWN | {"identity": "user", "identityId": ACCOUNT}, ".identityId", "userAssignedIdentities"),
        (OWN | {"projects": {"support": {}}}, ".projects", "kind: AIServices"),
        (OWN | {"limits": {"tunedDeployments": 40}}, ".limits", "counts them too"),
    ],
)
def test_impossible_ones_are_refused_with_the_reason(account: dict[str, Any], key: str, said: str) -> None:
    found = of(account)

    assert list(found) == [key]
    assert said in found[key]


def test_all_that_is_said_of_an_existing_account_is_reported_at_once() -> None:
    found = of(THEIRS | {"name": "contoso-openai", "restore": True, "projects": {"support": {}}})

    assert list(found) == [".name", ".restore", ".projects"]
