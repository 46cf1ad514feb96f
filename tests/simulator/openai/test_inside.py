"""The data plane of an account without public access, from inside and outside."""

from __future__ import annotations

import pytest
from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from openai import OpenAI, PermissionDeniedError

from tests.simulator.inside import lead_inside, stand
from tests.simulator.openai.conftest import SCOPE, Tenancy


def files(tenancy: Tenancy) -> int:
    with (
        DefaultAzureCredential(disable_instance_discovery=True) as credential,
        OpenAI(
            base_url=tenancy.endpoint, api_key=get_bearer_token_provider(credential, SCOPE), max_retries=0
        ) as client,
    ):
        return len(list(client.files.list()))


def test_the_openai_client_goes_in(tenancy: Tenancy, monkeypatch: pytest.MonkeyPatch) -> None:
    """And azure-identity with it, which gets the token."""
    tenancy.account.properties["publicNetworkAccess"] = "Disabled"
    lead_inside(tenancy.simulator, tenancy.account)

    stand(monkeypatch, tenancy.simulator, "private")
    assert files(tenancy) == 0
    stand(monkeypatch, tenancy.simulator, "public")
    with pytest.raises(PermissionDeniedError, match="Public access is disabled"):
        files(tenancy)
