"""The check of a large dataset beside the least that anybody would do: `python -m tests.bench.check [--large]`.

One chat file of 100 MB, made by code (tests/bench/dataset.py; no text of it stands twice). In turns: a plain loop of
json.loads and tiktoken.encode, in one process as such loops are, its vocabulary loaded before; and the full check with
exact counts of tokens, the start of its processes included. Best of three each, since other work on the machine only
makes things slower. Memory is the proportional set size of all processes of the check together (shared pages count
once), looked at ten times a second. `--large` adds 1 GB, which takes some minutes.

What bounds the check: counting tokens is more than half of its work, about twice as fast as tiktoken per processor
(rs-bpe), and there are two processors: four times the loop's speed would need everything else to be free.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.dataset import write
from tests.checkout import ROOT

MB = 1_000_000
RUNS = 3
WANTED_RATIO, WANTED_MEGABYTES = 2.5, 250


@dataclass(frozen=True)
class Run:
    """Seconds on the wall and of the processors; ``megabytes``: at most, of all its processes together."""

    wall: float
    cpu: float
    megabytes: float
    tokens: int


def measured(what: str, file: Path) -> Run:
    """Has a fresh process do it, and looks at its memory meanwhile."""
    command = [sys.executable, "-m", "tests.bench.check", what, str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        most = 0
        while process.poll() is None:
            most = max(most, sum(_proportional(pid) for pid in _family(process.pid)))
            time.sleep(0.1)
        told = process.stdout.read() if process.stdout is not None else ""
    if process.returncode:
        raise RuntimeError(f"{what} failed")
    wall, cpu, tokens = json.loads(told.splitlines()[-1])
    return Run(wall, cpu, most / 1024, tokens)


def _family(pid: int) -> list[int]:
    found = [pid]
    for each in found:
        try:
            listed = Path(f"/proc/{each}/task/{each}/children").read_text(encoding="ascii")
        except OSError:
            continue
        found += map(int, listed.split())
    return found


def _proportional(pid: int) -> int:
    """In KiB; 0 where the process has ended."""
    try:
        rolled = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in rolled.splitlines() if line.startswith("Pss:")), 0)


def loop(file: Path) -> tuple[float, float, int]:
    """The plain loop: wall, processor, and how many tokens there are in contents."""
    from tests.tiktoken_reference import reference

    encode = reference("o200k_base").encode
    encode("loaded")
    wall, cpu, tokens = time.perf_counter(), time.process_time(), 0
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            for message in json.loads(line)["messages"]:
                tokens += len(encode(message["content"]))
    return time.perf_counter() - wall, time.process_time() - cpu, tokens


def check(file: Path) -> tuple[float, float, int]:
    """The full check, as of a training file for a known model."""
    from jobs.data.check import check_file
    from jobs.tuning.expectations import expected_of

    expected = expected_of("gpt-4.1-mini-2025-04-14", "supervised")
    wall, cpu = time.perf_counter(), _all_cpu()
    report = check_file(file, expected)
    wall, cpu = time.perf_counter() - wall, _all_cpu() - cpu
    assert report.errors == 0 or set(report.counts) <= {"size-file"}
    assert report.tokens is not None
    assert report.tokens.exact
    return wall, cpu, report.tokens.total


def _all_cpu() -> float:
    both = [resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in both)


def compared(*, large: bool) -> dict[str, Run]:
    """The best of some runs of each, in turns."""
    runs: dict[str, list[Run]] = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "set.jsonl"
        write(file, 100 * MB)
        for _ in range(RUNS):
            runs.setdefault("json.loads and tiktoken.encode, 100 MB", []).append(measured("loop", file))
            runs.setdefault("full check, 100 MB", []).append(measured("check", file))
        if large:
            write(file, 1000 * MB)
            runs["full check, 1 GB"] = [measured("check", file)]
    return {
        name: Run(
            min(run.wall for run in each),
            min(run.cpu for run in each),
            max(run.megabytes for run in each),
            each[0].tokens,
        )
        for name, each in runs.items()
    }


def ratio(figures: dict[str, Run]) -> float:
    """How many times as fast as the loop the check is."""
    plain, checked = (figures[name].wall for name in list(figures)[:2])
    return plain / checked


def most_memory(figures: dict[str, Run]) -> float:
    """Of all processes of a check, in MB."""
    return max(run.megabytes for name, run in figures.items() if "check" in name)


def details(figures: dict[str, Run]) -> dict[str, object]:
    """For the JSON."""
    return {
        "ratio": ratio(figures),
        "megabytes": most_memory(figures),
        "runs": {name: asdict(run) for name, run in figures.items()},
    }


def main() -> None:
    """Prints the figures; exits with 1 where they are not what is wanted."""
    if sys.argv[1:2] in (["loop"], ["check"]):
        sys.stdout.write(json.dumps({"loop": loop, "check": check}[sys.argv[1]](Path(sys.argv[2]))) + "\n")
        return
    figures = compared(large="--large" in sys.argv[1:])
    for name, run in figures.items():
        sys.stdout.write(
            f"{name:42}{run.wall:7.2f} s, {run.cpu:7.2f} s of the processors, {run.megabytes:5.0f} MB,"
            f" {run.tokens:,} tokens\n"
        )
    sys.stdout.write(f"{ratio(figures):.2f} times as fast on {os.cpu_count()} processors\n")
    result = ROOT / ".local" / "bench-check.json"
    result.parent.mkdir(exist_ok=True)
    result.write_text(json.dumps(details(figures)), encoding="utf-8")
    sys.exit(0 if ratio(figures) >= WANTED_RATIO and most_memory(figures) < WANTED_MEGABYTES else 1)


if __name__ == "__main__":
    main()
