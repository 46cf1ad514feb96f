"""How a training went, step by step: its losses or rewards, the checkpoints that were kept, and its best step. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jobs.ports import Checkpoint, Event
from jobs.tuning.curves.measures import NAMES, OF_VALIDATION, is_better, measured, told_by
from jobs.tuning.curves.results import read_rows


@dataclass(frozen=True)
class Sample:
    """What was measured at one step; a measure that the step doesn't have is left out."""

    step: int
    values: Mapping[str, float]


@dataclass(frozen=True)
class Best:
    """The step whose validation was best. ``checkpoint``: the one at or before it that was kept, if any was."""

    step: int
    measure: str
    value: float
    checkpoint: Checkpoint | None


@dataclass(frozen=True)
class LearningCurve:
    """``samples`` by step, ``checkpoints`` too. ``source``: what it was read from, for people."""

    samples: tuple[Sample, ...]
    checkpoints: tuple[Checkpoint, ...]
    source: str

    @property
    def measures(self) -> tuple[str, ...]:
        """Those that any step has, in the order of ``NAMES``."""
        return tuple(name for name in NAMES if any(name in sample.values for sample in self.samples))

    @property
    def best(self) -> Best | None:
        """None where nothing of the validation was told. A loss of the whole file counts before one of a part of it."""
        for measure in OF_VALIDATION:
            known = [(sample.step, sample.values[measure]) for sample in self.samples if measure in sample.values]
            if not known:
                continue
            step, value = known[0]
            for other, found in known[1:]:
                if is_better(measure, found, value):
                    step, value = other, found
            before = [checkpoint for checkpoint in self.checkpoints if checkpoint.step <= step]
            return Best(step, measure, value, before[-1] if before else None)
        return None

    @property
    def last(self) -> Mapping[str, float]:
        """The newest value of each measure."""
        found: dict[str, float] = {}
        for sample in self.samples:
            found |= sample.values
        return found


def from_results(content: bytes, checkpoints: Sequence[Checkpoint]) -> LearningCurve:
    """From results.csv. A row without a step is one further than the row before it."""
    found: list[tuple[int, Mapping[str, float]]] = []
    step = 0
    for row in read_rows(content):
        step = int(row.get("step", step + 1))
        found.append((step, measured(row)))
    return _curve(found, checkpoints, "results.csv")


def from_events(events: Iterable[Event], checkpoints: Sequence[Checkpoint]) -> LearningCurve:
    """From what a job has said so far, in whatever order; its checkpoints fill in what no event has told."""
    told = [said for event in events if (said := told_by(event)) is not None]
    kept = [(each.step, measured(each.metrics)) for each in checkpoints]
    return _curve([*kept, *told], checkpoints, "events")


def _curve(
    found: Iterable[tuple[int, Mapping[str, float]]], checkpoints: Sequence[Checkpoint], source: str
) -> LearningCurve:
    by_step: dict[int, dict[str, float]] = {}
    for step, values in found:
        if step >= 0 and values:
            by_step.setdefault(step, {}).update(values)
    samples = tuple(Sample(step, by_step[step]) for step in sorted(by_step))
    return LearningCurve(samples, tuple(sorted(checkpoints, key=lambda each: each.step)), source)
