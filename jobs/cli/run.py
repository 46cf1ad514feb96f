"""`jobs run` and `jobs watch`: the steps of a run, in order, each said in a line.

Every step may be interrupted: the same command finds what is done, and goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import typer

from jobs.cli import journalling, spending
from jobs.cli.asked import Asked
from jobs.cli.candidate import record_candidate, record_of, say_recorded
from jobs.cli.course import Course, prepare, refuse_untrainable
from jobs.cli.outcomes import complain
from jobs.cli.pauses import run_paused
from jobs.cli.program import say_next, typed
from jobs.cli.progress import follow
from jobs.cli.sending import look_at_the_grader, send_datasets
from jobs.cli.surroundings import surroundings
from jobs.errors import JobsError, NoRun, RunFailed, RunPaused
from jobs.ports import Job, JobRequest, JobState, StoredFile
from jobs.tuning import submission, upload, watching
from jobs.tuning.journal import Journal
from jobs.tuning.keeping import Keeper
from jobs.tuning.run import FileIds


@dataclass(frozen=True)
class Wish:
    """What `run` was told. ``again``: the flags with which the same would be typed once more."""

    wait: bool
    new: bool
    yes: bool
    again: tuple[str, ...]


def run_model(model: str, asked: Asked, deadline: timedelta, wish: Wish) -> None:
    """Submits the run, once it is agreed to, or takes up the one that exists; records the result."""
    with surroundings(asked) as around:
        course = prepare(model, around, asked, deadline)
        refuse_untrainable(course)
        _run(course, wish)


def _run(course: Course, wish: Wish) -> None:
    asked = course.asked
    journal = journalling.known_journal(course, course.run)
    files = upload.stored_files(course.service, course.patience)
    jobs = _jobs(course, upload.file_ids(course.run, files), journal)
    if wish.new:
        going = _trained_anew(course, journal, jobs)
        job = going or _submit(course, files, jobs, journal, wish)
    else:
        match submission.decide(course.run, jobs, course.releases(), asked.stack):
            case submission.Recorded(role, record):
                return say_recorded(course, role, record)
            case submission.Adopt(job):
                course.say(f"taking up {job.id}, which does the same ({job.status})")
                _say_begun_anew(course, journal, job)
                journalling.adopt(course, job)
            case submission.Submit():
                journalling.refuse_missing(course.asked, journal, jobs)
                job = _submit(course, files, jobs, journal, wish)
    if not wish.wait and not job.status.ended:
        # A paused one waits for a person: saying so is what waiting for it comes to.
        if job.status.state is JobState.PAUSED:
            raise _paused(job.id, course)
        course.say("the run goes on by itself")
        say_next(course.watch_command())
        return None
    return _finish(course, job)


def _trained_anew(course: Course, journal: Journal | None, jobs: list[Job]) -> Job | None:
    """The job that an earlier `--new` came to, as long as its model is not recorded: the same command, typed again
    after whatever went wrong, goes on with it."""
    known = journal.last.job if journal is not None and journal.last.intent.anew else None
    job = next((job for job in jobs if known is not None and job.id == known.id and job.status.usable), None)
    if job is None or any(record.job_id == job.id for record in course.releases().records()):
        return None
    course.say(f"taking up {job.id}, which --new has begun ({job.status}); once it is recorded, --new begins another")
    return job


def _say_begun_anew(course: Course, journal: Journal | None, job: Job) -> None:
    """Somebody's `--new` that never came to a job: what it was to cost is not spent unasked."""
    if journal is not None and journal.last.job is None and job.id in journal.last.before:
        intent = journal.last.intent
        anew = typed(course.asked.command("run", course.model, "--new"))
        course.say(
            f"{intent.by} began to train it anew {intent.at}, and it was not submitted; {anew} goes on with that"
        )


def watch_model(model: str, asked: Asked, *, deadline: timedelta) -> None:
    """Takes up the run that exists. Raises NoRun where there is none."""
    with surroundings(asked) as around:
        # What has been spent is spent: questions that are still open keep no model from being recorded.
        course = prepare(model, around, asked, deadline, readiness="warn")
        refuse_untrainable(course)
        _watch(course)


def _watch(course: Course) -> None:
    journal = journalling.known_journal(course, course.run)
    jobs = _jobs(course, upload.file_ids(course.run, upload.stored_files(course.service, course.patience)), journal)
    match submission.decide(course.run, jobs, course.releases(), course.asked.stack):
        case submission.Recorded(role, record):
            say_recorded(course, role, record)
        case submission.Adopt(job):
            course.say(f"watching {job.id} ({job.status})")
            journalling.adopt(course, job)
            _finish(course, job)
        case submission.Submit():
            raise _no_run(course, jobs, journal)


def _jobs(course: Course, ids: FileIds, journal: Journal | None) -> list[Job]:
    return submission.jobs_of(course.run, course.service, ids, course.patience, journalling.known_jobs(journal))


def _submit(course: Course, files: list[StoredFile], jobs: list[Job], journal: Journal | None, wish: Wish) -> Job:
    run, plan = course.run, course.plan()
    spending.show(plan)
    spending.refuse(plan.refusals, course.untrainable)
    for job in jobs[:1]:
        if job.status.usable:
            course.say(f"{job.id} does the same ({job.status}): training it anew costs {spending.amount(plan)} again")
    unasked = course.asked.command("run", run.model, *wish.again, "--yes")
    spending.agree(spending.amount(plan), unasked, yes=wish.yes, later=spending.hosting_after(plan))
    look_at_the_grader(course)
    course.say(f"{run.spec.training_type} training from {run.parent_model_id}, in account {course.account_key}")

    def send(held: Course, keeper: Keeper) -> tuple[JobRequest, FileIds]:
        sent = send_datasets(held, files, keeper)
        spending.keep(plan, held.runs, held.patience)
        return run.request(sent.training, sent.validation), sent.ids

    before = {*(job.id for job in jobs), *journalling.known_jobs(journal)}
    attempt = journalling.intended(course, run, before=before, anew=wish.new, estimated=spending.estimate(plan))
    job, created = journalling.submitted(course, run, attempt, send)
    # While one thought it over, somebody else may have submitted the same.
    course.say(f"submitted as {job.id}" if created else f"taking up {job.id}, which was submitted meanwhile")
    return job


def _finish(course: Course, job: Job) -> None:
    """Watches the job until it has succeeded, and records its model."""
    clock = course.around.clock
    looks = watching.watch(
        job, course.service, clock, course.patience.deadline, examples=course.checked.training_examples
    )
    try:
        last = follow(course.model, _noting(course, looks))
    except KeyboardInterrupt:
        complain(f"\njobs: interrupted; the run goes on as {job.id}", course.watch_command())
        raise typer.Exit(130) from None
    except RunPaused:
        raise _paused(job.id, course) from None
    except JobsError as error:
        raise error.located(run=job.id, next_command=_after(error, course)) from None
    done = watching.return_or_raise(job if last is None else last.job)
    record_candidate(course, record_of(course, done), course.watch_command())


def _noting(course: Course, looks: Iterator[watching.Progress]) -> Iterator[watching.Progress]:
    """Each change of status goes into the journal."""
    text = None
    for look in looks:
        if look.job.status.text != text:
            text = look.job.status.text
            journalling.see(course, course.run.trained_as(look.job).key, look.job)
        yield look


def _paused(job_id: str, course: Course) -> RunPaused:
    return run_paused(job_id, course.run.spec.method, course.service, course.patience, course.asked)


def _after(error: JobsError, course: Course) -> str:
    return course.asked.command("run", course.model) if isinstance(error, RunFailed) else course.watch_command()


def _no_run(course: Course, jobs: list[Job], journal: Journal | None) -> NoRun:
    command = course.asked.command("run", course.model)
    if not jobs:
        details = []
        if journal is not None:
            begun = journal.last.intent
            details.append(f"{begun.by} began it {begun.at}; it is {journal.last.step.value}.")
        if course.run.spec.sweep is not None:
            details += [f"Runs of its sweep are taken up by: {typed(course.asked.command('sweep', course.model))}"]
        what = "there is no run of this tune.yaml and these data in the account"
        return NoRun(what, details=details, next_command=command)
    last = jobs[0]
    return NoRun(
        f"the last run of it ended without a model: it is {last.status}",
        details=[last.error.message] if last.error is not None else [],
        run=last.id,
        code=last.error.code if last.error is not None else None,
        next_command=command,
    )
