"""Which hosts a command reaches: as the simulator is asked, and as this process connects."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from simulator.record import Recorder
from simulator.server import Simulator

_PLANES = (
    ("Entra ID", re.compile(r"/[^/]+/(oauth2|v2\.0/\.well-known|discovery)|/common/discovery")),
    ("Azure Resource Manager", re.compile(r"/subscriptions|/metadata/endpoints")),
    ("the account", re.compile(r"/[^/]+\.openai\.azure\.com/openai/")),
)
STORAGE = "the storage"
PAGE = Path(__file__).resolve().parents[3] / "docs" / "security.md"


@dataclass
class Reached:
    """``planes``: those that were asked. ``elsewhere``: what was connected to, or looked up, that is none of them."""

    planes: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)


def documented_reach() -> dict[str, set[str]]:
    """What docs/security.md says: of each verb, what it reaches whatever it is about."""
    section = PAGE.read_text(encoding="utf-8").split("\n## What it reaches", 1)[1].split("\n## ", 1)[0]
    table = section.split("\n\n", 3)[2]
    head, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    found: dict[str, set[str]] = {}
    for verbs, *cells in rows:
        planes = {name for name, cell in zip(head[1:], cells, strict=True) if cell == "yes"}
        found |= {verb: set(planes) for verb in re.findall(r"`([^`]+)`", verbs)}
    return found


@contextmanager
def reached(simulator: Simulator) -> Iterator[Reached]:
    """What is reached meanwhile. The simulator's own threads, which ask its blobs' keeper, don't count."""
    found = Reached()
    blob = simulator.blob_url.rpartition(":")[2]
    listeners = {int(url.rpartition(":")[2]) for url in (simulator.url, simulator.blob_url)}
    ours = threading.main_thread()
    receive, connect, resolve = Recorder.__call__, socket.socket.connect, socket.getaddrinfo

    async def received(recorder: Any, scope: Any, *rest: Any) -> None:
        if scope["type"] == "http":
            found.planes.add(STORAGE if str(scope["server"][1]) == blob else _plane(scope["path"]))
        await receive(recorder, scope, *rest)

    def connected(it: socket.socket, address: Any) -> None:
        if threading.current_thread() is ours and not (address[0] == "127.0.0.1" and address[1] in listeners):
            found.elsewhere.add(f"{address}")
        connect(it, address)

    def resolved(host: Any, *rest: Any, **options: Any) -> Any:
        if threading.current_thread() is ours and host not in ("127.0.0.1", "localhost", None):
            found.elsewhere.add(str(host))
        return resolve(host, *rest, **options)

    with (
        mock.patch.object(Recorder, "__call__", received),
        mock.patch.object(socket.socket, "connect", connected),
        mock.patch.object(socket, "getaddrinfo", resolved),
    ):
        yield found


def _plane(path: str) -> str:
    return next((name for name, form in _PLANES if form.match(path)), path)
