"""`jobs run` and `jobs watch`: the steps of a run, in order, each said in a line.

Every step may be interrupted: the same command finds what is done, and goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import typer

from contract.release import ReleaseRecord
from jobs.cli.asked import Asked
from jobs.cli.outcomes import INTERRUPTED, complain
from jobs.cli.program import say_next, typed
from jobs.cli.surroundings import surroundings
from jobs.cli.training import journalling, run_steps, spending
from jobs.cli.training.candidate import look_ahead, say_recorded
from jobs.cli.training.course import Course, prepare, refuse_untrainable
from jobs.cli.training.progress import follow
from jobs.cli.training.run_steps import Found
from jobs.errors import JobsError, NoRun, RunFailed, RunPaused
from jobs.ports import Job, JobState
from jobs.tuning import submission
from jobs.tuning.polling import watching
from jobs.tuning.run import newest_usable


@dataclass(frozen=True)
class Wish:
    """What `run` was told. ``again``: the flags with which the same would be typed once more."""

    wait: bool
    new: bool
    yes: bool
    again: tuple[str, ...]


def run_model(model: str, asked: Asked, deadline: timedelta, wish: Wish) -> ReleaseRecord | None:
    """Submits the run, once it is agreed to, or takes up the one that exists; the record of its model, which stands in
    the stack file. None where the run goes on."""
    with surroundings(asked) as around:
        course = prepare(model, around, asked, deadline)
        refuse_untrainable(course)
        return _run(run_steps.look(course), wish)


def _run(found: Found, wish: Wish) -> ReleaseRecord | None:
    course = found.course
    if wish.new:
        found = _settled(found)
        job = _trained_anew(found) or _submit(found, wish)
    else:
        match found.decide():
            case submission.Recorded(role, record):
                say_recorded(course, role, record)
                return record
            case submission.Adopt(job):
                run_steps.adopt(found, job)
            case submission.Submit():
                found.refuse_missing()
                job = _submit(found, wish)
    if not wish.wait and not job.status.ended:
        # A paused one waits for a person: saying so is what waiting for it comes to.
        if job.status.state is JobState.PAUSED and not run_steps.goes_on(course, job.id):
            raise run_steps.paused(course, job.id)
        course.say("the run goes on by itself")
        say_next(course.watch_command())
        return None
    return _finish(course, job)


def _settled(found: Found) -> Found:
    """With the job that was asked for before, where its answer was lost and the account lists it by now: nobody takes
    it for the new one."""
    course, last = found.course, None if found.journal is None else found.journal.last
    job = None
    if last is not None and last.unsettled:
        job = newest_usable(job for job in found.jobs if job.id not in last.before)
    if last is None or job is None:
        return found
    course.say(f"{job.id} is what came of the request of {last.submitting[-1]}")
    journalling.adopt(course, job)
    return replace(found, journal=journalling.known_journal(course, course.run))


def _trained_anew(found: Found) -> Job | None:
    """The job that an earlier `--new` came to, as long as its model is not recorded: the same command, typed again
    after whatever went wrong, goes on with it."""
    course, journal = found.course, found.journal
    known = journal.last.job if journal is not None and journal.last.intent.anew else None
    job = next((job for job in found.jobs if known is not None and job.id == known.id and job.status.usable), None)
    if job is None or any(record.job_id == job.id for record in course.releases().records()):
        return None
    course.say(f"taking up {job.id}, which --new has begun ({job.status}); once it is recorded, --new begins another")
    return job


def watch_model(model: str, asked: Asked, *, deadline: timedelta) -> ReleaseRecord:
    """Takes up the run that exists; the record of its model. Raises NoRun where there is none."""
    with surroundings(asked) as around:
        # What has been spent is spent: questions that are still open keep no model from being recorded.
        course = prepare(model, around, asked, deadline, readiness="warn", look=False)
        refuse_untrainable(course)
        return _watch(run_steps.look(course))


def _watch(found: Found) -> ReleaseRecord:
    course = found.course
    match found.decide():
        case submission.Recorded(role, record):
            say_recorded(course, role, record)
            return record
        case submission.Adopt(job):
            course.say(f"watching {job.id} ({job.status})")
            journalling.adopt(course, job)
            return _finish(course, job)
        case submission.Submit():
            raise _no_run(found)


def _submit(found: Found, wish: Wish) -> Job:
    course, plan = found.course, found.course.plan()
    spending.show(plan)
    spending.refuse(plan.refusals, course.untrainable)
    for job in found.jobs[:1]:
        if job.status.usable:
            course.say(f"{job.id} does the same ({job.status}): training it anew costs {spending.amount(plan)} again")
    look_ahead(course.around.stack)
    unasked = course.asked.command("run", course.model, *wish.again, "--yes")
    spending.agree(spending.amount(plan), unasked, yes=wish.yes, later=spending.hosting_after(plan))
    return run_steps.submit(found, plan, anew=wish.new)


def _finish(course: Course, job: Job) -> ReleaseRecord:
    """Watches the job until it has succeeded, and records its model."""
    clock = course.around.clock
    looks = watching.watch(
        job, course.service, clock, course.patience.deadline, examples=course.checked.training_examples
    )
    try:
        last = follow(course.model, _noting(course, looks))
    except KeyboardInterrupt:
        complain(f"\njobs: interrupted; the run goes on as {job.id}", course.watch_command())
        raise typer.Exit(INTERRUPTED) from None
    except RunPaused:
        raise run_steps.paused(course, job.id) from None
    except JobsError as error:
        raise error.located(run=job.id, next_command=_after(error, course)) from None
    return run_steps.record(course, watching.return_or_raise(job if last is None else last.job))


def _noting(course: Course, looks: Iterator[watching.Progress]) -> Iterator[watching.Progress]:
    """Each change of status goes into the journal."""
    text = None
    for look in looks:
        if look.job.status.text != text:
            text = look.job.status.text
            journalling.see(course, course.run.trained_as(look.job).key, look.job)
        yield look


def _after(error: JobsError, course: Course) -> str:
    return course.asked.command("run", course.model) if isinstance(error, RunFailed) else course.watch_command()


def _no_run(found: Found) -> NoRun:
    course, journal, jobs = found.course, found.journal, found.jobs
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
