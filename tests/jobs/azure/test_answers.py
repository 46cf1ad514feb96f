"""What answers mean."""

from __future__ import annotations

import pytest

from jobs.azure.answers import failure, wish
from jobs.errors import NetworkRefused, ServiceRefused, Unavailable


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.25"}, 0.25),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"openai-poll-after-ms": "500", "retry-after": "9"}, 0.5),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "Fri, 20 Nov 2026 09:02:00 GMT", "date": "Fri, 20 Nov 2026 09:00:30 GMT"}, 90.0),
        ({"retry-after": "Fri, 20 Nov 2026 08:00:00 GMT", "date": "Fri, 20 Nov 2026 09:00:30 GMT"}, 0.0),
        ({"retry-after": "Fri, 20 Nov 2026 09:02:00 GMT"}, None),
        ({"retry-after": "Fri, 20 Nov 2026 09:02:00 GMT", "date": "yesterday"}, None),
        ({"retry-after": "Fri, 20 Nov 2026 09:02:00", "date": "Fri, 20 Nov 2026 09:00:30 GMT"}, None),
        ({"x-ms-retry-after-ms": "2500", "retry-after": "3"}, 2.5),
        ({"retry-after": "1e400"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after-ms": "soon", "retry-after": "3"}, 3.0),
        ({}, None),
    ],
)
def test_when_to_ask_again(headers: dict[str, str], seconds: float | None) -> None:
    assert wish(headers) == seconds


@pytest.mark.parametrize(
    ("status", "code"),
    [(status, None) for status in (408, 429, 500, 502, 503, 504)]
    + [(409, "RequestConflict"), (429, "tooManyRequests")],
)
def test_what_is_worth_asking_again(status: int, code: str | None) -> None:
    error = failure("x", status, code, "", {"retry-after": "4"})

    assert isinstance(error, Unavailable)
    assert error.retry_after == 4


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "invalidPayload"), (404, "notFound"), (429, "quotaExceeded"), (501, None), (505, None)]
    + [(status, None) for status in (401, 402, 403, 405, 409, 410, 413, 423)]
    + [(409, "conflict"), (409, "itemDoesAlreadyExist")],
)
def test_what_is_not(status: int, code: str | None) -> None:
    assert isinstance(failure("x", status, code, "", {}), ServiceRefused)


def test_a_missing_role_comes_with_advice_and_the_request_id() -> None:
    error = failure("x", 401, "PermissionDenied", "lacks", {"apim-request-id": "abc"})

    assert "access.trainers" in str(error)
    assert error.request_id == "abc"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("403", "Access denied due to Virtual Network/Firewall rules."),
        ("403", "Public access is disabled. Please configure private endpoint."),
        ("403", "A Virtual Network is configured for this resource. Please use the correct endpoint."),
        ("AuthorizationFailure", "This request is not authorized to perform this operation."),
    ],
)
def test_a_network_that_is_shut_says_from_where_to_come(code: str, message: str) -> None:
    error = failure("x", 403, code, message, {"x-ms-request-id": "abc"})

    assert isinstance(error, NetworkRefused)
    assert "inside the virtual network" in str(error)
    assert "network.ipRules" in str(error)
    assert "access.trainers" not in str(error)
    assert f"(status 403, code {code}, request ID abc)" in str(error)


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (403, "AuthenticationTypeDisabled", "Key based authentication is disabled for this resource."),
        (403, "AuthorizationPermissionMismatch", "This request is not authorized to perform this operation."),
        (401, "AuthorizationFailure", ""),
    ],
)
def test_other_refusals_are_not_the_network_s(status: int, code: str, message: str) -> None:
    error = failure("x", status, code, message, {})

    assert isinstance(error, ServiceRefused)
    assert not isinstance(error, NetworkRefused)
