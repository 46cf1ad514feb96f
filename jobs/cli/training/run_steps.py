"""The steps that `run`, `run --all` and `watch` share: what there is of a run, submitting it, recording its model."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from contract.release import ReleaseRecord
from jobs.cli.program import typed
from jobs.cli.runs.pauses import pause_of_job, run_paused
from jobs.cli.training import journalling, spending
from jobs.cli.training.candidate import record_candidate, record_of
from jobs.cli.training.course import Course
from jobs.cli.training.sending import look_at_the_grader, send_datasets
from jobs.errors import RunPaused
from jobs.planning.plan import Plan
from jobs.ports import Job, JobRequest, StoredFile
from jobs.tuning import submission
from jobs.tuning.files import upload
from jobs.tuning.journals.journal import Journal
from jobs.tuning.journals.keeping import Keeper
from jobs.tuning.run import FileIds


@dataclass(frozen=True)
class Found:
    """What there is of the course's run: its journal, and its jobs in the account, newest first.

    files   the account's files for training
    """

    course: Course
    journal: Journal | None
    files: list[StoredFile]
    jobs: list[Job]

    @cached_property
    def ids(self) -> FileIds:
        """Those of the files that hold its datasets."""
        return upload.file_ids(self.course.run, self.files)

    def decide(self) -> submission.Decision:
        course = self.course
        return submission.decide(course.run, self.jobs, course.releases(), course.asked.stack)

    def refuse_missing(self) -> None:
        """Raises Refused where the account has the journal's job no more."""
        journalling.refuse_missing(self.course.asked, self.journal, self.jobs)


def look(course: Course) -> Found:
    """Asks the storage and the account."""
    journal = journalling.known_journal(course, course.run)
    files = upload.stored_files(course.service, course.patience)
    ids, known = upload.file_ids(course.run, files), journalling.known_jobs(journal)
    jobs = submission.jobs_of(course.run, course.service, ids, course.patience, known)
    return Found(course, journal, files, jobs)


def adopt(found: Found, job: Job) -> None:
    """``job`` is the run: it is taken up, and nothing is spent."""
    course, journal = found.course, found.journal
    course.say(f"taking up {job.id}, which does the same ({job.status})")
    if journal is not None and journal.last.job is None and job.id in journal.last.before:
        # Somebody's `--new` that never came to a job: what it was to cost is not spent unasked.
        intent = journal.last.intent
        anew = typed(course.asked.command("run", course.model, "--new"))
        course.say(
            f"{intent.by} began to train it anew {intent.at}, and it was not submitted; {anew} goes on with that"
        )
    journalling.adopt(course, job)


def submit(found: Found, plan: Plan, *, anew: bool = False) -> Job:
    """The run's job, once ``plan`` is agreed to: submitted now, or by somebody else meanwhile."""
    course, run = found.course, found.course.run
    look_at_the_grader(course)
    course.say(f"{run.spec.training_type} training from {run.parent_model_id}, in account {course.account_key}")

    def send(held: Course, keeper: Keeper) -> tuple[JobRequest, FileIds]:
        sent = send_datasets(held, found.files, keeper)
        spending.keep(plan, held.runs, held.patience)
        return run.request(sent.training, sent.validation), sent.ids

    before = {*(job.id for job in found.jobs), *journalling.known_jobs(found.journal)}
    attempt = journalling.intended(course, run, before=before, anew=anew, estimated=spending.estimate(plan))
    job, created = journalling.submitted(course, run, attempt, send)
    # While one thought it over, somebody else may have submitted the same.
    course.say(f"submitted as {job.id}" if created else f"taking up {job.id}, which was submitted meanwhile")
    return job


def record(course: Course, job: Job) -> ReleaseRecord:
    """The model that ``job`` has made, as the candidate in the stack file."""
    made = record_of(course, job)
    record_candidate(course, made, course.watch_command())
    return made


def goes_on(course: Course, job_id: str) -> bool:
    """Whether a job that is paused goes on by itself."""
    return not pause_of_job(job_id, course.service, course.patience).waits


def paused(course: Course, job_id: str) -> RunPaused:
    again = course.watch_command()
    return run_paused(job_id, course.run.spec.method, course.service, course.patience, course.asked, again=again)
