"""A client that is gone before its answer: nobody is there to be told, and nothing is wrong here."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import ClientDisconnect

from simulator.application import Broken
from simulator.faults import connection


async def nothing(*_: Any) -> Any:
    return {"type": "http.disconnect"}


def test_in_the_middle_of_what_it_sent(capsys: pytest.CaptureFixture[str]) -> None:
    async def reading(*_: Any) -> None:
        raise ClientDisconnect

    asyncio.run(Broken(reading)({"type": "http", "method": "POST", "path": "/"}, nothing, nothing))

    assert capsys.readouterr().err == ""


def test_before_a_planned_reset() -> None:
    """asyncio's transport of a connection that is gone has no socket any more."""
    gone = SimpleNamespace(is_closing=lambda: True)

    asyncio.run(connection.reset({"state": {connection.TRANSPORT: gone}}, nothing))
