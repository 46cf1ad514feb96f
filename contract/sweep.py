"""tune.yaml's ``sweep``: the grid of hyperparameters that `jobs sweep` tries.

A key that the grid doesn't name stays as ``hyperparameters`` has it. Which keys a method takes is tune_spec's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any, Self

from pydantic import Field, model_validator

from contract.hyperparameters import Auto, BatchSize, Beta, Epochs, LearningRateMultiplier
from contract.shape import Shape

MOST_POINTS = 16
"""More are no small grid: each is a run that is paid for. An account has 20 waiting jobs at most."""


def _tried(of: str) -> Any:
    return Field(default=None, min_length=1, strict=False, description=f"Values of {of} to try.")


class Sweep(Shape):
    """Values to try, each key with all values of the others. ``auto`` lets the service choose."""

    epochs: tuple[Epochs | Auto, ...] | None = _tried("epochs")
    batch_size: tuple[BatchSize | Auto, ...] | None = _tried("batchSize")
    learning_rate_multiplier: tuple[LearningRateMultiplier | Auto, ...] | None = _tried("learningRateMultiplier")
    beta: tuple[Beta | Auto, ...] | None = _tried("beta, of dpo")

    @model_validator(mode="after")
    def _is_a_small_grid(self) -> Self:
        values = self.values()
        if not values:
            raise ValueError("names no values to try: epochs, batchSize, learningRateMultiplier or, for dpo, beta")
        points = prod(map(len, values.values()))
        if points > MOST_POINTS:
            shape = " × ".join(str(len(tried)) for tried in values.values())
            raise ValueError(f"has {shape} = {points} points, each a run that costs: at most {MOST_POINTS}")
        return self

    def values(self) -> Mapping[str, tuple[Any, ...]]:
        """By field, what is to be tried; a value that is listed twice once."""
        listed = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: tuple(dict.fromkeys(values)) for name, values in listed.items() if values is not None}
