"""How the provider reaches its Azure: by its config, and by the environment's ARM_* variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.pulumi.values import UNKNOWN, revealed


class Unconfigured(Exception):
    """The provider lacks something it can't do without; the text names it and where to set it."""


@dataclass(frozen=True)
class Connection:
    """Whom and what to ask. `metadata_host` is host:port; without it Azure's public cloud is meant, or `authority`."""

    subscription_id: str
    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)
    """Empty where a pipeline's own token is exchanged."""
    metadata_host: str | None = None
    authority: str | None = None
    ca_file: str | None = None
    location: str | None = None
    token_url: str | None = None
    """Where a job of GitHub's asks for its own token; with ARM_USE_OIDC, in place of a secret."""
    token_right: str = field(default="", repr=False)
    """What lets it ask."""

    @classmethod
    def of(cls, config: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Connection:
        """From the provider's config (`azure-native:…` or an explicit provider's inputs), else from the environment.

        Raises Unconfigured, naming everything that is missing.
        """
        around = os.environ if environment is None else environment
        known = {name: value for name, value in revealed(dict(config)).items() if value is not UNKNOWN}

        def told(name: str, *variables: str) -> str | None:
            for value in (known.get(name), *(around.get(variable) for variable in variables)):
                if value:
                    return str(value)
            return None

        federated = str(told("useOidc", "ARM_USE_OIDC")).lower() == "true"
        token_url = (
            told("oidcRequestUrl", "ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL") if federated else None
        )
        needed = {
            "subscriptionId": told("subscriptionId", "ARM_SUBSCRIPTION_ID"),
            "tenantId": told("tenantId", "ARM_TENANT_ID"),
            "clientId": told("clientId", "ARM_CLIENT_ID"),
        }
        if token_url is None:
            needed["clientSecret"] = told("clientSecret", "ARM_CLIENT_SECRET")
        if missing := [name for name, value in needed.items() if not value]:
            raise Unconfigured(f"no {', '.join(missing)}: run it as `python -m simulator exec -- …`, or set ARM_*")
        return cls(
            subscription_id=needed["subscriptionId"] or "",
            tenant_id=needed["tenantId"] or "",
            client_id=needed["clientId"] or "",
            client_secret=needed.get("clientSecret") or "",
            metadata_host=told("metadataHost", "ARM_METADATA_HOSTNAME", "ARM_METADATA_HOST"),
            authority=told("", "AZURE_AUTHORITY_HOST"),
            ca_file=told("", "SSL_CERT_FILE"),
            location=told("location", "ARM_LOCATION_NAME"),
            token_url=token_url,
            token_right=told("oidcRequestToken", "ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN") or "",
        )
