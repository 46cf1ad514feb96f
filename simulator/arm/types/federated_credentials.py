"""Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials: whose tokens stand for an identity.

Rules: Microsoft Learn, workload-identity-federation-considerations: 20 at most, an issuer and subject once per
identity, one write at a time, exactly one audience, texts of 600 characters.
"""

from __future__ import annotations

import re
from typing import Any

from simulator.arm import identity_errors as refuse
from simulator.arm import versions
from simulator.arm.descriptors import Descriptor, Write
from simulator.arm.ids import ResourceId
from simulator.arm.models import FEDERATED_CREDENTIALS, resources_of

LIMIT = 20
_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,119}")
_LONGEST = 600


def _check_name(name: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise refuse.credential_name_invalid(name)


def _check(write: Write) -> None:
    sent = write.properties
    for name in ("issuer", "subject"):
        if not _text(sent.get(name)):
            raise refuse.credential_invalid(name)
    if not str(sent["issuer"]).startswith("https://"):
        raise refuse.credential_invalid("issuer")
    audiences = sent.get("audiences")
    if not isinstance(audiences, list) or len(audiences) != 1 or not _text(audiences[0]):
        raise refuse.credential_invalid("audiences")
    above = write.id.parent.text if write.id.parent is not None else ""
    siblings = [each for each in resources_of(write.cloud, FEDERATED_CREDENTIALS, above) if each.key != write.id.key]
    if any(
        (each.properties["issuer"], each.properties["subject"]) == (sent["issuer"], sent["subject"])
        for each in siblings
    ):
        raise refuse.credential_exists()
    if len(siblings) >= LIMIT:
        raise refuse.too_many_credentials()


def _text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST


def _identity(identity: ResourceId) -> str | None:
    return identity.parent.key if identity.parent is not None else None


CREDENTIALS = Descriptor(
    type=FEDERATED_CREDENTIALS,
    api_versions=versions.MANAGED_IDENTITY[2:],
    members=frozenset({"properties"}),
    check_name=_check_name,
    check=_check,
    complete=lambda write: {
        "properties": {name: write.properties[name] for name in ("issuer", "subject", "audiences")}
    },
    lock=_identity,
    locked=refuse.credentials_written_at_once,
    shows=frozenset(),
)
