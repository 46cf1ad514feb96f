"""What teams do to one model on two branches, for tests of merges."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable, Iterator, Mapping
from functools import cache, reduce
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from contract.release import ReleaseRecord, Releases, Signed, Sku
from jobs.releases import pointers
from jobs.stacks.release_edit import filled, recorded
from jobs.stacks.release_lines import KEY, lines
from jobs.stacks.yaml_span import Document
from tests.contract.specimens import record
from tests.evaluations import passed

HEAD = "config:\n  tuned-models:storage: {name: x}\n"
SKU = Sku(name="Standard", capacity=5)
Change = Callable[[Releases], Releases]


def made(name: str, model: str = "clippy", day: int = 20, **changes: Any) -> ReleaseRecord:
    """The record of a run of its own."""
    job, key, data = (hashlib.sha256(f"{name} {what}".encode()).hexdigest() for what in ("job", "key", "data"))
    own = {
        "modelId": f"gpt-4.1-mini-2025-04-14.ft-{job[:32]}-{model}-{key[:8]}",
        "runKey": key,
        "trainedAt": f"2026-11-{day}T10:02:03Z",
        "trainedTokens": int(job[:5], 16),
        "digests": {"train": data, "validation": "b" * 64, "holdout": "c" * 64, "tuneYaml": key[::-1]},
        "evaluation": None,
    }
    return ReleaseRecord.model_validate(record(job[:32], **own | changes))


def signed(by: str, reason: str = "not good enough") -> Signed:
    return Signed(by=by, at="2026-11-21T08:00:00Z", reason=reason)


def records(name: str) -> Change:
    return lambda releases: pointers.record_candidate(releases, made(name), signed=signed("Ada", name)).releases


def releases_it(releases: Releases) -> Releases:
    return pointers.release(releases, SKU).releases


def withdraws(by: str) -> Change:
    return lambda releases: pointers.withdraw(releases, signed(by)).releases


def overrides(role: str) -> Change:
    def change(releases: Releases) -> Releases:
        held: ReleaseRecord = getattr(releases, role)
        return releases.model_copy(update={role: held.model_copy(update={"override": signed("Bob")})})

    return change


def evaluates(mean: float) -> Change:
    """The candidate, which passes; each mean is of other answers."""

    def change(releases: Releases) -> Releases:
        assert releases.candidate is not None
        answers = hashlib.sha256(f"{mean}".encode()).hexdigest()
        candidate = passed(releases.candidate, mean=mean, scores={"in style": mean}, answers=answers)
        return releases.model_copy(update={"candidate": candidate})

    return change


def rolls_back(releases: Releases) -> Releases:
    return pointers.put_back(releases, releases.previous[0], SKU, signed("Eve", "customers complain")).releases


def forgets_the_last(releases: Releases) -> Releases:
    return releases.model_copy(update={"previous": releases.previous[:-1]})


def _each(*changes: Change) -> Change:
    return lambda releases: reduce(lambda so_far, change: change(so_far), changes, releases)


FORMER = tuple(made(f"former {day}", day=day).model_copy(update={"served_with": SKU}) for day in (15, 14))
STATES = {
    "nothing": Releases(),
    "a candidate": Releases(candidate=made("c", day=18)),
    "live": Releases(live=made("l", day=17)),
    "both": Releases(candidate=made("c", day=18), live=made("l", day=17)),
    "all": Releases(candidate=passed(made("c", day=18)), live=passed(made("l", day=17)), previous=FORMER),
}
CHANGES: Mapping[str, Change] = {
    "records X": records("X"),
    "records Y": records("Y"),
    "releases": releases_it,
    "Ada withdraws": withdraws("Ada"),
    "Bob withdraws": withdraws("Bob"),
    "overrides live": overrides("live"),
    "overrides the candidate": overrides("candidate"),
    "evaluates": evaluates(0.8),
    "rolls back": rolls_back,
    "forgets the last": forgets_the_last,
    "records X, releases": _each(records("X"), releases_it),
    "records X, evaluates": _each(records("X"), evaluates(0.7)),
    "releases, records X": _each(releases_it, records("X")),
    "Ada withdraws, records Y": _each(withdraws("Ada"), records("Y")),
}


class Pair(NamedTuple):
    """What two branches made of one state."""

    name: str
    base: Releases
    ours: Releases
    theirs: Releases


def pairs() -> Iterator[Pair]:
    """Every two different changes that can be made to a state."""
    for state, base in STATES.items():
        results: dict[str, Releases] = {}
        for name, change in CHANGES.items():
            try:
                changed = change(base)
            except Exception:  # noqa: BLE001, S112 - nothing to release, to withdraw or to override: no such branch
                continue
            if changed not in (base, *results.values()):
                results[name] = changed
        for one, other in combinations(results, 2):
            yield Pair(f"{state}: {one} | {other}", base, results[one], results[other])


def text_of(releases: Releases) -> bytes:
    """A stack file with these releases of clippy, and another model after it."""
    return _text_of(releases.model_dump_json())


@cache
def _text_of(releases: str) -> bytes:
    return fresh_text_of(Releases.model_validate_json(releases))


def fresh_text_of(releases: Releases) -> bytes:
    both = filled({"clippy": releases, "writer": Releases(live=made("w", "writer"))})
    return "".join([HEAD, *(f"{text}\n" for line in lines(both, 2, 2) for text in line.written())]).encode()


def read(content: bytes) -> dict[str, Releases]:
    return recorded(Document.parse(content, KEY))


def merged_as_text(folder: Path, base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """As git does without a driver; None where it finds a conflict."""
    for name, content in (("base", base), ("ours", ours), ("theirs", theirs)):
        (folder / name).write_bytes(content)
    words = ["git", "merge-file", "-p", "ours", "base", "theirs"]
    done = subprocess.run(words, cwd=folder, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None
