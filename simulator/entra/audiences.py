"""Which audiences a token may have, per plane: the services' identifiers, with and without a closing slash."""

from __future__ import annotations

from simulator.cloud import Cloud


def _either(*identifiers: str) -> frozenset[str]:
    return frozenset(text for each in identifiers for text in (each, each + "/"))


DATA_PLANE = _either("https://cognitiveservices.azure.com", "https://ai.azure.com")
"""The v1 specification and Microsoft's samples name the first, the fine-tuning pages of 2026-10 the second."""
STORAGE = _either("https://storage.azure.com")
APP_CONFIGURATION = _either("https://appconfig.azure.com", "https://azconfig.io")
"""What the client asks for where a host name tells it nothing, and what the service's own name is."""
KEY_VAULT = _either("https://vault.azure.net")
ARM = _either("https://management.azure.com", "https://management.core.windows.net")


def of_arm(cloud: Cloud) -> frozenset[str]:
    """ARM's audiences, and the local address of ARM: what the metadata announces as endpoint is asked for as well."""
    return ARM | _either(cloud.endpoints.main)


def known(cloud: Cloud) -> frozenset[str]:
    """Every resource that the token endpoint issues tokens for."""
    return DATA_PLANE | STORAGE | KEY_VAULT | APP_CONFIGURATION | of_arm(cloud)
