"""The steps of a command, listed from the code: every call of every port, every change of a file, every request.

Nothing is listed by hand. What a port's protocol declares (jobs/ports.py, jobs/doctor_ports.py) is announced before and
after the adapter does it, and each piece that it reads of a stream; Python's own audit events announce files; and the
two transports that all of Azure's clients are built on announce requests. So a new call is a new step by itself.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import os
import pkgutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote

import jobs.azure
import jobs.stacks
from jobs import doctor_ports, ports
from tests.faults.command import CHANGED, SAME, Command

_CHANGES = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate", "os.link"})
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CLOCKS = ("Clock",)
SUBMITS = ".submit …"
"""Between this step and its request nobody can be held back any more: a machine that falls asleep here is beyond help,
since the service takes no key by which it would know a request again. It falls asleep right after."""
HURRY = 0.5
"""Seconds that a hurried client waits for an answer."""


class Announcer:
    """Hears of each step before it is taken, writes it down, and lets happen what is to happen there."""

    def __init__(self, command: Command, sleep: Callable[[float], None]) -> None:
        self._folder = str(Path(command.folder).resolve())
        self._file, self._asked = (
            os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            for file in (command.steps_file, command.requests_file)
        )
        self._mishaps = {mishap.at: mishap for mishap in command.mishaps}
        self._fine = command.fine
        self.hurried = command.hurried
        self._sleep = sleep
        self._count = 0
        self._changed = True
        self._within = 0

    def step(self, what: str, *, changes: bool = False) -> None:
        """`changes`: the step does something in the world by itself, so that at the next one it is another."""
        mishap = self._mishaps.get(self._count)
        self._count += 1
        os.write(self._file, f"{CHANGED if self._changed else SAME}{what}\n".encode())
        self._changed = changes
        if mishap is None:
            return
        if mishap.kind == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if what.endswith(SUBMITS):
            self._mishaps[self._count] = mishap
            return
        self._sleep(mishap.seconds)

    @contextmanager
    def within(self) -> Iterator[None]:
        """While a port's call is done."""
        self._within += 1
        try:
            yield
        finally:
            self._within -= 1

    def asking(self, method: str, path: str) -> None:
        assert self._within, f"{method} {path} is asked for in no call of a port: it would be no step"
        os.write(self._asked, f"{method} {path}\n".encode())
        if self._fine:
            self.step(f"{method} {path} …")

    def asked(self, method: str, path: str) -> None:
        """Whatever the answer was."""
        self._changed = self._changed or not (method in ("GET", "HEAD") or "/oauth2/" in path)
        if self._fine:
            self.step(f"… {method} {path}")

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if not isinstance(flags, int) or not flags & _WRITES:
                return
        elif event in _CHANGES:
            path = arguments[0]
        else:
            return
        if isinstance(path, str | bytes | os.PathLike):
            absolute = str(Path(os.fsdecode(path)).absolute())
            if absolute.startswith(self._folder):
                self.step(f"{event} {_unnamed(Path(absolute).name)}", changes=True)


_hears: list[Announcer] = []


def announced_to(announcer: Announcer) -> None:
    """From here on everything that the command does is announced to this one."""
    first = not _hears
    _hears[:] = [announcer]
    if not first:
        return
    for owner, name in dict.fromkeys(_calls_of_adapters()):
        setattr(owner, name, _announced(f"{owner.__name__}.{name}", vars(owner)[name]))
    _announce_requests()
    # For good: whoever hears by then is asked.
    sys.addaudithook(lambda event, arguments: _hears[0].audit(event, arguments))  # noqa: PLW0108


def _calls_of_adapters() -> Iterator[tuple[type, str]]:
    """Each call that a port promises, and the class behind the port that has it of its own."""
    found = [each for module in _modules() for each in vars(module).values() if inspect.isclass(each)]
    for module in (ports, doctor_ports):
        for name, protocol in vars(module).items():
            if not (inspect.isclass(protocol) and Protocol in protocol.__bases__) or name in _CLOCKS:
                continue
            calls = set(_calls(protocol))
            behind = {each for each in found if each is not protocol and calls <= set(dir(each))}
            assert behind, f"no adapter keeps the promises of {name}"
            for adapter in behind:
                for call in calls:
                    yield next(each for each in adapter.__mro__ if call in vars(each)), call


def _modules() -> Iterator[Any]:
    """Where adapters are."""
    for room in (jobs.azure, jobs.stacks):
        for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
            yield importlib.import_module(module.name)
    yield importlib.import_module("jobs.cli.surroundings")


def _calls(protocol: type) -> list[str]:
    return [name for name, member in vars(protocol).items() if inspect.isfunction(member) and not name.startswith("_")]


def _announced(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(call)
    def announced(self: Any, *arguments: Any, **options: Any) -> Any:
        announcer = _hears[0]
        announcer.step(f"{name} …")
        given = [_Pieces(each, name, announcer) if hasattr(each, "read") else each for each in arguments]
        with announcer.within():
            answer = call(self, *given, **options)
            if inspect.isgenerator(answer):
                answer = iter(list(answer))
        announcer.step(f"… {name}")
        return answer

    return announced


class _Pieces:
    """A stream that announces each piece that is read of it: what is sent breaks off there."""

    def __init__(self, stream: Any, name: str, announcer: Announcer) -> None:
        self._stream, self._name, self._announcer = stream, name, announcer

    def read(self, *size: int) -> Any:
        self._announcer.step(f"{self._name} reads", changes=True)
        return self._stream.read(*size)

    def __iter__(self) -> Any:
        return iter(self._stream)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _announce_requests() -> None:
    import httpx2
    from requests.adapters import HTTPAdapter

    def wrap(
        owner: Any, name: str, path_of: Callable[[Any], str], hurry: Callable[[Any, dict[str, Any]], None]
    ) -> None:
        send = vars(owner)[name]

        @functools.wraps(send)
        def announced(self: Any, request: Any, *rest: Any, **options: Any) -> Any:
            announcer, path = _hears[0], path_of(request)
            if announcer.hurried:
                hurry(request, options)
            announcer.asking(request.method, path)
            try:
                return send(self, request, *rest, **options)
            finally:
                announcer.asked(request.method, path)

        setattr(owner, name, announced)

    def hurry_httpx(request: Any, _: dict[str, Any]) -> None:
        request.extensions["timeout"] = {"connect": 10.0, "read": HURRY, "write": 10.0, "pool": 10.0}

    def hurry_requests(_: Any, options: dict[str, Any]) -> None:
        options["timeout"] = (10.0, HURRY)

    wrap(httpx2.HTTPTransport, "handle_request", lambda request: str(request.url.path), hurry_httpx)
    wrap(HTTPAdapter, "send", lambda request: unquote(request.path_url.partition("?")[0]), hurry_requests)


def _unnamed(name: str) -> str:
    """Temporary files have names of their own each time."""
    return "(temporary)" if name.startswith(".") and name.endswith(".tmp") else name
