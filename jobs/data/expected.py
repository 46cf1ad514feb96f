"""What the examples of one file are held to: what it is for, how it trains, and what the model takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    # Not at run time: pydantic would come along into each process that scans.
    from contract.release import Method

Use = Literal["training", "validation", "holdout"]
Encoding = Literal["o200k_base", "cl100k_base"]


@dataclass(frozen=True)
class Expected:
    """What one file is held to.

    base                 the model that is tuned; None where it is not known
    encoding             the vocabulary that it counts tokens by; None where none is known: counts are estimates then
    tokens_per_example   how many tokens of an example it takes; None where that is not known
    images               whether it can be trained on images; None where that is not known
    grader_references    the paths below an example that the grader refers to: ``label``, ``truth.date``
    evaluation_references   the same of the evaluation's graders, which the holdout should have
    """

    use: Use = "training"
    method: Method = "supervised"
    base: str | None = None
    encoding: Encoding | None = None
    tokens_per_example: int | None = None
    images: bool | None = None
    grader_references: tuple[str, ...] = ()
    evaluation_references: tuple[str, ...] = ()
