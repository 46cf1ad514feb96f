"""Hyperparameters: which method takes which, in what range, and what the service chooses where it is left to it.

Names: MicrosoftDocs azure-ai-docs, foundry/openai/how-to/fine-tuning.md and reinforcement-fine-tuning.md;
`l2_multiplier` and the defaults of `beta` and itself: microsoft/azure-skills, finetuning. Ranges: OpenAI's API
specification, recalled from memory; Azure's are in no document. "auto" is taken for each number.

Left to the service: three epochs or, for few examples, more; a batch of 0.2 % of the examples; learning rate multiplier
1 (OpenAI's published defaults for chat models; Azure's are not documented).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.openai import errors
from simulator.openai.bases import Method
from simulator.openai.models import Hyperparameters


@dataclass(frozen=True)
class _Number:
    """least   allowed itself, unless `above`"""

    least: float
    most: float
    whole: bool = False
    above: bool = False

    @property
    def rule(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        since = f"above {self.least:g}, to" if self.above else f"from {self.least:g} to"
        return f"must be 'auto' or {kind} {since} {self.most:g}"

    def takes(self, value: object) -> bool:
        if value in ("auto", -1):
            return True
        if isinstance(value, bool) or not isinstance(value, int if self.whole else int | float):
            return False
        return (self.least < value if self.above else self.least <= value) and value <= self.most


_EVERY: Mapping[str, _Number] = {
    "n_epochs": _Number(1, 50, whole=True),
    "batch_size": _Number(1, 256, whole=True),
    "learning_rate_multiplier": _Number(0, 10, above=True),
}
_NUMBERS: Mapping[Method, Mapping[str, _Number]] = {
    "supervised": _EVERY,
    "dpo": {**_EVERY, "beta": _Number(0, 2, above=True), "l2_multiplier": _Number(0, 10)},
    "reinforcement": {
        **_EVERY,
        "eval_interval": _Number(1, 10_000, whole=True),
        "eval_samples": _Number(1, 1_000, whole=True),
        "compute_multiplier": _Number(0.00001, 10, above=True),
    },
}
EFFORTS = ("default", "low", "medium", "high")


def check(given: Mapping[str, Any], method: Method) -> None:
    """Refuses what the method does not take, or not so."""
    for name, value in given.items():
        if name == "reasoning_effort" and method == "reinforcement":
            if value is not None and value not in EFFORTS:
                raise errors.invalid_hyperparameter(name, f"must be one of {', '.join(EFFORTS)}")
            continue
        number = _NUMBERS[method].get(name)
        if number is None:
            raise errors.misplaced_hyperparameter(name, method)
        if value is not None and not number.takes(value):
            raise errors.invalid_hyperparameter(name, number.rule)


def chosen(asked: dict[str, Any], method: Method, examples: int) -> Hyperparameters:
    """What the job trains with."""

    def number(name: str, by_service: float) -> float:
        value = asked.get(name)
        return by_service if value in (None, "auto", -1) else float(value)

    few = min(25, 100 // max(1, examples)) if examples * 3 < 100 else 3
    more: dict[str, Any] = {}
    if method == "dpo":
        more = {"beta": number("beta", 0.1), "l2_multiplier": number("l2_multiplier", 0.1)}
    elif method == "reinforcement":
        effort = asked.get("reasoning_effort")
        more = {
            "eval_interval": int(number("eval_interval", 1)),
            "eval_samples": int(number("eval_samples", 1)),
            "compute_multiplier": number("compute_multiplier", 1.0),
            "reasoning_effort": effort if effort not in (None, "default") else "medium",
        }
    return Hyperparameters(
        n_epochs=int(number("n_epochs", few)),
        batch_size=int(number("batch_size", max(1, round(examples * 0.002)))),
        learning_rate_multiplier=number("learning_rate_multiplier", 1.0),
        more=more,
        asked=asked,
    )
