"""The table: each request of a run × each fault, and what became of it."""

from __future__ import annotations

import json
import os
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from tests.faults.kinds import FAULTS, Fault
from tests.faults.operators import Ended
from tests.faults.scene import RUN, Scene

NOTED = "FAULTS_NOTED"
"""Names the file that outcomes are noted in, a line each."""
BLOBS = "/contosodev/"
"""How a path of the blob listener begins."""


class Outcome(Enum):
    """What became of a run at one of whose requests something went wrong. Each is as good as the other but the last."""

    UNNOTICED = "done, nothing said"
    RETRIED = "done, having said so"
    SECOND = "done by the command it named"
    LATER = "done by later ones"
    BROKEN = "BROKEN"


@dataclass(frozen=True)
class Request:
    """The `skip`-th request of a run, from 0, that has this method and path."""

    method: str
    path: str
    skip: int

    @property
    def match(self) -> dict[str, str]:
        listener = "blob" if self.path.startswith(BLOBS) else "main"
        return {"method": self.method, "path": self.path, "listener": listener}

    def __str__(self) -> str:
        return f"{self.method} {self.path} #{self.skip + 1}"


@dataclass(frozen=True)
class Case:
    request: Request
    fault: Fault

    @property
    def plan(self) -> dict[str, object]:
        return {"faults": [{"match": self.request.match, "skip": self.request.skip, "does": self.fault.does}]}


@dataclass(frozen=True)
class Result:
    """`wrong`: what is not as a run that nothing befell would have left it; `ends`: of each command that was typed."""

    case: Case
    outcome: Outcome
    ends: tuple[Ended, ...]
    fired: int
    wrong: str | None = None

    def __str__(self) -> str:
        said = "\n".join(f"--- {end}" for end in self.ends)
        return f"{self.case.fault.name} at {self.case.request}: {self.wrong}\n{said}"


def requests_of(ended: Ended) -> list[Request]:
    """Each request that a command sent, in order."""
    seen: Counter[str] = Counter()
    found = []
    for line in ended.requests:
        method, _, path = line.partition(" ")
        found.append(Request(method, path, seen[line]))
        seen[line] += 1
    return found


def cases(ended: Ended, faults: Sequence[Fault] = FAULTS) -> list[Case]:
    """All of them: what a command that ended so asked for, and everything that may go wrong with it."""
    return [Case(request, fault) for request in requests_of(ended) for fault in faults]


def sample(every: Sequence[Case], size: int, seed: int) -> list[Case]:
    """So many of them, always the same ones: each kind of fault, and each request, about as often as another."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    by_fault: dict[str, list[Case]] = defaultdict(list)
    for case in every:
        by_fault[case.fault.name].append(case)
    chosen: list[Case] = []
    asked: Counter[Request] = Counter()
    while len(chosen) < min(size, len(every)):
        for left in by_fault.values():
            if left and len(chosen) < size:
                least = min(asked[case.request] for case in left)
                case = chance.choice([each for each in left if asked[each.request] == least])
                left.remove(case)
                asked[case.request] += 1
                chosen.append(case)
    return chosen


def tried(scene: Scene, case: Case) -> Result:
    """What becomes of a fresh run in which that happens, once; and, typed as it says, of the commands after it."""
    scene.begin()
    faults = scene.running.cloud.faults
    with faults.planned(case.plan):
        if case.fault.hurried:
            # What comes late comes before the hours that are waited for it.
            scene.operators.time.lingers = lambda: faults.fired > 0
        first = scene.jobs(*RUN, hurried=case.fault.hurried)
        fired = faults.fired
    ends = scene.finish(first)
    wrong = scene.unlike_undisturbed(ends[-1]) or next(filter(None, map(unclear, ends)), None)
    if not fired:
        wrong = wrong or "the fault never happened"
    return Result(case, Outcome.BROKEN if wrong else _outcome(ends), tuple(ends), fired, wrong)


def unclear(ended: Ended) -> str | None:
    """What is wrong with an end itself: one that isn't done says what to type next, and is no fault of the program."""
    if ended.code not in (0, 1, 3):
        return f"it ended with {ended.code}"
    if ended.code and not ended.next_command:
        return "it names no next command"
    if "Traceback" in ended.out + ended.err:
        return "a traceback"
    return None


def _outcome(ends: Sequence[Ended]) -> Outcome:
    match len(ends):
        case 1:
            return Outcome.RETRIED if ends[0].err else Outcome.UNNOTICED
        case 2:
            return Outcome.SECOND
        case _:
            return Outcome.LATER


def note(results: Iterable[Result]) -> None:
    """Writes the outcomes where `make faults` reads them."""
    if (file := os.environ.get(NOTED)) is not None:
        with Path(file).open("a") as noted:
            noted.writelines(f"{json.dumps([each.case.fault.name, each.outcome.value])}\n" for each in results)


def lines(outcomes: Iterable[tuple[str, Outcome]]) -> Iterator[str]:
    """The table of outcomes, by the name of the fault, a line for each."""
    counted: dict[str, Counter[Outcome]] = {fault.name: Counter() for fault in FAULTS}
    for name, outcome in outcomes:
        counted[name][outcome] += 1
    width = max(len(name) for name in (*counted, "in all"))
    yield f"{'':{width}}  " + "  ".join(outcome.value for outcome in Outcome)

    def line(name: str, row: Counter[Outcome]) -> str:
        return f"{name:{width}}  " + "  ".join(f"{row[outcome]:{len(outcome.value)}}" for outcome in Outcome)

    for name, row in counted.items():
        yield line(name, row)
    yield line("in all", sum(counted.values(), Counter()))
