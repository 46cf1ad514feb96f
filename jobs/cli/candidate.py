"""The model of a run that has succeeded, as the candidate in the stack file."""

from __future__ import annotations

from contract.release import ReleaseRecord, Releases, Signed
from jobs.cli import journalling, spending
from jobs.cli.course import Course
from jobs.cli.program import say_next, typed
from jobs.cli.who import deciding_person
from jobs.errors import Refused
from jobs.ports import Job
from jobs.releases import pointers
from jobs.releases.pointers import Decided
from jobs.tuning.attempts import intent_of
from jobs.tuning.recording import release_record, timestamp


def record_of(course: Course, job: Job) -> ReleaseRecord:
    """What is to be recorded of ``job``, which has made the model of the course's run; says what that has cost."""
    run = course.run.trained_as(job)
    intent = intent_of(run, course.circumstances(), course.around.clock.now())
    comparison = spending.compared(run.key, intent, job, course.outputs, course.runs)
    course.say(comparison.words())
    return release_record(run.key, intent, job, cost=comparison.cost, now=course.around.clock.now())


def record_candidate(course: Course, record: ReleaseRecord, then: str, *, picked: bool = False) -> None:
    """Writes it into the stack file. ``then`` is the command that does so later, where that can't be edited now.
    ``picked``: somebody chose it, though another may have displaced it before.
    """
    signed = Signed(
        by=deciding_person(course.asked.project_folder),
        at=timestamp(course.around.clock.now()),
        reason=f"displaced by {record.model_id}",
    )
    decided: list[Decided] = []

    def change(releases: Releases) -> Releases:
        decided[:] = [pointers.record_candidate(releases, record, signed=signed, superseded_too=picked)]
        return decided[0].releases

    try:
        course.around.stack.record(course.model, change)
    except Refused as refused:
        refused.details += (f"The run has made {record.model_id}. Once that is mended, this records it: {typed(then)}",)
        raise
    course.say(decided[0].words)
    if decided[0].changed:
        course.say(f"recorded in {course.around.stack.file}")
    if (place := pointers.role_of(course.releases(), record.model_id)) is not None:
        journalling.note_record(course, record, place)
    say_up(course, "candidate", record)


def say_recorded(course: Course, role: str, record: ReleaseRecord) -> None:
    standing = "live" if role == "live" else f"the {role}"
    course.say(f"nothing to do: {record.job_id} has made {record.model_id}, which is {standing}")
    if record.sweep is not None:
        tried = ", ".join(f"{name} {value}" for name, value in record.sweep.tried.items())
        course.say(f"it is point {record.sweep.point} of a sweep of {record.sweep.points}: {tried}")
    say_up(course, role, record)


def say_up(course: Course, role: str, record: ReleaseRecord) -> None:
    """The up that is missing, or what may follow where none is."""
    output = course.outputs.models[course.model]
    served = {"candidate": output.candidate, "live": output.live}[role]
    if served is None or served.model_id != record.model_id:
        say_next(course.asked.up)
    elif role == "candidate":
        say_next(course.asked.command("release", course.model))
