"""One figure, measured in a process of its own: `python -m tests.bench.measured WHAT [NUMBER]` prints it as JSON.

declare N   the program alone on N tuned models of one account: no cloud, every registration answered at once
group       as declare, a program that makes one resource group
again N     an up of N tuned models of one account that changes nothing, in process on the local Azure
imports     the program with every module of azure-native that it names, and `named`: those modules alone
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

from tests.checkout import ROOT


@dataclass(frozen=True)
class Figure:
    """Seconds on the wall and of the processor, and the most memory that the process had, in MB."""

    wall: float
    cpu: float
    megabytes: float


def measured(what: str, number: int | None = None) -> Figure:
    """Has a fresh process measure it."""
    words = [what] if number is None else [what, str(number)]
    command = [sys.executable, "-m", "tests.bench.measured", *words]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return Figure(**json.loads(done.stdout.splitlines()[-1]))


def _timed(act: Callable[[], object]) -> Figure:
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Figure(wall, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _declare(number: int) -> Figure:
    from tests.bench.many import config, made_up
    from tests.infra.recording import declare

    written = config(made_up(number))
    return _timed(lambda: declare(written))


def _group() -> Figure:
    from pulumi_azure_native import resources

    from tests.infra.recording import RecordingMonitor, run

    def program() -> None:
        resources.ResourceGroup("group", resource_group_name="rg-bench", location="swedencentral")

    _awake(resources)
    return _timed(lambda: run(RecordingMonitor(), {}, program))


def _again(number: int) -> Figure:
    from simulator.server import Simulator
    from tests.bench.many import LIMIT, config
    from tests.journeys.stack import Stack
    from tests.simulator.arm.clients import add_tuned_model

    with (
        tempfile.TemporaryDirectory() as folder,
        Simulator(azurite=False, step_on_poll=True, tuned_deployments=LIMIT) as simulator,
    ):
        stack = Stack(simulator, Path(folder), "bench", config([]))
        stack.bring()
        trained = [add_tuned_model(simulator, stack.account_id(), number=index) for index in range(1, number + 1)]
        stack.config = config(trained)
        assert stack.bring().summary.created == number
        return _timed(lambda: _unchanged(stack.bring().summary.changed))


def _unchanged(changed: int) -> None:
    if changed:
        raise AssertionError(f"{changed} changes in an up that should have none")


def named_modules() -> list[str]:
    """The modules of azure-native that infra/ names."""
    found: set[str] = set()
    for file in (ROOT / "infra").glob("*.py"):
        for names in re.findall(
            r"^from pulumi_azure_native import (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE
        ):
            found |= {f"pulumi_azure_native.{name.strip()}" for name in names.split(",")}
    return sorted(found)


def _loaded_at_start() -> list[str]:
    """The modules of azure-native that are loaded with the program; of others a stand-in is, until their first use."""
    code = "import infra.program, json, sys; print(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    return [name for name in json.loads(done.stdout) if re.fullmatch(r"pulumi_azure_native\.\w+\.\w+", name)]


def _load(modules: list[str]) -> None:
    for name in modules:
        _awake(import_module(name))


def _awake(module: ModuleType) -> None:
    """A stand-in becomes the module when it is asked for what it doesn't have."""
    hasattr(module, "anything")


def _imports() -> Figure:
    return _timed(lambda: _load(["infra.program", *named_modules()]))


def _named() -> Figure:
    return _timed(lambda: _load(named_modules()))


def _start() -> Figure:
    return _timed(lambda: _load(["infra.program"]))


def _loaded() -> Figure:
    modules = _loaded_at_start()
    return _timed(lambda: _load(modules))


BY_NUMBER: Mapping[str, Callable[[int], Figure]] = {"declare": _declare, "again": _again}
ALONE: Mapping[str, Callable[[], Figure]] = {
    "group": _group,
    "imports": _imports,
    "named": _named,
    "start": _start,
    "loaded": _loaded,
}


def main() -> None:
    """Measures what is asked for."""
    what, *number = sys.argv[1:]
    figure = BY_NUMBER[what](int(number[0])) if number else ALONE[what]()
    sys.stdout.write(f"{json.dumps(asdict(figure))}\n")


if __name__ == "__main__":
    main()
