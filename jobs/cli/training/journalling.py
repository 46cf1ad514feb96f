"""A run's journal as the verbs keep it: held while money is about to be spent, told what is seen afterwards.

What was spent is never lost for want of a journal: once a job is known, trouble with it is said and passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial

from contract.release import ReleaseRecord
from jobs.cli.asked import Asked
from jobs.cli.training.course import Course
from jobs.cli.training.stack_model import StackModel
from jobs.errors import CloudFailed, Refused, Unreadable
from jobs.ports import Job, JobRequest
from jobs.tuning.journals import attempts
from jobs.tuning.journals.attempts import intent_of
from jobs.tuning.journals.journal import Attempt, Entry, Journal, KnownJob, Swept
from jobs.tuning.journals.keeping import Held, HeldClock, Keeper, TakenOver
from jobs.tuning.recording import timestamp
from jobs.tuning.run import FileIds, Run
from jobs.tuning.submitting import Submitting

Send = Callable[[Course, Keeper], tuple[JobRequest, FileIds]]
"""Sends what a run is made from; what to ask the service for, and which of its files hold the datasets."""


def known_journal(course: Course, run: Run) -> Journal | None:
    """The journal, where it can be read: what was spent is found without it too."""
    try:
        return course.keeper(run).read()
    except (CloudFailed, Unreadable) as error:
        course.say(f"the run's journal could not be read ({error.in_a_line}); the account is asked without it")
        return None


def estimate_of(of: StackModel, run_key: str, job: Job) -> float | None:
    """What the training was to cost, in US dollars, as far as the journal can be read and knows."""
    with suppress(CloudFailed, Unreadable):
        journal = of.keeper_of(run_key).read()
        number = None if journal is None else journal.of_job(job.id)
        return None if journal is None or number is None else journal.attempts[number].intent.estimated
    return None


def known_jobs(journal: Journal | None) -> tuple[str, ...]:
    return () if journal is None else journal.job_ids()


def refuse_missing(asked: Asked, journal: Journal | None, found: Sequence[Job]) -> None:
    """Where the journal's last job is not among those that were ``found``: it is paid for, and nobody trains the same
    twice unasked. Raises Refused."""
    last = None if journal is None else journal.last.job
    if journal is None or last is None or any(job.id == last.id for job in found):
        return
    intent = journal.last.intent
    raise Refused(
        f"the run's journal has {last.id}, {last.how} {last.at}, and the account has no such job",
        details=[
            f"It was deleted, or account {intent.account} is not the one it was submitted to: {intent.account_id}",
            "Training the same once more takes --new.",
        ],
        next_command=asked.command("run", journal.model, "--new"),
    )


def intended(
    course: Course,
    run: Run,
    *,
    before: Iterable[str] = (),
    anew: bool = False,
    estimated: float | None = None,
    swept: Swept | None = None,
) -> Attempt:
    """An attempt at ``run``, which is the course's or of its sweep; ``before`` as the attempt has it."""
    around = course.circumstances(anew=anew, estimated=estimated, swept=swept)
    return Attempt(intent=intent_of(run, around, course.around.clock.now()), before=tuple(sorted(set(before))))


def submitted(course: Course, run: Run, attempt: Attempt, send: Send) -> tuple[Job, bool]:
    """The job of ``attempt``, and whether it was submitted now: one that the journal has, and ``attempt.before`` has
    not, is somebody else's doing meanwhile, and is taken up."""

    def is_done(journal: Journal) -> bool:
        return journal.last.job is not None and journal.last.job.id not in attempt.before

    def wait(held: Held) -> None:
        course.say(f"{held.lease.holder} works on this run, until {held.lease.until} at least; waiting")

    while True:
        keeper = course.keeper(run)
        journal = keeper.hold_when_free(lambda found: attempts.begun(found, run, attempt), is_done, wait)
        if journal is None:
            return _of_others(course, keeper), False
        if journal.last.unsettled:
            course.say(f"its job was asked for {journal.last.submitting[-1]}, and no answer is known")
        try:
            return _held(course, run, keeper, send)
        except TakenOver as taken:
            course.say(taken.what)
        finally:
            keeper.release()


def _held(course: Course, run: Run, keeper: Keeper, send: Send) -> tuple[Job, bool]:
    patience = replace(course.patience, clock=HeldClock(course.patience.clock, keeper))
    request, ids = send(replace(course, patience=patience), keeper)
    return Submitting(run, course.service, ids, keeper, patience, course.say).submit(request)


def _of_others(course: Course, keeper: Keeper) -> Job:
    last = keeper.journal.last.job
    if last is None:
        raise ValueError("what is done has a job")
    return course.patience(partial(course.service.job, last.id))


def adopt(course: Course, job: Job) -> None:
    """Notes that ``job`` is the course's run, whoever submitted it."""
    run = course.run.trained_as(job)
    attempt = intended(course, run)
    with _forgiving(course):
        now = course.around.clock.now()
        course.keeper(run).note(lambda found: attempts.adopted(found, run, attempt, job, now))


def adopt_known(of: StackModel, run_key: str, attempt: Attempt, job: Job) -> None:
    """Notes that ``job`` is what came of that attempt, where its answer was lost."""
    if attempt.job is not None:
        return
    known = KnownJob(id=job.id, at=timestamp(of.around.clock.now()), how="adopted")
    with _forgiving(of):
        of.keeper_of(run_key).note(
            lambda found: None if found is None else found.with_last(lambda last: attempts.submitted(last, known))
        )


def see(of: StackModel, run_key: str, job: Job) -> None:
    """Notes the job's status, and its model where it has made one."""
    now = of.around.clock.now()
    with _forgiving(of):
        of.keeper_of(run_key).note(lambda found: None if found is None else attempts.seen(found, job, now))


def note_record(of: StackModel, record: ReleaseRecord, role: str) -> None:
    """Notes that the record stands in the stack file."""
    entry = Entry(role=role, at=timestamp(of.around.clock.now()), by=of.holder.name)
    with _forgiving(of):
        of.keeper_of(record.run_key).note(
            lambda found: None if found is None else attempts.recorded(found, record.job_id, entry)
        )


@contextmanager
def _forgiving(of: StackModel) -> Iterator[None]:
    try:
        yield
    except (CloudFailed, Unreadable) as error:
        of.say_once(f"the run's journal could not be written ({error.in_a_line}); the run goes on without")
