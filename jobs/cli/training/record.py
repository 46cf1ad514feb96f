"""`jobs record`: what runs have made, as candidates in the stack file; from journals and accounts alone.

Neither the checkout that a run was begun from is needed, nor its data. The stack file decides what is recorded already.
"""

from __future__ import annotations

from collections.abc import Callable

import typer

from jobs.cli.asked import Asked
from jobs.cli.others import others
from jobs.cli.outcomes import complain, exit_code
from jobs.cli.program import say_next
from jobs.cli.runs.pauses import pause_of
from jobs.cli.runs.run_summary import held_by
from jobs.cli.runs.stack_runs import StackRuns, runs_of
from jobs.cli.training import journalling
from jobs.cli.training.candidate import record_candidate, record_from
from jobs.cli.training.stack_model import StackModel
from jobs.errors import CloudFailed, JobsError, NoRun, Refused, RunFailed, RunPaused, Unavailable, Usage
from jobs.tuning.known.finishing import Found, Standing, found
from jobs.tuning.known.known_runs import KnownRun
from jobs.tuning.polling.watching import return_or_raise


def record_runs(model: str | None, asked: Asked, *, everything: bool) -> None:
    """Of ``model``, or of all. Raises what stands in the way, once all that can be recorded is: the worst of it."""
    if (model is None) != everything:
        raise Usage("record takes a MODEL, or --all")
    with runs_of(asked) as runs:
        every = [each for each in found(runs.runs) if model in (None, each.run.model)]
        # The next command stands last: what is recorded comes after what is told.
        every.sort(key=lambda each: each.standing is Standing.DUE)
        wrong: list[JobsError] = []
        if everything:
            # What can't be read may be of a result that nobody has recorded.
            wrong += runs.unreadable
        else:
            runs.say_unreadable()
        if not every and not wrong:
            _refuse_none(model, runs)
        wrong += [error for each in every if (error := _done(each, runs, named=model is not None)) is not None]
    _raise_worst(wrong, asked)


def _raise_worst(wrong: list[JobsError], asked: Asked) -> None:
    """All are told, each with what to type next; the worst last, which decides the exit code."""
    wrong.sort(key=exit_code)
    for error in wrong[:-1]:
        following = error.next_command
        complain(f"jobs: {error}", asked.complete(following) if following else None)
    if wrong:
        raise wrong[-1]


def _refuse_none(model: str | None, runs: StackRuns) -> None:
    if model is None:
        typer.echo(f"Stack {runs.asked.stack} has no runs.")
        return
    known = {each.run.model: each.run for each in found(runs.runs) if each.run.model is not None}
    if model not in runs.outputs.models and model not in known:
        raise Usage(f"the stack has no model {model}{others(model, {**runs.outputs.models, **known})}")
    raise NoRun(f"there is no run of {model} yet", next_command=runs.asked.command("run", model))


def _done(each: Found, runs: StackRuns, *, named: bool) -> JobsError | None:
    """Does what is to be done for the run; what a person has to know of, where there is such a thing."""
    run = each.run
    of = StackModel(runs.asked, runs.around, runs.outputs, runs.patience, run.model or "")
    if each.standing is Standing.DUE:
        try:
            _record(of, run, runs)
        except JobsError as error:
            return error.located(stack=runs.asked.stack, run=run.job_id)
        return None
    if run.job is not None and run.run_key is not None:
        if run.attempt is not None and run.place is not None:
            # A job that only may be the run's is not bound to it here.
            journalling.adopt_known(of, run.run_key, run.attempt, run.job)
        journalling.see(of, run.run_key, run.job)
    if each.standing is Standing.SILENT:
        account = run.account or ""
        return None if each.behind and not named else _of_silent(of, each, runs.silent.get(account))
    telling = _TELLING.get(each.standing)
    if each.standing is Standing.PAUSED and (pause := pause_of(run, runs)) is not None and not pause.waits:
        telling = _of_preempted
    if telling is not None:
        return telling(of, each, named)
    if named and each.latest:
        of.say(f"{run.job_id or run.suffix}: {each.standing.value}")
    return None


def _record(of: StackModel, run: KnownRun, runs: StackRuns) -> None:
    if run.run_key is None or run.attempt is None or run.job_id is None:
        raise ValueError("what is due has a journal and a job")
    # A list need not tell everything.
    job = runs.job_of(run)
    journalling.adopt_known(of, run.run_key, run.attempt, job)
    journalling.see(of, run.run_key, job)
    record = record_from(of, run.run_key, run.attempt.intent, return_or_raise(job))
    record_candidate(of, record, of.asked.command("record", of.model))


def _of_failed(of: StackModel, each: Found, named: bool) -> JobsError | None:
    """An error the first time that anybody sees it, or where it is asked for; not with each nightly look, nor once a
    later run is recorded."""
    run = each.run
    if run.job is None or not run.newest:
        return None
    if not (each.news or (named and each.latest and not run.swept)):
        if not each.behind:
            of.say(f"{run.job.id} {run.job.status}, as was told before")
        return None
    try:
        return_or_raise(run.job)
    except RunFailed as failed:
        again = of.asked.command("sweep" if run.swept else "run", of.model)
        return failed.located(stack=of.asked.stack, next_command=again)
    return None


def _of_paused(of: StackModel, each: Found, _: bool) -> JobsError | None:
    job = each.run.job
    what = f"{of.model}: the run is paused and waits"
    return RunPaused(what, run=job.id if job else None, stack=of.asked.stack, next_command=_show(of, each.run))


def _of_going(of: StackModel, each: Found, _: bool) -> JobsError | None:
    of.say(f"{each.run.job_id} is {each.run.words}; once it has ended this records it")
    return None


def _of_preempted(of: StackModel, each: Found, _: bool) -> JobsError | None:
    of.say(
        f"{each.run.job_id} was preempted, and goes on by itself when there is room; once it has ended this records it"
    )
    return None


def _of_open(of: StackModel, each: Found, named: bool) -> JobsError | None:
    """One that came to nothing, and that another followed, is not told for ever."""
    attempt = each.run.attempt
    if attempt is None or (each.behind and not named):
        return None
    held = held_by(each.run, of.around.clock.now())
    now = f"; {held.holder} works on it" if held is not None else "; the same tune.yaml and data take it up"
    of.say(f"a run begun by {attempt.intent.by}, {attempt.intent.at}, has no job: {attempt.step.value}{now}")
    if held is None:
        say_next(of.asked.command("run", of.model))
    return None


def _of_swept(of: StackModel, each: Found, named: bool) -> JobsError | None:
    if each.latest if named else each.news:
        of.say(f"{each.run.job_id} has made {each.run.model_id}, a point of a sweep: the best one alone is recorded")
        say_next(of.asked.command("sweep", of.model))
    return None


def _of_gone(of: StackModel, each: Found, named: bool) -> JobsError | None:
    """Nobody can record it any more; told until a later run is recorded."""
    if named or not each.behind:
        attempt = each.run.attempt
        made = f", which had made {attempt.result.model_id}," if attempt is not None and attempt.result else ""
        of.say(f"{each.run.job_id}{made} is in no account of the stack any more, and is not recorded")
    return None


def _of_silent(of: StackModel, each: Found, why: CloudFailed | None) -> JobsError:
    """``why``: what its account answered; None where the stack has it no more."""
    run, stack = each.run, of.asked.stack
    if why is None:
        what = f"{of.model}: account {run.account}, which trained {run.job_id or run.suffix}, is no longer in the stack"
        return Refused(what, stack=stack, next_command=_show(of, run))
    what = f"{of.model}: account {run.account} could not be asked for {run.job_id or run.suffix}: {why.in_a_line}"
    return Unavailable(what, details=why.details[1:], stack=stack, status=why.status, code=why.code)


def _show(of: StackModel, run: KnownRun) -> str:
    return of.asked.command("show", run.job_id or of.model)


_TELLING: dict[Standing, Callable[[StackModel, Found, bool], JobsError | None]] = {
    Standing.FAILED: _of_failed,
    Standing.PAUSED: _of_paused,
    Standing.GOING: _of_going,
    Standing.OPEN: _of_open,
    Standing.SWEPT: _of_swept,
    Standing.GONE: _of_gone,
}
