"""What is left to do for the runs of a stack that somebody has begun: which have a model to be recorded. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from jobs.ports import JobState
from jobs.tuning.known.known_runs import KnownRun


class Standing(Enum):
    """How a run stands between its submission and the stack file."""

    DUE = "its model is to be recorded"
    RECORDED = "its model is recorded"
    OVERTAKEN = "a run that was begun later is recorded, or to be"
    SWEPT = "a point of a sweep"
    GOING = "goes on"
    PAUSED = "paused"
    FAILED = "ended without a model"
    OPEN = "begun, and no job is known"
    GONE = "its job is in no account of the stack any more"
    SILENT = "its account could not be asked"
    UNTOLD = "what it was meant to be is in no journal"


@dataclass(frozen=True)
class Found:
    """A run of the stack. ``news``: whether its journal doesn't know of its end yet; ``latest``: whether no run of its
    model was begun later; ``behind``: whether one that was is recorded, or to be."""

    run: KnownRun
    standing: Standing
    latest: bool
    behind: bool

    @property
    def news(self) -> bool:
        attempt = self.run.attempt
        seen = attempt.status.text if attempt is not None and attempt.status is not None else None
        return self.run.status is not None and self.run.status.ended and self.run.status.text != seen


def found(runs: Iterable[KnownRun]) -> tuple[Found, ...]:
    """The stack's own runs, newest first within their model. Of those that made a model the one begun last is due, and
    only where no run begun after it is recorded: what is a candidate is not displaced by what is older."""
    by_model: dict[str, list[KnownRun]] = {}
    for run in runs:
        if run.ours and run.model is not None:
            by_model.setdefault(run.model, []).append(run)
    return tuple(each for model in sorted(by_model) for each in _of_model(by_model[model]))


def _of_model(runs: list[KnownRun]) -> Iterator[Found]:
    behind = False
    for number, run in enumerate(sorted(runs, key=lambda each: each.begun, reverse=True)):
        standing = _standing(run)
        if standing is Standing.DUE and behind:
            standing = Standing.OVERTAKEN
        yield Found(run, standing, latest=number == 0, behind=behind)
        behind = behind or standing in (Standing.DUE, Standing.RECORDED)


def _standing(run: KnownRun) -> Standing:
    if run.place is not None:
        return Standing.RECORDED
    if run.job is None:
        if run.waits_for_a_job:
            may_have_one = run.attempt is not None and run.attempt.unsettled
            return Standing.SILENT if may_have_one and not run.asked else Standing.OPEN
        if run.status is not None and not run.status.usable:
            # There was nothing to be recorded, and nothing will be.
            return Standing.FAILED
        return Standing.GONE if run.asked else Standing.SILENT
    if run.job.status.state is JobState.PAUSED:
        return Standing.PAUSED
    if not run.job.status.ended:
        return Standing.GOING
    if not run.job.status.usable:
        return Standing.FAILED
    if run.swept:
        return Standing.SWEPT
    return Standing.DUE if run.attempt is not None and run.run_key is not None else Standing.UNTOLD
