"""The account's files that are one dataset: they bear its name, which is of its digest. Of these there is to be one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from jobs.errors import CloudFailed, DeadlinePassed, RunFailed
from jobs.ports import FileStatus, FineTuning, StoredFile
from jobs.tuning.files.referenced import Source, size_of
from jobs.tuning.patience import ANSWERING, Patience
from jobs.tuning.polling.pace import followed

PURPOSE = "fine-tune"
_PROCESSING = timedelta(minutes=30)
_POLL = 5.0
"""Seconds between two looks at a file where the service wishes nothing else."""
_SKEW = timedelta(minutes=1)
"""By how much the service's clock may be behind ours."""


def of_use(file: StoredFile) -> bool:
    return file.status is FileStatus.PROCESSED or file.status.coming


def first(files: list[StoredFile]) -> StoredFile | None:
    """The one to use: one that is processed already before one that is still on its way, and the elder one."""
    return min(files, key=lambda file: (file.status is not FileStatus.PROCESSED, *_age(file)), default=None)


def _age(file: StoredFile) -> tuple[bool, float, str]:
    return file.created_at is None, file.created_at.timestamp() if file.created_at else 0.0, file.id


@dataclass(frozen=True)
class Namesakes:
    """The files ``filename`` of the account, which hold ``source``. ``say``: as in ``Steps``."""

    service: FineTuning
    source: Source
    filename: str
    patience: Patience
    say: Callable[[str], None]
    _ours: set[str] = field(default_factory=set, init=False)
    """IDs of files that came of requests of this command, or of the one that it goes on with: none but these is ever
    deleted."""

    def holds(self, file: StoredFile) -> bool:
        """Whether that file of the account is one of them, and of use."""
        return self._is_one(file) and of_use(file)

    def arrived(self, limit: timedelta) -> StoredFile | None:
        """The first of them, looked for until there is one or the time is over."""
        until = self.patience.clock.now() + limit

        def tell() -> None:
            self.say(f"{self.source.name} may have arrived: the account is asked for it until {until:%H:%M} UTC")

        unknown = f"whether {self.source} has arrived"
        return self.patience.look_for(lambda: first(self._listed(of_use)), until, unknown=unknown, tell=tell)

    def settled(self, file: StoredFile) -> StoredFile:
        """The file once the service has done with it."""
        waiting, tiny = self.patience.within(_PROCESSING), 0
        while file.status.coming:
            file = waiting(partial(self.service.file, file.id))
            if not file.status.coming:
                break
            left = (waiting.deadline - waiting.clock.now()).total_seconds()
            if left <= 0:
                raise DeadlinePassed(
                    f"{self.source} is not processed yet by the service; its status is {file.status.value}"
                )
            wait, tiny = followed(file.next_poll, _POLL, tiny)
            waiting.clock.sleep(min(wait, left))
        return file

    def processed(self, file: StoredFile) -> StoredFile:
        """The same. Raises RunFailed where the service can't use it."""
        file = self.settled(file)
        if file.status is not FileStatus.PROCESSED:
            details = [file.detail] if file.detail else []
            raise RunFailed(f"the service cannot use {self.source}: its status is {file.status.value}", details=details)
        return file

    def ours(self, file: StoredFile) -> StoredFile:
        """``file``, which came of a request of this command."""
        self._ours.add(file.id)
        return file

    def delete(self, file: StoredFile) -> None:
        """Takes it away where it is ours. What can't be deleted stays."""
        if file.id in self._ours:
            with suppress(CloudFailed):
                self.service.delete_file(file.id)

    def clear_up(self, since: datetime) -> None:
        """Takes away what ended in error of requests without an answer: by the name, and by when they had begun."""
        for file in self._listed(lambda file: file.status is FileStatus.ERROR):
            if file.created_at is not None and file.created_at >= since - _SKEW:
                self.delete(self.ours(file))

    def alone(self, file: StoredFile) -> StoredFile:
        """``file``, or an elder one, which somebody else has sent, or a request whose answer was lost. Then ``file``
        goes, if it is ours and no job has it by now."""
        elder = first([other for other in self._listed(of_use) if _age(other) < _age(file)])
        if elder is None:
            return file
        try:
            elder = self.processed(elder)
        except (RunFailed, DeadlinePassed):
            return file
        jobs = self.patience.within(ANSWERING)(lambda: list(self.service.jobs()))
        if all(file.id not in (job.training_file, job.validation_file) for job in jobs):
            self.delete(file)
        return elder

    def _listed(self, of: Callable[[StoredFile], bool]) -> list[StoredFile]:
        found = self.patience.within(ANSWERING)(lambda: list(self.service.files()))
        return [file for file in found if self._is_one(file) and of(file)]

    def _is_one(self, file: StoredFile) -> bool:
        same = file.purpose == PURPOSE and file.filename == self.filename
        return same and file.size in (0, size_of(self.source))
