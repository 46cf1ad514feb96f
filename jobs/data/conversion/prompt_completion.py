"""Prompts with their completions, as babbage-002 and davinci-002 took them, or two columns of a table.

OpenAI's guides asked for a separator at the end of each prompt, a blank before each completion, and a stop sequence
after it ("How do I format my fine-tuning data?": ``->``, a line break; the guide to legacy fine-tuning: ``###`` between
blank lines, `` END``). A chat model needs none of them, and would learn to say them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jobs.data.conversion.record import Chat, Unconvertible, answered, asked, text_or_none, text_under

SEPARATORS = ("\n\n###\n\n", "\n###\n", "\n\n===\n\n", "\n\n->", "\n->", " ->", "->")
STOPS = ("<|endoftext|>", "\n###", " ###", "###", "\nEND", " END", "\n")
"""Known ones, the longer first where one ends in another."""


@dataclass(frozen=True)
class Wrapping:
    """What is taken off each text. Empty: nothing."""

    separator: str = ""
    blank: bool = False
    stop: str = ""

    def question(self, prompt: str) -> str:
        return prompt.removesuffix(self.separator)

    def answer(self, completion: str) -> str:
        text = completion.removesuffix(self.stop)
        return text.removeprefix(" ") if self.blank else text


def certain_wrapping(pairs: Iterable[tuple[str, str]]) -> Wrapping:
    """What all prompts and all completions have: a known separator or stop at the end and nowhere else, a blank."""
    separators, stops, blank = list(SEPARATORS), list(STOPS), True
    seen = False
    for prompt, completion in pairs:
        seen = True
        separators = [s for s in separators if prompt.endswith(s) and s not in prompt.removesuffix(s)]
        stops = [s for s in stops if completion.endswith(s) and s not in completion.removesuffix(s)]
        blank = blank and completion.startswith(" ") and not completion.startswith("  ")
    if not seen:
        return Wrapping()
    return Wrapping(next(iter(separators), ""), blank, next(iter(stops), ""))


def pair_of(value: Mapping[str, Any], prompt: str, answer: str) -> tuple[str, str]:
    """The two texts. Raises Unconvertible."""
    return text_under(value, prompt), text_under(value, answer)


def chat_of(value: Mapping[str, Any], prompt: str, answer: str, wrapping: Wrapping) -> Chat:
    """``prompt``, ``answer``: the keys of the two texts. Raises Unconvertible."""
    given, completed = pair_of(value, prompt, answer)
    question, reply = wrapping.question(given), wrapping.answer(completed)
    if not question.strip() or not reply.strip():
        raise Unconvertible(f"has nothing as {prompt if not question.strip() else answer} but what is removed")
    unused = frozenset(value) - {prompt, answer, "system"}
    return Chat([asked(question), answered(reply)], text_or_none(value, "system"), unused=unused)
