"""The plan in force, and how often each of its faults has matched and fired.

A plan belongs to one Cloud: with another cloud behind the listeners it is gone, and nothing of it is saved.
"""

from __future__ import annotations

import contextlib
import json
import random
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from simulator.clock import Clock
from simulator.faults.conduct import Conduct
from simulator.faults.match import Listener
from simulator.faults.plan import Fault, Plan, parsed


@dataclass
class Tally:
    """One fault of the plan in force: how many requests it fitted, and at how many it happened."""

    fault: Fault
    draws: random.Random
    matched: int = 0
    fired: int = 0

    def due(self) -> bool:
        """Counts a request that fits; whether the fault would happen at it."""
        self.matched += 1
        if self.matched <= self.fault.skip:
            return False
        # Drawn at every request that fits, so that no other fault of the plan changes what comes.
        hit = self.fault.probability is None or self.draws.random() < self.fault.probability
        return hit and (self.fault.limit is None or self.fired < self.fault.limit)


@dataclass
class Installed:
    """A plan in force.

    conduct       what its behaviour and its events have done
    tokens_until  nanoseconds since 1970: tokens issued before have expired
    """

    plan: Plan
    tallies: list[Tally]
    conduct: Conduct
    tokens_until: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, plan: Plan, now: datetime) -> Installed:
        # A generator each: what one fault draws doesn't depend on the others' requests. No secrets are made of it.
        seeded = [random.Random(f"{plan.seed}/{number}") for number in range(len(plan.faults))]  # noqa: S311
        tallies = [Tally(fault, draws) for fault, draws in zip(plan.faults, seeded, strict=True)]
        return cls(plan, tallies, Conduct(plan.behaviour, list(plan.events), now))

    def expire_tokens(self) -> None:
        """Tokens issued until now have expired."""
        self.tokens_until = time.time_ns()

    def due(self, listener: Listener, method: str, path: str, query: Mapping[str, str]) -> list[Fault]:
        """What happens at this request, in the plan's order; after one that ends the request nothing else does."""
        with self._lock:
            due: list[Fault] = []
            for tally in self.tallies:
                if not tally.fault.match.fits(listener, method, path, query) or not tally.due():
                    continue
                if not (due and due[-1].ends):
                    tally.fired += 1
                    due.append(tally.fault)
            return due


class Faults:
    """What goes wrong in one Cloud; nothing, until a plan is installed. Any thread may install one and clear it.

    with simulator.faults.planned({"faults": [{"does": {"kind": "reset"}}]}) as faults:
        ...
        assert faults.fired == 1
    """

    def __init__(self, clock: Clock) -> None:
        self.installed: Installed | None = None
        self._clock = clock
        self._usual = Conduct(_NOTHING.behaviour, [], clock.now())

    def install(self, plan: Plan | Mapping[str, object]) -> None:
        """Puts a plan into force in the place of any other, counts at zero; BadPlan where a mapping is none."""
        chosen = plan if isinstance(plan, Plan) else parsed(json.dumps(plan))
        self.installed = Installed.of(chosen, self._clock.now())

    def clear(self) -> None:
        """Nothing goes wrong any more, and tokens that were expired early are good again."""
        self.installed = None

    def happen(self, event: Mapping[str, object]) -> None:
        """One event besides those of the plan: at once, or where it says when; BadPlan where it is none."""
        chosen = parsed(json.dumps({"events": [event]})).events
        if self.installed is None:
            self.install(_NOTHING)
        self.conduct.add(chosen[0], self._clock.now())

    @contextlib.contextmanager
    def planned(self, plan: Plan | Mapping[str, object]) -> Iterator[Faults]:
        """The plan in force for a while."""
        self.install(plan)
        try:
            yield self
        finally:
            self.clear()

    @property
    def plan(self) -> Plan:
        """The plan in force; an empty one where there is none."""
        return self.installed.plan if self.installed is not None else _NOTHING

    @property
    def conduct(self) -> Conduct:
        """What the plan's behaviour and events have done; the usual where there is no plan."""
        return self.installed.conduct if self.installed is not None else self._usual

    @property
    def matched(self) -> int:
        """How often all faults of the plan together matched."""
        return sum(tally.matched for tally in self.tallies)

    @property
    def fired(self) -> int:
        """How often all faults of the plan together fired."""
        return sum(tally.fired for tally in self.tallies)

    @property
    def tallies(self) -> list[Tally]:
        """Each fault of the plan, with how often it matched and fired."""
        return self.installed.tallies if self.installed is not None else []


_NOTHING = Plan()
