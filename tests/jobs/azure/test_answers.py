"""What answers mean."""

from __future__ import annotations

import pytest

from jobs.azure.answers import failure, wish
from jobs.errors import ServiceRefused, Unavailable


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.25"}, 0.25),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"openai-poll-after-ms": "500", "retry-after": "9"}, 0.5),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "Fri, 20 Nov 2026 09:00:00 GMT"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after-ms": "soon", "retry-after": "3"}, 3.0),
        ({}, None),
    ],
)
def test_when_to_ask_again(headers: dict[str, str], seconds: float | None) -> None:
    assert wish(headers) == seconds


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_is_worth_asking_again(status: int) -> None:
    error = failure("x", status, None, "", {"retry-after": "4"})

    assert isinstance(error, Unavailable)
    assert error.retry_after == 4


@pytest.mark.parametrize(
    ("status", "code"), [(400, "invalidPayload"), (404, "notFound"), (429, "quotaExceeded"), (501, None), (505, None)]
)
def test_what_is_not(status: int, code: str | None) -> None:
    assert isinstance(failure("x", status, code, "", {}), ServiceRefused)


def test_a_missing_role_comes_with_advice_and_the_request_id() -> None:
    error = failure("x", 401, "PermissionDenied", "lacks", {"apim-request-id": "abc"})

    assert "access.trainers" in str(error)
    assert error.request_id == "abc"
