"""How this Azure refuses: one class per envelope.

    Refusal
    ├── ArmRefusal       {"error":{"code","message"}}                       resource manager and resource providers
    │   └── FlatRefusal  {"code","message"}                                 Azure Monitor: the same, without envelope
    ├── GatewayRefusal   {"error":{"code":"401","message": "…"}}            data plane, in front of the services
    ├── TokenRefusal     {"statusCode":401,"message":"…"}                   data plane, token not accepted
    ├── ServiceRefusal   {"error":{"code":"invalidPayload","message"}}      files and fine-tuning, indented
    ├── ModelRefusal     {"error":{"message","type","param","code"}}        chat, in OpenAI's manner
    ├── BlobRefusal      <Error><Code>…</Code><Message>…</Message></Error>  Storage, with x-ms-error-code
    └── EntraRefusal     {"error","error_description","error_codes",…}      token endpoint

    Unusable             the simulator itself can't start or go on; its text is for the person at the keyboard

The rooms say which behaviour gets which code and words, in their own `errors.py`, with the source of each.
Envelopes, whitespace included, follow captured answers: the gateway's 403 of 90 bytes (azure-sql-db-chatbot#3), the
files service's refusal of 119 bytes (azure-sdk-for-net#44710).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from starlette.responses import Response

JSON = "application/json"
JSON_UTF8 = "application/json; charset=utf-8"


class Unusable(Exception):
    """The simulator can't start or go on: one line that says what and where, shown without a traceback."""


class Refusal(Exception):
    """An answer that says no: an HTTP status, headers and a body in the form of the plane that refuses."""

    media_type = JSON

    def __init__(self, status: int, message: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})

    def body(self) -> bytes:
        """The bytes on the wire."""
        raise NotImplementedError

    def response(self) -> Response:
        """The whole answer."""
        return Response(self.body(), self.status, self.headers, self.media_type)


class ArmRefusal(Refusal):
    """ARM's envelope, from the gateway in front or a resource provider behind it."""

    media_type = JSON_UTF8

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        headers: Mapping[str, str] | None = None,
        target: str | None = None,
        details: Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        super().__init__(status, message, headers=headers)
        self.code = code
        self.target = target
        self.details = list(details or [])

    def error(self) -> dict[str, Any]:
        """The inner error, as long-running operations carry it too."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.target is not None:
            error["target"] = self.target
        if self.details:
            error["details"] = self.details
        return error

    def body(self) -> bytes:
        return _compact({"error": self.error()})


class FlatRefusal(ArmRefusal):
    """Azure Monitor's form: ARM's error without the envelope around it."""

    def body(self) -> bytes:
        return _compact(self.error())


class GatewayRefusal(Refusal):
    """The data plane's gateway: the code is a string, of digits for 401, 403, 404 and 429.

    Most captured bodies have a blank after `"message":`; the refusal of a key (224 bytes) has none: `spaced=False`.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        headers: Mapping[str, str] | None = None,
        policy: str | None = None,
        spaced: bool = True,
    ) -> None:
        super().__init__(status, message, headers=headers)
        self.code = code
        self.spaced = spaced
        if policy is not None:
            self.headers["policy-id"] = policy

    def body(self) -> bytes:
        code, message = _text(self.code), _text(self.message)
        return f'{{"error":{{"code":{code},"message":{" " if self.spaced else ""}{message}}}}}'.encode()


class TokenRefusal(Refusal):
    """The data plane on a bearer token it doesn't accept: a body without `error` (azure-search-openai-demo#458)."""

    def __init__(self, message: str, *, status: int = 401, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, message, headers=headers)

    def body(self) -> bytes:
        return _compact({"statusCode": self.status, "message": self.message})


class ServiceRefusal(Refusal):
    """The files and fine-tuning services: camel-case code, two-space indentation."""

    media_type = JSON_UTF8

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        headers: Mapping[str, str] | None = None,
        details: Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        super().__init__(status, message, headers=headers)
        self.code = code
        self.details = list(details or [])

    def body(self) -> bytes:
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.details:
            error["details"] = self.details
        return json.dumps({"error": error}, indent=2, ensure_ascii=False).encode()


class ModelRefusal(Refusal):
    """A model's refusal, in OpenAI's manner; `more` adds members such as `status` and `innererror`."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None,
        param: str | None = None,
        type: str | None = "invalid_request_error",  # noqa: A002 - the wire's own word for it.
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(status, message, headers=headers)
        self.code = code
        self.param = param
        self.type = type
        self.more = dict(more or {})

    def body(self) -> bytes:
        error = {"message": self.message, "type": self.type, "param": self.param, "code": self.code}
        return _compact({"error": error | self.more})


class BlobRefusal(Refusal):
    """Storage's XML, with the code in `x-ms-error-code` as well."""

    media_type = "application/xml"

    def __init__(self, status: int, code: str, message: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, message, headers=headers)
        self.code = code
        self.headers.setdefault("x-ms-error-code", code)

    def body(self) -> bytes:
        # Storage sends a byte order mark before the declaration; its clients expect and strip it.
        text = (
            '\ufeff<?xml version="1.0" encoding="utf-8"?>'
            f"<Error><Code>{escape(self.code)}</Code><Message>{escape(self.message)}</Message></Error>"
        )
        return text.encode()


class EntraRefusal(Refusal):
    """The token endpoint: an OAuth error whose description begins with the AADSTS code and ends with trace and time."""

    media_type = JSON_UTF8

    def __init__(self, status: int, error: str, number: int, text: str) -> None:
        super().__init__(status, text)
        self.error = error
        self.number = number
        self.trace_id = str(uuid.uuid4())
        self.correlation_id = str(uuid.uuid4())
        self.at = datetime.now(UTC)

    def body(self) -> bytes:
        stamp = f"{self.at:%Y-%m-%d %H:%M:%SZ}"
        told = f"AADSTS{self.number}: {self.message}"
        return _compact(
            {
                "error": self.error,
                "error_description": (
                    f"{told} Trace ID: {self.trace_id} Correlation ID: {self.correlation_id} Timestamp: {stamp}"
                ),
                "error_codes": [self.number],
                "timestamp": stamp,
                "trace_id": self.trace_id,
                "correlation_id": self.correlation_id,
                "error_uri": f"https://login.microsoftonline.com/error?code={self.number}",
            }
        )


class NotSimulated(ArmRefusal):
    """No route for this request: said aloud, so that nothing is taken for Azure's behaviour that isn't."""

    def __init__(self, method: str, path: str) -> None:
        super().__init__(501, "NotSimulated", f"The simulated Azure has no route for {method} {path}")


class NotSaved(ArmRefusal):
    """The simulator's own disk is full or read-only: what was asked for is not done, and that is no fault of Azure's.

    507 (Insufficient Storage), which Azure's clients don't try again by themselves; that of OpenAI does.
    """

    def __init__(self, problem: OSError | None) -> None:
        why = f" ({problem.strerror or problem})" if problem is not None else ""
        super().__init__(
            507,
            "StateNotSaved",
            f"The simulated Azure can't save its state{why}: nothing of this request is kept. Time goes on all the "
            "same. Ask again when the disk takes it.",
        )


def _compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
