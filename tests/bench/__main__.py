"""Times what people wait for, prints a table and writes it as JSON to .local/bench.json.

Each figure is the median of some runs of a whole command, started as a person starts it, on this machine. Beside each
that has a limit it stands, and where one is missed the exit code is 1.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench import asking, check, history
from tests.bench.many import NUMBERS
from tests.bench.measured import Figure, measured
from tests.checkout import ROOT, copy_to, without_ambient_azure

RUNS = 3
HELP, CHECK = "jobs --help", "jobs check clippy"
MOST_SECONDS = {HELP: 0.4, CHECK: 0.6, history.NAME: history.MOST_SECONDS}
BIN = ROOT / ".venv" / "bin"


@contextmanager
def project() -> Iterator[Path]:
    """A copy of the project, since an up writes a stack file and state."""
    with tempfile.TemporaryDirectory() as folder:
        yield copy_to(Path(folder) / "project")


def seconds(*command: str, cwd: Path = ROOT) -> float:
    """Wall time of one command, which must succeed."""
    started = time.perf_counter()
    subprocess.run(command, cwd=cwd, env=without_ambient_azure(), check=True, capture_output=True)
    return time.perf_counter() - started


def python(*arguments: str, cwd: Path = ROOT) -> float:
    return seconds(sys.executable, *arguments, cwd=cwd)


SIMULATOR = """
import time; from simulator.server import Simulator; started = time.perf_counter()
with Simulator(azurite=False): print(time.perf_counter() - started)
"""
AZURITE = """
import base64, time; from simulator.azurite import Azurite; key = base64.b64encode(bytes(64)).decode()
started = time.perf_counter()
with Azurite() as azurite: azurite.start({"one": (key, key)}); print(time.perf_counter() - started)
"""


def told(code: str) -> float:
    """The seconds that a process measured by itself, its modules imported before."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    return float(done.stdout)


def ups() -> tuple[float, float]:
    """The first up of a fresh environment in process, and the second, which changes nothing."""
    with project() as copy:
        command = ("-m", "simulator", "up", "-s", "local", "--in-process")
        return python(*command, cwd=copy), python(*command, cwd=copy)


def demos() -> tuple[float, float]:
    """The demo with everything installed, and again."""
    with project() as copy:
        return python("-m", "simulator", "demo", cwd=copy), python("-m", "simulator", "demo", cwd=copy)


def told_history() -> float:
    """What became of a model in all its commits."""
    with history.repository() as folder:
        return seconds(str(BIN / "jobs"), "history", "clippy", cwd=folder)


def median(measure: Callable[[], float]) -> float:
    return statistics.median(measure() for _ in range(RUNS))


def held(
    seconds: Mapping[str, float], checks: dict[str, check.Run], asked: asking.Asked
) -> dict[str, tuple[float, str, bool]]:
    """Each figure that has a limit, with the limit in words, and whether it holds."""
    limits = {name: (seconds[name], f"under {most} s", seconds[name] < most) for name, most in MOST_SECONDS.items()}
    ratio, memory = check.ratio(checks), check.most_memory(checks)
    return limits | {
        "check, times as fast as the loop": (ratio, f"at least {check.WANTED_RATIO}", ratio >= check.WANTED_RATIO),
        "check, MB of all its processes": (
            memory,
            f"under {check.WANTED_MEGABYTES}",
            memory < check.WANTED_MEGABYTES,
        ),
        "evaluation, times its bound": (
            asked.ratio,
            f"at most {asking.WANTED_RATIO}",
            asked.ratio <= asking.WANTED_RATIO,
        ),
        "evaluation, bytes of memory for each answer": (
            asked.bytes_each,
            f"at most {asking.WANTED_BYTES}",
            asked.bytes_each <= asking.WANTED_BYTES,
        ),
    }


def grown() -> dict[str, Figure]:
    """What grows with the number of tuned models, each beside the least there is; and what imports cost."""
    figures = {"declare: one resource group, azure-native alone": measured("group")}
    for number in NUMBERS:
        figures[f"declare: {number} tuned"] = measured("declare", number)
    for number in NUMBERS:
        figures[f"up in process, nothing changed: {number} tuned"] = measured("again", number)
    figures["import: the program as it starts"] = measured("start")
    figures["import: what that loads of azure-native, alone"] = measured("loaded")
    figures["import: the program and all it names of azure-native"] = measured("imports")
    figures["import: all it names of azure-native, alone"] = measured("named")
    return figures


def main() -> None:
    """All measurements, in the order of the table."""
    figures: dict[str, float] = {
        HELP: median(lambda: seconds(str(BIN / "jobs"), "--help")),
        CHECK: median(lambda: seconds(str(BIN / "jobs"), "check", "clippy")),
        history.NAME: told_history(),
        "import of the Pulumi program": median(lambda: python("-c", "import infra.program")),
        "simulator starts": median(lambda: told(SIMULATOR)),
        "Azurite starts, with the first blob": median(lambda: told(AZURITE)),
    }
    pairs = [ups() for _ in range(RUNS)]
    figures["up in process, everything created"] = statistics.median(first for first, _ in pairs)
    figures["up in process, nothing changed"] = statistics.median(second for _, second in pairs)
    figures["demo, set-up done"], figures["demo, again"] = demos()
    growth = grown()
    more = Table("one process each", "seconds, wall", "of the processor", "MB at most")
    for name, figure in growth.items():
        more.add_row(name, f"{figure.wall:.2f}", f"{figure.cpu:.2f}", f"{figure.megabytes:.0f}")
    checks = check.compared(large="--large" in sys.argv[1:])
    data = Table("a dataset", "seconds, wall", "of the processors", "MB at most")
    for name, run in checks.items():
        data.add_row(name, f"{run.wall:.2f}", f"{run.cpu:.2f}", f"{run.megabytes:.0f}")
    asked = asking.in_its_own_process()
    figures[f"evaluation asks {asking.NUMBER:,} questions of two deployments"] = asked.wall
    figures["the least that takes, without the 429s in between"] = asked.bound
    table = Table("seconds, wall", "", title=f"{os.cpu_count()} cores, Python {platform.python_version()}")
    for name, value in figures.items():
        table.add_row(name, f"{value:.2f}")
    limits, load = held(figures, checks, asked), os.getloadavg()[0]
    aims = Table("what is wanted", "measured", "limit", "", title=f"load {load:.1f} at the end")
    for name, (value, limit, holds) in limits.items():
        aims.add_row(name, f"{value:.2f}", limit, "holds" if holds else "missed")
    Console().print(table, data, more, aims)
    result = ROOT / ".local" / "bench.json"
    result.parent.mkdir(exist_ok=True)
    machine = {"cores": os.cpu_count(), "python": platform.python_version()}
    details = {name: asdict(figure) for name, figure in growth.items()}
    written: dict[str, object] = {"seconds": figures, "growth": details, "check": check.details(checks)}
    written |= {"asking": asdict(asked), "load": load}
    written["limits"] = {
        name: {"measured": value, "limit": limit, "holds": holds} for name, (value, limit, holds) in limits.items()
    }
    result.write_text(json.dumps(machine | written))
    sys.exit(0 if all(holds for _, _, holds in limits.values()) else 1)


if __name__ == "__main__":
    main()
