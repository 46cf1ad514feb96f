"""results.csv: one row a step.

Columns: MicrosoftDocs azure-ai-docs, foundry/openai/how-to/fine-tuning.md. Elsewhere the validation accuracy is headed
`validation_mean_token_accuracy`. Of a reinforcement job the metrics' names are from reinforcement-fine-tuning.md; that
they head columns is memory. Of a preference job no names are documented: its losses stand under the usual heads, and
token accuracies are empty cells.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
REWARD_HEADER = (
    "step",
    "train_reward_mean",
    "valid_reward_mean",
    "train_reasoning_tokens_mean",
    "valid_reasoning_tokens_mean",
)


@dataclass(frozen=True)
class Reward:
    """A step's metrics by rewards; those of the validation file only where it was evaluated."""

    step: int
    train_reward: float
    train_reasoning: float
    valid_reward: float | None = None
    valid_reasoning: float | None = None


def rewards(steps: int, seed: int, interval: int) -> list[Reward]:
    """A reinforcement job's curve, evaluated every `interval` steps and at the end.

    Nothing is graded here: rewards rise and level off, by the seed.
    """

    def jitter(step: int, kind: str) -> float:
        return hashlib.sha256(f"{seed}|{step}|{kind}".encode()).digest()[0] / 255

    def level(step: int) -> float:
        return 0.2 + 0.5 * (1 - math.exp(-3 * step / max(1, steps)))

    found = []
    for step in range(1, steps + 1):
        reward = Reward(
            step,
            round(level(step) + 0.04 * jitter(step, "train"), 4),
            round(900 + 200 * jitter(step, "train reasoning"), 1),
        )
        if step % interval == 0 or step == steps:
            reward = replace(
                reward,
                valid_reward=round(level(step) - 0.03 + 0.04 * jitter(step, "valid"), 4),
                valid_reasoning=round(900 + 200 * jitter(step, "valid reasoning"), 1),
            )
        found.append(reward)
    return found


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
    rows = [(s.step, s.train_reward, s.valid_reward, s.train_reasoning, s.valid_reasoning) for s in steps]
    return _csv(REWARD_HEADER, rows)


def _csv(header: Sequence[str], rows: Sequence[Sequence[float | None]]) -> bytes:
    """An absent value is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return text.getvalue().encode()
