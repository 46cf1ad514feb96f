"""What tests of planning begin with."""

from __future__ import annotations

from typing import Any

from contract.outputs import StackOutputs
from jobs.planning.making import Wanted
from jobs.planning.plan import FileFigures
from tests.jobs.doubles import START
from tests.jobs.specimens import TUNE_YAML, model_mapping, outputs_mapping, run

NOW = START
FULL = "gpt-4.1-2025-04-14"
"""A base with a price of training in the table: $25 per 1M tokens, globally."""


def figures(use: str = "training", **changes: Any) -> FileFigures:
    """Microsoft's example: 500 pairs with 1 million tokens in all; a fifth of them answers."""
    letter = {"training": "a", "validation": "b", "holdout": "c"}[use]
    return FileFigures.model_validate(
        {
            "use": use,
            "sha256": letter * 64,
            "size": 4_000_000,
            "examples": 500,
            "encoding": "o200k_base",
            "tokens": 1_000_000,
            "prompt_tokens": 800_000,
            "answer_tokens": 200_000,
            "longest": 4_000,
            "longest_line": 7,
        }
        | changes
    )


def tune_yaml(base: str = FULL, more: str = "") -> str:
    return TUNE_YAML.replace(TUNE_YAML.splitlines()[0], f"base: {base}") + more


def stack(
    model: dict[str, Any] | None = None, account: dict[str, Any] | None = None, **environment: Any
) -> StackOutputs:
    """A stack with one model, one account, and these changes to them."""
    mapping = outputs_mapping(clippy=model_mapping(**(model or {})))
    mapping["accounts"]["main"] |= account or {}
    mapping["environment"] |= environment
    return StackOutputs.parse(mapping)


def wanted(
    outputs: StackOutputs | None = None, base: str = FULL, more: str = "", files: tuple[FileFigures, ...] = ()
) -> Wanted:
    return Wanted(run(base, tune_yaml(base, more)), "dev", outputs or stack(), files or (figures(), figures("holdout")))
