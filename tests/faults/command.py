"""A command that is to be typed in a process of its own, as it is told from process to process."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

CHANGED, SAME = "* ", "  "
"""How a line of a step begins: whether the world may be another since the step before."""


@dataclass(frozen=True)
class Step:
    """`new`: something in the world may be another since the step before, so that it matters which one is not taken."""

    what: str
    new: bool

    @classmethod
    def parse(cls, line: str) -> Step:
        return cls(line[len(SAME) :], line.startswith(CHANGED))

    def __str__(self) -> str:
        return self.what


@dataclass(frozen=True)
class Mishap:
    """What befalls the process at its step number `at`, from 0.

    killed    by SIGKILL, before the step is taken
    asleep    its machine sleeps for so many seconds before the step: others go on meanwhile
    """

    at: int
    kind: Literal["killed", "asleep"] = "killed"
    seconds: float = 0.0


@dataclass(frozen=True)
class Command:
    """`jobs WORDS`, typed in `folder`.

    time      the socket at which the time is asked for
    output    a folder for what it says, `out` and `err`, and what it does, `steps` and `requests`
    fine      each request is a step, too
    hurried   its clients wait for an answer for half a second and no longer
    elsewhere it is another machine than that of the others, whose processes it can't look after
    """

    number: int
    words: tuple[str, ...]
    folder: str
    environment: dict[str, str]
    time: str
    output: str
    fine: bool = False
    hurried: bool = False
    elsewhere: bool = False
    mishaps: tuple[Mishap, ...] = field(default_factory=tuple)

    @property
    def steps_file(self) -> Path:
        return Path(self.output) / "steps"

    @property
    def requests_file(self) -> Path:
        """A line each: method and path."""
        return Path(self.output) / "requests"

    def line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def parse(cls, line: bytes) -> Command:
        told = json.loads(line)
        mishaps = tuple(Mishap(**each) for each in told.pop("mishaps"))
        return cls(**told | {"words": tuple(told["words"]), "mishaps": mishaps})
