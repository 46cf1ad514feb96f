"""Whether a training went on for too long, by its own curve, and which checkpoint would have been better. Pure.

Of a job's checkpoints, one for each epoch, the last three can be deployed (azure-ai-docs, fine-tuning-rest.md). The one
of the last step is the model itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jobs.ports import Checkpoint
from jobs.tuning.curves.learning_curve import Best, LearningCurve
from jobs.tuning.curves.measures import is_better, measured

DEPLOYABLE = 3
"""Checkpoints of a job that can be deployed: the newest."""
_TRAINING = {"full_valid_loss": "train_loss", "valid_loss": "train_loss", "valid_reward": "train_reward"}
_WORDS = {"full_valid_loss": "validation loss", "valid_loss": "validation loss", "valid_reward": "validation reward"}


@dataclass(frozen=True)
class Fit:
    """By ``measure``: its best value and step, and its last one. ``gap``: validation less training at the end, None
    where the training's is not told. ``earlier``: the best checkpoint that can be deployed, if better than the end."""

    best_step: int
    last_step: int
    measure: str
    best: float
    last: float
    gap: float | None
    earlier: Checkpoint | None
    words: str


def fit_of(curve: LearningCurve) -> Fit | None:
    """None where nothing of the validation was told."""
    best = curve.best
    if best is None:
        return None
    known = {sample.step: sample.values[best.measure] for sample in curve.samples if best.measure in sample.values}
    # Steps after the last look at the validation are of the model, too.
    last_step = max(*(sample.step for sample in curve.samples), *(each.step for each in curve.checkpoints))
    last = known[max(known)]
    training = curve.last.get(_TRAINING[best.measure])
    earlier = _earlier(curve, best.measure, known, last, last_step)
    return Fit(
        best_step=best.step,
        last_step=last_step,
        measure=best.measure,
        best=best.value,
        last=last,
        gap=last - training if training is not None else None,
        earlier=earlier,
        words=_words(best, last, last_step, earlier),
    )


def _earlier(
    curve: LearningCurve, measure: str, known: Mapping[int, float], last: float, last_step: int
) -> Checkpoint | None:
    """The best of those that can still be deployed, where it is better than the end; of equals the earliest."""
    found: tuple[Checkpoint, float] | None = None
    for checkpoint in curve.checkpoints[-DEPLOYABLE:]:
        value = measured(checkpoint.metrics).get(measure, known.get(checkpoint.step))
        if value is None or checkpoint.step >= last_step:
            continue
        if is_better(measure, value, found[1] if found is not None else last):
            found = (checkpoint, value)
    return found[0] if found is not None else None


def _words(best: Best, last: float, last_step: int, earlier: Checkpoint | None) -> str:
    name = _WORDS[best.measure]
    if not is_better(best.measure, best.value, last):
        return f"The {name} was best at the end (step {last_step}, {last:.4g}): no sign of too long a training."
    told = f"The {name} was best at step {best.step} ({best.value:.4g}) and ended at {last:.4g} (step {last_step})"
    if earlier is None:
        return f"{told}. None of the checkpoints that can be deployed, the last {DEPLOYABLE}, is better than the end."
    return f"{told}: the checkpoint of step {earlier.step} is better than the end, and can be deployed."
