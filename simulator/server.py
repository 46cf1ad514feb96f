"""The running simulator: HTTPS listeners on 127.0.0.1 in one thread with one event loop.

Two are known to everybody: the main one and the one for blobs. Each has a twin, known to the passage only (passage.py),
whose requests come from inside a virtual network.
"""

from __future__ import annotations

import contextlib
import socket
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from starlette.applications import Starlette
from starlette.types import ASGIApp

from simulator.application import blob_application, main_application
from simulator.clock import AS_OF, Clock
from simulator.cloud import Cloud, Endpoints
from simulator.disk import Disk
from simulator.entra.signing import kept_key, process_key
from simulator.environment import Network, environment
from simulator.faults.installed import Faults
from simulator.faults.plan import Plan
from simulator.kept_state import KeptState
from simulator.limits import TUNED_DEPLOYMENTS
from simulator.listeners import Listeners, bound_socket, port_of, url_of
from simulator.passage import Passage
from simulator.reach import Inside
from simulator.record import Record
from simulator.state_folder import Ports, Saved, StateFolder
from simulator.tls import HOST, certificates

if TYPE_CHECKING:
    from simulator.azurite import Azurite


class Simulator:
    """A local Azure, from entering the context to leaving it.

    as_of             where simulated time starts; a state folder goes on from where its time stood
    rate              simulated seconds per wall second; 0: the clock is moved by hand
    step_on_poll      by hand only: each hint to wait moves the clock by what it asks for
    state_dir         a folder that keeps the state; None: it goes with the process
    record            a file that gets one JSON line per request
    faults            a plan that is in force from the start
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
        faults: Plan | None = None,
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
        self._plan = faults
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
    def faults(self) -> Faults:
        """What goes wrong in the cloud behind the listeners."""
        return self.cloud.faults

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
        """Another Azure behind the same listeners from the next request on, without faults; tests begin so."""
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
        main = exits.enter_context(bound_socket(self._port, saved.ports.main if saved else 0))
        blob = exits.enter_context(bound_socket(None, saved.ports.blob if saved else 0))
        twins = [exits.enter_context(bound_socket(None, 0)) for _ in (main, blob)]
        passage = exits.enter_context(bound_socket(None, 0))
        self._passage_url = f"http://{HOST}:{port_of(passage)}"
        self._endpoints = Endpoints(url_of(main), url_of(blob))
        self._folder.disk = Disk(lambda: self.cloud.faults.plan.behaviour.disk)
        self._kept = KeptState(self._folder, Ports(main=port_of(main), blob=port_of(blob)))
        key_file = self._folder.path / "signing.key"
        self._signing_key = kept_key(key_file) if self._folder.kept else process_key()
        self.cloud = self._new_cloud(saved)
        self._applications = (
            main_application(self.cloud, record=record, keeping=self._kept),
            blob_application(self.cloud, record=record, keeping=self._kept),
        )
        self._applications[0].state.ca_file = self.ca_file
        self._applications[1].state.azurite = self._azurite(exits)
        exits.callback(lambda: self._kept.save_last(self.cloud))
        served: list[tuple[ASGIApp, socket.socket]] = [
            *zip(self._applications, (main, blob), strict=True),
            *zip(map(Inside, self._applications), twins, strict=True),
        ]
        leads = {port_of(known): port_of(twin) for known, twin in zip((main, blob), twins, strict=True)}
        listeners = Listeners(self._certificates, served, Passage(passage, leads))
        exits.callback(listeners.stop)
        listeners.start()

    def _new_cloud(self, saved: Saved | None) -> Cloud:
        clock = Clock(saved.now if saved else self._as_of, rate=self._rate, step_on_poll=self._step_on_poll)
        cloud = Cloud(
            clock,
            state=saved.state if saved else None,
            endpoints=self._endpoints,
            signing_key=self._signing_key,
            new_subscription=self._new_subscription,
            tuned_deployments=self._tuned_deployments,
        )
        cloud.state.openai.keep_contents_in(self._folder.contents, self._folder.disk)
        if self._plan is not None:
            cloud.faults.install(self._plan)
        return cloud

    def _azurite(self, exits: contextlib.ExitStack) -> Azurite | None:
        if not self._with_azurite:
            return None
        from simulator.azurite import Azurite  # here: tests without blobs don't pay for it

        return exits.enter_context(Azurite(self._folder.path / "azurite", self._certificates))
