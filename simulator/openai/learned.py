"""What a job has learnt: its metrics and its pupil, made from the bytes it was given. Made once, kept while used.

A loss curve takes a second of computing for some hundred examples. Handlers await `fitted` before they ask for
anything that needs one, so that other requests are answered meanwhile.
"""

from __future__ import annotations

import asyncio
import functools
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from simulator.openai.bases import Method
from simulator.openai.learning.answers import Pupil, strength
from simulator.openai.learning.curve import Step, fit
from simulator.openai.learning.examples import Examples, Lesson, read_examples
from simulator.openai.learning.results import Reward, losses_csv, rewards, rewards_csv
from simulator.openai.models import Job, OpenAiState

_ONE_AT_A_TIME = threading.Lock()
"""Two requests for one curve compute it once; held in worker threads only."""


@dataclass(frozen=True)
class _Fit:
    """All that decides a curve."""

    training: bytes
    validation: bytes
    method: Method
    epochs: int
    steps_per_epoch: int
    pace: float
    seed: int
    before: tuple[Lesson, ...]


def losses(state: OpenAiState, job: Job) -> list[Step]:
    """The loss of every step of a supervised or preference job."""
    return _curve(_fit_of(state, job))


async def fitted(state: OpenAiState, jobs: Iterable[Job]) -> None:
    """Computes the curves of these jobs beside the event loop; `losses` then has them at hand."""
    for each in [_fit_of(state, job) for job in jobs if job.method != "reinforcement"]:
        await asyncio.to_thread(_curve_alone, each)


def _curve_alone(asked: _Fit) -> None:
    with _ONE_AT_A_TIME:
        _curve(asked)


def _fit_of(state: OpenAiState, job: Job) -> _Fit:
    return _Fit(
        state.bytes_of(job.training),
        b"" if job.validation is None else state.bytes_of(job.validation),
        job.method,
        job.hyperparameters.n_epochs,
        job.plan.steps_per_epoch,
        job.hyperparameters.learning_rate_multiplier,
        job.seed,
        _inherited(state, job),
    )


def reward_curve(job: Job) -> list[Reward]:
    return rewards(job.plan.steps, job.seed)


def results_file(state: OpenAiState, job: Job) -> bytes:
    """The bytes of results.csv."""
    return rewards_csv(reward_curve(job)) if job.method == "reinforcement" else losses_csv(losses(state, job))


def pupil(state: OpenAiState, job: Job, step: int | None) -> Pupil:
    """The job's model as it answers: at that step, or as it ended. A reinforcement job teaches no answers."""
    epochs = (job.plan.steps if step is None else step) / job.plan.steps_per_epoch
    learnt = strength(epochs, job.hyperparameters.learning_rate_multiplier)
    own = () if job.method == "reinforcement" else examples(state.bytes_of(job.training), job.method).lessons
    return _pupil((*_inherited(state, job), *own), learnt, job.seed)


@functools.lru_cache(maxsize=8)
def examples(content: bytes, method: Method) -> Examples:
    """A file's examples, read once."""
    return read_examples(content, method)


def _inherited(state: OpenAiState, job: Job) -> tuple[Lesson, ...]:
    """What the models this one goes on from were taught, the first one first."""
    parent = next((j for j in state.jobs.values() if job.parent is not None and j.tuned_id == job.parent), None)
    if parent is None or parent.method == "reinforcement":
        return ()
    return (*_inherited(state, parent), *examples(state.bytes_of(parent.training), parent.method).lessons)


@functools.lru_cache(maxsize=8)
def _curve(asked: _Fit) -> list[Step]:
    return fit(
        examples(asked.training, asked.method).lessons,
        examples(asked.validation, asked.method).lessons,
        epochs=asked.epochs,
        steps_per_epoch=asked.steps_per_epoch,
        pace=asked.pace,
        seed=asked.seed,
        before=asked.before,
    )


@functools.lru_cache(maxsize=8)
def _pupil(lessons: tuple[Lesson, ...], learnt: float, seed: int) -> Pupil:
    return Pupil(lessons, learnt, seed)
