"""The running simulator: HTTPS listeners on 127.0.0.1 in one thread with one event loop.

Two are known to everybody: the main one and the one for blobs. Each has a twin, known to the passage only (passage.py),
whose requests come from inside a virtual network.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from simulator.application import blob_application, main_application
from simulator.clock import AS_OF, Clock
from simulator.cloud import Cloud, Endpoints
from simulator.entra.signing import kept_key, process_key
from simulator.environment import Network, environment
from simulator.errors import Unusable
from simulator.limits import TUNED_DEPLOYMENTS
from simulator.passage import Passage
from simulator.reach import Inside
from simulator.record import Record
from simulator.state_folder import Ports, Saved, StateFolder
from simulator.tls import HOST, Certificates, certificates

if TYPE_CHECKING:
    from simulator.azurite import Azurite


class Simulator:
    """A local Azure, from entering the context to leaving it.

    as_of             where simulated time starts; a state folder goes on from where its time stood
    rate              simulated seconds per wall second; 0: the clock is moved by hand
    step_on_poll      by hand only: each hint to wait moves the clock by what it asks for
    state_dir         a folder that keeps the state; None: it goes with the process
    record            a file that gets one JSON line per request
    azurite           False leaves Microsoft's Azurite out: the blob listener decides access and then answers 501
    new_subscription  refuses base deployments of models in deprecation
    tuned_deployments how many tuned models an account may deploy, as if support had raised it
    port              of the main listener; None: that of the state folder if it is free, else any

    Raises Unusable where it can't start, with nothing left behind.
    """

    def __init__(
        self,
        *,
        as_of: datetime = AS_OF,
        rate: float = 0.0,
        step_on_poll: bool = False,
        state_dir: Path | None = None,
        record: Path | None = None,
        azurite: bool = True,
        new_subscription: bool = False,
        tuned_deployments: int = TUNED_DEPLOYMENTS,
        port: int | None = None,
    ) -> None:
        self._as_of = as_of
        self._rate = rate
        self._step_on_poll = step_on_poll
        self._state_dir = state_dir
        self._record_file = record
        self._with_azurite = azurite
        self._new_subscription = new_subscription
        self._tuned_deployments = tuned_deployments
        self._port = port
        self._exits = contextlib.ExitStack()
        self._applications: tuple[Starlette, ...] = ()

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as started:
            self._start(started)
            self._exits = started.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._exits.close()

    @property
    def clock(self) -> Clock:
        return self.cloud.clock

    @property
    def url(self) -> str:
        """The main listener, without a closing slash."""
        return self.cloud.endpoints.main

    @property
    def blob_url(self) -> str:
        """The blob listener, without a closing slash."""
        return self.cloud.endpoints.blob

    @property
    def ca_file(self) -> Path:
        """The certificate to trust."""
        return self._certificates.ca_file

    @property
    def home(self) -> Path:
        """The folder it lives in (simulator/state_folder.py says what is there)."""
        return self._folder.path

    @property
    def kept(self) -> bool:
        """Whether the folder outlives it."""
        return self._folder.kept

    @property
    def outputs(self) -> Path:
        """The folder in which an up saves each stack's outputs, as STACK.json."""
        folder = self.home / "outputs"
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def passage_url(self) -> str:
        """The proxy that leads inside."""
        return self._passage_url

    def environment(self, principal: str = "trainer", network: Network = "public") -> dict[str, str]:
        """What a process needs in its environment to reach this Azure, as one of the seeded principals.

        network   `private`: it stands inside a virtual network
        """
        passage = self.passage_url if network == "private" else None
        return environment(self.cloud, self.ca_file, principal, passage=passage)

    def replace_cloud(self, cloud: Cloud) -> None:
        """Another Azure behind the same listeners from the next request on; tests begin so."""
        cloud.endpoints = self._endpoints
        cloud.signing_key = self._signing_key
        self.cloud = cloud
        for application in self._applications:
            application.state.cloud = cloud

    def _start(self, exits: contextlib.ExitStack) -> None:
        self._folder = StateFolder.open(self._state_dir) if self._state_dir else StateFolder.temporary()
        exits.callback(self._folder.close)
        saved = self._folder.load()
        record = exits.enter_context(Record(self._record_file)) if self._record_file else None
        self._certificates = certificates(self._folder.path / "tls", keep=self._folder.kept)
        main = exits.enter_context(_bound(self._port, saved.ports.main if saved else 0))
        blob = exits.enter_context(_bound(None, saved.ports.blob if saved else 0))
        twins = [exits.enter_context(_bound(None, 0)) for _ in (main, blob)]
        passage = exits.enter_context(_bound(None, 0))
        self._passage_url = f"http://{HOST}:{_port(passage)}"
        self._endpoints = Endpoints(_url(main), _url(blob))
        self._ports = Ports(main=_port(main), blob=_port(blob))
        key_file = self._folder.path / "signing.key"
        self._signing_key = kept_key(key_file) if self._folder.kept else process_key()
        self.cloud = self._new_cloud(saved)
        self._applications = (
            main_application(self.cloud, record=record, save=self._save),
            blob_application(self.cloud, record=record, save=self._save),
        )
        self._applications[1].state.azurite = self._azurite(exits)
        exits.callback(self._save_last)
        served: list[tuple[ASGIApp, socket.socket]] = [
            *zip(self._applications, (main, blob), strict=True),
            *zip(map(Inside, self._applications), twins, strict=True),
        ]
        leads = {_port(known): _port(twin) for known, twin in zip((main, blob), twins, strict=True)}
        listeners = _Listeners(self._certificates, served, Passage(passage, leads))
        exits.callback(listeners.stop)
        listeners.start()

    def _new_cloud(self, saved: Saved | None) -> Cloud:
        clock = Clock(saved.now if saved else self._as_of, rate=self._rate, step_on_poll=self._step_on_poll)
        return Cloud(
            clock,
            state=saved.state if saved else None,
            endpoints=self._endpoints,
            signing_key=self._signing_key,
            new_subscription=self._new_subscription,
            tuned_deployments=self._tuned_deployments,
        )

    def _azurite(self, exits: contextlib.ExitStack) -> Azurite | None:
        if not self._with_azurite:
            return None
        from simulator.azurite import Azurite  # here: tests without blobs don't pay for it

        return exits.enter_context(Azurite(self._folder.path / "azurite", self._certificates))

    def _save(self, cloud: Cloud) -> None:
        if cloud.unsaved:
            cloud.unsaved = False
            self._folder.save(cloud.clock.now(), self._ports, cloud.state)

    def _save_last(self) -> None:
        # Time has passed even where nothing else changed.
        self.cloud.unsaved = True
        self._save(self.cloud)


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


class _Listeners:
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
                    ssl_context_factory=lambda *_: context,
                    lifespan="off",
                    ws="none",
                    log_config=None,
                    log_level="error",
                    access_log=False,
                    server_header=False,
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


def _bound(wanted: int | None, preferred: int) -> socket.socket:
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


def _port(bound: socket.socket) -> int:
    return int(bound.getsockname()[1])


def _url(bound: socket.socket) -> str:
    return f"https://{HOST}:{_port(bound)}"
