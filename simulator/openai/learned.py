"""What a job has learnt: its metrics and its pupil, made from the bytes it was given. Made once, kept while used.

Reading a file, or computing a curve, takes a second for some thousand examples. Handlers await `read`, `fitted` or
`taught` before they ask for anything that needs one, so that other requests are answered meanwhile.
"""

from __future__ import annotations

import asyncio
import functools
import math
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from simulator.openai.bases import Base, Method, base_by_id
from simulator.openai.contents import Content
from simulator.openai.graders import shape
from simulator.openai.learning.answers import Pupil, astray, strength
from simulator.openai.learning.curve import Step, fit
from simulator.openai.learning.examples import Examples, Lesson, read_examples
from simulator.openai.learning.formats import Reading
from simulator.openai.learning.results import Reward, losses_csv, rewards, rewards_csv
from simulator.openai.models import Job, OpenAiState

_T = TypeVar("_T")
_ONE_AT_A_TIME = threading.Lock()
"""Two requests for one curve compute it once; held in worker threads only."""
MARGIN = 40.0
"""How much a nat of what is learnt counts in a preference job's loss, times beta."""


@dataclass(frozen=True)
class Source:
    """A file to learn from, and how it is read."""

    content: Content
    reading: Reading


@dataclass(frozen=True)
class _Fit:
    """All that decides a curve."""

    training: Source
    validation: Source | None
    epochs: int
    steps_per_epoch: int
    pace: float
    seed: int
    before: tuple[Source, ...]


def reading_of(method: Method, base: Base, method_body: Mapping[str, Any]) -> Reading:
    """How a job's files are read. In an older state a grader may be malformed: then nothing is read of it."""
    grader = method_body.get("grader") or {}
    whole = next(shape.faults(grader), None) is None
    return Reading(
        method,
        longest=base.max_example_tokens,
        images=base.vision,
        references=shape.item_paths(grader) if whole else (),
        target=shape.rewarded(grader) if whole else None,
    )


@functools.lru_cache(maxsize=8)
def examples(source: Source) -> Examples:
    """A file's examples, read once."""
    with source.content.open() as stream:
        return read_examples(stream, source.reading)


async def read(sources: Iterable[Source]) -> None:
    """Reads these files beside the event loop; `examples` then has them at hand."""
    for each in sources:
        await asyncio.to_thread(_alone, lambda source=each: examples(source))


async def fitted(state: OpenAiState, jobs: Iterable[Job]) -> None:
    """Computes the curves of these jobs beside the event loop; `losses` then has them at hand."""
    for each in [_fit_of(state, job) for job in jobs if job.method != "reinforcement"]:
        await asyncio.to_thread(_alone, lambda asked=each: _curve(asked))


async def taught(state: OpenAiState, job: Job, step: int | None) -> Pupil:
    """The job's model as it answers, made beside the event loop: at that step, or as it ended."""
    epochs = (job.plan.steps if step is None else step) / job.plan.steps_per_epoch
    learnt = strength(epochs, job.hyperparameters.learning_rate_multiplier)
    schooling = (*_inherited(state, job), _source(state, job, job.training))
    asked = None if job.method == "reinforcement" or job.validation is None else _fit_of(state, job)
    return await asyncio.to_thread(_alone, lambda: _pupil(schooling, learnt, job.seed, _lost(asked, step)))


def losses(state: OpenAiState, job: Job) -> list[Step]:
    """The loss of every step of a supervised or preference job."""
    curve = _curve(_fit_of(state, job))
    return (
        curve if job.method == "supervised" else _preferences(curve, float(job.hyperparameters.more.get("beta", 0.1)))
    )


def reward_curve(job: Job) -> list[Reward]:
    return rewards(job.plan.steps, job.seed, int(job.hyperparameters.more.get("eval_interval", 1)))


def results_file(state: OpenAiState, job: Job) -> bytes:
    """The bytes of results.csv."""
    return rewards_csv(reward_curve(job)) if job.method == "reinforcement" else losses_csv(losses(state, job))


def _alone(compute: Callable[[], _T]) -> _T:
    with _ONE_AT_A_TIME:
        return compute()


def _preferences(curve: list[Step], beta: float) -> list[Step]:
    """A preference job's losses: ln 2 where nothing is preferred yet, less as the preferred answers become likelier.

    Token accuracies are not what such a job is measured by, and are left out.
    """
    first = next((step.train_loss for step in curve), 0.0)
    start = next((step.valid_loss for step in curve if step.valid_loss is not None), first)

    def lost(loss: float, since: float) -> float:
        return round(math.log1p(math.exp(min(50.0, MARGIN * beta * (loss - since)))), 4)

    def held_out(loss: float | None) -> float | None:
        return None if loss is None else lost(loss, start)

    return [
        replace(
            step,
            train_loss=lost(step.train_loss, first),
            train_accuracy=None,
            valid_loss=held_out(step.valid_loss),
            valid_accuracy=None,
            full_valid_loss=held_out(step.full_valid_loss),
            full_valid_accuracy=None,
        )
        for step in curve
    ]


def _source(state: OpenAiState, job: Job, digest: str) -> Source:
    base = base_by_id(job.base)
    if base is None:
        raise ValueError(f"no base model {job.base}")
    return Source(state.content(digest), reading_of(job.method, base, job.method_body))


def _fit_of(state: OpenAiState, job: Job) -> _Fit:
    return _Fit(
        _source(state, job, job.training),
        None if job.validation is None else _source(state, job, job.validation),
        job.hyperparameters.n_epochs,
        job.plan.steps_per_epoch,
        job.hyperparameters.learning_rate_multiplier,
        job.seed,
        _inherited(state, job),
    )


def _inherited(state: OpenAiState, job: Job) -> tuple[Source, ...]:
    """What the models this one goes on from were taught, the first one first."""
    parent = next((j for j in state.jobs.values() if job.parent is not None and j.tuned_id == job.parent), None)
    return () if parent is None else (*_inherited(state, parent), _source(state, parent, parent.training))


def _lessons(sources: Iterable[Source]) -> tuple[Lesson, ...]:
    return tuple(lesson for source in sources for lesson in examples(source).lessons)


@functools.lru_cache(maxsize=8)
def _curve(asked: _Fit) -> list[Step]:
    return fit(
        examples(asked.training).lessons,
        () if asked.validation is None else examples(asked.validation).lessons,
        epochs=asked.epochs,
        steps_per_epoch=asked.steps_per_epoch,
        pace=asked.pace,
        seed=asked.seed,
        before=_lessons(asked.before),
    )


def _lost(asked: _Fit | None, step: int | None) -> float:
    """How far the model goes astray at that step; not at all where no validation file tells."""
    curve = [] if asked is None else _curve(asked)
    losses = [each.full_valid_loss for each in curve if step is None or each.step <= step]
    return astray([loss for loss in losses if loss is not None])


@functools.lru_cache(maxsize=8)
def _pupil(schooling: tuple[Source, ...], learnt: float, seed: int, lost: float) -> Pupil:
    return Pupil(_lessons(schooling), learnt, seed, lost)
