"""Who may do what with blobs: network rules, then the credential, then roles. Refused as Storage refuses.

Signatures of keys and SAS are left to Azurite, which has the account's keys; here it is decided whether such a
credential counts at all, and what a user delegation SAS may do: no more than its signer's roles allow now. Tokens and
SAS live by wall time, with what skew a fault plan gives to it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from simulator.access import allowed
from simulator.arm.models import Resource
from simulator.arm.types.encryption import key_lost
from simulator.blobs import errors
from simulator.blobs.models import (
    BLOB_READ,
    CONTAINER_GET_ACL,
    CONTAINER_SET_ACL,
    DELEGATION_KEY,
    TAGS_WRITE,
    BlobRequest,
    Credential,
    Need,
    parts,
)
from simulator.cloud import Cloud
from simulator.entra import tokens
from simulator.entra.audiences import STORAGE
from simulator.reach import barred

CHALLENGES_SINCE = "2019-12-12"
"""The first version of the service that answers an anonymous request with a challenge."""


def decide(cloud: Cloud, account: Resource, asked: BlobRequest) -> None:
    """Returns where the request may go on to Azurite, and raises the refusal where not."""
    settings = account.properties
    if barred(cloud, account, inside=asked.inside) is not None:
        raise errors.network_closed()
    if key_lost(cloud, account):
        raise errors.key_lost()
    need = asked.need
    if need is None:
        raise errors.not_simulated(f"{asked.method} with comp={asked.what or '(none)'}")
    if asked.creates_container and "x-ms-blob-public-access" in asked.headers and not _public(settings):
        raise errors.anonymous_not_permitted()
    match asked.credential:
        case Credential.BEARER:
            _require_roles(cloud, account, asked, need, _bearer(cloud, asked))
        case Credential.SHARED_KEY:
            _require_keys(settings)
        case Credential.KEY_SAS:
            _require_keys(settings)
            _require_time(cloud, asked, "st", "se")
        case Credential.DELEGATION_SAS:
            _require_time(cloud, asked, "skt", "ske")
            _require_time(cloud, asked, "st", "se")
            if asked.query.get("sktid", "").lower() != cloud.tenant_id:
                raise errors.signature_refused()
            _require_roles(cloud, account, asked, need, asked.query["skoid"])
        case Credential.NONE:
            if not _public(settings):
                raise errors.anonymous_not_permitted()
        case Credential.OTHER:
            raise errors.malformed_authorization()
    _require_source_here(cloud, asked)


def unauthenticated(cloud: Cloud, asked: BlobRequest) -> errors.StorageRefusal:
    """What Azure says where Azurite says AuthorizationFailure: nothing it was shown lets this request in."""
    if asked.credential is not Credential.NONE:
        return errors.signature_refused()
    if asked.headers.get("x-ms-version", "") >= CHALLENGES_SINCE:
        return errors.no_credential(cloud.tenant_id, cloud.endpoints.main)
    return errors.anonymous_not_found()


def _public(settings: dict[str, Any]) -> bool:
    # Azure's default changed to false in 2023.
    return settings.get("allowBlobPublicAccess") is True


def _require_keys(settings: dict[str, Any]) -> None:
    # Not set means allowed.
    if settings.get("allowSharedKeyAccess") is False:
        raise errors.key_not_permitted()


def _bearer(cloud: Cloud, asked: BlobRequest) -> str:
    try:
        return tokens.verify(cloud, asked.headers.get("authorization"), STORAGE).object_id
    except tokens.TokenProblem as problem:
        raise errors.token_refused(problem.kind, cloud.tenant_id, cloud.endpoints.main) from problem


def _require_roles(cloud: Cloud, account: Resource, asked: BlobRequest, need: Need, principal: str) -> None:
    scope = asked.scope(account.id)
    needs = [(need, scope)]
    if asked.headers.get("x-ms-tags") is not None:
        needs.append((TAGS_WRITE, scope))
    if (source := _source(asked)) is not None:
        needs.append((BLOB_READ, source.scope(account.id)))
    if not all(
        allowed(cloud, principal, each.action, where, data=each.data, on_data_plane=True) for each, where in needs
    ):
        raise errors.permission_mismatch()
    if need in (CONTAINER_GET_ACL, CONTAINER_SET_ACL):
        raise errors.not_simulated("access policies with a token: Azurite takes them with the account's key only")
    if need is DELEGATION_KEY and asked.credential is not Credential.BEARER:
        raise errors.signature_refused()


def _require_time(cloud: Cloud, asked: BlobRequest, start: str, expiry: str) -> None:
    """A SAS, or the delegation key it is signed with, counts from its start to its expiry."""
    now = datetime.now(UTC) + timedelta(seconds=cloud.faults.plan.skew)
    begins, ends = _time(asked.query.get(start, "")), _time(asked.query.get(expiry, ""))
    if (begins is not None and now < begins) or (ends is not None and now > ends):
        told = [
            f"{name} [{format_datetime(at, usegmt=True)}]"
            for name, at in (("Start", begins), ("Expiry", ends), ("Current", now))
            if at is not None
        ]
        raise errors.signature_refused("Signature not valid in the specified time frame: " + " - ".join(told))


def _time(text: str) -> datetime | None:
    """An ISO time of a SAS, in UTC; None for what is none, which Azurite then refuses."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _source(asked: BlobRequest) -> BlobRequest | None:
    """The blob that a copy reads, as a request for it; None where nothing is copied."""
    address = asked.headers.get("x-ms-copy-source")
    if address is None:
        return None
    account, container, blob = parts(urlsplit(address).path)
    return BlobRequest("GET", account, container, blob, {}, {})


def _require_source_here(cloud: Cloud, asked: BlobRequest) -> None:
    """A copy reads from the same account only: for any other address Azurite would go out on the network."""
    source = _source(asked)
    if source is None:
        return
    address = asked.headers["x-ms-copy-source"]
    signed = "sig=" in urlsplit(address).query
    if not address.startswith(cloud.endpoints.blob + "/") or source.account != asked.account or signed:
        raise errors.not_simulated("copies from elsewhere than the same storage account, or with a SAS")
