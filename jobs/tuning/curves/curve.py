"""How far a training is by now, and how well it goes: the newest of what its job says. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from jobs.ports import Event, Job
from jobs.tuning.curves.measures import told_by

_OF = re.compile(r"\bstep \d+/(?P<total>\d+)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Curve:
    """None where the service has not told yet. Losses and rewards are of their last step; reinforcement has rewards
    instead of losses."""

    step: int | None = None
    total: int | None = None
    train_loss: float | None = None
    valid_loss: float | None = None
    train_reward: float | None = None
    valid_reward: float | None = None


def read_curve(events: Sequence[Event], before: Curve) -> Curve:
    """``before``, with what the events (newest first) say: numbers where they carry some, else their words."""
    curve = before
    for event in reversed(events):
        told = told_by(event)
        if told is None or (curve.step is not None and told[0] < curve.step):
            continue
        step, measured = told
        curve = Curve(
            step=step,
            total=_total(event) or curve.total,
            train_loss=measured.get("train_loss", curve.train_loss),
            valid_loss=measured.get("full_valid_loss", measured.get("valid_loss", curve.valid_loss)),
            train_reward=measured.get("train_reward", curve.train_reward),
            valid_reward=measured.get("valid_reward", curve.valid_reward),
        )
    return curve


def total_steps(job: Job, examples: int | None) -> int | None:
    """Epochs × batches per epoch, once the service has told both."""
    epochs, batch = job.hyperparameters.epochs, job.hyperparameters.batch_size
    if examples is None or not isinstance(epochs, int) or not isinstance(batch, int) or batch < 1:
        return None
    return math.ceil(examples / batch) * epochs


def _total(event: Event) -> int | None:
    number = event.metrics.get("total_steps", math.nan)
    words = _OF.search(event.message)
    return int(number) if math.isfinite(number) else int(words["total"]) if words else None
