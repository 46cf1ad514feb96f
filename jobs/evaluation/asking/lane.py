"""One deployment that is asked: its questions in their order, by so many threads as may have requests under way.

Whose turn it is takes the next question and waits until it may go; the others stand behind. So however many threads
there are, one of them looks at the pace and at the clock. What comes of a request goes into ``told``.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import Queue
from threading import Event, Lock, Thread

from jobs.chat_ports import Chat, ChatReply, ChatRequest, unanswered
from jobs.errors import CloudFailed, DeadlinePassed, ServiceRefused, SignInFailed, Unavailable
from jobs.evaluation.answer import Answer, AnsweredCall
from jobs.evaluation.asking.limits import Limits
from jobs.evaluation.asking.pace import Pace, own_pause
from jobs.evaluation.asking.requests import estimated_tokens
from jobs.ports import Clock
from jobs.tuning.recording import timestamp

_LOOK = 0.5
"""Seconds after which who waits looks whether it is all over."""
_MOST_AGAIN = 64
"""Questions that are to be asked again, at most: then no other is begun."""
_FILTERED = "content_filter"
_QUESTIONS_FAULT = (400, 413, 422)
_EVERY_QUESTION = frozenset({"unsupported_parameter", "unsupported_value", "unknown_parameter"})
"""Of a 400: how everything is asked is refused, such as a temperature by a reasoning model."""


@dataclass(frozen=True)
class Item:
    """A question to be asked: whose, which, and what is sent. ``tries``: how often it was."""

    contender: str
    index: int
    line: int | None
    key: str
    request: ChatRequest
    tries: int = 0


@dataclass(frozen=True)
class Told:
    """An answer."""

    contender: str
    index: int
    answer: Answer


@dataclass(frozen=True)
class Known:
    """A question that was answered before, and where the answer is kept."""

    contender: str
    index: int
    place: int


@dataclass(frozen=True)
class Same:
    """A question that is under way already: what is sent is the same."""

    contender: str
    index: int
    key: str


@dataclass(frozen=True)
class Ended:
    """A thread has ended, for want of questions or by an error."""

    error: BaseException | None = None


Heard = Told | Known | Same | Ended


@dataclass
class Lane:
    """``account``, ``deployment``: as messages call them. ``items`` is gone through by one thread at a time."""

    account: str
    deployment: str
    chat: Chat
    limits: Limits
    items: Iterator[Item]
    clock: Clock
    deadline: datetime
    told: Queue[Heard]
    stop: Event
    waiting_until: datetime | None = None
    """While nothing is sent, for a second or more."""
    _pace: Pace = field(init=False)
    _turn: Lock = field(default_factory=Lock)
    _state: Lock = field(default_factory=Lock)
    _next: Item | None = None
    _again: list[tuple[float, int, Item]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self._pace = Pace.of(self.limits)

    def start(self) -> int:
        """Begins; how many threads will tell that they have ended."""
        for number in range(self.limits.concurrency):
            # Nobody waits for an answer that takes for ever once all is over.
            Thread(target=self._work, name=f"ask {self.deployment} {number}", daemon=True).start()
        return self.limits.concurrency

    def _work(self) -> None:
        try:
            while (taken := self._take()) is not None:
                self._ask(*taken)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is raised again where the round was begun
            self.stop.set()
            self.told.put(Ended(error))
        else:
            self.told.put(Ended())

    def _take(self) -> tuple[Item, float, float] | None:
        """The next question once it may go, when that is and what it is taken to need; None where there is none."""
        with self._turn:
            while not self.stop.is_set():
                self._next = self._next or next(self.items, None)
                now = self.clock.now().timestamp()
                with self._state:
                    due, item = self._candidate(now)
                    if item is None:
                        return None
                    need = self._pace.need(estimated_tokens(item.request), item.request.max_tokens)
                    wait = max(due - now, self._pace.wait(now, need))
                    if now + wait >= self.deadline.timestamp():
                        raise DeadlinePassed(f"the deadline comes before {self._name} may be asked on")
                    if wait <= 0:
                        self._taken(item)
                        self._pace = self._pace.sent(now, need)
                        self.waiting_until = None
                        return item, now, need
                self._wait(wait)
        return None

    def _candidate(self, now: float) -> tuple[float, Item | None]:
        """What is to be sent next, and not before when: what failed and is due, then what was never sent."""
        if not self._again:
            return now, self._next
        due, _, failed = self._again[0]
        first = due <= now or self._next is None or len(self._again) >= _MOST_AGAIN
        return (due, failed) if first else (now, self._next)

    def _taken(self, item: Item) -> None:
        if item is self._next:
            self._next = None
        else:
            heapq.heappop(self._again)

    def _wait(self, seconds: float) -> None:
        until = self.clock.now() + timedelta(seconds=seconds)
        self.waiting_until = until if seconds >= 1 else None
        self.clock.sleep(min(seconds, _LOOK))

    def _ask(self, item: Item, sent: float, need: float) -> None:
        try:
            reply = self.chat.ask(item.request)
        except Unavailable as error:
            self._failed(item, sent, error)
        except ServiceRefused as error:
            self.told.put(Told(item.contender, item.index, self._refused(item, error)))
            self._answered(0, 0.0)
        except CloudFailed as error:
            raise self._named(error) from error.__cause__
        else:
            self.told.put(Told(item.contender, item.index, answer_of(item.key, reply, self.clock.now())))
            used = reply.prompt_tokens + reply.completion_tokens
            self._answered(reply.completion_tokens, used - need)

    def _answered(self, completion: int, more: float) -> None:
        with self._state:
            self._pace = self._pace.answered(self.clock.now().timestamp(), completion, more)

    def _failed(self, item: Item, sent: float, error: Unavailable) -> None:
        now = self.clock.now().timestamp()
        own = own_pause(error, item.tries + 1)
        with self._state:
            self._pace = self._pace.failed(now, sent, error)
            if own is None or self._pace.gives_up(now, error):
                raise self._named(error, item) from error.__cause__
            tried = Item(item.contender, item.index, item.line, item.key, item.request, item.tries + 1)
            heapq.heappush(self._again, (now + own, next(self._order), tried))

    def _refused(self, item: Item, error: ServiceRefused) -> Answer:
        """The answer that a refusal of this one question is. Raises what concerns the deployment as a whole."""
        if error.status not in _QUESTIONS_FAULT or error.code in _EVERY_QUESTION:
            raise self._named(error) from error.__cause__
        failed = error.code or str(error.status)
        return Answer(question=item.key, failed=failed, finish=failed, at=timestamp(self.clock.now()))

    def _named(self, error: CloudFailed, item: Item | None = None) -> CloudFailed:
        """The error, with what people call the deployment, and what helps where a whole deployment refuses."""
        if isinstance(error, SignInFailed):
            return error
        if error.what != unanswered(self.deployment):
            # Such as that there is no token.
            error.details = (error.what, *error.details)
        error.what = f"{self._name} cannot be asked" if item is None else f"{self._name} does not answer"
        if item is not None:
            error.line = item.line
            error.details += (f"It was asked this question {item.tries + 1} times; answers that came are kept.",)
        if error.status == 404:
            error.details += ("An up makes it where it is declared; Azure may have deleted it for being idle.",)
        if error.code in _EVERY_QUESTION:
            error.details += ("What is sent with each question stands in tune.yaml, evaluation.asking.",)
        return error

    @property
    def _name(self) -> str:
        return f"deployment {self.deployment} of account {self.account}"


def answer_of(key: str, reply: ChatReply, now: datetime) -> Answer:
    """What is kept of a reply. One that was cut off by a content filter is no answer."""
    return Answer(
        question=key,
        text=reply.text,
        tool_calls=tuple(AnsweredCall(name=call.name, arguments=call.arguments) for call in reply.tool_calls),
        finish=reply.finish_reason,
        failed=_FILTERED if reply.finish_reason == _FILTERED else None,
        prompt_tokens=reply.prompt_tokens,
        completion_tokens=reply.completion_tokens,
        seconds=reply.seconds,
        at=timestamp(now),
    )
