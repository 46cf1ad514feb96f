"""Submitting a run whose journal is held: the job is asked for once, and its answer may be lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Literal

from jobs.errors import CloudFailed, Unreadable, Unsettled
from jobs.ports import FineTuning, Job, JobRequest
from jobs.tuning.journals import attempts
from jobs.tuning.journals.journal import KnownJob
from jobs.tuning.journals.keeping import Keeper, TakenOver
from jobs.tuning.patience import ANSWERING, LISTED, Patience, again_after
from jobs.tuning.recording import timestamp
from jobs.tuning.run import FileIds, Run, newest_usable
from jobs.tuning.submission import jobs_of

_TRIES = 3


@dataclass(frozen=True)
class Submitting:
    """``keeper`` holds the run; the clock of ``patience`` keeps it held. ``ids``: the account's files with its
    datasets; ``say`` is told what is waited for."""

    run: Run
    service: FineTuning
    ids: FileIds
    keeper: Keeper
    patience: Patience
    say: Callable[[str], None]

    def submit(self, request: JobRequest) -> tuple[Job, bool]:
        """The job, and whether it was created now: what somebody else submitted meanwhile is taken up.

        The journal knows of each request before it is sent. Where an answer is lost, now or by whoever held the run
        before, the account is asked for the job until ``LISTED``; only then is it certain that there is none, and it
        is asked for again. Raises Unsettled where no answer comes, DeadlinePassed where it can't be certain by then.
        """
        unsettled = self.keeper.journal.last.unsettled
        left = max(LISTED - self.keeper.silence, timedelta(0)) if unsettled else timedelta(0)
        lost: Unsettled | None = None
        asked = count()
        for _ in range(_TRIES):
            there = self._arrived(self.patience.clock.now() + left)
            if there is not None:
                return self._noted(there, "adopted" if lost is None else "submitted")
            try:
                job = self.patience.within(ANSWERING)(lambda: self._ask(request, again=next(asked) > 0))
            except Unsettled as error:
                lost, left = error, again_after(error, LISTED)
                # What it says itself is that nothing was submitted, which nobody knows.
                self.say(f"whether the job was submitted is not known ({'; '.join(error.details[:1]) or 'no answer'})")
            except TakenOver:
                raise
            except CloudFailed:
                self.keeper.update(attempts.not_submitted)
                raise
            else:
                return self._noted(job, "submitted")
        if lost is None:
            raise ValueError("there is one try at least")
        lost.what = "whether the fine-tuning job was submitted is not known"
        lost.details += ("The account lists no such job by now.",)
        raise lost

    def _ask(self, request: JobRequest, *, again: bool) -> Job:
        """The journal is written right before: who holds the run no more finds out here, and asks for nothing.

        ``again``: the service put it off, or something in front of it that needn't know what it did. One look tells.
        """
        now = self.patience.clock.now()
        if again and (there := self._arrived(now)) is not None:
            return there
        self.keeper.update(lambda last: attempts.submitting(last, now))
        return self.service.submit(request)

    def _arrived(self, until: datetime) -> Job | None:
        """The newest usable job of this attempt, looked for until it is there or that moment has come."""
        before = self.keeper.journal.last.before

        def look() -> Job | None:
            jobs = jobs_of(self.run, self.service, self.ids, self.patience)
            return newest_usable(job for job in jobs if job.id not in before)

        def tell() -> None:
            self.say(f"the job may have been made: the account is asked for it until {until:%H:%M} UTC")

        return self.patience.look_for(look, until, unknown="whether the job was submitted", tell=tell)

    def _noted(self, job: Job, how: Literal["submitted", "adopted"]) -> tuple[Job, bool]:
        known = KnownJob(id=job.id, at=timestamp(self.patience.clock.now()), how=how)
        try:
            self.keeper.update(lambda last: attempts.submitted(last, known))
        except (CloudFailed, Unreadable) as error:
            # It is paid for, and goes on; the journal still says that it was asked for.
            self.say(f"{job.id} could not be noted in the run's journal ({error.in_a_line}); the run goes on")
        return job, how == "submitted"
