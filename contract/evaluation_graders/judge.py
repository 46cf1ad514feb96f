"""A model that grades by a rubric."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from contract import naming
from contract.evaluation_graders.named import Named
from contract.graders import Bound, Template, ascending


class Judge(Named):
    """A deployed model reads question, expected text and answer, and gives a score with its reason. The score is told
    from 0, the lower end of the scale, to 1, the upper one."""

    type: Literal["judge"]
    deployment: naming.DeploymentName = Field(description="A key of the stack's baseDeployments.")
    rubric: Template = Field(description="What deserves which score, in words for the model; may have templates.")
    scale: Annotated[tuple[Bound, ...], Field(strict=False), AfterValidator(ascending)] = Field(
        default=(0.0, 1.0), description="The least and the best score that it may give; 0 to 1 unless given."
    )
    show_reference: bool = Field(default=True, description="Whether it sees the expected text.")
    temperature: Annotated[float, Field(ge=0, le=2)] | None = Field(
        default=0.0, description="Not sent where it is null, or where the model is known to refuse it."
    )
    seed: int | None = Field(default=42, ge=0, le=2**31 - 1, description="As temperature.")
    max_tokens: Annotated[int, Field(ge=16, le=100_000)] | None = Field(
        default=None, description="The longest verdict, in tokens."
    )
