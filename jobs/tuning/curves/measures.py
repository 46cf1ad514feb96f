"""What a training is measured by: the service's names for it in files, events and checkpoints. Pure.

Columns of results.csv: azure-ai-docs, fine-tuning.md (``valid_loss``, ``full_valid_loss``); of reinforcement: Microsoft
Learn, "Reinforcement fine-tuning", has ``valid_reward_mean``, microsoft/azure-skills ``valid_mean_reward``. Events have
words, numbers, or both.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from jobs.ports import Event

NAMES: Mapping[str, tuple[str, ...]] = {
    "train_loss": ("train_loss", "training_loss"),
    "valid_loss": ("valid_loss", "validation_loss"),
    "full_valid_loss": ("full_valid_loss", "full_validation_loss"),
    "train_reward": ("train_reward_mean", "train_mean_reward", "train_reward"),
    "valid_reward": ("valid_reward_mean", "valid_mean_reward", "valid_reward"),
}
"""Our word for a measure, and what the service may call it, the likelier first."""
WORDS: Mapping[str, str] = {
    "train_loss": "training loss",
    "valid_loss": "validation loss, of a part of the file",
    "full_valid_loss": "validation loss, of the whole file",
    "train_reward": "training reward",
    "valid_reward": "validation reward",
}
"""Measures for people."""
OF_VALIDATION = ("full_valid_loss", "valid_loss", "valid_reward")
"""Those that tell one training from another, the better first: a loss of the whole file, or of a part of it."""
_STEP = re.compile(r"\bstep (?P<step>\d+)\b", re.IGNORECASE)
_SAID = re.compile(
    r"\b(?P<file>training|train|validation|full validation) (?:mean )?(?P<what>loss|reward)=(?P<value>[-+.\deE]+)",
    re.IGNORECASE,
)
_FILES = {"training": "train", "train": "train", "validation": "valid", "full validation": "full_valid"}


def is_better(measure: str, value: float, other: float) -> bool:
    return value > other if measure.endswith("reward") else value < other


def measured(numbers: Mapping[str, float]) -> dict[str, float]:
    """By our words, what ``numbers``, named as the service names them, measure. What is not finite measures nothing."""
    found: dict[str, float] = {}
    for measure, names in NAMES.items():
        value = next((numbers[name] for name in names if name in numbers and math.isfinite(numbers[name])), None)
        if value is not None:
            found[measure] = value
    return found


def told_by(event: Event) -> tuple[int, dict[str, float]] | None:
    """The step that an event tells of, and its measures: by the numbers that come with it, else by its words."""
    words = _STEP.search(event.message)
    step = event.metrics.get("step", float(words["step"]) if words else math.nan)
    if not math.isfinite(step):
        return None
    said: dict[str, float] = {}
    for each in _SAID.finditer(event.message):
        what = f"{_FILES[each['file'].lower()]}_{each['what'].lower()}"
        # A reward of the validation file is always of the whole of it.
        said.setdefault(what.replace("full_valid_reward", "valid_reward"), _number(each["value"]))
    return int(step), measured(said) | measured(event.metrics)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
