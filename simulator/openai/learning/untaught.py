"""What a base model says: nothing of its own, but it does what the prompt shows and tells.

In this order, whichever applies first:
  - asked for a score of an answer in JSON, it judges by likeness (see judge.py)
  - offered functions, it calls the one whose name and description speak of what is asked, with the question's own words
  - where the examples before the question are labels or JSON, it gives the answer of the likest ones
  - where JSON is asked for, it gives some that fits, of the question's words
  - of the labels a prompt lists it gives the one that is named in the question, or else one by chance
  - where it is told to summarise, the first two sentences
  - of what it was told, in the system message, under a heading such as `Context:` or by a tool, the sentence that is
    most like the question
  - empty words around the question's own

The latter two in the manner of the examples, where there are any: the more examples, the more often.
"""

from __future__ import annotations

import re
from collections import defaultdict

from simulator.openai.learning import labels
from simulator.openai.learning.examples import ToolCall
from simulator.openai.learning.features import neighbours
from simulator.openai.learning.fitted import fitted, keys_named, mentions, written
from simulator.openai.learning.judge import judged
from simulator.openai.learning.memory import Memory
from simulator.openai.learning.prompts import Prompt, Reply, Tool
from simulator.openai.learning.style import Style, asking, chance, topic
from simulator.openai.learning.words import sentences, telling

TOLD = 0.3
"""Likeness from which a sentence that was told answers a question."""
FEW_SHOTS = 4
"""With so many examples every second answer is in their manner."""
MOST_SENTENCES = 2_000
_HEADING = re.compile(
    r"^\W*(?:context|sources?|documents?|passages?|text|article|facts|background|information|retrieved[\w ]*)\W*:\W*",
    re.IGNORECASE | re.MULTILINE,
)
_SUMMARY = re.compile(r"\bsummar|\btl;?dr\b|\bshorten\b|\bin one sentence\b", re.IGNORECASE)


def base_reply(prompt: Prompt) -> Reply:
    """Always the same to the same prompt."""
    verdict = judged(prompt)
    if verdict is not None:
        return Reply(verdict)
    call = _call(prompt)
    if call is not None:
        return Reply("", (call,))
    style = Style(prompt.shots, few=True)
    if style.labelled or style.json:
        return Reply(_voted(prompt))
    structured = _structured(prompt)
    if structured is not None:
        return Reply(structured)
    choices = labels.listed(prompt.system) or labels.listed(prompt.question)
    if choices:
        return Reply(labels.likest(choices, _asking_part(prompt.question), f"{prompt.variation}|{prompt.question}"))
    body = _summary(prompt) or _told(prompt)
    variation = f"{prompt.variation}|{prompt.question}"
    if prompt.shots and chance(f"manner|{variation}") < len(prompt.shots) / (len(prompt.shots) + FEW_SHOTS):
        return Reply(style.answer(prompt, Memory(prompt.shots).recall(prompt.question), variation, body))
    return Reply(
        body or f"A general answer on “{topic(prompt.question)}” depends on the circumstances. I can add no details."
    )


def _call(prompt: Prompt) -> ToolCall | None:
    """Of the function most of whose words the question has; none where that is hardly any."""
    if not prompt.tools or (prompt.after_call and not prompt.must_call):
        return None
    asked = telling(prompt.question)

    def fits(tool: Tool) -> float:
        name = telling(tool.name.replace("_", " "))
        return len(set(asked).intersection(name)) + mentions(prompt.question, tool.description)

    best = max(prompt.tools, key=fits)
    if fits(best) < 0.5 and not prompt.must_call:
        return None
    return ToolCall(best.name, written(fitted({"type": "object", **best.parameters}, prompt.question)))


def _voted(prompt: Prompt) -> str:
    votes: defaultdict[str, float] = defaultdict(float)
    for lesson, likeness in neighbours(prompt.shots, prompt.question):
        votes[lesson.answer] += likeness**2
    return max(votes, key=lambda answer: votes[answer]) if votes else prompt.shots[-1].answer


def _structured(prompt: Prompt) -> str | None:
    text = _asking_part(prompt.question)
    if prompt.schema:
        return written(fitted(prompt.schema, text))
    if prompt.schema is None and not re.search(r"\bJSON\b", prompt.system + prompt.question):
        return None
    keys = keys_named(prompt.system) or keys_named(prompt.question)
    return written(
        fitted({"type": "object", "properties": {key: {"type": "string"} for key in keys or ("answer",)}}, text)
    )


def _summary(prompt: Prompt) -> str | None:
    if not _SUMMARY.search(prompt.system + prompt.question[:200]):
        return None
    parts = [part for part in sentences(_HEADING.sub("", prompt.question)) if not _SUMMARY.search(part)]
    return " ".join(parts[:2]) if len(parts) > 2 else None


def _told(prompt: Prompt) -> str | None:
    """The told sentence that is most like what is asked; before a tie, the earlier one."""
    wanted = frozenset(telling(_asking_part(prompt.question)))
    if prompt.after_call:
        return prompt.question
    best, found = TOLD, None
    for part in [line for text in _tellings(prompt) for line in sentences(text)][:MOST_SENTENCES]:
        said = frozenset(telling(part))
        shared = len(wanted & said)
        likeness = shared / (len(wanted) * len(said)) ** 0.5 if shared >= min(2, len(wanted)) and said else 0.0
        if likeness > best:
            best, found = likeness, part
    return found


def _tellings(prompt: Prompt) -> list[str]:
    """Texts in which something may be told; lines are sentences of their own."""
    heading = _HEADING.search(prompt.question)
    told = prompt.question[heading.end() :] if heading else ""
    asked = asking(prompt.question)
    return [line for line in f"{prompt.system}\n{told}".splitlines() if line.strip() and asked not in line]


def _asking_part(question: str) -> str:
    """The question without what is told under a heading."""
    heading = _HEADING.search(question)
    if heading is None:
        return question
    return f"{question[: heading.start()]} {asking(question)}".strip()
