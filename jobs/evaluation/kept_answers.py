"""Answers that were paid for are kept: in the stack's storage, container ``runs``, and are never asked for twice.

A part is a blob of some answers, one JSON object in a line: ``answers/<model>/<16 hex>/<part>.jsonl``, where the 16 hex
are of the asked model's ID. A part is written once, under a name that no other command uses, so that two evaluations at
once do each other no harm: at worst both have paid for an answer, and the elder one counts. Which question an answer is
to tells its digest (jobs.evaluation.asking.requests.answer_key); what no question has any more is passed over.

In memory there are some 200 bytes of each answer: its digest, and where it lies in a temporary file that has no name.
"""

from __future__ import annotations

import hashlib
import secrets
import tempfile
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from types import TracebackType
from typing import Self

from pydantic import ValidationError

from jobs.errors import CloudFailed, Refused, Unreadable
from jobs.evaluation.answer import Answer
from jobs.ports import Blobs
from jobs.tuning.patience import ANSWERING, Patience

PART_ANSWERS = 100
"""Answers of a part, at most."""
PART_TIME = timedelta(seconds=10)
"""How long an answer that was paid for is in this process alone, while others come."""
_PART_BYTES = 1024 * 1024
"""A blob that is read whole may have four times as many (jobs.azure.blobs)."""
_FOLDER = "answers"


class Kept:
    """The answers about one of the project's models. As a context it writes, at its end, what was not written yet.

    tell    is told of what cannot be read
    """

    def __init__(self, blobs: Blobs, model: str, patience: Patience, tell: Callable[[str], None]) -> None:
        self._blobs = blobs
        self._model = model
        self._patience = patience
        self._tell = tell
        self._command = secrets.token_hex(4)
        self._shelves: dict[str, Shelf] = {}
        self._given_up = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.flush()
        finally:
            for shelf in self._shelves.values():
                shelf.close()

    def of(self, model_id: str) -> Shelf:
        """What that model (a base's ID, or a tuned one's) has answered; read with the first use. Raises CloudFailed."""
        if model_id not in self._shelves:
            folder = folder_of(self._model, model_id)
            shelf = self._shelves[model_id] = Shelf(folder)
            self._read(shelf)
        return self._shelves[model_id]

    def flush(self, *, due: bool = False) -> None:
        """Writes what is not in the storage yet; with ``due`` where it is time to. Raises CloudFailed."""
        for shelf in () if self._given_up else self._shelves.values():
            now = self._patience.clock.now()
            if shelf.waiting and (not due or shelf.is_due(now)):
                self._write(shelf, f"{now:%Y%m%dT%H%M%SZ}-{self._command}")

    def _write(self, shelf: Shelf, by: str) -> None:
        # Counted before: who is interrupted here, and writes again with more, needs another name.
        shelf.parts += 1
        name = f"{shelf.folder}{by}-{shelf.parts:06d}.jsonl"
        try:
            # The name is this command's alone: where it is taken, only the answer to an earlier attempt was lost.
            self._asking(partial(self._blobs.create, name, b"".join(shelf.waiting)))
        except CloudFailed:
            # Asked for five minutes: nobody waits as long again, with an error or at the end.
            self._given_up = True
            raise
        shelf.written()

    @property
    def _asking(self) -> Patience:
        return self._patience.within(ANSWERING)

    def _read(self, shelf: Shelf) -> None:
        names = self._asking(lambda: list(self._blobs.names(shelf.folder)))
        for name in names:
            try:
                content = self._asking(partial(self._blobs.get, name))
            except Unreadable as error:
                self._tell(f"{name} in the stack's storage is passed over: {error.what}")
                continue
            broken = shelf.take(content or b"")
            if broken:
                self._tell(
                    f"{name} in the stack's storage: {broken} lines are no answers; their questions are asked again"
                )


def folder_of(model: str, model_id: str) -> str:
    """Of the answers of the model with that ID, asked about ``model``."""
    return f"{_FOLDER}/{model}/{hashlib.sha256(model_id.encode()).hexdigest()[:16]}/"


@dataclass
class Shelf:
    """The answers of one model ID. One thread adds; any may look."""

    folder: str
    parts: int = 0
    waiting: list[bytes] = field(default_factory=list)
    """Lines that are not in the storage yet."""
    _since: datetime | None = None
    _size: int = 0
    _places: dict[bytes, int] = field(default_factory=dict)
    _end: int = 0
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        # Closed by Kept, with whose answers it lives.
        self._spool = tempfile.TemporaryFile(prefix="jobs-answers-")  # noqa: SIM115 - outlives this call

    def close(self) -> None:
        self._spool.close()

    def place(self, key: str) -> int | None:
        """Where the answer to the question with that digest is; None where it has none."""
        return self._places.get(bytes.fromhex(key))

    def at(self, place: int) -> Answer:
        with self._lock:
            self._spool.seek(place)
            return Answer.model_validate_json(self._spool.readline())

    def get(self, key: str) -> Answer | None:
        place = self.place(key)
        return None if place is None else self.at(place)

    def add(self, answer: Answer, now: datetime) -> int:
        """Keeps an answer; where it is. ``Kept.flush`` writes it. One that is there already stays."""
        known = self.place(answer.question)
        if known is not None:
            return known
        line = answer.model_dump_json(by_alias=True, exclude_defaults=True).encode() + b"\n"
        self.waiting.append(line)
        self._size += len(line)
        self._since = self._since or now
        return self._put(answer.question, line)

    def is_due(self, now: datetime) -> bool:
        old = self._since is not None and not timedelta(0) <= now - self._since < PART_TIME
        return old or len(self.waiting) >= PART_ANSWERS or self._size >= _PART_BYTES

    def written(self) -> None:
        self.waiting.clear()
        self._since, self._size = None, 0

    def take(self, content: bytes) -> int:
        """Takes the answers of a part that was read; how many of its lines are none."""
        broken = 0
        for line in content.split(b"\n"):
            if not line.strip():
                continue
            try:
                answer = Answer.model_validate_json(line)
            except ValidationError:
                broken += 1
                continue
            if self.place(answer.question) is None:
                self._put(answer.question, line + b"\n")
        return broken

    def _put(self, key: str, line: bytes) -> int:
        place = self._end
        try:
            with self._lock:
                self._spool.seek(place)
                self._spool.write(line)
        except OSError as error:
            raise Refused(
                f"there is no room for answers in {tempfile.gettempdir()}: {error.strerror}",
                details=["What was answered before is kept; TMPDIR names another folder."],
            ) from None
        self._end = place + len(line)
        self._places[bytes.fromhex(key)] = place
        return place


_NONE = -1


class Answers(Mapping[int, Answer]):
    """Answers by the question's index, read from where they are kept with each look: eight bytes of each are here."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._places = array("q")
        self._count = 0

    def put(self, index: int, place: int) -> None:
        self._places.extend([_NONE] * (index + 1 - len(self._places)))
        self._count += self._places[index] == _NONE
        self._places[index] = place

    def __getitem__(self, index: int) -> Answer:
        if not 0 <= index < len(self._places) or self._places[index] == _NONE:
            raise KeyError(index)
        return self._shelf.at(self._places[index])

    def __iter__(self) -> Iterator[int]:
        return (index for index, place in enumerate(self._places) if place != _NONE)

    def __len__(self) -> int:
        return self._count
