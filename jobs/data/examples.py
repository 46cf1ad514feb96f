"""The examples of a file, for those who use them after the check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobs.data.reading.json_line import BadLine, parse_object
from jobs.data.reading.lines import PieceReader, Source, lines_of
from jobs.errors import Unreadable

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Example:
    """One line's object, as it stands there; ``line`` from 1."""

    line: int
    value: Mapping[str, Any]

    @property
    def messages(self) -> list[Mapping[str, Any]]:
        """Its messages; empty where it has none. ``check_file`` says whether they are what they should be."""
        found = self.value.get("messages")
        return [message for message in found if isinstance(message, dict)] if isinstance(found, list) else []

    @property
    def prompt(self) -> list[Mapping[str, Any]]:
        """The messages before the last answer: what to send to get one like it."""
        messages = self.messages
        last = next((n for n in range(len(messages) - 1, -1, -1) if messages[n].get("role") == "assistant"), 0)
        return messages[:last]


def read_examples(path: Path | Source) -> Iterator[Example]:
    """The examples of a JSONL file, one at a time. Raises Unreadable at the first line that is none."""
    with PieceReader(path) as reader:
        for line in (line for piece in reader for line in lines_of(piece)):
            data = line.data.removeprefix(_BOM) if line.number == 1 else line.data
            if line.too_long:
                raise Unreadable(f"{path}: the line is too long to be read", line=line.number)
            if not data.strip(b" \t\r"):
                continue
            try:
                yield Example(line.number, parse_object(data, last=not line.ended))
            except BadLine as bad:
                raise Unreadable(f"{path}: the line {bad.message}", line=line.number) from None
