"""results.csv: one row a step.

Columns: MicrosoftDocs azure-ai-docs, foundry/openai/how-to/fine-tuning.md; of a reinforcement job,
reinforcement-fine-tuning.md. Elsewhere the validation accuracy is headed `validation_mean_token_accuracy`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.openai.learning.curve import Step

HEADER = (
    "step",
    "train_loss",
    "train_mean_token_accuracy",
    "valid_loss",
    "valid_mean_token_accuracy",
    "full_valid_loss",
    "full_valid_mean_token_accuracy",
)
REWARD_HEADER = ("step", "train_reward_mean", "valid_reward_mean")


@dataclass(frozen=True)
class Reward:
    step: int
    train_reward: float
    valid_reward: float


def rewards(steps: int, seed: int) -> list[Reward]:
    """A reinforcement job's curve. Nothing is graded here: rewards rise and level off, by the seed."""

    def jitter(step: int, kind: str) -> float:
        return hashlib.sha256(f"{seed}|{step}|{kind}".encode()).digest()[0] / 255 * 0.04

    def level(step: int) -> float:
        return 0.2 + 0.5 * (1 - math.exp(-3 * step / max(1, steps)))

    return [
        Reward(
            step,
            round(level(step) + jitter(step, "train"), 4),
            round(level(step) - 0.03 + jitter(step, "valid"), 4),
        )
        for step in range(1, steps + 1)
    ]


def losses_csv(steps: Sequence[Step]) -> bytes:
    rows = [
        (
            s.step,
            s.train_loss,
            s.train_accuracy,
            s.valid_loss,
            s.valid_accuracy,
            s.full_valid_loss,
            s.full_valid_accuracy,
        )
        for s in steps
    ]
    return _csv(HEADER, rows)


def rewards_csv(steps: Sequence[Reward]) -> bytes:
    return _csv(REWARD_HEADER, [(s.step, s.train_reward, s.valid_reward) for s in steps])


def _csv(header: Sequence[str], rows: Sequence[Sequence[float | None]]) -> bytes:
    """An absent value is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return text.getvalue().encode()
