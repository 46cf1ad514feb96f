"""The model of a run that has succeeded, as the candidate in the stack file."""

from __future__ import annotations

from contract.evaluation import obstacle
from contract.release import ReleaseRecord, Releases, Signed
from jobs.cli.outcomes import complain
from jobs.cli.program import say_next, typed
from jobs.cli.stacks.settling import settle
from jobs.cli.training import journalling, spending
from jobs.cli.training.course import Course
from jobs.cli.training.stack_model import StackModel
from jobs.errors import Refused
from jobs.ports import Job, Stack
from jobs.releases import pointers
from jobs.releases.pointers import Decided
from jobs.tuning.journals.attempts import intent_of
from jobs.tuning.journals.journal import Intent
from jobs.tuning.recording import release_record, timestamp


def record_of(course: Course, job: Job) -> ReleaseRecord:
    """What is to be recorded of ``job``, which has made the model of the course's run; says what that has cost."""
    run = course.run.trained_as(job)
    around = course.circumstances(estimated=journalling.estimate_of(course, run.key, job))
    return record_from(course, run.key, intent_of(run, around, course.around.clock.now()), job)


def record_from(of: StackModel, run_key: str, intent: Intent, job: Job) -> ReleaseRecord:
    """The same of the run with that key, as it was meant."""
    comparison = spending.compared(run_key, intent, job, of.outputs, blobs=of.runs, patience=of.patience)
    of.say(comparison.words())
    return release_record(run_key, intent, job, cost=comparison.cost, now=of.around.clock.now())


def record_candidate(of: StackModel, record: ReleaseRecord, then: str, *, picked: bool = False) -> None:
    """Writes it into the stack file. ``then`` is the command that does so later, where that can't be edited now.
    ``picked``: somebody chose it, though another may have displaced it before.
    """
    signed = Signed(
        by=of.person,
        at=timestamp(of.around.clock.now()),
        reason=f"displaced by {record.model_id}",
    )

    def decide(releases: Releases) -> Decided:
        return pointers.record_candidate(releases, record, signed=signed, superseded_too=picked)

    try:
        settled = settle(of.around.stack, of.model, decide)
    except Refused as refused:
        refused.details += (f"The run has made {record.model_id}. Once that is mended, this records it: {typed(then)}",)
        raise
    of.say_settled(settled)
    if (place := pointers.role_of(of.releases(), record.model_id)) is not None:
        journalling.note_record(of, record, place)
    say_up(of, "candidate", record)


def look_ahead(stack: Stack) -> None:
    """Says, before money is spent, where its result couldn't be recorded. Raises Refused where a commit couldn't be."""
    if (obstacle := stack.obstacle()) is not None:
        complain(
            f"mind: {stack.file}: {obstacle}; as things stand the model can't be recorded there. Mend that before the "
            "run ends, or take the record as a patch, with --output patch"
        )


def say_recorded(of: StackModel, role: str, record: ReleaseRecord) -> None:
    standing = "live" if role == "live" else f"the {role}"
    of.say(f"nothing to do: {record.job_id} has made {record.model_id}, which is {standing}")
    if record.sweep is not None:
        tried = ", ".join(f"{name} {value}" for name, value in record.sweep.tried.items())
        of.say(f"it is point {record.sweep.point} of a sweep of {record.sweep.points}: {tried}")
    if of.asked.writing.commit:
        # A command that was killed before its commit has left the record in the file alone.
        of.around.stack.obstacle()
    say_up(of, role, record)


def say_up(of: StackModel, role: str, record: ReleaseRecord) -> None:
    """The up that is missing, or what may follow where none is."""
    output = of.outputs.models.get(of.model)
    if output is None:
        return
    served = {"candidate": output.candidate, "live": output.live}[role]
    if served is None or served.model_id != record.model_id:
        say_next(of.asked.up)
    elif role == "candidate":
        say_next(of.asked.command("release" if obstacle(record) is None else "evaluate", of.model))
