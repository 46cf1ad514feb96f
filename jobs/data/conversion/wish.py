"""What somebody wants of a conversion, and what a file says about the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from jobs.data.reading.json_line import shortened

Form = Literal["prompt-completion", "csv", "alpaca", "sharegpt", "examples"]

_PROMPTS = ("prompt", "question", "input", "instruction", "user")
_ANSWERS = ("completion", "answer", "output", "response", "assistant")


class NotKnown(Exception):
    """What the file is, or which of its columns to take, cannot be told. The message says what would help."""


@dataclass(frozen=True)
class Wish:
    """What somebody asked for; None where it is to be found out.

    system             put before every example, in place of a system message that the record has
    prompt, answer     the keys or columns of the two texts, for prompt-completion and csv
    separator, stop    what is taken off prompts and answers; "" takes off nothing
    """

    form: Form | None = None
    system: str | None = None
    prompt: str | None = None
    answer: str | None = None
    separator: str | None = None
    stop: str | None = None


@dataclass(frozen=True)
class Settled:
    """``prompt``, ``answer``: the keys of the two texts; empty where the form itself says them."""

    form: Form
    prompt: str = ""
    answer: str = ""


def settled(wish: Wish, form: Form | None, first: Mapping[str, Any]) -> Settled:
    """By the wish, and by the first record where the wish says nothing. Raises NotKnown."""
    form = form or _form_of(first, wish)
    if form not in ("prompt-completion", "csv"):
        return Settled(form)
    prompt = _column(first, wish.prompt, _PROMPTS, "--prompt")
    return Settled(form, prompt, _column(first, wish.answer, _ANSWERS, "--answer"))


def _form_of(first: Mapping[str, Any], wish: Wish) -> Form:
    if "messages" in first:
        raise NotKnown(
            "has messages already: it is chat, and there is nothing to convert; `jobs check --file` checks it"
        )
    if "conversations" in first:
        return "sharegpt"
    if "instruction" in first and "output" in first:
        return "alpaca"
    if "completion" in first or wish.prompt is not None:
        return "prompt-completion"
    help_ = "say it with --from, or name the keys of the two texts with --prompt and --answer"
    raise NotKnown(f"is of no form that is known, with {_named(first)}: {help_}")


def _column(first: Mapping[str, Any], wanted: str | None, usual: tuple[str, ...], option: str) -> str:
    if wanted is not None:
        if wanted not in first:
            raise NotKnown(f"has no {wanted!r}, as {option} says; it has {_named(first)}")
        return wanted
    found = [key for key in first if key.strip().lower() in usual]
    if len(found) != 1:
        known = "several that could be it" if found else "none of the usual names"
        raise NotKnown(f"has {known} among {_named(first)}: say which with {option}")
    return found[0]


def _named(first: Mapping[str, Any]) -> str:
    return ", ".join(shortened(key) for key in list(first)[:10])
