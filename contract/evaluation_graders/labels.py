"""The grader of classifications."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from contract.evaluation_graders.named import Compared
from contract.evaluation_graders.patterns import Pattern
from contract.shape import Text


class Classification(Compared):
    """1 where the answer's label is the expected one. The label is the whole text, the part that ``pattern`` finds (its
    group ``label``, else its first group, else all of it), or what stands at ``key`` of the answer's JSON."""

    type: Literal["classification"]
    pattern: Pattern | None = Field(default=None, description="Finds the label in a longer text.")
    key: Text | None = Field(default=None, description="Where the label stands in an answer that is JSON: a.b[0].")
    labels: Annotated[tuple[Text, ...], Field(strict=False, min_length=2)] | None = Field(
        default=None, description="Those that there are: another one is none. Default: any."
    )
    case_sensitive: bool = Field(default=False, description="Whether case counts.")

    @model_validator(mode="after")
    def _one_way(self) -> Classification:
        if self.pattern is not None and self.key is not None:
            raise ValueError("pattern and key: one of the two")
        seen: dict[str, str] = {}
        for label in self.labels or ():
            same = label if self.case_sensitive else label.casefold()
            if same in seen:
                raise ValueError(f"labels: {label!r} stands there twice")
            seen[same] = label
        return self
