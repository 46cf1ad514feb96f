"""Graders that compare texts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from contract.evaluation_graders.named import Compared, Named
from contract.evaluation_graders.patterns import Pattern
from contract.graders import Template


class ExactMatch(Compared):
    """1 where the answer is the expected one, character by character but for blanks around it."""

    type: Literal["exact_match"]


class NormalizedMatch(Compared):
    """1 where both are the same after normalisation: Unicode's NFKC, case folded, apostrophes dropped, other
    punctuation made a blank (not a point or comma between digits, nor a sign before one), blanks as one."""

    type: Literal["normalized_match"]


class Contains(Compared):
    """1 where the answer contains what is named in ``values``, or else the expected text."""

    type: Literal["contains"]
    values: Annotated[tuple[Template, ...], Field(strict=False, min_length=1)] | None = Field(
        default=None, description="What it has to contain; default: the reference."
    )
    match: Literal["all", "any"] = Field(default="all", description="Of several values.")
    case_sensitive: bool = Field(default=False, description="Whether case counts.")


class Regex(Named):
    """1 where the pattern is found in the answer."""

    type: Literal["regex"]
    pattern: Pattern = Field(description="As the regex library for Python reads it, at most 1,000 characters.")
    match: Literal["search", "full"] = Field(default="search", description="full: the whole answer has to fit.")
    ignore_case: bool = Field(default=False, description="Whether case counts.")
    input: Template = Field(default="{{ sample.output_text }}", description="What is graded; default: the whole text.")


def to_be_had(metric: object) -> object:
    """Raises ValueError for Azure's metrics that cannot be had here."""
    if metric == "cosine":
        raise ValueError("cosine needs a model that embeds texts, which is not asked here: take rouge_l or a judge")
    if metric == "meteor":
        raise ValueError("meteor needs a thesaurus, which is not here: take rouge_l or gleu")
    return metric


class TextSimilarity(Compared):
    """How alike answer and expected text are, from 0 to 1. Azure's metrics but cosine and meteor, and edit_distance."""

    type: Literal["text_similarity"]
    evaluation_metric: Annotated[
        Literal[
            "edit_distance",
            "fuzzy_match",
            "bleu",
            "gleu",
            "rouge_1",
            "rouge_2",
            "rouge_3",
            "rouge_4",
            "rouge_5",
            "rouge_l",
        ],
        BeforeValidator(to_be_had),
    ] = Field(default="rouge_l", description="How it is measured.")
