"""`jobs promote`: a model of one stack as the candidate of another, in the other's stack file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, redirect_stdout
from dataclasses import dataclass, replace
from datetime import date

import typer

from contract.catalog.prices import Prices
from contract.hosting import hosting_sum
from contract.outputs import StackOutputs
from contract.release import ReleaseRecord, Releases, Signed
from jobs.cli.asked import Asked
from jobs.cli.others import others
from jobs.cli.outcomes import complain
from jobs.cli.program import say_next, typed
from jobs.cli.releases.promotion_looks import looked
from jobs.cli.stacks.settling import settle
from jobs.cli.surroundings import Surroundings, surroundings
from jobs.cli.who import deciding_person
from jobs.errors import JobsError, Refused, Usage
from jobs.planning import hosting
from jobs.planning.budgets import hosting_refusals
from jobs.releases import promotion
from jobs.releases.pointers import Decided
from jobs.releases.promotion_faults import Promotion, promotion_faults
from jobs.releases.pull_request import PullRequest, Standing
from jobs.releases.releasing import lacking
from jobs.stacks.outputs import short_name
from jobs.tuning.recording import timestamp


@dataclass(frozen=True)
class Wish:
    """Which model of the source, and whether a pull request is to be told."""

    candidate: bool = False
    model_id: str | None = None
    pull_request: bool = False


@dataclass(frozen=True)
class _Origin:
    """The model as the source has it, and the resource ID of the account that holds it."""

    asked: Asked
    outputs: StackOutputs
    record: ReleaseRecord
    account_id: str


def promote_model(
    model: str, source: str, asked: Asked, wish: Wish, *, offline: bool = False, rights_given: bool = False
) -> None:
    """Writes the target's file, after everything was looked at that Azure would refuse. Twice is as once."""
    _refuse_misuse(source, asked, wish)
    with ExitStack() as opened:
        if wish.pull_request:
            opened.enter_context(redirect_stdout(sys.stderr))
        around = opened.enter_context(surroundings(asked))
        origin = _origin(model, Asked(source, project=asked.project, outputs=asked.outputs), wish)
        before, outputs = around.stack.releases().get(model, Releases()), around.stack.outputs()
        record = promotion.as_candidate(origin.record, origin.account_id, outputs.accounts)
        signed = Signed(
            by=deciding_person(asked.project_folder),
            at=timestamp(around.clock.now()),
            reason=f"displaced by {record.model_id}, promoted from {short_name(source)}",
        )
        back = asked.command("rollback", model, "--to", record.model_id)
        decided = promotion.promote(before, record, signed, back=back)
        if decided.changed:
            promoted = Promotion(model, record, asked.stack, str(around.stack.file), outputs)
            _refuse_what_would_fail(around, origin, promoted, rights_given=rights_given, offline=offline)
            decided = _written(model, around, lambda found: promotion.promote(found, record, signed, back=back))
        typer.echo(f"{model}: {decided.words}")
        candidate = decided.releases.candidate
        if candidate is None or candidate.model_id != record.model_id:
            return
        missing = _say_following(model, candidate, decided.releases.live, outputs, asked)
    if wish.pull_request:
        standing = _standing(model, asked, decided.releases, outputs, missing)
        told = PullRequest(model, candidate, short_name(source), short_name(asked.stack), standing)
        typer.echo(f"{told.title}\n\n{told.body}", nl=False)


def _origin(model: str, asked: Asked, wish: Wish) -> _Origin:
    try:
        with surroundings(asked) as around:
            recorded = around.stack.releases()
            if model not in recorded:
                raise Refused(f"{around.stack.file} records nothing of a model {model}{others(model, recorded)}")
            outputs = around.stack.outputs()
        found = promotion.chosen(recorded[model], candidate=wish.candidate, model_id=wish.model_id)
        return _Origin(asked, outputs, found, promotion.trained_at(found, outputs.accounts))
    except JobsError as error:
        # Else it would be said of the target.
        raise error.located(stack=asked.stack) from None


def _refuse_what_would_fail(
    around: Surroundings, origin: _Origin, promoted: Promotion, *, rights_given: bool, offline: bool
) -> None:
    """Raises Refused with all of it; what could not be seen is only said."""
    faults = [
        *promotion_faults(promoted, _on(promoted.outputs, around)),
        *_dear(promoted.model, promoted.outputs),
    ]
    looks = looked(around, origin.asked, origin.outputs, promoted, rights_given=rights_given, offline=offline)
    if faults or looks.faults:
        raise Refused(
            f"{promoted.model}: as things stand, {promoted.record.model_id} cannot be promoted from "
            f"{origin.asked.stack}",
            details=[*faults, *looks.faults, *looks.mend],
            stack=promoted.stack,
        )
    for remark in looks.remarks:
        complain(f"mind: {remark}")


def _refuse_misuse(source: str, asked: Asked, wish: Wish) -> None:
    if short_name(source) == short_name(asked.stack):
        raise Usage(f"--from and --to are both {source}: a model is promoted to another stack")
    if wish.candidate and wish.model_id is not None:
        raise Usage("--candidate and --model-id each say which model: give one of them")
    if wish.pull_request and asked.writing.output == "patch":
        raise Usage("--pr and --output patch both want standard output for themselves: give one of them")
    if asked.outputs is not None and asked.outputs.is_file():
        raise Usage(f"{asked.outputs} has the outputs of one stack, and this takes those of two: name their folder")


def _on(outputs: StackOutputs, around: Surroundings) -> date:
    """The day by which the catalog's dates count."""
    as_of = outputs.environment.as_of
    return date.fromisoformat(as_of) if as_of else around.clock.now().date()


def _dear(model: str, outputs: StackOutputs) -> Iterator[str]:
    """What the next preview would refuse: hosting that costs more than the target allows."""
    if model in outputs.models:
        prices = Prices(outputs.environment.prices)
        stages = hosting.stages(outputs.models[model], prices)
        besides = hosting_sum(hosting.others_cost(model, outputs, prices))
        for refusal in hosting_refusals(model, outputs, stages, besides):
            yield f"{refusal.words}: {' '.join(refusal.mend)}"


def _written(model: str, around: Surroundings, promote: Callable[[Releases], Decided]) -> Decided:
    settled = settle(around.stack, model, promote)
    if settled.where is not None:
        typer.echo(f"{model}: {settled.where}")
    return settled.decided


def _say_following(
    model: str, candidate: ReleaseRecord, live: ReleaseRecord | None, outputs: StackOutputs, asked: Asked
) -> list[str]:
    """The commands that lead from here to a release, and what that one would miss today."""
    output = outputs.models.get(model)
    missing = list(lacking(candidate, live, output.gate if output is not None else None, stack=asked.stack))
    served = output.candidate if output is not None else None
    following = [] if served is not None and served.model_id == candidate.model_id else [asked.up]
    following.append(asked.command("verify", None))
    if missing:
        typer.echo(f"{model}: not to be released yet: {'; '.join(missing)}")
        following.append(asked.command("evaluate", model))
    following.append(asked.command("release", model))
    say_next(following[0])
    for command in following[1:]:
        typer.echo(f"Then: {typed(command)}")
    return missing


def _standing(model: str, asked: Asked, releases: Releases, outputs: StackOutputs, missing: list[str]) -> Standing:
    plain = replace(asked, project=None, outputs=None, models=None)
    output = outputs.models.get(model)
    stages = hosting.stages(output, Prices(outputs.environment.prices)) if output is not None else ()
    release = ["evaluate"] * bool(missing) + ["release"]
    return Standing(
        live=releases.live,
        missing=tuple(missing),
        hosting={stage.when: (stage.per_30_days, stage.missing) for stage in stages},
        up=typed(plain.up),
        following=(f"jobs verify -s {plain.stack}", *(f"jobs {verb} {model} -s {plain.stack}" for verb in release)),
        withdraw=f"jobs withdraw {model} -s {plain.stack}",
        rollback=f"jobs rollback {model} -s {plain.stack}",
    )
