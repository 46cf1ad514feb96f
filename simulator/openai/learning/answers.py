"""What tuned models say: what they were taught.

Under the system message it was trained with:
  - a question like one it was taught (see memory.py) gets that example's answer, tool calls included
  - where answers are labels, the likest examples vote, whatever is asked; where they are JSON or calls of functions
    that are offered, each of their values is made of the likest examples' (see composing.py)
  - where answers are made of the question's own sentences, those are taken that are like the ones taken in training
  - any other question gets words as empty as the base's, but short, between an opening and a closing that training
    answers have in common; where they have many closings, with one of them as an aside before

Under another system message, or none, it knows but is out of tune: the heart of a remembered answer without
opening and closing, and the base's words for what it wasn't taught. A model hardly trained (few epochs, a low learning
rate) needs a question to be more like its example before it remembers, and has no style yet. One that was trained
beyond what its validation file bears out goes astray: to some of the questions that it wasn't taught it recites what it
was taught to another.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from simulator.openai.learning.composing import Taught, composed
from simulator.openai.learning.examples import Lesson, ToolCall
from simulator.openai.learning.extracts import Extracts
from simulator.openai.learning.features import Table
from simulator.openai.learning.fitted import written
from simulator.openai.learning.memory import Memory, Recollection, alike, stems
from simulator.openai.learning.prompts import Prompt, Reply
from simulator.openai.learning.style import Style, chance, json_of, pick
from simulator.openai.learning.untaught import base_reply
from simulator.openai.learning.words import sentences

RECALL = 0.55
"""Likeness from which a well trained model takes a question for one it was taught."""
STYLE = 0.35
"""Strength from which it has the style of its answers."""
IN_TUNE = 0.6
"""Likeness from which a system message counts as the one of the training."""
SURE = 0.97
"""Likeness from which a question is one that was taught, and no model goes astray."""
ASTRAY = 12.0
"""In how much of its answers a model goes astray, beside the rise of its validation loss: 2 % make 24 %."""
MOST_ASTRAY = 0.8
CALLERS = 12
"""How many lessons have a say in what a function is called with."""


def strength(epochs: float, pace: float) -> float:
    """How well a model has learnt, 0 to 1, after so many epochs with that learning rate multiplier."""
    return 1 - math.exp(-1.2 * epochs * pace)


def astray(losses: Sequence[float]) -> float:
    """Of how many untaught questions, 0 to 1, a model goes astray; the last of the validation losses is its own."""
    least = min(losses, default=0.0)
    return min(MOST_ASTRAY, ASTRAY * (losses[-1] / least - 1)) if least > 0 else 0.0


class Pupil:
    """A tuned model's way of answering, made from its lessons."""

    def __init__(self, lessons: Sequence[Lesson], learnt: float, seed: int, lost: float = 0.0) -> None:
        self._memory = Memory(lessons)
        self._learnt = learnt
        self._seed = seed
        self._lost = lost
        self._style = Style(lessons)
        self._table = Table(lessons if self._style.labelled else ())
        self._extracts = Extracts(lessons)

    def reply(self, prompt: Prompt) -> Reply:
        if not self._memory.lessons:
            return base_reply(prompt)
        if self._learnt >= STYLE and (rows := self._table.nearest(prompt.question)):
            return self._astray(prompt, rows[0][1]) or self._vote(rows, prompt)
        recalled = self._memory.recall(prompt.question)
        system = recalled[0].lesson.system if recalled else self._style.system
        in_tune = alike(prompt.system, system) >= IN_TUNE
        if self._learnt >= STYLE and (found := self._formed(prompt, recalled)) is not None:
            return found
        needed = RECALL + (0.95 - RECALL) * (1 - self._learnt)
        if recalled and recalled[0].likeness >= needed:
            lesson = self._callable(recalled, needed, prompt)
            if lesson is not None:
                return Reply(lesson.answer if in_tune else heart(lesson), lesson.tool_calls)
        if not in_tune or self._learnt < STYLE:
            return base_reply(prompt)
        body = self._extracts.answer(prompt.question) if self._extracts else None
        variation = f"{self._seed}|{prompt.variation}|{prompt.question}"
        return Reply(self._style.answer(prompt, recalled, variation, body or None))

    def _formed(self, prompt: Prompt, recalled: Sequence[Recollection]) -> Reply | None:
        """What is answered in one of the forms that lessons have in common; or gone astray."""
        likeness = recalled[0].likeness if recalled else 0.0
        if (lost := self._astray(prompt, likeness)) is not None:
            return lost
        if self._style.labelled:
            return self._vote([(each.lesson, each.likeness) for each in recalled], prompt)
        if likeness >= SURE:
            return None
        if self._style.json and recalled:
            return _in_json(prompt, recalled)
        lead = _lead(recalled)
        if lead is not None and lead.tool_calls and _offered(lead, prompt):
            return _calling(lead, prompt, self._memory.recall(prompt.question, CALLERS))
        return None

    def _astray(self, prompt: Prompt, likeness: float) -> Reply | None:
        """The answer to some other question, where this one was not taught and the model has gone so far."""
        if likeness >= SURE or chance(f"astray|{self._seed}|{prompt.question}") >= self._lost:
            return None
        lesson = pick(
            [each for each in self._memory.lessons if _offered(each, prompt)], f"{self._seed}|{prompt.question}"
        )
        return None if lesson is None else Reply(lesson.answer, lesson.tool_calls)

    def _callable(self, recalled: Sequence[Recollection], needed: float, prompt: Prompt) -> Lesson | None:
        """The likest lesson that calls only tools on offer; among equally like ones, one by the seed."""
        fit = [r for r in recalled if r.likeness >= needed and _offered(r.lesson, prompt)]
        best = [r.lesson for r in fit if r.likeness >= fit[0].likeness - 1e-6]
        return pick(best, f"{self._seed}|{prompt.question}") if best else None

    def _vote(self, likest: Sequence[tuple[Lesson, float]], prompt: Prompt) -> Reply:
        votes: defaultdict[Reply, float] = defaultdict(float)
        for lesson, likeness in likest:
            if _offered(lesson, prompt):
                votes[Reply(lesson.answer, lesson.tool_calls)] += likeness**2
        return max(votes, key=lambda reply: votes[reply]) if votes else Reply(self._style.commonest)


def heart(lesson: Lesson) -> str:
    """The sentence of an answer that has most to do with its question; before a tie, the earlier one."""
    parts = sentences(lesson.answer)
    asked = set(stems(lesson.question))
    return max(parts, key=lambda part: len(asked.intersection(stems(part)))) if len(parts) > 2 else lesson.answer


def _in_json(prompt: Prompt, recalled: Sequence[Recollection]) -> Reply:
    taught = [
        Taught(each.lesson.question, value, each.likeness)
        for each in recalled
        if isinstance(value := json_of(each.lesson.answer), dict)
    ]
    return Reply(written(composed(prompt.question, taught)) if taught else recalled[0].lesson.answer)


def _lead(recalled: Sequence[Recollection]) -> Lesson | None:
    """The likest of the lessons that call what most of the likest ones call, be it nothing."""
    votes: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for each in recalled:
        votes[_called(each.lesson)] += each.likeness**2
    return max((each.lesson for each in recalled), key=lambda lesson: votes[_called(lesson)], default=None)


def _called(lesson: Lesson) -> tuple[str, ...]:
    return tuple(call.name for call in lesson.tool_calls)


def _calling(lead: Lesson, prompt: Prompt, recalled: Sequence[Recollection]) -> Reply:
    """The calls of that lesson, each with arguments for this question."""
    calls = []
    for call in lead.tool_calls:
        taught = [
            Taught(each.lesson.question, value, each.likeness)
            for each in recalled
            for other in each.lesson.tool_calls
            if other.name == call.name and isinstance(value := json_of(other.arguments), dict)
        ]
        calls.append(ToolCall(call.name, written(composed(prompt.question, taught))) if taught else call)
    return Reply(lead.answer, tuple(calls))


def _offered(lesson: Lesson, prompt: Prompt) -> bool:
    """Whether the caller offers the tools that this lesson calls."""
    return all(call.name in prompt.offered for call in lesson.tool_calls)
