"""The way inside: a small proxy on 127.0.0.1 for those who stand in a virtual network.

A command gets it as HTTPS_PROXY and goes on using the addresses it knows. It takes CONNECT for the simulator's own
addresses and hands the bytes on to the twins of the listeners there, which take every request as coming from inside
(reach.py); TLS passes through untouched. Whoever asks for anything else is refused: there is no way out.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping

from simulator.tls import HOST

_HEAD = 16 * 1024
"""Bytes of a CONNECT request with its headers."""
_PIECE = 64 * 1024
FAREWELL = 1.0
"""Seconds in which one side may still say something when the other has said all."""


class Passage:
    """The proxy on a bound socket. `twins`: port of a listener → port of its twin."""

    def __init__(self, bound: socket.socket, twins: Mapping[int, int]) -> None:
        self._bound = bound
        self._twins = dict(twins)
        self._open: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, sock=self._bound, limit=_HEAD)

    async def stop(self) -> None:
        """Ends it, with every connection that goes through it."""
        if self._server is not None:
            self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - for the type checker: a stream's callback runs in a task.
        self._open.add(task)
        try:
            await self._pass_on(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass  # Who left needs no answer.
        finally:
            self._open.discard(task)
            writer.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, _, rest = head.partition(" ")
        target = rest.partition(" ")[0]
        twin = self._twin(target) if method == "CONNECT" else None
        if twin is None:
            said = f"The simulated network leads to the simulated Azure only, not to {target}\n".encode()
            writer.write(b"HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Type: text/plain\r\n")
            writer.write(f"Content-Length: {len(said)}\r\n\r\n".encode() + said)
            await writer.drain()
            writer.close()
            await writer.wait_closed()
            return
        onward_reader, onward = await asyncio.open_connection(HOST, twin)
        try:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            there = asyncio.create_task(_copy(reader, onward))
            back = asyncio.create_task(_copy(onward_reader, writer))
            try:
                done, _ = await asyncio.wait((there, back), return_when=asyncio.FIRST_COMPLETED)
                if not any(each.exception() for each in done):
                    # Who has said all may still be told something; a connection that was reset is over.
                    await asyncio.wait((there, back), timeout=FAREWELL)
            finally:
                for each in (there, back):
                    each.cancel()
                await asyncio.gather(there, back, return_exceptions=True)
        finally:
            onward.transport.abort()

    def _twin(self, target: str) -> int | None:
        host, _, port = target.rpartition(":")
        return self._twins.get(int(port)) if host in (HOST, "localhost") and port.isdigit() else None


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Raises OSError where either side is gone."""
    while piece := await reader.read(_PIECE):
        writer.write(piece)
        await writer.drain()
    writer.write_eof()
