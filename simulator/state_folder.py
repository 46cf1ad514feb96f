"""The folder a simulator lives in: a given one that is kept and locked, or a temporary one that goes with it.

state.json   clock, ports and state, the secrets of the directory's principals among it; replaced atomically
contents/    the bytes of uploaded files, by their SHA-256
lock         held while a simulator runs on the folder; falls with the process
tls/         certificates; the authority's key in a kept folder only
signing.key  what tokens are signed with, in a kept folder only
azurite/     the blobs
outputs/     the stack outputs an up saved
pulumi/      the CLI's state backend, and its home
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import io
import json
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Self

from pydantic import AwareDatetime, BaseModel, ValidationError

from simulator.cloud import State
from simulator.disk import Disk
from simulator.errors import Unusable
from simulator.openai.contents import Contents

SCHEMA_VERSION = 2
"""In version 1 state.json had the bytes of files in it: they are moved out when it is read."""


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
    disk: Disk = field(default_factory=Disk)
    _lock: IO[str] | None = None

    @classmethod
    def temporary(cls) -> Self:
        return cls(Path(tempfile.mkdtemp(prefix="simulated-azure-")), kept=False)

    @classmethod
    def open(cls, path: Path) -> Self:
        """A folder that is kept, made if need be; refused while another simulator runs on it."""
        try:
            # Blobs, contents and outputs below it are nobody else's either.
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
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
            if version == 1:
                self._move_contents_out(found)
            elif version != SCHEMA_VERSION:
                raise Unusable(f"{file} has schemaVersion {version}, not {SCHEMA_VERSION}: {hint}")
            saved = Saved.model_validate(found)
        except ValidationError as problem:
            first = problem.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise Unusable(f"{file} is broken at {where} ({first['msg']}): {hint}") from problem
        except (ValueError, OSError) as problem:
            raise Unusable(f"{file} can't be read ({problem}): {hint}") from problem
        openai = saved.state.openai
        openai.keep_contents_in(self.contents)
        if missing := openai.contents.retain(openai.named()):
            raise Unusable(f"{file} names the content of a file that {self.contents} lacks ({min(missing)}): {hint}")
        return saved

    @property
    def contents(self) -> Path:
        return self.path / "contents"

    def save(self, now: datetime, ports: Ports, state: State) -> None:
        """Replaces state.json in one step, which is not kept in a temporary folder; then forgotten bytes go.

        OSError where the disk doesn't take it: then the former state.json is still there, and whole.
        """
        # Where a plan says that the disk is at fault, that is met in a temporary folder too.
        if self.kept or self.disk.fault() is not None:
            self._write(Saved(now=now, ports=ports, state=state))
        state.openai.contents.purge()

    def last(self) -> State:
        """What state.json holds now; OSError or ValueError where it can't be read."""
        return Saved.model_validate_json((self.path / "state.json").read_bytes()).state

    def _write(self, saved: Saved) -> None:
        content = saved.model_dump_json().encode()
        fresh = self.path / "state.json.new"
        try:
            with self.disk.create(fresh, "wb") as file:
                self.disk.write(file, content)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path / "state.json")
        except OSError:
            with contextlib.suppress(OSError):
                fresh.unlink()
            raise

    def _move_contents_out(self, found: dict[str, Any]) -> None:
        """What version 1 kept in state.json becomes files; ValueError where it is broken."""
        keeping, inside = Contents(self.contents), found
        for part in ("state", "openai", "contents"):
            inside = inside.get(part, {})
            if not isinstance(inside, dict):
                raise ValueError(f"{part} is no object")
        for digest, text in inside.items():
            received = keeping.receive(io.BytesIO(base64.b64decode(str(text), validate=True)))
            if received.digest != digest:
                raise ValueError(f"the content {digest} is damaged")
            keeping.keep(received)
        found["schemaVersion"] = SCHEMA_VERSION

    def close(self) -> None:
        if self._lock is not None:
            # The number of a process that is gone would mislead whoever reads it.
            with contextlib.suppress(OSError):
                self._lock.truncate(0)
            self._lock.close()
            self._lock = None
        if not self.kept:
            shutil.rmtree(self.path, ignore_errors=True)
