"""Templates in graders: `{{ sample.output_text }}`, `{{item.answer.date}}`.

Source: MicrosoftDocs azure-ai-docs, foundry/openai/includes/how-to-reinforcement-fine-tuning-content.md, 2026-03: the
namespaces are `sample` and `item`; "for nested data, a JSON-path like syntax" is supported, of which dots and indexes
in brackets are taken here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

NAMESPACES = ("sample", "item")
_REFERENCE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_PATH = re.compile(r"[A-Za-z_$][\w$-]*(?:\.[\w$-]+|\[\d+\])*")
_STEP = re.compile(r"[\w$-]+")


class Unresolved(Exception):
    """A reference to something that is not there."""


def references(template: str) -> list[str]:
    """What a template names, in order: `sample.output_text`."""
    return [match[1].strip() for match in _REFERENCE.finditer(template)]


def fault(template: str) -> str | None:
    """What is wrong with a template; None where nothing is."""
    for path in references(template):
        if not _PATH.fullmatch(path) or path.split(".")[0].split("[")[0] not in NAMESPACES:
            return f"'{path}' names neither sample nor item"
        if len(_STEP.findall(path)) < 2:
            return f"'{path}' names nothing in {path}"
    return None


def found(path: str, namespaces: Mapping[str, Any]) -> bool:
    try:
        value_of(path, namespaces)
    except Unresolved:
        return False
    return True


def value_of(path: str, namespaces: Mapping[str, Any]) -> Any:
    """What stands at a path; raises Unresolved."""
    value: Any = namespaces
    for step in _STEP.findall(path):
        if isinstance(value, Mapping) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            raise Unresolved(path)
    return value


def rendered(template: str, namespaces: Mapping[str, Any]) -> str:
    """The text with everything filled in; what is no text as JSON. Raises Unresolved."""

    def filled(match: re.Match[str]) -> str:
        value = value_of(match[1].strip(), namespaces)
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    return _REFERENCE.sub(filled, template)
