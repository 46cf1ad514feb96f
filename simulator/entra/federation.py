"""Workload identity federation: an identity signs in with a token of an issuer outside that it trusts.

Which token stands for which identity, its federated credentials say: issuer, subject and audience, to the letter
(Microsoft Learn, identity-platform/reference-breaking-changes: matching is case-sensitive).
"""

from __future__ import annotations

import time
from typing import Any

import jwt

from simulator.arm.models import FEDERATED_CREDENTIALS, resources_of
from simulator.cloud import Cloud
from simulator.entra import errors
from simulator.entra.models import ServicePrincipal
from simulator.entra.outside import reached

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def check(cloud: Cloud, principal: ServicePrincipal, assertion: str) -> None:
    """Returns where the assertion stands for the principal, and raises the refusal where not."""
    try:
        header = jwt.get_unverified_header(assertion)
        claims: dict[str, Any] = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.InvalidTokenError as problem:
        raise errors.assertion_malformed() from problem
    issuer = str(claims.get("iss", ""))
    _match(cloud, principal, issuer, str(claims.get("sub", "")), claims.get("aud"))
    key = reached(cloud, issuer)
    if key is None:
        raise errors.issuer_unreachable()
    if header.get("kid") != key.kid:
        raise errors.assertion_key_unknown(str(header.get("kid", "")), issuer)
    try:
        jwt.decode(
            assertion,
            key.public,
            algorithms=["RS256"],
            options={"verify_aud": False, "verify_exp": False, "verify_nbf": False, "verify_iat": False},
        )
    except jwt.InvalidTokenError as problem:
        raise errors.assertion_signature() from problem
    if not int(claims.get("nbf", 0)) <= time.time() < int(claims.get("exp", 0)):
        raise errors.assertion_out_of_time()


def _match(cloud: Cloud, principal: ServicePrincipal, issuer: str, subject: str, audience: Any) -> None:
    """Says what of the assertion fits no credential: the issuer, then the subject, then the audience."""
    found = resources_of(cloud, FEDERATED_CREDENTIALS, principal.resource) if principal.resource else []
    if not found:
        raise errors.no_credentials(principal.client_id, principal.name)
    of_issuer = [each.properties for each in found if each.properties["issuer"] == issuer]
    if not of_issuer:
        raise errors.assertion_issuer(issuer)
    of_subject = [each for each in of_issuer if each["subject"] == subject]
    if not of_subject:
        raise errors.assertion_subject(subject)
    given = audience if isinstance(audience, list) else [audience]
    if not any(each in known["audiences"] for known in of_subject for each in given):
        raise errors.assertion_audience(", ".join(map(str, given)))
