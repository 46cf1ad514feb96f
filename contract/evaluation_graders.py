"""Graders of an evaluation: ours, and Azure's own where they mean the same. As they stand in tune.yaml, in camelCase.

Every grader gives each answer a score; an answer is right where that reaches ``passThreshold``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from contract.shape import Shape, Text


class _Named(Shape):
    name: Text = Field(description="What the scorecard calls it.")
    pass_threshold: float = Field(default=0.5, description="The score from which an answer is right.")


class ExactMatch(_Named):
    """1 where the answer is the expected one, character by character but for blanks around it."""

    type: Literal["exact_match"]


EvaluationGrader = Annotated[ExactMatch, Field(description="A grader.")]
