"""Who holds a run: a person, a machine, and the one command."""

from __future__ import annotations

import os
import socket
import uuid
from dataclasses import dataclass, field
from pathlib import Path


def this_process() -> str | None:
    """The boot, the namespace of process IDs, and the ID in it; None where the system doesn't tell."""
    place = _place()
    return f"{place}/{os.getpid()}" if place is not None else None


def has_died(process: str | None) -> bool:
    """Whether it was a process of this machine, and is none any more. False where that can't be told."""
    place, _, number = (process or "").rpartition("/")
    if not place or place != _place() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _place() -> str | None:
    """Containers of one machine have the same boot, and other namespaces."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return None


@dataclass(frozen=True)
class Holder:
    """``name``: a person at a machine; ``token``: of this one command; ``process``: as in ``this_process``."""

    name: str
    token: str = field(default_factory=lambda: uuid.uuid4().hex)
    process: str | None = field(default_factory=this_process)

    @classmethod
    def here(cls, person: str) -> Holder:
        return cls(f"{person}@{socket.gethostname()}")
