"""Graders: what scores a model's answers in reinforcement fine-tuning. As the API takes them, in camelCase.

Sources: "rft" is Microsoft's "Reinforcement fine-tuning" (azure-ai-docs, reinforcement-fine-tuning.md and its pages of
October 2026), "spec" Azure's v1 specification (azure-rest-api-specs, azure-v1-v1-generated.yaml), "sdk" the types of
the OpenAI Python library. Templates hold references in double braces: ``{{ sample.output_text }}`` is of the answer,
``{{ item.label }}`` of the example's own keys (rft).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from contract import grader_formula
from contract.shape import Shape, Text

MAX_SOURCE_BYTES = 256 * 1024
"""Of a python grader (rft)."""
DOCUMENTED_MODELS = ("gpt-4o-2024-08-06", "o3-mini-2025-01-31")
"""Models that grade, as documented (rft, 2026-10). Azure may know others by now."""
_REFERENCE = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def _template(text: str) -> str:
    """Raises ValueError where a reference is of neither namespace, which the service could not fill in."""
    for reference in _REFERENCE.findall(text):
        if not re.match(r"(sample|item)\.[^\s.]", reference):
            raise ValueError(
                f"{{{{ {reference} }}}} refers to nothing: write sample.… (the answer) or item.… (its keys)"
            )
    return text


Template = Annotated[Text, AfterValidator(_template)]


class StringCheck(Shape):
    """1 where the comparison holds, else 0. ``like`` and ``ilike``: ``input`` contains ``reference``."""

    type: Literal["string_check"]
    name: Text
    input: Template
    reference: Template
    operation: Literal["eq", "ne", "like", "ilike"]


class TextSimilarity(Shape):
    """How alike two texts are. The API's ``cosine`` is for evaluations, not for this (rft)."""

    type: Literal["text_similarity"]
    name: Text
    input: Template
    reference: Template
    evaluation_metric: Literal[
        "fuzzy_match", "bleu", "gleu", "meteor", "rouge_1", "rouge_2", "rouge_3", "rouge_4", "rouge_5", "rouge_l"
    ]


class ContentPart(Shape):
    type: Literal["input_text", "output_text"]
    text: Template


class GraderMessage(Shape):
    """A message to the model that grades."""

    type: Literal["message"] | None = None
    role: Literal["user", "assistant", "system", "developer"]
    content: Template | ContentPart


class SamplingParams(Shape):
    """How the model that grades is asked (rft). Which of these it takes depends on the model."""

    seed: int | None = None
    temperature: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    top_p: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None
    max_completions_tokens: Annotated[int, Field(ge=1)] | None = None
    reasoning_effort: Text | None = None


Bound = Annotated[float, Field(allow_inf_nan=False)]


def ascending(bounds: tuple[float, ...]) -> tuple[float, ...]:
    """``bounds`` where they are two, the lower one first. Raises ValueError."""
    if len(bounds) != 2 or bounds[0] >= bounds[1]:
        raise ValueError("two numbers are expected, the lower bound first: [0, 1]")
    return bounds


class ScoreModel(Shape):
    """Another model gives a number within ``range``, which is [0, 1] unless given."""

    type: Literal["score_model"]
    name: Text
    model: Text
    input: Annotated[tuple[GraderMessage, ...], Field(strict=False, min_length=1)]
    range: Annotated[tuple[Bound, ...], Field(strict=False), AfterValidator(ascending)] | None = None
    sampling_params: SamplingParams | None = None


def _source(text: str) -> str:
    size = len(text.encode())
    if size > MAX_SOURCE_BYTES:
        raise ValueError(f"has {size} bytes, at most {MAX_SOURCE_BYTES} (256 KB) are allowed")
    if not re.search(r"\bgrade\b", text):
        raise ValueError("defines no function `grade(sample, item)`, which the service calls")
    return text


class Python(Shape):
    """``grade(sample, item)`` gives a number; 2 GB, 2 minutes, no network (rft)."""

    type: Literal["python"]
    name: Text
    source: Annotated[Text, AfterValidator(_source)]
    image_tag: Text | None = None


def _tag(value: object) -> str | None:
    """The branch of the union; in brackets, by which ``contract.faults`` knows that it is no key."""
    kind = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return f"[{kind}]" if isinstance(kind, str) else None


def type_of(*known: str) -> Discriminator:
    """Chooses a branch of a union by its ``type``; the branches are tagged in brackets."""
    return Discriminator(
        _tag,
        custom_error_type="grader_type",
        custom_error_message=f"its `type` is none of {', '.join(known)}",
    )


Single = Annotated[
    Annotated[StringCheck, Tag("[string_check]")]
    | Annotated[TextSimilarity, Tag("[text_similarity]")]
    | Annotated[ScoreModel, Tag("[score_model]")]
    | Annotated[Python, Tag("[python]")],
    type_of("string_check", "text_similarity", "score_model", "python"),
]


class Multi(Shape):
    """Combines named graders, no multi graders themselves, by a formula such as ``(similarity + label) / 2``."""

    type: Literal["multi"]
    name: Text
    graders: Annotated[dict[str, Single], Field(min_length=1)]
    calculate_output: Text

    @model_validator(mode="after")
    def _formula_knows_the_graders(self) -> Multi:
        wrong = [name for name in self.graders if not _NAME.fullmatch(name)]
        if wrong:
            raise ValueError(f"graders: {', '.join(wrong)} cannot stand in calculateOutput; use letters, digits and _")
        grader_formula.check(self.calculate_output, frozenset(self.graders))
        return self


Grader = Annotated[
    Annotated[StringCheck, Tag("[string_check]")]
    | Annotated[TextSimilarity, Tag("[text_similarity]")]
    | Annotated[ScoreModel, Tag("[score_model]")]
    | Annotated[Python, Tag("[python]")]
    | Annotated[Multi, Tag("[multi]")],
    type_of("string_check", "text_similarity", "score_model", "python", "multi"),
]
AnyGrader = StringCheck | TextSimilarity | ScoreModel | Python | Multi


def json_value(value: dict[str, Any]) -> dict[str, Any]:
    """YAML knows days, sets, bytes and halves of characters, which JSON does not."""
    try:
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError) as error:
        raise ValueError(f"is no JSON ({error}): write texts in quotes") from None
    return value


class JsonSchemaFormat(Shape):
    """A JSON Schema with its name."""

    name: Text
    description: Text | None = None
    strict: bool | None = None
    schema_: Annotated[dict[str, Any], AfterValidator(json_value)] = Field(alias="schema")


class ResponseFormat(Shape):
    """The form of the answers during training; without it they are text (rft, 2026-10)."""

    type: Literal["json_schema"]
    json_schema: JsonSchemaFormat


def singles(grader: AnyGrader) -> Iterator[tuple[str, StringCheck | TextSimilarity | ScoreModel | Python]]:
    """The graders that are no multi grader, each with its key below ``grader``: ``""`` or ``graders.label``."""
    if isinstance(grader, Multi):
        yield from ((f"graders.{name}", single) for name, single in grader.graders.items())
    else:
        yield "", grader


def templates(grader: AnyGrader) -> Iterator[str]:
    """All texts in which references are filled in."""
    for _, single in singles(grader):
        match single:
            case StringCheck() | TextSimilarity():
                yield from (single.input, single.reference)
            case ScoreModel():
                for message in single.input:
                    yield message.content if isinstance(message.content, str) else message.content.text
            case Python():
                # Its source reads the example by itself.
                continue


def references(grader: AnyGrader) -> tuple[str, ...]:
    """The paths below an example that its templates refer to: ``label`` of ``{{ item.label }}``, ``truth.date`` of
    ``{{ item.truth.date }}``. Each once, sorted. What a python grader reads is not known."""
    return references_in(templates(grader))


def references_in(texts: Iterable[str]) -> tuple[str, ...]:
    """As ``references``, of templates."""
    return tuple(sorted(path.removeprefix("item.") for path in _all(texts) if path.startswith("item.")))


def sample_references(grader: AnyGrader) -> tuple[str, ...]:
    """As ``references``, of the answer: ``output_text``, ``output_json.label``."""
    return tuple(sorted(path.removeprefix("sample.") for path in _all(templates(grader)) if path.startswith("sample.")))


def _all(texts: Iterable[str]) -> set[str]:
    return {reference for text in texts for reference in _REFERENCE.findall(text)}


def wire(shape: AnyGrader | ResponseFormat) -> dict[str, Any]:
    """As the API takes it: its own names, and nothing that is not given."""
    found: dict[str, Any] = shape.model_dump(mode="json", by_alias=False, exclude_none=True)
    if isinstance(shape, ResponseFormat):
        # ``exclude_none`` would drop nulls of the schema too, where they mean something.
        found["json_schema"] = {
            "schema" if key == "schema_" else key: shape.json_schema.schema_ if key == "schema_" else value
            for key, value in found["json_schema"].items()
        }
    return found
