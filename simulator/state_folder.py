"""The folder a simulator lives in: a given one that is kept and locked, or a temporary one that goes with it.

state.json   clock, ports and state; replaced atomically
lock         held while a simulator runs on the folder; falls with the process
tls/         certificates; the authority's key in a kept folder only
signing.key  what tokens are signed with, in a kept folder only
azurite/     the blobs
outputs/     the stack outputs an up saved
pulumi/      the CLI's state backend, and its home
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Self

from pydantic import AwareDatetime, BaseModel, ValidationError

from simulator.cloud import State
from simulator.errors import Unusable

SCHEMA_VERSION = 1


class Ports(BaseModel):
    """Where the listeners were bound last."""

    main: int
    blob: int


class Saved(BaseModel):
    """What state.json holds."""

    schemaVersion: int = SCHEMA_VERSION  # noqa: N815 - stored shapes are in camel case.
    now: AwareDatetime
    ports: Ports
    state: State


@dataclass
class StateFolder:
    """An open folder; `close` gives up the lock, or removes the folder if it was temporary."""

    path: Path
    kept: bool
    _lock: IO[str] | None = None

    @classmethod
    def temporary(cls) -> Self:
        return cls(Path(tempfile.mkdtemp(prefix="simulated-azure-")), kept=False)

    @classmethod
    def open(cls, path: Path) -> Self:
        """A folder that is kept, made if need be; refused while another simulator runs on it."""
        try:
            path.mkdir(parents=True, exist_ok=True)
            lock = (path / "lock").open("a+", encoding="utf-8")
        except OSError as problem:
            raise Unusable(f"can't keep state in {path}: {problem.strerror}") from problem
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            lock.seek(0)
            owner = lock.read().strip()
            lock.close()
            raise Unusable(
                f"another simulator{f' (process {owner})' if owner else ''} runs on {path}: "
                "stop it, or give another --state"
            ) from problem
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        return cls(path.resolve(), kept=True, _lock=lock)

    def load(self) -> Saved | None:
        """What was saved here; None if nothing was. A file that can't be read is refused and left as it is."""
        file = self.path / "state.json"
        if not self.kept or not file.exists():
            return None
        hint = "it is left as it is; repair it, move it away or give another --state"
        try:
            found = json.loads(file.read_bytes())
            version = found.get("schemaVersion") if isinstance(found, dict) else None
            if version != SCHEMA_VERSION:
                raise Unusable(f"{file} has schemaVersion {version}, not {SCHEMA_VERSION}: {hint}")
            return Saved.model_validate(found)
        except ValidationError as problem:
            first = problem.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise Unusable(f"{file} is broken at {where} ({first['msg']}): {hint}") from problem
        except (ValueError, OSError) as problem:
            raise Unusable(f"{file} can't be read ({problem}): {hint}") from problem

    def save(self, now: datetime, ports: Ports, state: State) -> None:
        """Replaces state.json in one step; nothing is done in a temporary folder."""
        if not self.kept:
            return
        text = Saved(now=now, ports=ports, state=state).model_dump_json()
        fresh = self.path / "state.json.new"
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path / "state.json")

    def close(self) -> None:
        if self._lock is not None:
            # The number of a process that is gone would mislead whoever reads it.
            with contextlib.suppress(OSError):
                self._lock.truncate(0)
            self._lock.close()
            self._lock = None
        if not self.kept:
            shutil.rmtree(self.path, ignore_errors=True)
