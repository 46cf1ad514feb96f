"""A sweep: the runs of a small grid, and which of them is best. Pure.

Each point is a run of its own, with its own key and suffix; a point that `jobs run` would train too is the same run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from pydantic.alias_generators import to_camel

from contract.release import Method, ReleaseRecord, Releases, SweptPoint
from jobs.errors import Usage
from jobs.ports import Job
from jobs.tuning.curves.results import Results
from jobs.tuning.run import Run

Value = int | float | str


@dataclass(frozen=True)
class Point:
    """``number`` counts from 1, in the order of the grid. ``tried``: what the grid says here, as tune.yaml names it."""

    number: int
    tried: Mapping[str, Value]
    run: Run

    @property
    def words(self) -> str:
        """``epochs 2, batchSize auto``"""
        return ", ".join(f"{name} {_plain(value)}" for name, value in self.tried.items())


def points(run: Run) -> tuple[Point, ...]:
    """The grid of ``run``'s tune.yaml, in its order: the last key changes fastest. Empty where there is no grid."""
    sweep = run.spec.sweep
    if sweep is None:
        return ()
    values = sweep.values()
    made: dict[str, Point] = {}
    for combination in product(*values.values()):
        tried = dict(zip(values, combination, strict=True))
        hyperparameters = run.spec.hyperparameters.model_copy(update=tried)
        each = replace(run, spec=run.spec.model_copy(update={"hyperparameters": hyperparameters}), swept=True)
        named = {to_camel(name): value for name, value in tried.items()}
        made.setdefault(each.key, Point(len(made) + 1, named, each))
    return tuple(made.values())


@dataclass(frozen=True)
class Trained:
    """A point whose job has succeeded, and what its validation came to."""

    point: Point
    job: Job
    results: Results

    @property
    def epochs(self) -> float:
        """As the service tells them, else as they were asked for; a number that nobody knows is the largest."""
        known = (self.job.hyperparameters.epochs, self.point.run.spec.hyperparameters.epochs)
        return next((float(value) for value in known if isinstance(value, int)), float("inf"))


@dataclass(frozen=True)
class Ranked:
    """Best first. ``measure`` is None where nothing can be measured, and then they stand in the order of the grid."""

    measure: str | None
    order: tuple[Trained, ...]

    def value(self, trained: Trained) -> float | None:
        return None if self.measure is None else trained.results.last.get(self.measure)


def ranked(trained: Sequence[Trained], method: Method) -> Ranked:
    """By validation loss, the lowest first: of the whole file where every run has it, else of its last batch. By
    validation reward, the highest first, for reinforcement. Ties by fewer epochs, then by the order of the grid. What
    has no such number comes last.

    Only what the service itself measured: no run has been asked the holdout's questions here.
    """
    measure = _measure(trained, method)
    sign = -1 if measure == "valid_reward" else 1

    def place(each: Trained) -> tuple[bool, float, float, int]:
        value = each.results.last.get(measure) if measure is not None else None
        return (value is None, sign * (value or 0.0), each.epochs, each.point.number)

    if measure is None:
        return Ranked(None, tuple(sorted(trained, key=lambda each: each.point.number)))
    return Ranked(measure, tuple(sorted(trained, key=place)))


def _measure(trained: Sequence[Trained], method: Method) -> str | None:
    if method == "reinforcement":
        wanted: tuple[str, ...] = ("valid_reward",)
    else:
        wanted = ("full_valid_loss", "valid_loss")
    for measure in wanted:
        if trained and all(measure in each.results.last for each in trained):
            return measure
    # Not all have any: what most of them have.
    counted = {measure: sum(measure in each.results.last for each in trained) for measure in wanted}
    best = max(wanted, key=lambda measure: counted[measure])
    return best if counted[best] else None


def pointed_at(pick: str, grid: Sequence[Point], jobs: Mapping[int, Job]) -> Point:
    """The point that ``pick`` names: its number, its suffix or the 8 hex of it, its job or its model. ``jobs`` by
    number. Raises Usage."""
    for point in grid:
        job = jobs.get(point.number)
        names = {str(point.number), point.run.suffix, point.run.key[:8], point.run.key}
        if job is not None:
            names |= {job.id, job.fine_tuned_model or job.id}
        if pick in names:
            return point
    known = ", ".join(f"{point.number} ({point.run.suffix})" for point in grid)
    raise Usage(f"--pick: {pick!r} is no run of this sweep; its points are {known}")


def swept(trained: Trained, ranking: Ranked, grid: Sequence[Point], *, picked: bool, at: str) -> SweptPoint:
    """What the record says of the point. ``at``: when it was chosen."""
    value = ranking.value(trained)
    return SweptPoint(
        point=trained.point.number,
        points=len(grid),
        tried=dict(trained.point.tried),
        measure=ranking.measure if value is not None else None,
        value=value,
        rank=ranking.order.index(trained) + 1 if value is not None else None,
        picked=picked,
        at=at,
    )


def recorded(grid: Iterable[Point], releases: Releases) -> tuple[str, ReleaseRecord] | None:
    """The role and record of the sweep that stands in the file; candidate and live before previous ones.

    Of this tune.yaml's: where the grid has grown, its result is another, though runs of it are the same.
    """
    runs = [point.run for point in grid]
    for place, record in releases.places():
        if any(run.swept_into(record) and run.made(record) for run in runs):
            return place.partition("[")[0], record
    return None


def _plain(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
