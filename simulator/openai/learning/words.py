"""Text as the simulated models see it."""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+|[^\w\s]")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”)]*\s+(?=\S)")


def words(text: str) -> list[str]:
    """Lower-case words and single marks of punctuation."""
    return _WORD.findall(text.lower())


def content_words(text: str) -> list[str]:
    """Words alone, punctuation left out."""
    return [word for word in words(text) if word[0].isalnum()]


def sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCE.split(text.strip()) if part.strip()]
