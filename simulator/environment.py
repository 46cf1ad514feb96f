"""The variables through which a process reaches the local Azure instead of the real one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from simulator.cloud import Cloud
from simulator.entra.models import DEPLOYER, SEEDED
from simulator.errors import Unusable
from simulator.tls import HOST

AMBIENT = ("AZURE_", "ARM_", "MSI_", "IDENTITY_")
"""Prefixes of variables that could lead a client elsewhere: none is passed on from the caller's environment."""


def environment(
    cloud: Cloud, ca_file: Path, principal: str = "trainer", *, ambient: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Endpoints, trust and credentials: AZURE_* for `principal`, ARM_* for the deployer.

    Nothing but the simulator is trusted with these. `ambient` (the process's own environment unless given) is asked
    for the hosts that are reached without a proxy.
    """
    known = SEEDED.get(principal)
    if known is None or known.secret is None:
        raise Unusable(f"no principal {principal!r}: there are {', '.join(SEEDED)}")
    around = os.environ if ambient is None else ambient
    before = (around.get("NO_PROXY") or around.get("no_proxy") or "").split(",")
    direct = ",".join(dict.fromkeys(filter(None, (*before, HOST, "localhost"))))
    return {
        "AZURE_AUTHORITY_HOST": cloud.endpoints.main,
        "AZURE_TENANT_ID": cloud.tenant_id,
        "AZURE_CLIENT_ID": known.client_id,
        "AZURE_CLIENT_SECRET": known.secret,
        "ARM_CLIENT_ID": DEPLOYER.client_id,
        "ARM_CLIENT_SECRET": DEPLOYER.secret or "",
        "ARM_TENANT_ID": cloud.tenant_id,
        "ARM_SUBSCRIPTION_ID": cloud.subscription_id,
        "ARM_METADATA_HOSTNAME": cloud.endpoints.host,
        "SSL_CERT_FILE": str(ca_file),
        "REQUESTS_CA_BUNDLE": str(ca_file),
        "NO_PROXY": direct,
        "no_proxy": direct,
    }
