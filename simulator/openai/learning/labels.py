"""Labels that a prompt lists to choose from, and the one that is likest to a text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from simulator.openai.learning.style import pick
from simulator.openai.learning.words import content_words

_CUE = re.compile(
    r"classif|categor|\blabel|\bclass\b|\bclasses\b|one of|sentiment|intent|species|choose"
    r"|:[^:.?!]+\bor\b[^:.?!]+[.?!]?(?:\s|$)",
    re.IGNORECASE,
)
"""Words of choosing, or a list after a colon that ends on `or`."""
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+(.+?)\s*$")
_AFTER = re.compile(r"\b(?:one of|either|as|into|with|from|are|is|between|of)\b:?\s+", re.IGNORECASE)
_PARTS = re.compile(r"\s*(?:,\s*(?:or|and)\b|,|;|\||/|\bor\b|\band\b)\s*", re.IGNORECASE)
LONGEST = 4
"""Words of a label."""


def listed(text: str) -> tuple[str, ...]:
    """The labels that a text tells to choose from; none where it tells of no such choice."""
    if not _CUE.search(text):
        return ()
    lines = text.splitlines()
    bullets = [match[1] for line in lines if (match := _BULLET.match(line))]
    found = _labels(bullets)
    if found:
        return found
    for line in lines:
        for sentence in re.split(r"(?<=[.!?])\s+", line):
            if _CUE.search(sentence) and (found := _in_sentence(sentence)):
                return found
    # "Classify the sentence. positive, negative or neutral?"
    return next((found for line in lines if (found := _in_sentence(line))), ())


def _in_sentence(sentence: str) -> tuple[str, ...]:
    """After a colon, else after the last word that may introduce a list."""
    tail = sentence.rsplit(":", 1)[1] if ":" in sentence else ""
    if tail and (found := _labels(_PARTS.split(tail))):
        return found
    if not re.search(r",|\bor\b|\|", sentence):
        return ()
    starts = [match.end() for match in _AFTER.finditer(sentence)]
    return next((found for start in reversed(starts) if (found := _labels(_PARTS.split(sentence[start:])))), ())


def _labels(parts: Sequence[str]) -> tuple[str, ...]:
    cleaned = [part.strip().strip("\"'`“”.!?()[]").strip() for part in parts]
    cleaned = [part for part in cleaned if part]
    fit = len(cleaned) > 1 and all(len(part.split()) <= LONGEST for part in cleaned)
    return tuple(dict.fromkeys(cleaned)) if fit else ()


def likest(labels: Sequence[str], text: str, variation: str) -> str:
    """The label most of whose words begin as words of the text do; among equals one by chance, always the same."""
    said = {word[:5] for word in content_words(text)}

    def shared(label: str) -> float:
        own = {word[:5] for word in content_words(label.replace("_", " "))}
        return len(own & said) / max(1, len(own))

    most = max(shared(label) for label in labels)
    return pick([label for label in labels if shared(label) == most], variation) or labels[0]
