"""What an HTTP answer of Azure means to ``jobs``, whichever library received it: which error, and when to ask again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from jobs.errors import CloudFailed, NetworkRefused, ServiceRefused, Unavailable
from jobs.plain import one_line

_REQUEST_IDS = ("apim-request-id", "x-ms-request-id", "x-request-id")
"""Where the planes put the ID that Azure's support asks for."""
_ACCESS_ADVICE = (
    "This identity must be among tuned-models:access.trainers of the stack; after the up that adds it, Azure may take "
    "some minutes to honour a new role."
)
_NETWORK_ADVICE = (
    "The network of this stack does not let you in from here. Run it where its private endpoints can be reached, "
    "inside the virtual network; or, if the stack is restricted and not private, add your address to "
    "tuned-models:network.ipRules."
)
UNTRUSTED = (
    "The certificate of that host is not trusted here: SSL_CERT_FILE and REQUESTS_CA_BUNDLE name a file of the CAs "
    "that are."
)
_NETWORK_WORDS = ("virtual network", "public access is disabled")
"""Of an account's 403: captured answers in Azure-Samples/azure-sql-db-chatbot#3, TabularEditor/TabularEditor3#1557 and
continuedev/continue#12547. Its code is "403", whatever was wrong."""
_NETWORK_CODE = "AuthorizationFailure"
"""Of a storage's, which says no more (microsoft/AzureStorageExplorer#9150)."""

_BUSY = "requestconflict"
"""Azure/azure-dev#9398: "Another operation is being performed on the parent resource ... Please try again later."."""
_NOT_READY = "deploymentnotready"
"""Of a 400, for some minutes after Azure Resource Manager has called a tuned deployment Succeeded (field reports)."""
_WISHES = (
    ("openai-poll-after-ms", 0.001),
    ("retry-after-ms", 0.001),
    ("x-ms-retry-after-ms", 0.001),
    ("retry-after", 1.0),
)
"""Header, and what its unit is in seconds: as openai and azure.core read them."""


def failure(what: str, status: int, code: str | None, message: str, headers: Mapping[str, str]) -> CloudFailed:
    """The error that an answer with ``status`` is. 408, 429 (but for a quota), 409 while something else is being done
    to the account, 400 while a deployment is not ready yet, and most 5xx are worth asking again."""
    word = (code or "").lower()
    later = (status, word) in ((409, _BUSY), (400, _NOT_READY))
    again = (status in (408, 429) and word != "quotaexceeded") or later or broke(status)
    shut_out = status == 403 and _is_network(code, message)
    kind = Unavailable if again else NetworkRefused if shut_out else ServiceRefused
    details = [one_line(message)] if message else []
    if shut_out:
        details.append(_NETWORK_ADVICE)
    elif status in (401, 403):
        details.append(_ACCESS_ADVICE)
    error = kind(what, details=details, status=status, code=code, request_id=request_id(headers))
    if isinstance(error, Unavailable):
        error.retry_after = wish(headers)
    return error


def is_untrusted(words: str) -> bool:
    """Whether an error says that the other side's certificate is not trusted: asking again changes nothing."""
    return "CERTIFICATE_VERIFY_FAILED" in words


def _is_network(code: str | None, message: str) -> bool:
    return code == _NETWORK_CODE or any(words in message.lower() for words in _NETWORK_WORDS)


def broke(status: int) -> bool:
    """Whether the service failed, so that it may have done what was asked and may do it next time. Not with 501 and
    505: it can't do that at all (RFC 9110, 15.6)."""
    return status >= 500 and status not in (501, 505)


def request_id(headers: Mapping[str, str]) -> str | None:
    return next((value for name in _REQUEST_IDS if (value := headers.get(name))), None)


def wish(headers: Mapping[str, str]) -> float | None:
    """Seconds after which the service asks to be asked again; fractions count. None where it says nothing usable.

    A moment (RFC 9110, 10.2.3) counts from the answer's own ``Date``, whatever this machine's clock says.
    """
    for name, unit in _WISHES:
        value = headers.get(name)
        if value is None:
            continue
        try:
            seconds = float(value) * unit
        except ValueError:
            seconds = _until(value, headers.get("date")) if name == "retry-after" else math.nan
        if math.isfinite(seconds) and seconds >= 0:
            return seconds
    return None


def _until(moment: str, now: str | None) -> float:
    """Seconds between two dates of HTTP; NaN where one is none, 0 where the moment has passed."""
    try:
        between = parsedate_to_datetime(moment) - parsedate_to_datetime(now or "")
    except (TypeError, ValueError, OverflowError):
        return math.nan
    return max(0.0, between.total_seconds())
