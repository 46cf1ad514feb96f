"""A fault plan: what goes wrong, at which requests, how often. docs/simulator.md, "Faults", has its whole shape.

A plan comes as a file (`--faults`), by `PUT /_simulator/faults`, or from a test in this process (faults/installed.py).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from contract.bounded import TooLarge, read_at_most
from simulator.errors import Unusable
from simulator.faults.behaviour import Behaviour
from simulator.faults.events import Event
from simulator.faults.kinds import Answer, Does, Reset
from simulator.faults.match import Match
from simulator.faults.shape import Shape

LARGEST = 1024 * 1024
"""Bytes of a plan in a file."""


class BadPlan(Exception):
    """What is wrong with a plan: every fault in it, each with its place."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class Fault(Shape):
    """One thing that goes wrong.

    skip         that many matching requests pass first
    times        how often it happens; null: always. Left out: once, or always where there is a probability
    probability  with which it happens at each matching request, drawn by the plan's seed; null: always
    """

    match: Match = Match()
    skip: int = Field(default=0, ge=0)
    times: int | None = Field(default=None, ge=1)
    probability: float | None = Field(default=None, ge=0, le=1)
    does: Does

    @property
    def ends(self) -> bool:
        """Whether the request goes no further: neither to the service nor to another fault."""
        does = self.does
        return (isinstance(does, Answer) and not does.after) or (isinstance(does, Reset) and does.when != "after")

    @property
    def limit(self) -> int | None:
        """How often it happens at most; None: no end."""
        return 1 if "times" not in self.model_fields_set and self.probability is None else self.times


class Plan(Shape):
    """Everything that goes wrong.

    skew  seconds by which the services' clocks are ahead of the caller's (behind, where negative)
    """

    seed: int = 0
    skew: float = Field(default=0.0, ge=-1e8, le=1e8)
    faults: list[Fault] = Field(default_factory=list)
    behaviour: Behaviour = Behaviour()
    events: list[Event] = Field(default_factory=list)


def parsed(text: str | bytes) -> Plan:
    """The plan that JSON says; BadPlan names all that is wrong with it."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise BadPlan([f"it is no JSON: {problem}"]) from problem
    try:
        # Of JSON and not of Python's values: strict shapes take a list for a tuple there, and a text for a time.
        return Plan.model_validate_json(json.dumps(said))
    except ValidationError as problem:
        raise BadPlan([f"{_place(said, each)}: {_words(each)}" for each in problem.errors()]) from problem


def read(file: Path) -> Plan:
    """The plan in a file; Unusable names the file and all that is wrong with it."""
    try:
        return parsed(read_at_most(file, LARGEST))
    except TooLarge as problem:
        raise Unusable(f"the fault plan {file} {problem}") from problem
    except OSError as problem:
        raise Unusable(f"can't read the fault plan {file}: {problem.strerror}") from problem
    except BadPlan as problem:
        raise Unusable(f"{file} is no fault plan:" + "".join(f"\n  {each}" for each in problem.faults)) from problem


def _place(said: Any, fault: ErrorDetails) -> str:
    """faults[0].does.status: pydantic's location without the names of a union's members, which nobody wrote."""
    place = ""
    location = fault["loc"]
    for number, part in enumerate(location):
        # What is missing is in no place of what was said: the last part names it.
        missing = fault["type"] == "missing" and number == len(location) - 1
        if isinstance(part, int):
            place += f"[{part}]"
            said = said[part] if isinstance(said, list) and part < len(said) else None
        elif isinstance(said, dict) and (part in said or missing):
            place += f".{part}"
            said = said.get(part)
    return place.lstrip(".") or "the plan"


def _words(fault: ErrorDetails) -> str:
    if fault["type"] == "extra_forbidden":
        return "there is no such key"
    if fault["type"] == "missing":
        return "it is missing"
    return fault["msg"].removeprefix("Value error, ")
