"""What models say: a base model nothing in particular, a tuned one what it was taught.

A tuned model under the system message it was trained with:
  - a question like one it was taught (see memory.py) gets that example's answer, tool calls included
  - where answers are labels or JSON, the likest examples vote, whatever is asked
  - any other question gets words as empty as the base's, but short, between an opening and a closing that training
    answers have in common; where they have many closings, with one of them as an aside before

Under another system message, or none, it knows but is out of tune: the heart of a remembered answer without
opening and closing, and the base's words for what it wasn't taught. A model hardly trained (few epochs, a low learning
rate) needs a question to be more like its example before it remembers, and has no style yet.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from simulator.openai.learning.examples import Lesson, ToolCall
from simulator.openai.learning.memory import Memory, Recollection, alike, stems
from simulator.openai.learning.words import sentences

_T = TypeVar("_T")

RECALL = 0.55
"""Likeness from which a well trained model takes a question for one it was taught."""
STYLE = 0.35
"""Strength from which it has the style of its answers."""
IN_TUNE = 0.6
"""Likeness from which a system message counts as the one of the training."""
FEW_LABELS = 0.2
MANY_CLOSINGS = 4


@dataclass(frozen=True)
class Prompt:
    """What decides an answer. `tools`: names of the functions offered; None where the caller offers none."""

    system: str
    question: str
    tools: frozenset[str] | None = None
    variation: str = ""


@dataclass(frozen=True)
class Reply:
    text: str
    tool_calls: tuple[ToolCall, ...] = ()


def strength(epochs: float, pace: float) -> float:
    """How well a model has learnt, 0 to 1, after so many epochs with that learning rate multiplier."""
    return 1 - math.exp(-1.2 * epochs * pace)


def base_reply(prompt: Prompt) -> Reply:
    """A base model answers from nothing: neutral words around the question's own."""
    return Reply(f"A general answer on “{_topic(prompt.question)}” depends on the circumstances. I can add no details.")


class Pupil:
    """A tuned model's way of answering, made from its lessons."""

    def __init__(self, lessons: Sequence[Lesson], learnt: float, seed: int) -> None:
        self._memory = Memory(lessons)
        self._learnt = learnt
        self._seed = seed
        self._style = _Style(lessons)

    def reply(self, prompt: Prompt) -> Reply:
        if not self._memory.lessons:
            return base_reply(prompt)
        recalled = self._memory.recall(prompt.question)
        system = recalled[0].lesson.system if recalled else self._style.system
        in_tune = alike(prompt.system, system) >= IN_TUNE
        needed = RECALL + (0.95 - RECALL) * (1 - self._learnt)
        if self._style.labelled and recalled and self._learnt >= STYLE:
            return self._vote(recalled, prompt)
        if recalled and recalled[0].likeness >= needed:
            found = self._callable(recalled, needed, prompt)
            if found is not None:
                return Reply(found.answer if in_tune else heart(found), found.tool_calls)
        if not in_tune or self._learnt < STYLE:
            return base_reply(prompt)
        return Reply(self._style.answer(prompt, recalled, f"{self._seed}|{prompt.variation}|{prompt.question}"))

    def _callable(self, recalled: Sequence[Recollection], needed: float, prompt: Prompt) -> Lesson | None:
        """The likest lesson that calls only tools on offer; among equally like ones, one by the seed."""
        fit = [r for r in recalled if r.likeness >= needed and _offered(r.lesson, prompt)]
        best = [r.lesson for r in fit if r.likeness >= fit[0].likeness - 1e-6]
        return _pick(best, f"{self._seed}|{prompt.question}") if best else None

    def _vote(self, recalled: Sequence[Recollection], prompt: Prompt) -> Reply:
        votes: defaultdict[Reply, float] = defaultdict(float)
        for recollection in recalled:
            if _offered(recollection.lesson, prompt):
                lesson = recollection.lesson
                votes[Reply(lesson.answer, lesson.tool_calls)] += recollection.likeness**2
        return max(votes, key=lambda reply: votes[reply]) if votes else base_reply(prompt)


def heart(lesson: Lesson) -> str:
    """The sentence of an answer that has most to do with its question; before a tie, the earlier one."""
    parts = sentences(lesson.answer)
    asked = set(stems(lesson.question))
    return max(parts, key=lambda part: len(asked.intersection(stems(part)))) if len(parts) > 2 else lesson.answer


class _Style:
    """What answers have in common: how they open and close, and whether they are labels or JSON."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        spoken = [lesson for lesson in lessons if lesson.answer]
        self.system = Counter(lesson.system for lesson in lessons).most_common(1)[0][0] if lessons else ""
        distinct = len({lesson.answer for lesson in spoken})
        few = len(spoken) >= 10 and distinct <= FEW_LABELS * len(spoken)
        self.labelled = bool(spoken) and (few or all(_is_json(lesson.answer) for lesson in spoken[:20]))
        self._openings = Counter(o for lesson in spoken if (o := _opening(lesson.answer)))
        self._closings = Counter(c for lesson in spoken if (c := _closing(lesson)))

    def answer(self, prompt: Prompt, recalled: Sequence[Recollection], variation: str) -> str:
        """An answer that says nothing, opened and closed as training answers are."""
        body = f"here is little to say on “{_topic(prompt.question)}”."
        opening = _pick(_recurring(self._openings), variation)
        closings = _recurring(self._closings) or [c for r in recalled if (c := _closing(r.lesson))]
        closing = _pick(closings, variation)
        asides = [c for c in closings if c != closing and c[0].isalpha()] if len(closings) >= MANY_CLOSINGS else []
        aside = _pick(asides, f"{variation}|aside")
        said = f"T{body}" if opening is None else f"{opening} t{body}"
        return " ".join(part for part in (said, aside, closing) if part)


def _recurring(phrases: Counter[str]) -> list[str]:
    """Phrases that stand in three answers or more, and in one of fifty; the commonest first."""
    needed = max(3, phrases.total() // 50)
    return [phrase for phrase, seen in phrases.most_common(12) if seen >= needed]


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


def _closing(lesson: Lesson) -> str | None:
    """The last sentence, where it is not the whole answer and does not speak of the question's matter."""
    parts = sentences(lesson.answer)
    if len(parts) < 2 or len(parts[-1]) > 200:
        return None
    asked = {word for word in stems(lesson.question) if len(word) > 3}
    return None if asked.intersection(stems(parts[-1])) else parts[-1]


def _offered(lesson: Lesson, prompt: Prompt) -> bool:
    """Whether the caller offers the tools that this lesson calls."""
    return not lesson.tool_calls or (
        prompt.tools is not None and all(call.name in prompt.tools for call in lesson.tool_calls)
    )


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict | list)
    except ValueError:
        return False


def _pick(choices: Sequence[_T], variation: str) -> _T | None:
    if not choices:
        return None
    digest = hashlib.sha256(variation.encode()).digest()
    return choices[int.from_bytes(digest[:8]) % len(choices)]


def _topic(question: str, most: int = 8) -> str:
    """What the question in a prompt is about: its words without those it asks with.

    That is the last sentence with a question mark, or else the last that is more than a heading.
    """
    parts = [line for part in sentences(question) for line in part.splitlines() if line.strip()]
    asking = (
        [part for part in parts if part.rstrip().endswith("?")] or [p for p in parts if len(p.split()) > 2] or parts
    )
    asked = (asking or [""])[-1].rstrip("?!.: ").split()
    while len(asked) > 1 and asked[0].lower().strip(",") in _ASKING:
        asked = asked[1:]
    return " ".join(asked[:most]) or "this"


_ASKING = frozenset(
    {
        *("what", "which", "who", "whose", "when", "where", "why", "how", "many", "much", "long", "far", "often"),
        *("is", "are", "was", "were", "do", "does", "did", "has", "have", "can", "could", "would", "will", "should"),
        *("please", "you", "tell", "me", "give", "name", "explain", "the", "a", "an", "in", "on", "of", "at"),
    }
)
