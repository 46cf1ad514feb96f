"""When the next request may go to a deployment, and what an answer or a refusal changes. Pure; seconds are of a clock.

Rates are kept from the first request on, by what was sent within the last window: wherever the service lets its own
windows begin, no more than its limit falls into one. A refusal for too many requests holds the whole deployment, since
the next request would only be refused as well, and refused ones count too (quota.md, 2026-05).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import chain

from jobs.errors import Unavailable
from jobs.evaluation.asking.limits import Limits, Rate
from jobs.tuning.patience import ANSWERING, LONGEST, pause_after

_SLOTS = 20
"""Of a window: what was sent in a slot counts until the whole slot is older than the window, so that it is kept to
within a twentieth, and what is late on the way does not fall into the next one."""
_IN_A_ROW = 3
"""So many failures without an answer between them are the deployment's, not the request's."""
_TRIES = 10
"""How often a request is sent that fails while others are answered."""
_NOT_READY = "DeploymentNotReady"


@dataclass(frozen=True)
class Window:
    """What was spent within the last ``rate.seconds``; ``slots``: the number of each, and how much."""

    rate: Rate
    slots: tuple[tuple[int, float], ...] = ()

    def wait(self, now: float, amount: float) -> float:
        """Seconds until so much more fits. More than fits at all goes alone."""
        spent = sum(each for number, each in self.slots if self._left(number, now) > 0)
        wait = 0.0
        for number, each in self.slots:
            if not spent or spent + amount <= self.rate.count:
                break
            left = self._left(number, now)
            if left > 0:
                spent, wait = spent - each, left
        # Not longer than a window, where the clock was put back.
        return min(wait, self.rate.seconds * (1 + 1 / _SLOTS))

    def spend(self, now: float, amount: float) -> Window:
        number = math.floor(now / self._slot)
        slots = tuple(each for each in self.slots if self._left(each[0], now) > 0)
        if slots and slots[-1][0] == number:
            slots, amount = slots[:-1], slots[-1][1] + amount
        return replace(self, slots=(*slots, (number, amount)))

    @property
    def _slot(self) -> float:
        return self.rate.seconds / _SLOTS

    def _left(self, number: int, now: float) -> float:
        return (number + 1) * self._slot + self.rate.seconds - now


@dataclass(frozen=True)
class Pace:
    """How a deployment is asked.

    held      until when nothing is sent
    rounds    of refusals without an answer; those that were under way together are one
    row       failures without an answer between them
    since     when the first of them came
    answers, completions   how many there were, and their tokens: what a request is taken to need
    """

    requests: tuple[Window, ...] = ()
    tokens: tuple[Window, ...] = ()
    held: float = -math.inf
    refused: float = -math.inf
    rounds: int = 0
    row: int = 0
    since: float | None = None
    answers: int = 0
    completions: int = 0

    @classmethod
    def of(cls, limits: Limits) -> Pace:
        return cls(tuple(map(Window, limits.requests)), tuple(map(Window, limits.tokens)))

    def need(self, prompt: int, most: int | None) -> float:
        """The tokens that a request will count as: of its prompt, and its limit, or what answers have had so far."""
        return prompt + (most if most is not None else self.completions / max(1, self.answers))

    def wait(self, now: float, need: float) -> float:
        """Seconds until a request that needs so many tokens may be sent; 0: now."""
        rates = chain(
            (window.wait(now, 1) for window in self.requests), (window.wait(now, need) for window in self.tokens)
        )
        return max(0.0, self.held - now, *rates)

    def sent(self, now: float, need: float) -> Pace:
        requests = tuple(window.spend(now, 1) for window in self.requests)
        return replace(self, requests=requests, tokens=tuple(window.spend(now, need) for window in self.tokens))

    def answered(self, now: float, completion: int, more: float) -> Pace:
        """After an answer of so many tokens, and ``more`` of all than it was taken to need."""
        tokens = tuple(window.spend(now, more) for window in self.tokens) if more > 0 else self.tokens
        counted = replace(self, answers=self.answers + 1, completions=self.completions + completion)
        return replace(counted, tokens=tokens, rounds=0, row=0, since=None)

    def failed(self, now: float, sent: float, error: Unavailable) -> Pace:
        """After a failure of the request that was sent at that moment."""
        # What was under way when the last refusal came says nothing new.
        rounds = self.rounds + (sent >= self.refused)
        row, since = self.row + 1, now if self.since is None else self.since
        changed = replace(self, rounds=max(1, rounds), row=row, since=since)
        if not (is_throttled(error) or row >= _IN_A_ROW):
            return changed
        pause = pause_after(error, changed.rounds)
        return replace(changed, held=max(self.held, now + pause), refused=now)

    def gives_up(self, now: float, error: Unavailable) -> bool:
        """Whether it has gone on too long without any answer: an hour where the service asks for patience."""
        longest = LONGEST if is_throttled(error) else ANSWERING.total_seconds()
        return self.since is not None and now - self.since > longest


def is_throttled(error: Unavailable) -> bool:
    """Whether the deployment wants to be left alone for a while, whoever asks."""
    return error.retry_after is not None or error.status == 429 or error.code == _NOT_READY


def own_pause(error: Unavailable, tries: int) -> float | None:
    """Seconds for which a request waits by itself after so many tries; None where it has had enough of them."""
    if is_throttled(error):
        return 0.0
    return None if tries >= _TRIES else pause_after(error, tries)
