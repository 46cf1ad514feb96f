"""Graders of answers that are JSON, or calls of tools."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from contract.evaluation_graders.beside import Beside
from contract.evaluation_graders.named import Compared, Named
from contract.graders import json_value
from contract.shape import Text


class JsonSchema(Compared):
    """1 where the answer is JSON, fits the schema, and has in each key of ``equal`` what is expected there."""

    type: Literal["json_schema"]
    schema_: Annotated[dict[str, Any], AfterValidator(json_value)] | None = Field(
        default=None, alias="schema", description="A JSON Schema. With schemaFile: one of the two, or none."
    )
    schema_file: Beside | None = Field(default=None, description="The same from a file beside tune.yaml.")
    equal: Annotated[tuple[Text, ...], Field(strict=False)] = Field(
        default=(), description="Keys, as a.b[0], in which the answer has to be as the reference, which is JSON too."
    )

    @model_validator(mode="after")
    def _one_schema(self) -> JsonSchema:
        if self.schema_ is not None and self.schema_file is not None:
            raise ValueError("schema and schemaFile: one of the two")
        return self


class ToolCall(Named):
    """1 where the answer calls the expected tools; where none is expected, where it calls none."""

    type: Literal["tool_call"]
    arguments: Literal["exact", "subset", "ignored"] = Field(
        default="exact", description="As JSON values: the same, at least the expected ones, or any."
    )
    order: Literal["any", "same"] = Field(default="any", description="Of several calls.")
