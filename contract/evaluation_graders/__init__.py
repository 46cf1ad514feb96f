"""Graders of an evaluation: ours, and Azure's own where they mean the same. As they stand in tune.yaml, in camelCase.

Every grader gives each answer a score; an answer is right where that reaches ``passThreshold``.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Tag

from contract import graders
from contract.evaluation_graders.azure import Multi, Python, ScoreModel, StringCheck
from contract.evaluation_graders.callables import Callable
from contract.evaluation_graders.judge import Judge
from contract.evaluation_graders.labels import Classification
from contract.evaluation_graders.named import Named
from contract.evaluation_graders.numbers import Number
from contract.evaluation_graders.structured import JsonSchema, ToolCall
from contract.evaluation_graders.texts import Contains, ExactMatch, NormalizedMatch, Regex, TextSimilarity
from contract.graders import singles, type_of

EvaluationGrader = Annotated[
    Annotated[ExactMatch, Tag("[exact_match]")]
    | Annotated[NormalizedMatch, Tag("[normalized_match]")]
    | Annotated[Contains, Tag("[contains]")]
    | Annotated[Regex, Tag("[regex]")]
    | Annotated[Classification, Tag("[classification]")]
    | Annotated[Number, Tag("[number]")]
    | Annotated[JsonSchema, Tag("[json_schema]")]
    | Annotated[ToolCall, Tag("[tool_call]")]
    | Annotated[TextSimilarity, Tag("[text_similarity]")]
    | Annotated[Judge, Tag("[judge]")]
    | Annotated[Callable, Tag("[callable]")]
    | Annotated[StringCheck, Tag("[string_check]")]
    | Annotated[ScoreModel, Tag("[score_model]")]
    | Annotated[Python, Tag("[python]")]
    | Annotated[Multi, Tag("[multi]")],
    type_of(
        *("exact_match", "normalized_match", "contains", "regex", "classification", "number", "json_schema"),
        *("tool_call", "text_similarity", "judge", "callable", "string_check", "score_model", "python", "multi"),
    ),
    Field(description="A grader."),
]


def judges(grader: EvaluationGrader) -> tuple[str, ...]:
    """The deployments that a grader asks, each once, sorted: keys of the stack's baseDeployments."""
    if isinstance(grader, Judge):
        return (grader.deployment,)
    if not isinstance(grader, Multi | ScoreModel):
        return ()
    return tuple(sorted({single.model for _, single in singles(grader) if isinstance(single, graders.ScoreModel)}))


def templates(grader: EvaluationGrader) -> tuple[str, ...]:
    """All texts of a grader in which references are filled in."""
    match grader:
        case StringCheck() | ScoreModel() | Python() | Multi():
            return tuple(graders.templates(grader))
        case Contains():
            return (grader.input, *(grader.values or (grader.reference,)))
        case JsonSchema():
            return (grader.input, grader.reference) if grader.equal else (grader.input,)
        case ExactMatch() | NormalizedMatch() | Number() | Classification() | TextSimilarity():
            return (grader.input, grader.reference)
        case Regex():
            return (grader.input,)
        case Judge():
            return (grader.rubric,)
        case ToolCall() | Callable():
            return ()


def references(grader: EvaluationGrader) -> tuple[str, ...]:
    """As graders.references: the paths below an example that its templates refer to."""
    return graders.references_in(templates(grader))


__all__ = [
    "Callable",
    "Classification",
    "Contains",
    "EvaluationGrader",
    "ExactMatch",
    "JsonSchema",
    "Judge",
    "Multi",
    "Named",
    "NormalizedMatch",
    "Number",
    "Python",
    "Regex",
    "ScoreModel",
    "StringCheck",
    "TextSimilarity",
    "ToolCall",
    "judges",
    "references",
    "templates",
]
