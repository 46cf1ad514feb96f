"""What a baseline's prompt takes from files beside tune.yaml: few-shot examples, retrieved context."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jobs.data.examples import read_examples
from jobs.data.formats.messages import SYSTEM_ROLES
from jobs.errors import Unreadable
from jobs.evaluation.questions import sendable

_JSONL = ".jsonl"


def few_shot(path: Path) -> tuple[Mapping[str, Any], ...]:
    """The messages of a file of examples, in their order, as they are sent before a question. Their system messages are
    left out: what is asked has its own. Raises Unreadable."""
    found = tuple(
        sendable(message)
        for example in read_examples(path)
        for message in example.messages
        if message.get("role") not in SYSTEM_ROLES
    )
    if not found:
        raise Unreadable(f"{path}: there is no example with messages in it")
    return found


def contexts(path: Path) -> tuple[str, ...]:
    """Retrieved context. A text file is one for all questions; of a JSONL file each line that is not blank belongs to
    one of the holdout, in their order: a text, or an object whose ``context`` is one. Raises Unreadable."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        words = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise Unreadable(f"{path} cannot be read: {words}") from None
    if path.suffix != _JSONL:
        if not content.strip():
            raise Unreadable(f"{path} is empty: there is no context in it")
        return (content.strip(),)
    # Not splitlines: it would cut a text at signs that JSON lets stand in it.
    lines = enumerate(content.split("\n"), start=1)
    found = tuple(_context(path, number, line) for number, line in lines if line.strip())
    if not found:
        raise Unreadable(f"{path} is empty: there is no context in it")
    return found


def _context(path: Path, number: int, line: str) -> str:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise Unreadable(f"{path}: the line is no JSON", line=number) from None
    text = value.get("context") if isinstance(value, dict) else value
    if not isinstance(text, str):
        raise Unreadable(f"{path}: the line is neither a text nor an object with a text as its context", line=number)
    return text
