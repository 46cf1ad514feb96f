"""The grader of numbers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from contract.evaluation_graders.named import Compared
from contract.shape import Text

Tolerance = Annotated[float, Field(ge=0, le=1e12)]


class Number(Compared):
    """1 where the answer's number is the expected one, within the larger of both tolerances."""

    type: Literal["number"]
    take: Literal["last", "first"] = Field(default="last", description="Which number of the text.")
    marker: Text | None = Field(
        default=None, description="The first number after its last occurrence instead, such as ####; none: no number."
    )
    tolerance: Tolerance = Field(default=0.0, description="How far it may be off.")
    relative_tolerance: Tolerance = Field(default=0.0, description="The same as a share of the expected number.")
    decimal: Literal[".", ","] = Field(
        default=".", description="The decimal sign. The other one, blanks and apostrophes may separate thousands."
    )
