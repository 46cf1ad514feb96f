"""Keeping a run's journal: written under conditions, so that two who work on one run meet there.

Who means to spend holds the run: the lease stands in the journal, and each write of the holder renews it. Whose lease
ran out, or whose process has died, is taken over; the former holder finds that out with its next write, before it
spends anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from jobs.errors import CloudFailed, DeadlinePassed, JobsError, Unreadable
from jobs.ports import Blobs, Clock, StoredBlob
from jobs.tuning.journals.holder import Holder, has_died
from jobs.tuning.journals.journal import Attempt, Journal, Lease, blob_name, is_journal, read_journal
from jobs.tuning.patience import ANSWERING, Patience
from jobs.tuning.recording import timestamp

LEASE = timedelta(minutes=2)
"""How long a holder may be silent."""
_RENEWED = LEASE / 4
_POLL = 5.0


class Held(JobsError):
    """Somebody else holds the run. ``seconds`` are left of the lease; never seen outside: it is waited out."""

    def __init__(self, lease: Lease, seconds: float) -> None:
        super().__init__(f"{lease.holder} works on this run")
        self.lease = lease
        self.seconds = seconds


class TakenOver(CloudFailed):
    """The lease ran out, and somebody else holds the run now: nothing more is done here."""


@dataclass
class Keeper:
    """The journal of the run with that key, as one command keeps it. Every method may raise CloudFailed, Unreadable."""

    blobs: Blobs
    run_key: str
    patience: Patience
    holder: Holder
    silence: timedelta = field(default=timedelta(0), init=False)
    """How long nobody had written the journal when it was held, by the storage's clock."""
    _kept: tuple[Journal, str] | None = field(default=None, init=False)
    _written: datetime | None = field(default=None, init=False)

    def read(self) -> Journal | None:
        """As it stands; None where the run was never begun."""
        found = self._read()
        return None if found is None else self._parsed(found)

    def hold(self, begin: Callable[[Journal | None], Journal]) -> Journal:
        """What ``begin`` makes of the journal, written with this holder's lease. Raises Held."""
        while True:
            found = self._read()
            journal = None if found is None else self._parsed(found)
            if journal is not None and found is not None:
                self._refuse_held(journal.lease, found.age)
            etag = None if found is None else found.etag
            if self._write(begin(journal), etag):
                if found is not None:
                    self.silence = found.age
                return self.journal

    def hold_when_free(
        self, begin: Callable[[Journal | None], Journal], ready: Callable[[Journal], bool], tell: Callable[[Held], None]
    ) -> Journal | None:
        """The same once nobody else holds it. None where by then there is nothing left to do: it is ``ready``.

        ``tell`` is told once of each holder. Raises DeadlinePassed.
        """
        told: set[str] = set()
        while True:
            found = self._read()
            journal = None if found is None else self._parsed(found)
            if found is not None and journal is not None and ready(journal):
                self._kept = (journal, found.etag)
                return None
            try:
                return self.hold(begin)
            except Held as held:
                if held.lease.token not in told:
                    told.add(held.lease.token)
                    tell(held)
                if self.patience.clock.now() >= self.patience.deadline:
                    raise DeadlinePassed(
                        f"the deadline has passed, and {held.lease.holder} still works on this run"
                    ) from None
                self.patience.clock.sleep(min(_POLL, max(held.seconds, 1.0)))

    @property
    def journal(self) -> Journal:
        """As it was last read or written here."""
        if self._kept is None:
            raise ValueError("the journal is read or held first")
        return self._kept[0]

    def update(self, change: Callable[[Attempt], Attempt]) -> Journal:
        """The holder's next step: its attempt changed, its lease renewed. Raises TakenOver."""
        while self._kept is not None:
            journal, etag = self._kept
            if self._write(journal.with_last(change), etag):
                return self.journal
            self._look_again()
        raise ValueError("the run is held first")

    def alive(self) -> None:
        """Renews the lease where it is time to: for whoever is long at one step. Raises TakenOver."""
        if self._written is not None and self.patience.clock.now() - self._written >= _RENEWED:
            self.update(lambda attempt: attempt)

    def release(self) -> None:
        """Lets others at it. What can't be told them now, they find out once the lease has run out."""
        if self._written is None or self._kept is None:
            return
        journal, etag = self._kept
        self._kept, self._written = None, None
        with suppress(CloudFailed):
            self.blobs.replace(blob_name(self.run_key), journal.model_copy(update={"lease": None}).content(), etag)

    def note(self, begin: Callable[[Journal | None], Journal | None]) -> None:
        """Tells the journal what was seen, without holding the run; None changes nothing. Not while somebody holds it:
        that one sees it too."""
        while True:
            found = self._read()
            journal = None if found is None else self._parsed(found)
            if journal is not None and found is not None and self._is_live(journal.lease, found.age):
                return
            wanted = begin(journal)
            if wanted is None or wanted == journal:
                return
            content = wanted.model_copy(update={"lease": None}).content()
            if self._stored(content, None if found is None else found.etag) is not None:
                return

    def _refuse_held(self, lease: Lease | None, age: timedelta) -> None:
        if lease is not None and self._is_live(lease, age):
            raise Held(lease, lease.seconds - age.total_seconds())

    def _is_live(self, lease: Lease | None, age: timedelta) -> bool:
        if lease is None or lease.token == self.holder.token or has_died(lease.process):
            return False
        return age < timedelta(seconds=lease.seconds)

    def _look_again(self) -> None:
        """After a write that didn't hold: an answer that was lost, or another writer."""
        found = self._read()
        journal = None if found is None else self._parsed(found)
        if found is None or journal is None or journal.lease is None or journal.lease.token != self.holder.token:
            holder = journal.lease.holder if journal is not None and journal.lease is not None else "somebody"
            self._kept, self._written = None, None
            raise TakenOver(
                f"{holder} has taken this run over: nothing was heard from here for {LEASE.total_seconds():.0f} s"
            )
        self._kept = (journal, found.etag)

    def _write(self, journal: Journal, etag: str | None) -> bool:
        """With this holder's lease; whether the journal was as it was thought to be."""
        now = self.patience.clock.now()
        lease = Lease(
            holder=self.holder.name,
            token=self.holder.token,
            process=self.holder.process,
            seconds=int(LEASE.total_seconds()),
            until=timestamp(now + LEASE),
        )
        journal = journal.model_copy(update={"lease": lease})
        stored = self._stored(journal.content(), etag)
        if stored is None:
            return False
        self._kept, self._written = (journal, stored), now
        return True

    def _stored(self, content: bytes, etag: str | None) -> str | None:
        name = blob_name(self.run_key)
        asking = self.patience.within(ANSWERING)
        if etag is None:
            return asking(partial(self.blobs.create, name, content))
        return asking(partial(self.blobs.replace, name, content, etag))

    def _read(self) -> StoredBlob | None:
        return self.patience.within(ANSWERING)(partial(self.blobs.read, blob_name(self.run_key)))

    def _parsed(self, found: StoredBlob) -> Journal:
        return read_journal(found.content, blob_name(self.run_key))


@dataclass(frozen=True)
class HeldClock:
    """A clock whose waiting keeps the run held. A Clock; ``sleep`` may raise TakenOver."""

    clock: Clock
    keeper: Keeper

    def now(self) -> datetime:
        return self.clock.now()

    def sleep(self, seconds: float) -> None:
        while seconds > 0:
            slice_ = min(seconds, _RENEWED.total_seconds())
            self.clock.sleep(slice_)
            seconds -= slice_
            self.keeper.alive()


@dataclass(frozen=True)
class Shelf:
    """All journals of a stack. ``unreadable``: those that aren't to be read, and why."""

    journals: tuple[Journal, ...]
    unreadable: tuple[Unreadable, ...] = ()


def journals(blobs: Blobs, patience: Patience) -> Shelf:
    """Of all runs that the storage knows, the one begun last first."""
    found: list[Journal] = []
    broken: list[Unreadable] = []
    for name in _names(blobs, patience):
        try:
            content = patience.within(ANSWERING)(partial(blobs.get, name))
            if content is not None:
                found.append(read_journal(content, name))
        except Unreadable as error:
            broken.append(error)
    return Shelf(tuple(sorted(found, key=lambda each: each.last.intent.at, reverse=True)), tuple(broken))


def _names(blobs: Blobs, patience: Patience) -> Iterator[str]:
    yield from patience.within(ANSWERING)(lambda: [name for name in blobs.names() if is_journal(name)])
