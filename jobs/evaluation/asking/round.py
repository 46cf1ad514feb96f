"""The round: every contender is asked every question, all at once, and nobody is asked what was answered before.

Threads ask (jobs.evaluation.asking.lane); this one alone keeps what they bring and tells how far it is. Whatever ends
the round early (Ctrl-C, a refusal, the deadline), what was answered by then is kept, and the same command goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, Queue
from threading import Event

from contract.evaluation_spec import Asking
from jobs.chat_ports import Chat, ChatRequest
from jobs.errors import DeadlinePassed
from jobs.evaluation.answer import Answer
from jobs.evaluation.asking.lane import Ended, Heard, Item, Known, Lane, Same
from jobs.evaluation.asking.limits import Limits, Place
from jobs.evaluation.asking.requests import answer_key, request_of
from jobs.evaluation.kept_answers import Answers, Kept, Shelf
from jobs.evaluation.question import Contender, Question
from jobs.ports import Clock

_LOOK = 1.0
"""Seconds without an answer after which it is looked whether parts are due, and told how long a wait is."""
_GRACE = 3.0
"""How long, after the end, an answer that is under way is waited for: it is paid for."""

_UNHEARD = 512
"""Answers that are not kept yet, at most: where the storage is slow, or away, nothing more is paid for."""


@dataclass(frozen=True)
class Standing:
    """How far a contender is. ``answered`` and ``failed`` are of ``of``, and ``kept`` of these two: from earlier."""

    contender: str
    of: int
    answered: int = 0
    failed: int = 0
    kept: int = 0
    waiting_until: datetime | None = None
    """While its deployment wants to be left alone, or its rate is used up."""

    @property
    def missing(self) -> int:
        return self.of - self.answered - self.failed


Say = Callable[[Sequence[Standing]], None]


@dataclass(frozen=True)
class Party:
    """Who is asked: a model under a name, and where it is deployed."""

    name: str
    model_id: str
    place: Place


Asked = tuple[str, int, int | None, ChatRequest]
"""A party's name, the index and the line of what it is asked, and what is sent."""


def party_of(contender: Contender) -> Party:
    return Party(contender.name, contender.model_id, (contender.account, contender.deployment))


def ask_all(
    contenders: Sequence[Contender],
    questions: Iterable[Question],
    asking: Asking,
    chats: Mapping[str, Chat],
    kept: Kept,
    *,
    clock: Clock,
    say: Say,
    of: int,
    deadline: datetime,
    limits: Mapping[Place, Limits] | None = None,
) -> Mapping[str, Mapping[int, Answer]]:
    """The answers of each contender by the question's index; they are read from where they are kept.

    questions   gone through once per deployment, at the same time
    chats       by the account's name in the stack
    of          how many questions there are
    limits      of the deployments, as ``limits_of`` the outputs; of one that is not there the concurrency alone

    Raises CloudFailed for a deployment that cannot be asked, DeadlinePassed, and what ``questions`` raise.
    """

    def asked(place: Place) -> Iterator[Asked]:
        there = [each for each in contenders if party_of(each).place == place]
        for question in questions:
            for contender in there:
                yield contender.name, question.index, question.line, request_of(contender, question, asking)

    known = {party.place: Limits(asking.concurrency) for party in map(party_of, contenders)} | dict(limits or {})
    parties = tuple(map(party_of, contenders))
    return _Round(parties, asked, chats, kept, clock, say, of, deadline, known).answers()


def ask_requests(
    party: Party,
    requests: Sequence[ChatRequest],
    chat: Chat,
    kept: Kept,
    *,
    clock: Clock,
    say: Say,
    deadline: datetime,
    limits: Limits,
) -> Mapping[int, Answer]:
    """The same for requests that somebody has put together, such as those to a judge: answers by their place."""

    def asked(place: Place) -> Iterator[Asked]:
        del place
        return ((party.name, index, None, request) for index, request in enumerate(requests))

    account, _ = party.place
    places = {party.place: limits}
    round_ = _Round((party,), asked, {account: chat}, kept, clock, say, len(requests), deadline, places)
    return round_.answers()[party.name]


def unanswered(
    contenders: Sequence[Contender], questions: Iterable[Question], asking: Asking, kept: Kept
) -> Iterator[tuple[Contender, Question, ChatRequest]]:
    """What ``ask_all`` would send, in no order that counts; nothing is asked. Raises CloudFailed."""
    seen: set[bytes] = set()
    for question in questions:
        for contender in contenders:
            request = request_of(contender, question, asking)
            key = answer_key(contender.model_id, request)
            if kept.of(contender.model_id).place(key) is None and bytes.fromhex(key) not in seen:
                seen.add(bytes.fromhex(key))
                yield contender, question, request


@dataclass
class _Round:
    parties: Sequence[Party]
    asked: Callable[[Place], Iterator[Asked]]
    chats: Mapping[str, Chat]
    kept: Kept
    clock: Clock
    say: Say
    of: int
    deadline: datetime
    limits: Mapping[Place, Limits]
    _told: Queue[Heard] = field(default_factory=lambda: Queue(_UNHEARD))
    _stop: Event = field(default_factory=Event)
    _shelves: dict[str, Shelf] = field(default_factory=dict)
    _answers: dict[str, Answers] = field(default_factory=dict)
    _tallies: dict[str, _Tally] = field(default_factory=dict)
    _lanes: dict[Place, Lane] = field(default_factory=dict)
    _same: list[Same] = field(default_factory=list)
    _running: int = 0
    _error: BaseException | None = None

    def answers(self) -> Mapping[str, Mapping[int, Answer]]:
        for party in self.parties:
            shelf = self._shelves[party.name] = self.kept.of(party.model_id)
            self._answers[party.name] = Answers(shelf)
            self._tallies[party.name] = _Tally()
        self._lanes = {place: self._lane(place) for place in dict.fromkeys(party.place for party in self.parties)}
        try:
            self._running = sum(lane.start() for lane in self._lanes.values())
            while self._running and self._error is None:
                self._hear(_LOOK)
                self.kept.flush(due=True)
                self.say(self._standings())
                if self._error is None and self.clock.now() >= self.deadline and self._missing:
                    self._error = DeadlinePassed("the deadline has passed")
            if self._same and self._error is None:
                same, self._same = self._same, []
                for each in same:
                    self._take(each)
                self.say(self._standings())
        finally:
            self._end()
        if self._error is not None:
            raise self._told_of(self._error)
        return self._answers

    def _lane(self, place: Place) -> Lane:
        account, deployment = place
        chat, limits, items = self.chats[account], self.limits[place], self._items(place)
        return Lane(account, deployment, chat, limits, items, self.clock, self.deadline, self._told, self._stop)

    def _items(self, place: Place) -> Iterator[Item]:
        """What is not answered yet, each once; what is, is told as it is come by."""
        models = {party.name: party.model_id for party in self.parties}
        begun: set[bytes] = set()
        for name, index, line, request in self.asked(place):
            key = answer_key(models[name], request)
            kept = self._shelves[name].place(key)
            if kept is not None:
                self._told.put(Known(name, index, kept))
            elif bytes.fromhex(key) in begun:
                self._told.put(Same(name, index, key))
            else:
                begun.add(bytes.fromhex(key))
                yield Item(name, index, line, key, request)

    def _hear(self, seconds: float) -> None:
        """All that there is to hear; waits so long for the first."""
        with suppress(Empty):
            self._take(self._told.get(timeout=seconds))
            while True:
                self._take(self._told.get_nowait())

    def _take(self, told: Heard) -> None:
        if isinstance(told, Ended):
            self._running -= 1
            self._error = self._error or told.error
            return
        shelf, tally = self._shelves[told.contender], self._tallies[told.contender]
        if isinstance(told, Same):
            place = shelf.place(told.key)
            if place is None:
                # Not answered yet: it is looked for again once all threads have ended.
                self._same.append(told)
                return
            told = Known(told.contender, told.index, place)
        if isinstance(told, Known):
            place, answer = told.place, shelf.at(told.place)
        else:
            place, answer = shelf.add(told.answer, self.clock.now()), told.answer
        self._answers[told.contender].put(told.index, place)
        tally.failed += answer.failed is not None
        tally.answered += answer.failed is None
        tally.known += isinstance(told, Known)

    def _end(self) -> None:
        """Keeps what there is, and then what comes within a short while."""
        self._stop.set()
        self.kept.flush()
        while self._running:
            before = self._running, self._missing
            self._hear(_GRACE)
            if (self._running, self._missing) == before:
                break
        self.kept.flush()

    @property
    def _missing(self) -> int:
        return sum(standing.missing for standing in self._standings())

    def _standings(self) -> list[Standing]:
        return [
            Standing(
                party.name,
                self.of,
                (tally := self._tallies[party.name]).answered,
                tally.failed,
                tally.known,
                self._lanes[party.place].waiting_until,
            )
            for party in self.parties
        ]

    def _told_of(self, error: BaseException) -> BaseException:
        if isinstance(error, DeadlinePassed):
            done = sum(standing.of - standing.missing for standing in self._standings())
            error.details += (f"{done:,} of {self.of * len(self.parties):,} questions are answered; they are kept.",)
        return error


@dataclass
class _Tally:
    answered: int = 0
    failed: int = 0
    known: int = 0
