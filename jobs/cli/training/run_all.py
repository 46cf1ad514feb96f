"""`jobs run --all`: the models of a stack side by side, as their accounts have room; each recorded as it ends.

Every step may be interrupted: the same command finds what is done, and goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import typer

from contract.release import ReleaseRecord
from jobs.cli.asked import Asked
from jobs.cli.outcomes import INTERRUPTED, complain, exit_code
from jobs.cli.program import say_next, typed
from jobs.cli.runs import runs_table
from jobs.cli.runs.runs_table import Heading, Lines
from jobs.cli.surroundings import Surroundings, surroundings
from jobs.cli.training import journalling, run_steps, spending
from jobs.cli.training.candidate import look_ahead, say_recorded
from jobs.cli.training.course import Course, prepare, refuse_untrainable
from jobs.cli.training.notice import Notice
from jobs.cli.training.run_steps import Found
from jobs.errors import CloudFailed, DeadlinePassed, JobsError, NotAgain, Refused
from jobs.planning import grid as costs
from jobs.planning.plan import Plan
from jobs.ports import Job, JobState
from jobs.tuning import submission
from jobs.tuning.polling import watching
from jobs.tuning.polling.side_by_side import Entry, Look, SideBySide, Standing


@dataclass(frozen=True)
class Wish:
    """What `run --all` was told; ``again`` as in `run`. ``tell``: is told how each run has ended."""

    wait: bool
    yes: bool
    again: tuple[str, ...]
    tell: Callable[[Notice], None]


@dataclass
class Runs:
    """The runs that are wanted: those to submit, by model, with what they cost, and the jobs that there are already.

    errors   what became of those that made no model, by model
    """

    asked: Asked
    courses: dict[str, Course]
    plans: dict[str, Plan] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    errors: dict[str, JobsError] = field(default_factory=dict)

    @property
    def models(self) -> list[str]:
        """Those that are not done yet, in order."""
        return [model for model in self.courses if model in self.plans or model in self.jobs]

    def again(self, wish: Wish, *flags: str) -> str:
        return self.asked.command("run", None, "--all", *wish.again, *flags)


def run_all(asked: Asked, deadline: timedelta, wish: Wish) -> None:
    """Submits what is missing, once it is agreed to, and watches all. Raises what the worst of them came to."""
    with surroundings(asked) as around:
        until = around.clock.now() + deadline
        runs = Runs(asked, _checked(around, asked, deadline))
        _look(runs, wish)
        if not runs.models:
            return _say_worst(runs, wish)
        _agree(runs, wish)
        entries = [_entry(runs.courses[model], runs.jobs.get(model)) for model in runs.models]
        side_by_side = SideBySide(entries, around.clock, until, lambda entry: _submitted(runs, entry.name), apart=True)
        return _watch(runs, side_by_side, wish)


def _entry(course: Course, job: Job | None) -> Entry:
    examples = course.checked.training_examples
    return Entry(course.model, course.account_key, course.run, course.service, job, examples)


def _checked(around: Surroundings, asked: Asked, deadline: timedelta) -> dict[str, Course]:
    """The stack's models that have a tune.yaml, by name, all of them checked. Raises Refused with all faults."""
    declared = around.stack.outputs().models
    courses: dict[str, Course] = {}
    faults: list[tuple[str, JobsError]] = []
    missing = [model for model in declared if not (asked.models_folder / model / "tune.yaml").is_file()]
    for model in missing:
        typer.echo(f"{model}: there is no {asked.models_folder / model / 'tune.yaml'}: it is left out")
    for model in declared:
        if model in missing:
            continue
        try:
            courses[model] = prepare(model, around, asked, deadline)
            refuse_untrainable(courses[model])
        except Refused as fault:
            faults.append((model, fault))
    if not courses and not faults:
        raise Refused(f"none of the stack's models has a tune.yaml in {asked.models_folder}", stack=asked.stack)
    _refuse(faults, len(declared) - len(missing), asked)
    return courses


def _look(runs: Runs, wish: Wish) -> None:
    """What there is of each, and what the rest would cost. Raises Refused with all that is in the way.

    An account that can't be asked is in the way of its own models alone.
    """
    faults: list[tuple[str, JobsError]] = []
    silent: set[str] = set()
    for model, course in runs.courses.items():
        if course.account_key in silent:
            _fail(runs, wish, model, CloudFailed(f"account {course.account_key} could not be asked"))
            continue
        try:
            found = run_steps.look(course)
            match found.decide():
                case submission.Recorded(role, record):
                    say_recorded(course, role, record)
                case submission.Adopt(job):
                    run_steps.adopt(found, job)
                    runs.jobs[model] = job
                case submission.Submit():
                    found.refuse_missing()
                    plan = course.plan()
                    spending.refuse(plan.refusals, course.untrainable)
                    runs.plans[model] = plan
        except NotAgain as put_aside:
            # A person's decision about one model is in the way of no other, and stays.
            course.say(f"left out: {put_aside.what}")
        except Refused as fault:
            faults.append((model, fault))
        except CloudFailed as error:
            silent.add(course.account_key)
            _fail(runs, wish, model, error)
    _refuse(faults, len(runs.courses), runs.asked)


def _refuse(faults: Sequence[tuple[str, JobsError]], models: int, asked: Asked) -> None:
    if not faults:
        return
    lines: list[str] = []
    for model, fault in faults:
        lines += [f"{model}: {fault.what}", *(f"  {detail}" for detail in fault.details)]
        if fault.next_command:
            lines.append(f"  Next: {typed(asked.complete(fault.next_command))}")
    raise Refused(f"{len(faults)} of {models} models cannot be run; nothing was spent", details=lines)


def _agree(runs: Runs, wish: Wish) -> None:
    """Shows what each costs and what they cost in all, and asks."""
    plans = list(runs.plans.values())
    if not plans:
        return
    typer.echo(f"{len(plans)} of {len(runs.courses)} models to train:")
    for model, plan in runs.plans.items():
        run, account = runs.courses[model].run, runs.courses[model].account_key
        typer.echo(
            f"  {model}: {plan.training.cost_words}, {run.spec.method} on {run.parent_model_id}, "
            f"{run.spec.training_type} training, in account {account}"
        )
    for said in dict.fromkeys(each.words for plan in plans for each in plan.statements if each.severity == "warning"):
        typer.echo(f"mind: {said}")
    for key in sorted({key for plan in plans for key in plan.training.cost.missing}):
        typer.echo(f"the price is not known: tuned-models:prices.{key} in the stack file says it")
    amount = costs.cost_words(plans)
    typer.echo(f"in all {amount}; `{typed('jobs plan')} MODEL -s {runs.asked.stack}` says how each comes about")
    look_ahead(next(iter(runs.courses.values())).around.stack)
    spending.agree(amount, runs.again(wish, "--yes"), yes=wish.yes, later=spending.hosting_after(*plans))


def _submitted(runs: Runs, model: str) -> Job:
    """The model's job. It may have waited for room for hours: what there is by now is looked for once more."""
    course = runs.courses[model]
    found: Found = run_steps.look(course)
    match found.decide():
        case submission.Recorded(_, record):
            return course.service.job(record.job_id)
        case submission.Adopt(job):
            run_steps.adopt(found, job)
            return job
        case submission.Submit():
            found.refuse_missing()
            return run_steps.submit(found, runs.plans[model])


def _watch(runs: Runs, side_by_side: SideBySide, wish: Wish) -> None:
    heading = Heading(f"models of stack {runs.asked.stack}", "MODEL", "ACCOUNT")
    try:
        runs_table.follow(_ending(runs, side_by_side.looks(), wish), Lines("", "{name}: "), heading)
    except KeyboardInterrupt:
        going = sum(each.busy for each in side_by_side.standings)
        complain(f"\njobs: interrupted; {_count(going, 'run goes', 'runs go')} on", runs.again(wish))
        raise typer.Exit(INTERRUPTED) from None
    except DeadlinePassed as error:
        for standing in side_by_side.standings:
            if not standing.over:
                job_id = standing.job.id if standing.job is not None else None
                late = DeadlinePassed(error.what, run=job_id, next_command=runs.again(wish))
                _tell(runs, wish, standing.entry.name, late)
        raise error.located(next_command=runs.again(wish)) from None
    if not wish.wait:
        return _leave(runs, side_by_side.standings, wish)
    return _say_worst(runs, wish)


def _ending(runs: Runs, looks: Iterator[Look], wish: Wish) -> Iterator[Look]:
    """Each look; what is new in it goes into the journals, and what has ended is recorded."""
    texts: dict[str, str] = {}
    ended: set[str] = set()
    for look in looks:
        for standing in look.standings:
            model, job = standing.entry.name, standing.job
            if job is not None and texts.get(model) != job.status.text:
                texts[model] = job.status.text
                course = runs.courses[model]
                journalling.see(course, course.run.trained_as(job).key, job)
            if standing.over and model not in ended:
                ended.add(model)
                _end(runs, standing, wish)
        yield look
        if not wish.wait and look.trouble is None:
            return


def _end(runs: Runs, standing: Standing, wish: Wish) -> None:
    """One that has ended is recorded; or it is said why it made no model, and the others go on."""
    course = runs.courses[standing.entry.name]
    try:
        record = _recorded(course, standing)
    except JobsError as error:
        job_id = standing.job.id if standing.job is not None else None
        _fail(runs, wish, course.model, error.located(run=job_id))
    else:
        wish.tell(Notice.of_record(course.model, runs.asked.stack, record))


def _fail(runs: Runs, wish: Wish, model: str, error: JobsError) -> None:
    """It is said and told why there is no model of it; it decides the exit code in the end."""
    error.located(stack=runs.asked.stack, next_command=runs.asked.command("run", model))
    runs.errors[model] = error
    following = error.next_command
    complain(f"jobs: {model}: {error}", runs.asked.complete(following) if following else None)
    _tell(runs, wish, model, error)


def _recorded(course: Course, standing: Standing) -> ReleaseRecord:
    if standing.fault is not None:
        raise standing.fault
    if standing.job is None:
        raise ValueError("what is over has a job, or a fault")
    if standing.job.status.state is JobState.PAUSED:
        raise run_steps.paused(course, standing.job.id)
    return run_steps.record(course, watching.return_or_raise(standing.job))


def _tell(runs: Runs, wish: Wish, model: str, error: JobsError) -> None:
    wish.tell(Notice.of_error(model, runs.asked.stack, error, runs.asked))


def _leave(runs: Runs, standings: Sequence[Standing], wish: Wish) -> None:
    """What was submitted goes on by itself; what waits for room doesn't."""
    waiting = [each.entry.name for each in standings if each.waiting]
    if waiting:
        typer.echo(f"not submitted yet, for want of room: {', '.join(waiting)}")
    if any(not each.over for each in standings):
        typer.echo("what is submitted goes on by itself")
        say_next(runs.again(wish) if waiting else runs.asked.command("record", None, "--all"))
    _say_worst(runs, wish)


def _say_worst(runs: Runs, wish: Wish) -> None:
    """Raises what decides the exit code, where any of them has made no model; each was said before."""
    if not runs.errors:
        return
    worst = max(runs.errors.values(), key=exit_code)
    kind = CloudFailed if isinstance(worst, CloudFailed) else Refused
    models = ", ".join(runs.errors)
    made = _count(len(runs.errors), "model was not made", "models were not made")
    raise kind(f"{made} of {len(runs.courses)}: {models}", next_command=runs.again(wish))


def _count(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
