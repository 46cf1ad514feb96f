"""Connections that end without an answer, or in the middle of one."""

from __future__ import annotations

import asyncio
import socket
import struct

from starlette.types import Receive, Scope

TRANSPORT = "simulator.transport"
"""Where in a request's `state` its connection's transport is (listeners.py puts it there)."""

BEFORE_CUT = "simulator.before_cut"
"""Where in a request's scope may be what is to be called before its connection ends."""

_AT_ONCE = struct.pack("ii", 1, 0)


async def reset(scope: Scope, receive: Receive) -> None:
    """The client finds `connection reset by peer`; returns when the connection is gone."""
    transport = _ending(scope)
    if transport.is_closing():
        return  # The client has left by itself.
    # Closed with nothing to linger for, the socket sends RST; else it would say goodbye as at any other end.
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    transport.abort()
    await _gone(receive)


async def close(scope: Scope, receive: Receive) -> None:
    """What was sent still arrives, and then the connection ends."""
    _ending(scope).close()
    await _gone(receive)


def _ending(scope: Scope) -> asyncio.Transport:
    if (before := scope.get(BEFORE_CUT)) is not None:
        before()
    transport: asyncio.Transport = scope["state"][TRANSPORT]
    return transport


async def _gone(receive: Receive) -> None:
    # An application that returned before the server knows would be reported as one that forgot to answer.
    while (await receive())["type"] != "http.disconnect":
        pass
