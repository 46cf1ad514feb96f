"""`jobs run` and `jobs watch`: the steps of a run, in order, each said in a line.

Every step may be interrupted: the same command finds what is done, and goes on from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import typer

from contract import catalog
from contract.outputs import AccountOutput, ModelOutput, StackOutputs
from contract.release import ReleaseRecord, Releases, Signed
from jobs.cli import spending
from jobs.cli.asked import Asked
from jobs.cli.check import Checked, checked_or_refused
from jobs.cli.others import others
from jobs.cli.outcomes import complain
from jobs.cli.program import say_next, typed
from jobs.cli.progress import follow
from jobs.cli.surroundings import Surroundings, surroundings
from jobs.cli.trouble import say_trouble
from jobs.cli.who import deciding_person
from jobs.errors import JobsError, NoRun, Refused, RunFailed, UpNeeded
from jobs.planning.compatibility import sent_elsewhere
from jobs.planning.figures import figures_of
from jobs.planning.making import Wanted, day
from jobs.planning.plan import Plan
from jobs.ports import Blobs, FineTuning, Job, JobState, StoredFile
from jobs.releases.pointers import Decided, record_candidate
from jobs.tuning import grading, submission, upload, watching
from jobs.tuning.model_folder import ModelFolder, open_model
from jobs.tuning.patience import Patience
from jobs.tuning.recording import release_record, timestamp
from jobs.tuning.referenced import Source
from jobs.tuning.run import FileIds, Run, plan_run


@dataclass(frozen=True)
class Course:
    """What the steps share: the run that is wanted, where it is trained, and how long anybody waits."""

    asked: Asked
    around: Surroundings
    checked: Checked
    run: Run
    outputs: StackOutputs
    account_key: str
    service: FineTuning
    patience: Patience

    @property
    def model(self) -> str:
        return self.run.model

    @property
    def folder(self) -> ModelFolder:
        return self.checked.folder

    def say(self, text: str) -> None:
        typer.echo(f"{self.model}: {text}")

    @property
    def day(self) -> date:
        """The day by which the catalog's dates count."""
        return day(self.outputs, self.around.clock.now())

    @property
    def untrainable(self) -> str:
        """What is said above the reasons why the run cannot be."""
        account = self.outputs.accounts[self.account_key].name
        return f"{self.model} cannot be trained on {self.day} as {self.folder.tune_yaml} says, in account {account}"

    def plan(self, *, offline: bool = False) -> Plan:
        """What the run would cost and whether it can work; unless ``offline``, as the subscription answers."""
        files = [figures_of(report) for report in self.checked.reports]
        wanted = Wanted(self.run, self.around.stack.name, self.outputs, files)
        return spending.planned(wanted, self.around, self.service, offline=offline)

    def runs(self) -> Blobs:
        """Where plans are kept."""
        return self.around.blobs(self.outputs, "runs")

    def releases(self) -> Releases:
        return self.around.stack.releases().get(self.model, Releases())

    def watch_command(self) -> str:
        return self.asked.command("watch", self.model)


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
        _refuse_untrainable(course)
        _run(course, wish)


def _run(course: Course, wish: Wish) -> None:
    asked = course.asked
    files = upload.stored_files(course.service, course.patience)
    ids = upload.file_ids(course.run, files)
    if wish.new:
        job = _submit(course, files, wish)
    else:
        match submission.decide(course.run, _jobs(course, ids), course.releases(), asked.stack):
            case submission.Recorded(role, record):
                return _say_recorded(course, role, record)
            case submission.Adopt(job):
                course.say(f"taking up {job.id}, which does the same ({job.status})")
            case submission.Submit():
                job = _submit(course, files, wish)
    if not wish.wait and not job.status.ended:
        # A paused one waits for a person: saying so is what waiting for it comes to.
        if job.status.state is JobState.PAUSED:
            watching.return_or_raise(job)
        course.say("the run goes on by itself")
        say_next(course.watch_command())
        return None
    return _finish(course, job)


def watch_model(model: str, asked: Asked, *, deadline: timedelta) -> None:
    """Takes up the run that exists. Raises NoRun where there is none."""
    with surroundings(asked) as around:
        course = prepare(model, around, asked, deadline)
        _refuse_untrainable(course)
        _watch(course)


def _watch(course: Course) -> None:
    ids = upload.file_ids(course.run, upload.stored_files(course.service, course.patience))
    jobs = _jobs(course, ids)
    match submission.decide(course.run, jobs, course.releases(), course.asked.stack):
        case submission.Recorded(role, record):
            _say_recorded(course, role, record)
        case submission.Adopt(job):
            course.say(f"watching {job.id} ({job.status})")
            _finish(course, job)
        case submission.Submit():
            raise _no_run(course, jobs)


def prepare(model: str, around: Surroundings, asked: Asked, deadline: timedelta) -> Course:
    """What can be known, or refused, without the service."""
    patience = Patience(around.clock, around.clock.now() + deadline, say_trouble)
    folder = open_model(asked.models_folder, model, around.referring(patience))
    releases = around.stack.releases().get(model, Releases())
    outputs = around.stack.outputs()
    account_key, account = _trained_in(model, outputs, asked)
    readiness = outputs.environment.readiness
    # Without the stack the check doesn't know what the environment demands.
    again = asked.check_command(model, with_stack=folder.refers or readiness == "require")
    checked = checked_or_refused(folder, again, readiness)
    run = plan_run(folder, checked.digests, releases, asked.stack)
    service = around.fine_tuning(outputs, account)
    return Course(asked, around, checked, run, outputs, account_key, service, patience)


def _trained_in(model: str, outputs: StackOutputs, asked: Asked) -> tuple[str, AccountOutput]:
    found: ModelOutput | None = outputs.models.get(model)
    if found is None:
        raise UpNeeded(
            f"the stack outputs have no model {model}{others(model, outputs.models)}",
            details=["Declare it under tuned-models:models of the stack file, then bring the stack up."],
            stack=asked.stack,
            next_command=asked.up,
        )
    account = outputs.accounts.get(found.train_in)
    if account is None:
        raise UpNeeded(
            f"the stack outputs have no account {found.train_in}, in which {model} is trained",
            stack=asked.stack,
            next_command=asked.up,
        )
    return found.train_in, account


def _refuse_untrainable(course: Course) -> None:
    """What no subscription would let pass. Whether training has ended is the plan's to say, which asks."""
    run, account = course.run, course.outputs.accounts[course.account_key]
    faults = catalog.training_faults(
        run.parent_model_id,
        run.spec.method,
        run.spec.training_type,
        on=course.day,
        location=account.location,
        kind=account.kind,
        ends=date.max,
    )
    faults += sent_elsewhere(run.spec.training_type, course.outputs.environment.residency)
    if faults:
        raise Refused(course.untrainable, details=faults, next_command=f"jobs check {run.model}")


def _jobs(course: Course, ids: FileIds) -> list[Job]:
    return submission.jobs_of(course.run, course.service, ids, course.patience)


def _submit(course: Course, files: list[StoredFile], wish: Wish) -> Job:
    run, folder = course.run, course.folder
    plan = course.plan()
    spending.show(plan)
    spending.refuse(plan, course.untrainable)
    spending.agree(plan, course.asked.command("run", run.model, *wish.again, "--yes"), yes=wish.yes)
    _look_at_the_grader(course)
    course.say(f"{run.spec.training_type} training from {run.parent_model_id}, in account {course.account_key}")
    blobs = course.around.blobs(course.outputs, "datasets")
    validation = None
    if folder.validation is not None and run.digests.validation is not None:
        validation = _send(course, blobs, folder.validation, run.digests.validation, files)
    training = _send(course, blobs, folder.train, run.digests.train, files)
    # Seen again here: what was sent just now counts too when a lost answer is looked for.
    ids = FileIds(frozenset({training}), frozenset({validation} if validation else ()))
    spending.keep(plan, course.runs(), course.patience)
    job = submission.submit(run, course.service, run.request(training, validation), ids, course.patience)
    course.say(f"submitted as {job.id}")
    return job


def _look_at_the_grader(course: Course) -> None:
    """Before anything is sent, which a bad grader would waste."""
    grader, folder = course.run.spec.grader, course.folder
    if grader is None:
        return
    if grading.looked_at(grader, course.service, course.patience, folder.tune_yaml, folder.lines):
        course.say(f"the service takes {grader.name!r} as a grader")
    else:
        course.say(f"the service has no request that looks at a grader: {grader.name!r} is judged when it is submitted")


def _send(course: Course, blobs: Blobs, source: Source, digest: str, files: list[StoredFile]) -> str:
    """The ID of the account's file with that dataset."""
    upload.store(blobs, source, digest, course.patience)
    file, sent = upload.ensure(course.service, source, digest, files, course.patience)
    course.say(f"{source.name} {'uploaded' if sent else 'is there already'} ({file.id})")
    return file.id


def _finish(course: Course, job: Job) -> None:
    """Watches the job until it has succeeded, and records its model."""
    clock = course.around.clock
    looks = watching.watch(
        job, course.service, clock, course.patience.deadline, examples=course.checked.training_examples
    )
    try:
        last = follow(course.model, looks)
    except KeyboardInterrupt:
        complain(f"\njobs: interrupted; the run goes on as {job.id}", course.watch_command())
        raise typer.Exit(130) from None
    except JobsError as error:
        raise error.located(run=job.id, next_command=_after(error, course)) from None
    done = watching.return_or_raise(job if last is None else last.job)
    comparison = spending.compared(course.run, done, course.outputs, course.runs())
    course.say(comparison.words())
    record = release_record(
        course.run,
        done,
        cost=comparison.cost,
        system_message=course.checked.system_message,
        trained_in=course.account_key,
        now=clock.now(),
    )
    _record(course, record)


def _after(error: JobsError, course: Course) -> str:
    return course.asked.command("run", course.model) if isinstance(error, RunFailed) else course.watch_command()


def _record(course: Course, record: ReleaseRecord) -> None:
    signed = Signed(
        by=deciding_person(course.asked.project_folder),
        at=timestamp(course.around.clock.now()),
        reason=f"displaced by {record.model_id}",
    )
    decided: list[Decided] = []

    def change(releases: Releases) -> Releases:
        decided[:] = [record_candidate(releases, record, signed=signed)]
        return decided[0].releases

    try:
        course.around.stack.record(course.model, change)
    except Refused as refused:
        then = typed(course.watch_command())
        refused.details += (f"The run has made {record.model_id}. Once that is mended, this records it: {then}",)
        raise
    course.say(decided[0].words)
    if decided[0].changed:
        course.say(f"recorded in {course.around.stack.file}")
    _say_up(course, "candidate", record)


def _say_recorded(course: Course, role: str, record: ReleaseRecord) -> None:
    standing = "live" if role == "live" else f"the {role}"
    course.say(f"nothing to do: {record.job_id} has made {record.model_id}, which is {standing}")
    _say_up(course, role, record)


def _say_up(course: Course, role: str, record: ReleaseRecord) -> None:
    """The up that is missing, or what may follow where none is."""
    output = course.outputs.models[course.model]
    served = {"candidate": output.candidate, "live": output.live}[role]
    if served is None or served.model_id != record.model_id:
        say_next(course.asked.up)
    elif role == "candidate":
        say_next(course.asked.command("release", course.model))


def _no_run(course: Course, jobs: list[Job]) -> NoRun:
    command = course.asked.command("run", course.model)
    if not jobs:
        return NoRun("there is no run of this tune.yaml and these data in the account", next_command=command)
    last = jobs[0]
    return NoRun(
        f"the last run of it ended without a model: it is {last.status}",
        details=[last.error.message] if last.error is not None else [],
        run=last.id,
        code=last.error.code if last.error is not None else None,
        next_command=command,
    )
