"""Why a model is tuned, in tune.yaml: the questions of Microsoft's page on when to fine-tune, answered by people.

Source: azure-ai-docs, foundry/openai/concepts/fine-tuning-considerations.md (2026-03). All answers are optional here;
``jobs.readiness`` says which are missing, and what that means.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from contract.shape import Date, Sha256, Shape


def _as_text(value: object) -> object:
    """An unquoted day is a date in YAML."""
    return value.isoformat() if type(value) is date else value


class Attempt(Shape):
    """What was tried without tuning, and where it measurably fell short."""

    tried: bool | str | None = Field(default=None, description="What was tried, in a sentence; or true or false.")
    failings: str | None = Field(default=None, description="What it measurably got wrong: figures, not adjectives.")


class Baseline(Shape):
    """How far one comes without tuning."""

    prompting: Attempt | None = Field(default=None, description="Instructions and examples in the prompt.")
    retrieval: Attempt | None = Field(default=None, description="Facts looked up and given with the question.")
    scorecard: Sha256 | None = Field(
        default=None, description="What prompting alone reaches, as `jobs evaluate MODEL --baseline` measured it."
    )


class Provenance(Shape):
    """Where the examples come from, and who said that they may be used."""

    origin: str | None = Field(default=None, description="Where the examples come from, and who wrote or chose them.")
    approved_by: str | None = Field(default=None, description="Who approved their use for training.")
    approved_on: Annotated[Date, BeforeValidator(_as_text)] | None = Field(
        default=None, description="When: a day such as 2026-11-20."
    )


class Success(Shape):
    """By what one will tell whether tuning was worth it."""

    measure: str | None = Field(default=None, description="What is measured.")
    target: str | int | float | None = Field(default=None, description="The value that it has to reach.")


class Replaces(Shape):
    """What the tuned model replaces, for the break-even."""

    model: str | None = Field(default=None, description="The model that does the work now.")
    prompt_tokens: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="Tokens of its prompt per call that the tuned model will not need."
    )


class UseCase(Shape):
    """The readiness questions."""

    goal: str | None = Field(default=None, description="What the model shall do better, and for whom.")
    kind: Literal["style", "format", "classification", "toolUse", "cost", "knowledge", "other"] | None = Field(
        default=None, description="What sort of goal it is."
    )
    baseline: Baseline | None = Field(default=None, description="What was tried without tuning.")
    data: Provenance | None = Field(default=None, description="Where the data come from.")
    success: Success | None = Field(default=None, description="When it is good enough.")
    replaces: Replaces | None = Field(default=None, description="What the tuned model replaces.")
