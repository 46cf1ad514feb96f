"""The record of requests: one JSON line each, without tokens, secrets and keys.

A line has method, path, apiVersion, request, status and response, and where planned faults happened `faults`, their
kinds. Status and response are null where the connection was reset. Bodies are there as JSON; other content as
`{"bytes": n}`, none as null. Query strings other than api-version are left out: they may hold signatures.
"""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.entra.models import SEEDED
from simulator.errors import Unusable
from simulator.faults.connection import BEFORE_CUT
from simulator.faults.injection import FIRED

LEFT_OUT = "(left out)"

_SECRET_MEMBERS = frozenset(
    {
        *("access_token", "refresh_token", "id_token", "client_secret", "client_assertion", "authorization"),
        *("secret", "password", "key1", "key2", "primarykey", "secondarykey", "apikey", "api_key"),
        *("connectionstring", "accountkey", "sas", "sastoken"),
    }
)
_SECRET_TEXT = re.compile(
    r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]+"  # a JSON web token
    r"|(?<=[?&]sig=)[^&\"\\\s]+"  # the signature of a shared access signature
    r"|(?<=AccountKey=)[^;\"\\]+"  # a key in a connection string
    + "".join(f"|{re.escape(each.secret)}" for each in SEEDED.values() if each.secret)
)


class Record:
    """An open record file; lines are appended whole, from any thread."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a", encoding="utf-8", buffering=1)
        except OSError as problem:
            raise Unusable(f"can't write the record {path}: {problem.strerror}") from problem
        self._lock = threading.Lock()

    def add(self, line: dict[str, Any]) -> None:
        """Writes one request."""
        text = _SECRET_TEXT.sub(LEFT_OUT, json.dumps(line, ensure_ascii=False))
        with self._lock:
            if not self._file.closed:
                self._file.write(text + "\n")

    def close(self) -> None:
        """No line is written after this."""
        with self._lock:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Recorder:
    """Records what passes through an application; without a record it lets everything pass unseen."""

    def __init__(self, app: ASGIApp, record: Record | None) -> None:
        self.app = app
        self.record = record

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.record is None or scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked, answered = _Body(), _Body()
        asked.of(scope["headers"])
        status: int | None = None
        ahead: list[Message] = []

        async def heard() -> Message:
            if ahead:
                return ahead.pop(0)
            message = await receive()
            if message["type"] == "http.request":
                asked.add(message.get("body", b""))
            return message

        if asked.is_json:
            # Read before the handler, which may refuse unread what the record is to show.
            read = [await heard()]
            while read[-1].get("more_body"):
                read.append(await heard())
            ahead.extend(read)

        pending: list[Record] = [self.record]

        def finish() -> None:
            # Once, and before the answer's end or the connection's: a client that has it finds it in the record.
            if not pending:
                return
            secret = "/oauth2/" in scope["path"]
            pending.pop().add(
                {
                    "method": scope["method"],
                    "path": scope["path"],
                    "apiVersion": _api_version(scope["query_string"]),
                    "request": LEFT_OUT if secret else asked.told(),
                    "status": status,
                    "response": LEFT_OUT if secret else answered.told(),
                }
                | ({"faults": fired} if (fired := scope.get(FIRED)) else {})
            )

        scope[BEFORE_CUT] = finish

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                answered.of(message.get("headers", ()))
            elif message["type"] == "http.response.body":
                answered.add(message.get("body", b""))
                if not message.get("more_body"):
                    finish()
            await send(message)

        try:
            await self.app(scope, heard, told)
        finally:
            finish()


class _Body:
    """A body as it streams by: kept while it may be JSON, counted otherwise."""

    def __init__(self) -> None:
        self.size = 0
        self._parts: list[bytes] | None = None

    def of(self, headers: Any) -> None:
        if any(name.lower() == b"content-type" and b"json" in value.lower() for name, value in headers):
            self._parts = []

    @property
    def is_json(self) -> bool:
        return self._parts is not None

    def add(self, part: bytes) -> None:
        self.size += len(part)
        if self._parts is not None:
            self._parts.append(part)

    def told(self) -> object:
        if not self.size:
            return None
        if self._parts is not None:
            try:
                return without_secrets(json.loads(b"".join(self._parts)))
            except ValueError:
                pass
        return {"bytes": self.size}


def without_secrets(value: object) -> object:
    """The same JSON value with the values of secret members left out, at any depth."""
    if isinstance(value, list):
        return [without_secrets(each) for each in value]
    if not isinstance(value, dict):
        return value
    # The list of a storage account's keys has them as {"keyName": …, "value": …}.
    hidden = _SECRET_MEMBERS | {"value"} if "keyName" in value else _SECRET_MEMBERS
    return {
        name: LEFT_OUT if name.lower() in hidden and isinstance(inner, str) else without_secrets(inner)
        for name, inner in value.items()
    }


def _api_version(query: bytes) -> str | None:
    for name, values in parse_qs(query.decode("latin-1")).items():
        if name.lower() == "api-version":
            return values[0]
    return None
