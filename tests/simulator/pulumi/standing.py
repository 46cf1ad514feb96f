"""First ups made once: tests that begin with the same stack file begin where the first of them stood after its up.

An up takes a second of CPU, most of it in Pulumi's SDK. What is put back is all that an up leaves: the Azure behind the
simulator, its time, and the folder with the stack's file, state and outputs.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from simulator.clock import Clock
from simulator.cloud import Cloud, State
from simulator.pulumi.summary import UpResult
from simulator.server import Simulator


@dataclass(frozen=True)
class _Standing:
    state: str
    now: datetime
    folder: Path
    result: UpResult


class FirstUps:
    """The first ups of one module's tests. `kept` is a folder for what they leave."""

    def __init__(self, kept: Path) -> None:
        self._kept = kept
        self._standing: dict[str, _Standing] = {}

    def up(self, simulator: Simulator, folder: Path, stack_file: Path, up: Callable[[], UpResult]) -> UpResult:
        """Brings the stack up, or puts it where the same file's first up has left it.

        The Azure must be one that nobody has touched, and the folder hold nothing but the file.
        """
        text = stack_file.read_text()
        standing = self._standing.get(text)
        if standing is None:
            result = up()
            copied = self._kept / str(len(self._standing))
            shutil.copytree(folder, copied)
            now = simulator.clock.now()
            self._standing[text] = _Standing(simulator.cloud.state.model_dump_json(), now, copied, result)
            return result
        shutil.copytree(standing.folder, folder, dirs_exist_ok=True)
        clock = Clock(standing.now, step_on_poll=True)
        simulator.replace_cloud(Cloud(clock, state=State.model_validate_json(standing.state)))
        return standing.result
