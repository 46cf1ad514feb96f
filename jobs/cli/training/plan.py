"""`jobs plan`: what a run would cost and whether it can work, before anything is spent."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout

import typer

from jobs.cli.asked import Asked
from jobs.cli.surroundings import surroundings
from jobs.cli.training import spending
from jobs.cli.training.course import Course, prepare
from jobs.errors import JobsError, Refused
from jobs.planning.plan import Statement
from jobs.tuning import submission
from jobs.tuning.files import upload
from jobs.tuning.patience import ANSWERING


def plan_model(model: str, asked: Asked, *, as_json: bool, offline: bool, sources: bool) -> None:
    """Shows the plan. Raises Refused where something is in the way."""
    with surroundings(asked) as around:
        # What the check finds is no part of the document.
        with redirect_stdout(sys.stderr if as_json else sys.stdout):
            course = prepare(model, around, asked, ANSWERING, look=not offline)
        plan = course.plan(offline=offline)
        if not offline:
            plan = plan.model_copy(update={"statements": (*plan.statements, *_standing(course))})
        if as_json:
            typer.echo(plan.json_text(), nl=False)
        else:
            spending.show(plan, sources=sources)
        spending.refuse(plan.refusals, course.untrainable)


def _standing(course: Course) -> list[Statement]:
    """Whether there is such a run already, in which case `run` would spend nothing."""
    try:
        ids = upload.file_ids(course.run, upload.stored_files(course.service, course.patience))
        jobs = submission.jobs_of(course.run, course.service, ids, course.patience)
        found = submission.decide(course.run, jobs, course.releases(), course.asked.stack)
    except Refused as put_aside:
        return [Statement(severity="note", topic="run", words=put_aside.what, mend=put_aside.details)]
    except JobsError as error:
        return [Statement(severity="unchecked", topic="run", words=error.what)]
    match found:
        case submission.Recorded(role, record):
            said = f"there is nothing to do: {record.job_id} has made {record.model_id}, recorded as {role}"
        case submission.Adopt(job):
            said = f"nothing would be spent: jobs run takes up {job.id} ({job.status})"
        case submission.Submit():
            return []
    return [Statement(severity="note", topic="run", words=said)]
