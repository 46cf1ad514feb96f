"""How App Configuration's data plane refuses, one function a behaviour: problem details (RFC 7807), or no body at all.

Certainty, as elsewhere: specimen, words, doc, memory. "doc" is Microsoft Learn, azure-app-configuration/rest-api-*.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from simulator.errors import Refusal

_TYPES = "https://azconfig.io/errors"


class ProblemRefusal(Refusal):
    """`{"type", "title", "name", "detail", "status"}`; `code` is the last segment of the type. Without one: no body."""

    media_type = "application/problem+json; charset=utf-8"

    def __init__(
        self,
        status: int,
        code: str,
        title: str = "",
        *,
        name: str = "",
        detail: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, title, headers=headers)
        self.code = code
        told = {"name": name, "detail": detail}
        self.told = {"type": f"{_TYPES}/{code}", "title": title} | {k: v for k, v in told.items() if v}

    def body(self) -> bytes:
        if not self.message:
            return b""
        return json.dumps(self.told | {"status": self.status}, separators=(",", ":"), ensure_ascii=False).encode()


def no_store() -> ProblemRefusal:
    """A host name that no store has does not resolve in Azure; here it is answered: the simulator's own."""
    return ProblemRefusal(404, "not-found", "The simulated Azure has no such App Configuration store")


def network_closed() -> ProblemRefusal:
    """Public access is off: doc (network-access-errors)."""
    return ProblemRefusal(
        403,
        "ip-address-rejected",
        "Access to this resource is governed by a network access policy. The client IP address fails to meet the "
        "criteria for access. See https://aka.ms/appconfig/network-access-errors for more information.",
    )


def credential_missing() -> ProblemRefusal:
    """Doc (rest-api-authentication-azure-ad); no body."""
    return ProblemRefusal(401, "unauthorized", headers={"WWW-Authenticate": "HMAC-SHA256, Bearer"})


def token_refused(said: str) -> ProblemRefusal:
    """Form and description of what is wrong with a token: doc (rest-api-authentication-azure-ad); no body."""
    challenge = f'HMAC-SHA256, Bearer error="invalid_token", error_description="{said}"'
    return ProblemRefusal(401, "invalid-token", headers={"WWW-Authenticate": challenge})


def role_missing() -> ProblemRefusal:
    """Status documented (rest-api-authorization-azure-ad), type and title seen in a public test of a client."""
    return ProblemRefusal(403, "forbidden", "Access denied to the requested key-value.")


def version_missing() -> ProblemRefusal:
    """Doc (rest-api-versioning)."""
    return ProblemRefusal(
        400,
        "invalid-argument",
        "API version is not specified",
        name="api-version",
        detail="An API version is required, but was not specified.",
    )


def version_unknown(url: str) -> ProblemRefusal:
    """Doc (rest-api-versioning)."""
    return ProblemRefusal(
        400,
        "invalid-argument",
        "Unsupported API version",
        name="api-version",
        detail=f"The HTTP resource that matches the request URI '{url}' does not support the API version specified.",
    )


def parameter_invalid(name: str, detail: str) -> ProblemRefusal:
    """Doc (rest-api-key-value)."""
    return ProblemRefusal(400, "invalid-argument", f"Invalid request parameter '{name}'", name=name, detail=detail)


def not_found() -> ProblemRefusal:
    """Doc (rest-api-key-value): no body."""
    return ProblemRefusal(404, "not-found")


def precondition_failed() -> ProblemRefusal:
    """Doc (rest-api-key-value): no body."""
    return ProblemRefusal(412, "precondition-failed")


def key_locked(key: str) -> ProblemRefusal:
    """Doc (rest-api-key-value), its spelling too."""
    return ProblemRefusal(
        409,
        "key-locked",
        f"Modifing key '{key}' is not allowed",
        name=key,
        detail="The key is read-only. To allow modification unlock it first.",
    )
