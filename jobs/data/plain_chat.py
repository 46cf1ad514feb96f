"""Chat examples that are plain: messages of a role and a text each, nothing else, and nothing to say about them.

Nearly all lines of most files are; for them everything is found out at a glance and many at a time, with the same
result as the long way has (a test holds both against each other). Which roles may follow each other is asked of the
formats, once for each row of roles that is met.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from jobs.data.expected import Expected
from jobs.data.fingerprints import SMALL_AND_BLANK, Fingerprint, digest_of, normal
from jobs.data.formats import example_faults
from jobs.data.formats.messages import SYSTEM_ROLES
from jobs.data.formats.texts import is_fine
from jobs.data.tokens import Counter

_ODD = b"\x01"
"""What all control characters are made that no text should have."""
_BETWEEN = "\x00"
_TABLE = bytes(
    SMALL_AND_BLANK[code] if code in b"\t\n\r" or (code >= 32 and code != 127) else code and _ODD[0]
    for code in range(256)
)
_MOST_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """A row of roles that a plain example may have; the last is the assistant's.

    heads           of each message what stands before its text where prompts are compared
    system          how many messages at the beginning are the system's
    asked           which message is the last of a user; None where there is none
    prompt, answer  tokens of the frame
    """

    roles: tuple[str, ...]
    heads: tuple[bytes, ...]
    system: int
    asked: int | None
    prompt: int
    answer: int


@dataclass(slots=True)
class PlainExamples:
    """Some plain examples, in the order of their lines: the number of each, its roles, and the texts beside them."""

    lines: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    texts: list[list[str]] = field(default_factory=list)

    def asked(self) -> list[str]:
        """Of each the last text of a user; empty where there is none."""
        return [
            texts[row.asked] if row.asked is not None else "" for row, texts in zip(self.rows, self.texts, strict=True)
        ]

    def answers(self) -> list[str]:
        """Of each the last text, which is the assistant's."""
        return [texts[-1] for texts in self.texts]

    def prompts(self) -> list[list[dict[str, Any]]]:
        """Of each the messages before the last."""
        return [
            [{"role": role, "content": text} for role, text in zip(row.roles[:-1], texts[:-1], strict=True)]
            for row, texts in zip(self.rows, self.texts, strict=True)
        ]


class PlainChat:
    """Tells plain examples by the rows of roles that ``expected`` allows."""

    def __init__(self, expected: Expected, counter: Counter) -> None:
        self._expected = expected
        self._counter = counter
        self._rows: dict[tuple[str, ...], Row | None] = {}

    def row(self, roles: Sequence[str]) -> Row | None:
        """The row; None where these roles in this order take a closer look."""
        key = tuple(roles)
        try:
            return self._rows[key]
        except KeyError:
            row = self._row(key)
            if len(self._rows) < _MOST_ROWS:
                self._rows[key] = row
            return row

    def _row(self, roles: tuple[str, ...]) -> Row | None:
        example = {"messages": [{"role": role, "content": "Why?"} for role in roles]}
        if roles[-1] != "assistant" or len(roles) < 2 or any(example_faults(example, self._expected)):
            return None
        asked = [number for number, role in enumerate(roles) if role == "user"]
        return Row(
            roles,
            tuple(f"{role} ".encode() for role in roles),
            system=next(number for number, role in enumerate(roles) if role not in SYSTEM_ROLES),
            asked=asked[-1] if asked else None,
            prompt=self._counter.frame(roles[:-1]),
            answer=self._counter.frame(roles[-1:], priming=False),
        )


def plain_parts(value: dict[str, Any]) -> tuple[list[str], list[str]] | None:
    """The roles and the texts of an example that has nothing else; None where it has."""
    messages = value.get("messages")
    if len(value) != 1 or type(messages) is not list or not messages:
        return None
    roles, texts = [], []
    for message in messages:
        if type(message) is not dict or len(message) != 2:
            return None
        role, text = message.get("role"), message.get("content")
        if type(role) is not str or type(text) is not str or not text or text.isspace():
            return None
        roles.append(role)
        texts.append(text)
    return roles, texts


def fingerprint_of(row: Row, texts: list[str]) -> Fingerprint | None:
    """None where there is something in the texts that takes a closer look."""
    normal_texts = _normal_texts(texts)
    if normal_texts is None:
        return None
    words = [head + text for head, text in zip(row.heads, normal_texts, strict=True)]
    answer = words.pop()
    prompt = b"\xff".join(words)
    return Fingerprint(digest_of(prompt + b"\xff"), digest_of(b"%b\xff%b\xff\xfd" % (prompt, answer)))


def _normal_texts(texts: list[str]) -> list[bytes] | None:
    joined = _BETWEEN.join(texts)
    if not joined.isascii():
        return list(map(normal, texts)) if all(map(is_fine, texts)) else None
    seen = joined.encode().translate(_TABLE)
    if _ODD in seen or seen.count(b"\0") >= len(texts):
        return None
    if b"  " in seen:
        return [b" ".join(text.split()) for text in seen.split(b"\0")]
    return [text.strip(b" ") for text in seen.split(b"\0")]
