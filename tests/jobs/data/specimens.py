"""Datasets as people have them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SYSTEM = {"role": "system", "content": "You are terse."}
WEATHER = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}}}


def chat(question: str = "Why?", answer: str = "Because.", **keys: Any) -> dict[str, Any]:
    """One good example."""
    said = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return {"messages": [SYSTEM, *said]} | keys


def many(number: int = 60) -> list[dict[str, Any]]:
    """So many good examples, all different."""
    return [chat(f"Question {n}?", f"Answer {n}.") for n in range(number)]


def jsonl(examples: Iterable[Any]) -> bytes:
    return b"".join(json.dumps(example, ensure_ascii=False).encode() + b"\n" for example in examples)


def written(path: Path, content: bytes | Iterable[Any]) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else jsonl(content))
    return path
