"""Prompts and answers as 64-bit digests: what is the same but for blanks and letter case has the same one.

Two different prompts of a million share a digest with a probability of about 3 in 100 million.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fingerprint:
    """``prompt``: everything before the last answer; ``whole``: with that answer."""

    prompt: int
    whole: int


def fingerprint(example: Mapping[str, Any]) -> Fingerprint | None:
    """Of a chat example with messages; None where it has no answer, or no messages at all."""
    messages = example.get("messages")
    if not isinstance(messages, list):
        return None
    last = next((n for n in range(len(messages) - 1, -1, -1) if _role(messages[n]) == "assistant"), None)
    if last is None or last == 0:
        return None
    digest = hashlib.blake2b(digest_size=8)
    for message in messages[:last]:
        digest.update(_words(message))
    prompt = digest.digest()
    digest.update(_words(messages[last]))
    return Fingerprint(int.from_bytes(prompt), int.from_bytes(digest.digest()))


def text_of(message: Mapping[str, Any]) -> str:
    """The message's content as text; parts are joined, an image counts as its address."""
    content = message.get("content")
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "\n".join(text for part in parts if (text := _part_text(part)))


def _part_text(part: object) -> str:
    if not isinstance(part, dict):
        return ""
    image = part.get("image_url")
    for text in (part.get("text"), part.get("refusal"), image.get("url") if isinstance(image, dict) else None):
        if isinstance(text, str):
            return text
    return ""


def _words(message: object) -> bytes:
    """Who says what, or calls what; ends in a byte that text has not."""
    if not isinstance(message, dict):
        return b"\xff"
    words = f"{_role(message)} {_normal(text_of(message))}".encode("utf-8", "surrogatepass")
    calls = message.get("tool_calls") or message.get("function_call")
    if calls:
        called = _normal(json.dumps(_without_ids(calls), sort_keys=True, ensure_ascii=False))
        words += b"\xfe" + called.encode("utf-8", "surrogatepass")
    return words + b"\xff"


def _normal(text: str) -> str:
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return " ".join(plain.casefold().split())


def _without_ids(calls: object) -> object:
    if not isinstance(calls, list):
        return calls
    return [{key: call[key] for key in call if key != "id"} if isinstance(call, dict) else call for call in calls]


def _role(message: object) -> object:
    return message.get("role") if isinstance(message, dict) else None


class FirstLines:
    """At which line each digest was met first: 12 bytes a place where a dict needs over 100."""

    def __init__(self) -> None:
        self._count = 0
        self._digests, self._lines = _empty(1024)

    def __len__(self) -> int:
        return self._count

    def met(self, digest: int) -> int | None:
        """The line, or None."""
        return self._lines[self._place(digest)] or None

    def meet(self, digest: int, line: int) -> int | None:
        """The line at which ``digest`` was met before; else None, and ``line`` (from 1) is kept."""
        place = self._place(digest)
        if self._lines[place]:
            return self._lines[place]
        self._digests[place], self._lines[place] = digest, line
        self._count += 1
        if 2 * self._count > len(self._lines):
            self._grow()
        return None

    def _place(self, digest: int) -> int:
        """Where ``digest`` is, or would go. Line 0 marks a free place."""
        mask = len(self._lines) - 1
        place = digest & mask
        while self._lines[place] and self._digests[place] != digest:
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        met: Iterable[tuple[int, int]] = zip(self._digests, self._lines, strict=True)
        self._digests, self._lines = _empty(2 * len(self._lines))
        for digest, line in met:
            if line:
                place = self._place(digest)
                self._digests[place], self._lines[place] = digest, line


def _empty(places: int) -> tuple[array[int], array[int]]:
    return array("Q", bytes(8 * places)), array("L", bytes(array("L").itemsize * places))
