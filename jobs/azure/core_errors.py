"""Errors of ``azure.core``, which Azure's libraries share, in our terms: its only import."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from azure.core.exceptions import (
    AzureError,
    DeserializationError,
    HttpResponseError,
    SerializationError,
    ServiceRequestError,
    ServiceResponseError,
)

from jobs.azure.answers import UNTRUSTED, failure, is_untrusted
from jobs.errors import CloudFailed, ServiceRefused, Unavailable
from jobs.plain import one_line

_UNENCRYPTED = "Bearer token authentication is not permitted for non-TLS"
"""How azure.core refuses to show a token to who is asked over http."""
FOREIGN = (AzureError, SerializationError, DeserializationError)
_SENSELESS = (AttributeError, KeyError, TypeError, ValueError, OverflowError, RecursionError)
"""What the libraries raise over an answer that is well and holds something else than they expect, or nothing."""


def translate(what: str, error: Exception) -> CloudFailed:
    """``error`` in our terms: the first line of what it says; the rest repeats IDs that have their own place."""
    words = one_line((str(error).splitlines() or [type(error).__name__])[0])
    if isinstance(error, HttpResponseError) and error.status_code is not None:
        headers = dict(getattr(error.response, "headers", None) or {})
        code = getattr(error, "error_code", None) or getattr(error.error, "code", None)
        # Storage's library gives a member of an enumeration for the codes that it knows.
        code = getattr(code, "value", code)
        return failure(what, error.status_code, str(code) if code else None, words, _lowered(headers))
    if is_untrusted(words):
        return ServiceRefused(what, details=[words, UNTRUSTED])
    if isinstance(error, ServiceRequestError | ServiceResponseError) and not words.startswith(_UNENCRYPTED):
        return Unavailable(what, details=[words])
    return ServiceRefused(what, details=[words])


@contextmanager
def translated(what: str) -> Iterator[None]:
    try:
        yield
    except FOREIGN as error:
        raise translate(what, error) from error
    except _SENSELESS as error:
        raise ServiceRefused(what, details=[one_line(f"the answer makes no sense: {error}")]) from error


def _lowered(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
