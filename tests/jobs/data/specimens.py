"""Datasets as people have them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jobs.data.check import Report, check_file

SYSTEM = {"role": "system", "content": "You are terse."}
ASK = {"role": "user", "content": "Why?"}
ANSWER = {"role": "assistant", "content": "Because."}
TOLD = {"role": "tool", "tool_call_id": "a", "content": "sunny"}
WEATHER = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}}}


def call(call_id: str = "a", name: str = "weather", arguments: Any = "{}") -> dict[str, Any]:
    """One tool call."""
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}


CALLS = {"role": "assistant", "tool_calls": [call()]}


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


def found(report: Report) -> list[tuple[str, int | None]]:
    """The rules that are broken, each with its line."""
    return [(finding.rule, finding.line) for finding in report.findings]


def broken(tmp_path: Path, content: Any) -> list[tuple[str, int | None]]:
    """What is found in a training file of this content."""
    return found(check_file(written(tmp_path / "set.jsonl", content)))


def broken_by(tmp_path: Path, example: Any) -> list[str]:
    """The rules that ``example`` breaks, on line 61 of an otherwise good training file."""
    rules = broken(tmp_path, [*many(60), example])
    assert {line for _, line in rules} <= {61}
    return [rule for rule, _ in rules]
