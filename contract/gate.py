"""The gate: what an evaluation has to show before a model may be live, per model and environment. Pure.

tune.yaml's ``evaluation.gate`` says it for all environments, ``models.<name>.gate`` of a stack key by key for that one.
Closed by default: what has not been evaluated is not released, and a difference that may be chance is none.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contract.shape import Shape, Text, Usd

Score = Annotated[float, Field(ge=-1_000_000, le=1_000_000)]


class Gate(Shape):
    """What is not named here is as tune.yaml says, and else as ``DEFAULTS`` do."""

    grader: Text | None = Field(
        default=None, description="The grader that decides, by its name; default: the first of evaluation.graders."
    )
    min_difference: Score | None = Field(
        default=None, description="The least by which the mean has to be better than what is replaced; default 0."
    )
    lower_bound: Score | None = Field(
        default=None,
        description="What the 95 % interval of the difference has to lie above; default 0. "
        "Below 0: worse by so much is accepted, such as for a cheaper model.",
    )
    max_regressions: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="How many answers may be wrong that were right; default: any number."
    )
    floors: dict[Text, Score] | None = Field(
        default=None, description="The least mean per slice, written as name=value, such as language=de."
    )
    max_cost_per_answer: Usd | None = Field(default=None, description="US dollars; default: any.")
    max_p95_seconds: Annotated[float, Field(gt=0, le=3600)] | None = Field(
        default=None, description="Within which 95 of 100 answers come; default: any."
    )

    def over(self, general: Gate | None) -> Gate:
        """This gate, with what it does not name taken from ``general``; floors are joined slice by slice."""
        if general is None:
            return self
        own = {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}
        if self.floors is not None:
            own["floors"] = {**(general.floors or {}), **self.floors}
        return general.model_copy(update=own)


DEFAULTS = Gate(min_difference=0.0, lower_bound=0.0)
