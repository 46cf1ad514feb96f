"""What the verbs about runs begin with: the runs of a stack, by its journals, its stack file and its accounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property, partial

import typer

from contract.outputs import StackOutputs
from contract.release import Releases
from jobs.cli.asked import Asked
from jobs.cli.surroundings import Surroundings, surroundings
from jobs.cli.trouble import say_trouble
from jobs.errors import CloudFailed, JobsError, NoRun, Refused, ServiceRefused, Unreadable, Usage
from jobs.ports import Blobs, FineTuning, Job
from jobs.tuning.journals.keeping import Shelf, journals
from jobs.tuning.known.finishing import Standing, found
from jobs.tuning.known.known_runs import KnownRun, known_runs
from jobs.tuning.known.pointing import handle, pointed_at
from jobs.tuning.patience import ANSWERING, Patience

_LOOKING = timedelta(minutes=1)
"""How long somebody who only wants to look is kept waiting for a cloud that doesn't answer."""


@dataclass
class StackRuns:
    """Each look is made once, when it is asked for."""

    asked: Asked
    around: Surroundings
    patience: Patience
    _services: dict[str, FineTuning] = field(default_factory=dict, init=False)
    _silent: dict[str, CloudFailed] = field(default_factory=dict, init=False)

    @cached_property
    def outputs(self) -> StackOutputs:
        return self.around.stack.outputs()

    @cached_property
    def releases(self) -> Mapping[str, Releases]:
        return self.around.stack.releases()

    @cached_property
    def blobs(self) -> Blobs:
        """Where plans and journals are kept."""
        return self.around.blobs(self.outputs, "runs")

    @property
    def asking(self) -> Patience:
        """For one question."""
        return self.patience.within(ANSWERING)

    @cached_property
    def shelf(self) -> Shelf:
        return journals(self.blobs, self.asking)

    @cached_property
    def runs(self) -> tuple[KnownRun, ...]:
        """The one begun last first. Of an account that can't be asked: as journals and records have them."""
        releases = self.releases
        jobs = {key: listed for key in self._accounts() if (listed := self._jobs(key)) is not None}
        known = known_runs(self.shelf.journals, jobs, releases)
        # A list may lag behind: a run that may still go on is looked for by its ID.
        unlisted = [(run.account, job) for run in known if (job := self._unlisted(run)) is not None]
        for account, job in unlisted:
            jobs[str(account)].append(job)
        return known_runs(self.shelf.journals, jobs, releases) if unlisted else known

    @cached_property
    def _standings(self) -> Mapping[str, Standing]:
        return {handle(each.run): each.standing for each in found(self.runs)}

    def standing_of(self, run: KnownRun) -> Standing | None:
        """What is left to do for it; None of others' jobs."""
        return self._standings.get(handle(run)) if run.ours else None

    @property
    def unreadable(self) -> tuple[Unreadable, ...]:
        return self.shelf.unreadable

    @property
    def silent(self) -> Mapping[str, CloudFailed]:
        """Why an account could not be asked, by its name in the stack."""
        _ = self.runs
        return self._silent

    def named(self, text: str, *, under_way: bool = False) -> KnownRun:
        """The run that is meant. Raises Usage, NoRun; where it may be in an account that is silent, why that is."""
        try:
            return pointed_at(text, self.runs, self.outputs.models, under_way=under_way)
        except NoRun as none:
            raise none.located(next_command=self.asked.command("run", text.strip())) from None
        except Usage:
            for error in self._silent.values():
                raise error from None
            self.say_unreadable()
            raise

    def service_of(self, run: KnownRun) -> FineTuning:
        """The account that has the run's job. Raises what it answered, where it could not be asked."""
        if run.account is None or run.account not in self.outputs.accounts:
            raise Refused(f"the account {run.account or 'that trained it'} is no longer in the stack", run=run.job_id)
        if run.account in self._silent:
            raise self._silent[run.account]
        return self._service(run.account)

    def job_of(self, run: KnownRun) -> Job:
        """The run's job as it is now. Raises NoRun where there is none."""
        then = self.asked.command("show", run.job_id or run.run_key)
        if run.job_id is None:
            raise NoRun(f"the run has no job yet: it is {run.words}", run=run.run_key, next_command=then)
        if run.gone:
            raise NoRun(f"account {run.account} has no such job any more", run=run.job_id, next_command=then)
        return self.asking(partial(self.service_of(run).job, run.job_id))

    def say_unreadable(self) -> None:
        for error in self.unreadable:
            typer.echo(f"jobs: {error}", err=True)

    def _accounts(self) -> list[str]:
        """Those that train for the stack, or have done so."""
        wanted = {model.train_in for model in self.outputs.models.values()}
        intents = [attempt.intent for journal in self.shelf.journals for attempt in journal.attempts]
        wanted |= {intent.account for intent in intents}
        wanted |= {record.trained_in for recorded in self.releases.values() for record in recorded.records()}
        # One may have another name in the stack by now.
        ids = {intent.account_id.lower() for intent in intents}
        return [key for key, each in self.outputs.accounts.items() if key in wanted or each.id.lower() in ids]

    def _service(self, account: str) -> FineTuning:
        if account not in self._services:
            self._services[account] = self.around.fine_tuning(self.outputs, self.outputs.accounts[account])
        return self._services[account]

    def _jobs(self, account: str) -> list[Job] | None:
        """None where the account can't be asked."""
        service = self._service(account)
        try:
            return self.asking(lambda: list(service.jobs()))
        except CloudFailed as error:
            self._silent[account] = error
            return None

    def _unlisted(self, run: KnownRun) -> Job | None:
        ended = run.status is not None and run.status.ended
        if not run.gone or ended or run.job_id is None or run.account is None:
            return None
        try:
            return self.asking(partial(self._service(run.account).job, run.job_id))
        except ServiceRefused:
            return None


def stack_runs(asked: Asked, around: Surroundings, deadline: timedelta = ANSWERING) -> StackRuns:
    """Asks nothing yet. ``deadline``: how long anything is waited for."""
    return StackRuns(asked, around, Patience(around.clock, around.clock.now() + deadline, say_trouble))


@contextmanager
def runs_of(asked: Asked, deadline: timedelta = _LOOKING) -> Iterator[StackRuns]:
    """The same, with its own connections, which are closed in the end."""
    with surroundings(asked) as around:
        yield stack_runs(asked, around, deadline)


def not_ours(run: KnownRun, stack: str) -> JobsError:
    """Why a job of somebody else's is not touched."""
    return Refused(
        f"{run.job_id} is no run of stack {stack}: it is not touched",
        details=[
            "No journal in the stack's storage has it, and no record in its stack file.",
            "If it does what a run of this stack would, `jobs run` takes it up: from then it is this stack's.",
        ],
    )
