"""Listeners on 127.0.0.1: bound sockets, and the thread with one event loop that serves them."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from simulator.errors import Unusable
from simulator.faults.connection import TRANSPORT
from simulator.passage import Passage
from simulator.tls import HOST, Certificates


class _Server(uvicorn.Server):
    """uvicorn that says when it is up, and doesn't wait for clients that keep connections open."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        # A graceful end would wait for keep-alive connections, and under TLS for each peer's goodbye.
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        for task in list(self.server_state.tasks):
            task.cancel()
        await asyncio.gather(*self.server_state.tasks, return_exceptions=True)
        for each in sockets or ():
            each.close()


class _Protocol(H11Protocol):
    """A connection that its requests know, so that a planned fault can end it without an answer."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        super().connection_made(transport)
        self.app_state = {**self.app_state, TRANSPORT: transport}


class Listeners:
    """The thread that serves the applications, each on its bound socket, and the way inside."""

    def __init__(self, certs: Certificates, served: list[tuple[ASGIApp, socket.socket]], passage: Passage) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certs.cert_file, certs.key_file)
        self._passage = passage
        self._sockets = [bound for _, bound in served]
        self._servers = [
            _Server(
                uvicorn.Config(
                    application,
                    http=_Protocol,
                    ssl_context_factory=lambda *_: context,
                    lifespan="off",
                    ws="none",
                    log_config=None,
                    log_level="error",
                    access_log=False,
                    server_header=False,
                    # The application writes it, by the services' own clocks.
                    date_header=False,
                    # Pooled connections are reused after long pauses; a close at that moment looks like a fault.
                    timeout_keep_alive=600,
                )
            )
            for application, _ in served
        ]
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)

    def start(self) -> None:
        self._thread.start()
        for server in self._servers:
            if not server.up.wait(timeout=20):
                raise Unusable("the listeners did not start within 20 s")

    def stop(self) -> None:
        for server in self._servers:
            server.should_exit = True
        if self._thread.ident is not None:
            self._thread.join(timeout=10)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        pairs = zip(self._servers, self._sockets, strict=True)
        await self._passage.start()
        try:
            await asyncio.gather(*(server.serve(sockets=[bound]) for server, bound in pairs))
        finally:
            await self._passage.stop()


def bound_socket(wanted: int | None, preferred: int) -> socket.socket:
    """A bound socket: on the wanted port or refused, else on the preferred one if it is free, else on any."""
    for port in (wanted,) if wanted is not None else (preferred, 0):
        # Named as TCP, or asyncio does not turn Nagle's algorithm off and each answer waits 40 ms.
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        # Otherwise the port of a simulator that just ended can't be taken again for a minute.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((HOST, port))
        except OSError as problem:
            bound.close()
            if port == wanted:
                raise Unusable(f"port {port} of {HOST} can't be taken: {problem.strerror}") from problem
        else:
            return bound
    raise Unusable(f"no port of {HOST} is free")


def port_of(bound: socket.socket) -> int:
    return int(bound.getsockname()[1])


def url_of(bound: socket.socket) -> str:
    return f"https://{HOST}:{port_of(bound)}"
