"""What a grader must look like. Source: MicrosoftDocs azure-ai-docs, foundry/openai/includes/
how-to-reinforcement-fine-tuning-content.md (2026-03) and foundry/includes/reinforcement-fine-tuning-preparation.md
(2026-10). How Azure words a fault is in no document: memory.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from simulator.openai.graders import formulas, templates

OPERATIONS = ("eq", "ne", "like", "ilike")
METRICS = ("fuzzy_match", "bleu", "gleu", "meteor", *(f"rouge_{n}" for n in range(1, 6)), "rouge_l")
"""`cosine` is for evaluations, not for reinforcement tuning."""
MODELS = ("gpt-4o-2024-08-06", "o3-mini-2025-01-31")
LARGEST_SOURCE = 256 * 1024
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "string_check": ("name", "operation", "input", "reference"),
    "text_similarity": ("name", "evaluation_metric", "input", "reference"),
    "score_model": ("name", "model", "input"),
    "python": ("name", "source"),
    "multi": ("name", "graders", "calculate_output"),
}
_TEMPLATED = ("string_check", "text_similarity")


def faults(grader: object, at: str = "grader") -> Iterator[str]:
    """What is wrong with it, each with the place."""
    if not isinstance(grader, dict):
        yield f"{at} must be an object"
        return
    kind = grader.get("type")
    if not isinstance(kind, str) or kind not in _FIELDS:
        yield f"{at}.type must be one of {', '.join(_FIELDS)}"
        return
    missing = [name for name in _FIELDS[kind] if name not in grader]
    yield from (f"{at}.{name} is missing" for name in missing)
    if not missing:
        yield from _kind_faults(kind, grader, at)


def _kind_faults(kind: str, grader: Mapping[str, Any], at: str) -> Iterator[str]:
    for name in _FIELDS[kind]:
        if name not in ("input", "graders") and not isinstance(grader[name], str):
            yield f"{at}.{name} must be text"
    match kind:
        case "string_check" if grader["operation"] not in OPERATIONS:
            yield f"{at}.operation must be one of {', '.join(OPERATIONS)}"
        case "text_similarity" if grader["evaluation_metric"] not in METRICS:
            yield f"{at}.evaluation_metric must be one of {', '.join(METRICS)}"
        case "score_model":
            yield from _model_faults(grader, at)
        case "python":
            yield from _source_faults(grader["source"], at)
        case "multi":
            yield from _multi_faults(grader, at)
    if kind in _TEMPLATED:
        for name in ("input", "reference"):
            yield from _template_faults(grader[name], f"{at}.{name}")


def texts_of(grader: Mapping[str, Any]) -> list[str]:
    """All templates of a well-formed grader, those of its parts included."""
    match grader["type"]:
        case "multi":
            return [text for part in grader["graders"].values() for text in texts_of(part)]
        case "score_model":
            return [text for message in grader["input"] for text in _message_texts(message)]
        case "python":
            return []
    return [grader["input"], grader["reference"]]


def item_paths(grader: Mapping[str, Any]) -> tuple[str, ...]:
    """What a well-formed grader names of an example, once each: `item.answer`."""
    named = [path for text in texts_of(grader) for path in templates.references(text)]
    return tuple(dict.fromkeys(path for path in named if path.startswith("item")))


def rewarded(grader: Mapping[str, Any]) -> str | None:
    """The path of the answer that a well-formed grader compares the model's whole text with, if it does that."""
    if grader["type"] == "multi":
        return next((path for part in grader["graders"].values() if (path := rewarded(part))), None)
    if grader["type"] not in _TEMPLATED or grader.get("operation") == "ne":
        return None
    sides = {tuple(templates.references(grader[name])) for name in ("input", "reference")}
    paths = [side[0] for side in sides if len(side) == 1 and side[0].startswith("item")]
    return paths[0] if len(paths) == 1 and ("sample.output_text",) in sides else None


def _template_faults(template: object, at: str) -> Iterator[str]:
    if not isinstance(template, str):
        yield f"{at} must be text"
    elif wrong := templates.fault(template):
        yield f"{at}: {wrong}"


def _model_faults(grader: Mapping[str, Any], at: str) -> Iterator[str]:
    if grader["model"] not in MODELS:
        yield f"{at}.model must be one of {', '.join(MODELS)}"
    messages = grader["input"]
    if not isinstance(messages, list) or not messages:
        yield f"{at}.input must be a list of messages"
        return
    for index, message in enumerate(messages):
        if not isinstance(message, dict) or message.get("role") not in ("user", "assistant", "system", "developer"):
            yield f"{at}.input[{index}] must be a message with a role"
        else:
            if not _message_texts(message):
                yield f"{at}.input[{index}].content must be text"
            for text in _message_texts(message):
                yield from _template_faults(text, f"{at}.input[{index}].content")
    bounds = grader.get("range", [0, 1])
    numbers = isinstance(bounds, list) and len(bounds) == 2 and all(type(each) in (int, float) for each in bounds)
    if not numbers or bounds[0] >= bounds[1]:
        yield f"{at}.range must be two numbers, the lower one first"


def _message_texts(message: Mapping[str, Any]) -> list[str]:
    content = message.get("content")
    parts = content if isinstance(content, list) else [content]
    texts = [part.get("text") if isinstance(part, dict) else part for part in parts]
    return [text for text in texts if isinstance(text, str)]


def _source_faults(source: object, at: str) -> Iterator[str]:
    if not isinstance(source, str):
        return
    if len(source.encode()) > LARGEST_SOURCE:
        yield f"{at}.source has more than {LARGEST_SOURCE // 1024} KB"
        return
    try:
        parsed = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        yield f"{at}.source is no Python"
        return
    defined = [each for each in parsed.body if isinstance(each, ast.FunctionDef) and each.name == "grade"]
    if not defined or len(defined[-1].args.posonlyargs + defined[-1].args.args) != 2:
        yield f"{at}.source must define grade(sample, item)"


def _multi_faults(grader: Mapping[str, Any], at: str) -> Iterator[str]:
    parts = grader["graders"]
    if not isinstance(parts, dict) or not parts:
        yield f"{at}.graders must be an object of graders"
        return
    for key, part in parts.items():
        if isinstance(part, dict) and part.get("type") == "multi":
            yield f"{at}.graders.{key} must not be a multi grader itself"
        else:
            yield from faults(part, f"{at}.graders.{key}")
    if isinstance(grader["calculate_output"], str):
        try:
            formulas.check(grader["calculate_output"], set(parts))
        except formulas.Unreadable as problem:
            yield f"{at}.calculate_output: {problem}"
