"""What all graders of an evaluation have, and what those have that compare two texts."""

from __future__ import annotations

from pydantic import Field

from contract.graders import Template
from contract.shape import Shape, Text


class Named(Shape):
    name: Text = Field(description="What the scorecard calls it.")
    pass_threshold: float = Field(default=0.5, description="The score from which an answer is right.")


class Compared(Named):
    """The answer against what is expected; each may be a part of it, by a template."""

    input: Template = Field(default="{{ sample.output_text }}", description="What is graded; default: the whole text.")
    reference: Template = Field(
        default="{{ item.reference }}", description="What is expected; default: the text of the example's last answer."
    )
