"""Operators: each types commands, in processes of their own."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.checkout import ROOT
from tests.faults.command import Command, Mishap, Step
from tests.faults.hand_time import Time

PATIENCE = 120.0
"""Seconds of the machine's time after which a command counts as hanging."""


@dataclass(frozen=True)
class Ended:
    """How a command ended. `code` is negative where a signal ended it; `steps` are those that it began, `requests`
    those that it sent, method and path.
    """

    code: int
    out: str
    err: str
    steps: tuple[Step, ...]
    requests: tuple[str, ...]

    @property
    def killed(self) -> bool:
        return self.code == -signal.SIGKILL

    @property
    def next_command(self) -> str | None:
        """The last `Next: …` of what it said."""
        told = [line.removeprefix("Next: ") for line in (self.out + self.err).splitlines() if line.startswith("Next: ")]
        return told[-1] if told else None

    def __str__(self) -> str:
        return f"ended with {self.code}\n{self.out}{self.err}"


@dataclass
class Operators:
    """Types commands by way of a zygote (tests/faults/zygote.py), and hears how they end."""

    folder: Path
    time: Time
    _zygote: subprocess.Popen[bytes] | None = None
    _heard: bytes = b""
    _ended: dict[int, int] = field(default_factory=dict)
    _commands: dict[int, Command] = field(default_factory=dict)
    _count: int = 0

    def __enter__(self) -> Self:
        environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        self._zygote = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.zygote"],
            cwd=ROOT,
            env=environment | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        zygote = self._running
        assert zygote.stdin is not None
        assert zygote.stdout is not None
        zygote.stdin.close()
        zygote.wait(10)
        zygote.stdout.close()

    def begin(
        self,
        folder: Path,
        words: Sequence[str],
        environment: Mapping[str, str],
        *mishaps: Mishap,
        fine: bool = False,
        hurried: bool = False,
        elsewhere: bool = False,
    ) -> int:
        """Types it; its number, by which to ask how it ended. The rest is as in `Command`."""
        self._count += 1
        output = self.folder / f"{self._count}"
        output.mkdir()
        command = Command(
            self._count,
            tuple(words),
            str(folder),
            dict(environment),
            str(self.time.path),
            str(output),
            fine,
            hurried,
            elsewhere,
            mishaps,
        )
        self.time.expect(command.number)
        self._commands[command.number] = command
        zygote = self._running
        assert zygote.stdin is not None
        zygote.stdin.write(command.line())
        zygote.stdin.flush()
        return command.number

    def end_of(self, number: int) -> Ended:
        """Waits for it."""
        until = time.monotonic() + PATIENCE
        while number not in self._ended:
            self._hear(until)
        output = Path(self._commands.pop(number).output)
        said = {
            name: (output / name).read_text() if (output / name).exists() else ""
            for name in ("out", "err", "steps", "requests")
        }
        return Ended(
            self._ended.pop(number),
            said["out"],
            said["err"],
            tuple(Step.parse(line) for line in said["steps"].splitlines()),
            tuple(said["requests"].splitlines()),
        )

    def _hear(self, until: float) -> None:
        zygote = self._running
        assert zygote.stdout is not None
        ready, _, _ = select.select([zygote.stdout], [], [], max(0.0, until - time.monotonic()))
        assert ready, f"no end within {PATIENCE:.0f} s: {self._hanging()}"
        read = os.read(zygote.stdout.fileno(), 1 << 16)
        assert read, "the zygote is gone"
        *lines, self._heard = (self._heard + read).split(b"\n")
        for line in lines:
            told = json.loads(line)
            self._ended[told["number"]] = told["ended"]
            self.time.gone(told["number"])

    def _hanging(self) -> str:
        told = []
        for number, command in self._commands.items():
            steps = command.steps_file
            last = steps.read_text().splitlines()[-3:] if steps.exists() else []
            told.append(f"{number} {' '.join(command.words)}: {last}")
        return "; ".join(told)

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        assert self._zygote is not None, "as a context"
        return self._zygote
