"""A model asked to judge: it scores an answer by its likeness to the reference, and to nothing else.

Where there is no reference it is the question that the answer is held against. A rubric is beyond it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from simulator.openai.learning.fitted import fitted, keys_named, mentions
from simulator.openai.learning.memory import alike
from simulator.openai.learning.prompts import Prompt
from simulator.openai.learning.words import words

SCORES = ("score", "result", "rating", "grade")
_ANSWERS = ("answer", "response", "output", "candidate", "completion", "given")
_REFERENCES = ("reference", "expected", "ideal", "ground truth", "gold", "correct")
_QUESTIONS = ("question", "input", "prompt", "task")
_HEADING = re.compile(
    r"^[ \t]*[#*\[<]*[ \t]*([A-Za-z][A-Za-z _']{2,40}?)[ \t]*(?:[\]>*]*[ \t]*:[ \t]*\**|[\]>]+)", re.MULTILINE
)
_TAGGED = re.compile(r"^<([A-Za-z][\w ]*)>(.*?)</\1>", re.MULTILINE | re.DOTALL)
_RANGE = re.compile(
    r"\b(?:from|between|scale of|range of)?\s*(\d+(?:\.\d+)?)\s*(?:to|and|-|–|\.\.)\s*(\d+(?:\.\d+)?)", re.IGNORECASE
)


def judged(prompt: Prompt) -> str | None:
    """The verdict as JSON; None where the prompt asks for none."""
    everything = f"{prompt.system}\n{prompt.question}"
    wanted = _wanted(prompt, everything)
    key = next((name for name in SCORES if name in wanted), None)
    if key is None:
        return None
    blocks = _blocks(prompt.question) or _blocks(everything)
    answer = _block(blocks, _ANSWERS, besides=_REFERENCES)
    if answer is None:
        return None
    reference = _block(blocks, _REFERENCES)
    question = _block(blocks, _QUESTIONS) or ""
    likeness = likeness_of(answer, reference) if reference is not None else mentions(answer, question)
    low, high = _range(wanted[key], prompt)
    score: float | int = round(low + likeness * (high - low), 3)
    if wanted[key].get("type") == "integer" or (high - low >= 2 and float(low).is_integer()):
        score = round(score)
    said = "the reference" if reference is not None else "the question"
    reason = f"{round(100 * likeness)} % of its words are those of {said}."
    rest = {name: _rest(name, schema, reason) for name, schema in wanted.items() if name != key}
    # A reason comes before the score where the schema has it so.
    return json.dumps({name: score if name == key else rest[name] for name in wanted}, ensure_ascii=False)


def likeness_of(answer: str, reference: str) -> float:
    """Equal texts 1; a short reference that the answer contains counts as much as its words do in a bag of both."""
    if words(answer) == words(reference):
        return 1.0
    return max(alike(answer, reference), 0.8 if f" {_plain(reference)} " in f" {_plain(answer)} " else 0.0)


def _plain(text: str) -> str:
    return " ".join(words(text))


def _wanted(prompt: Prompt, text: str) -> Mapping[str, Mapping[str, Any]]:
    """The keys of the JSON that is asked for, each with its schema."""
    properties = (prompt.schema or {}).get("properties")
    if isinstance(properties, dict):
        return {str(key): value if isinstance(value, dict) else {} for key, value in properties.items()}
    if prompt.schema is None and "JSON" not in text:
        return {}
    shown = keys_named(text)
    if shown:
        return {key: {} for key in shown}
    said = [name for name in ("score", "rating", "grade", "reason") if re.search(rf"\b{name}\b", text, re.IGNORECASE)]
    return {name: {} for name in said}


def _rest(name: str, schema: Mapping[str, Any], reason: str) -> Any:
    kind = schema.get("type", "string")
    return reason if kind == "string" and "enum" not in schema else fitted(schema, f"{name}: {reason}")


def _blocks(text: str) -> list[tuple[str, str]]:
    """Heading in lower case → what stands under it. Between tags, where there are any: a text has headings, too."""
    if tagged := _TAGGED.findall(text):
        return [(tag.lower().replace("_", " "), inner.strip()) for tag, inner in tagged]
    found = list(_HEADING.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    return [
        (match[1].lower().replace("_", " "), text[match.end() : end].strip())
        for match, end in zip(found, ends, strict=True)
    ]


def _block(blocks: list[tuple[str, str]], names: tuple[str, ...], besides: tuple[str, ...] = ()) -> str | None:
    return next(
        (
            text
            for heading, text in blocks
            if any(name in heading for name in names) and not any(name in heading for name in besides)
        ),
        None,
    )


def _range(schema: Mapping[str, Any], prompt: Prompt) -> tuple[float, float]:
    if "minimum" in schema and "maximum" in schema:
        return float(schema["minimum"]), float(schema["maximum"])
    # A rubric has figures, too: those of the score are told at the end. What is graded comes last.
    for match in (*reversed(list(_RANGE.finditer(prompt.system))), *_RANGE.finditer(prompt.question)):
        low, high = float(match[1]), float(match[2])
        if low in (0, 1) and low < high <= 100:
            return low, high
    return 0.0, 1.0
