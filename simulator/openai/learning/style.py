"""The manner of answers: how they open and close, and whether they are labels or JSON."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, TypeVar

from simulator.openai.learning.examples import Lesson
from simulator.openai.learning.memory import Recollection, stems
from simulator.openai.learning.prompts import Prompt
from simulator.openai.learning.words import ASKING, sentences

_T = TypeVar("_T")

FEW_LABELS = 0.2
"""Of so many answers at most so many different ones, or they are no labels."""
MANY_CLOSINGS = 4
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class Style:
    """What answers have in common. `few`: they are a prompt's examples, in which nothing recurs often."""

    def __init__(self, lessons: Sequence[Lesson], *, few: bool = False) -> None:
        spoken = [lesson for lesson in lessons if lesson.answer]
        self.system = Counter(lesson.system for lesson in lessons).most_common(1)[0][0] if lessons else ""
        answers = Counter(lesson.answer for lesson in spoken)
        self.commonest = answers.most_common(1)[0][0] if answers else ""
        self.json = bool(spoken) and all(json_of(lesson.answer) is not None for lesson in spoken[:20])
        enough = len(spoken) >= 10 and len(answers) <= FEW_LABELS * len(spoken)
        short = few and len(spoken) > 1 and all(len(lesson.answer.split()) <= 3 for lesson in spoken)
        self.labelled = enough or short
        self._few = few
        self._openings = Counter(o for lesson in spoken if (o := _opening(lesson.answer)))
        self._closings = Counter(c for lesson in spoken if (c := closing(lesson)))

    def answer(self, prompt: Prompt, recalled: Sequence[Recollection], variation: str, body: str | None = None) -> str:
        """`body`, or else words that say nothing, opened and closed as these answers are."""
        body = body or f"Here is little to say on “{topic(prompt.question)}”."
        opening = pick(_recurring(self._openings, 2 if self._few else 3), variation)
        closings = _recurring(self._closings, 1 if self._few else 3) or [
            c for r in recalled if (c := closing(r.lesson))
        ]
        last = pick(closings, variation)
        asides = [c for c in closings if c != last and c[0].isalpha()] if len(closings) >= MANY_CLOSINGS else []
        aside = pick(asides, f"{variation}|aside")
        said = body if opening is None else f"{opening} {body[0].lower()}{body[1:]}"
        numbers = _NUMBER.findall(prompt.question)
        ended = None if last is None else last.replace("\0", pick(numbers, variation) or "0")
        parted = "\n" if ended is not None and "\0" in (last or "") else " "
        return parted.join(part for part in (" ".join(p for p in (said, aside) if p), ended) if part)


def _recurring(phrases: Counter[str], least: int) -> list[str]:
    """Phrases that stand in so many answers at least, and in one of fifty; the commonest first."""
    needed = max(least, phrases.total() // 50)
    return [phrase for phrase, seen in phrases.most_common(12) if seen >= needed]


def closing(lesson: Lesson) -> str | None:
    """The last sentence, where it is not the whole answer and does not speak of the question's matter.

    Of a last line that is a number with marks around it (`#### 72`), those marks: `\\0` stands for the number.
    """
    lines = lesson.answer.rstrip().splitlines()
    if len(lines) > 1 and len(lines[-1].split()) <= 3 and len(_NUMBER.findall(lines[-1])) == 1:
        return _NUMBER.sub("\0", lines[-1])
    parts = sentences(lesson.answer)
    if len(parts) < 2 or len(parts[-1]) > 200:
        return None
    asked = {word for word in stems(lesson.question) if len(word) > 3}
    return None if asked.intersection(stems(parts[-1])) else parts[-1]


def _opening(answer: str) -> str | None:
    """The first words up to a mark, if they are few: `Oh sure,`, `Well,`, `Wow!`."""
    answer = answer.lstrip()
    for length, sign in enumerate(answer[:40]):
        if sign in ",!:…—" and length:
            words = answer[: length + 1]
            return words if len(words.split()) <= 4 else None
        if sign in ".?\n":
            return None
    return None


def json_of(text: str) -> Any | None:
    """The object or list that a text is; None where it is none."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict | list) else None


def chance(variation: str) -> float:
    """From 0 to below 1, always the same for the same text."""
    return int.from_bytes(hashlib.sha256(variation.encode()).digest()[:8]) / 2**64


def pick(choices: Sequence[_T], variation: str) -> _T | None:
    if not choices:
        return None
    digest = hashlib.sha256(variation.encode()).digest()
    return choices[int.from_bytes(digest[:8]) % len(choices)]


def topic(question: str, most: int = 8) -> str:
    """What the question in a prompt is about: its words without those it asks with."""
    asked = asking(question).rstrip("?!.: ").split()
    while len(asked) > 1 and asked[0].lower().strip(",") in ASKING:
        asked = asked[1:]
    return " ".join(asked[:most]) or "this"


def asking(question: str) -> str:
    """The sentence that asks: the last with a question mark, or else the last that is more than a heading."""
    parts = [line for part in sentences(question) for line in part.splitlines() if line.strip()]
    found = [part for part in parts if part.rstrip().endswith("?")] or [p for p in parts if len(p.split()) > 2] or parts
    return (found or [""])[-1]
