"""What the section ``access`` takes."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from contract.config.access import AzureDevOps


@pytest.mark.parametrize(
    "issuer", ["https://vstoken.dev.azure.com/1", "https://login.microsoftonline.com/00000000-0000-0000-0000-0000/v2.0"]
)
def test_both_issuers_of_service_connections_are_taken(issuer: str) -> None:
    """Microsoft Learn, "Set a workload identity service connection": the older one, and Entra's own."""
    assert AzureDevOps.model_validate({"issuer": issuer, "subject": "sc://contoso/models/prod"}).issuer == issuer


@pytest.mark.parametrize("issuer", ["vstoken.dev.azure.com/1", "http://vstoken.dev.azure.com/1", "https://", ""])
def test_an_issuer_is_an_address_over_https(issuer: str) -> None:
    """Entra ID asks it for its keys; found before the up, not when the identity stands already."""
    with pytest.raises(ValidationError, match="issuer"):
        AzureDevOps.model_validate({"issuer": issuer, "subject": "sc://contoso/models/prod"})
