"""Prompts and answers as 64-bit digests: what is the same but for blanks, letter case and its last mark has the same.

The digests are Python's own hashes, several times as quick as others: they are the same in a process and in what it
forks, and nowhere else. Two different prompts of a million share a digest with a probability of about 3 in 100
million.
"""

from __future__ import annotations

import json
import unicodedata
from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from jobs.data.formats import Parts

SMALL_AND_BLANK = bytes(32 if byte in b"\t\n\v\f\r\x1c\x1d\x1e\x1f" else byte for byte in bytes(range(256)).lower())
"""Makes all white space of ASCII a blank, and its letters small."""
LAST_MARKS = b" .?!"
"""With or without them at its end a question is the same."""
_LAST_MARKS = LAST_MARKS.decode() + "…。？！؟।"
_MOST = 2**64 - 1


class Fingerprint(NamedTuple):
    """``prompt``: what is asked; ``whole``: with the answers, and with what a grader is told."""

    prompt: int
    whole: int


def fingerprint(parts: Parts, example: Mapping[str, Any]) -> Fingerprint | None:
    """None where there is no prompt, or no answer where one belongs."""
    if not parts.prompt or not (parts.answers or parts.kind == "reinforcement"):
        return None
    prompt = hash(_key(parts.prompt)) & _MOST
    answers = list(map(_key, parts.answers))
    if parts.kind == "reinforcement":
        told = {key: value for key, value in example.items() if key not in ("messages", "tools")}
        answers.append((json.dumps(told, sort_keys=True),))
    return Fingerprint(prompt, hash((prompt, *answers)) & _MOST)


def fingerprints_of(
    roles: Sequence[tuple[str, ...]], words: Sequence[tuple[bytes | None, ...]]
) -> tuple[list[int], list[int]]:
    """Of chat examples that have roles and texts alone the prompts and the wholes; the last text is the answer.

    words   the texts as ``normal`` makes them, of each example
    """
    prompts = [hash((who[:-1], *said[:-1])) & _MOST for who, said in zip(roles, words, strict=True)]
    ends = zip(prompts, roles, words, strict=True)
    return prompts, [hash((prompt, (who[-1:], said[-1]))) & _MOST for prompt, who, said in ends]


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


def _key(messages: Sequence[object]) -> tuple[object, ...]:
    """Who says what, or calls what."""
    return (tuple(map(_role, messages)), *map(_words, messages))


def _role(message: object) -> str:
    return str(message.get("role")) if isinstance(message, dict) else ""


def _words(message: object) -> bytes:
    if not isinstance(message, dict):
        return b"\xff"
    words = normal(text_of(message))
    calls = message.get("tool_calls") or message.get("function_call")
    if calls:
        words += b"\xfe" + normal(json.dumps(_without_ids(calls), sort_keys=True, ensure_ascii=False))
    return words


def normal(text: str) -> bytes:
    """The text with single blanks and small letters, without the marks that it ends in."""
    if text.isascii():
        # As further down, several times as fast.
        plain = text.encode().translate(SMALL_AND_BLANK)
        return (b" ".join(plain.split()) if b"  " in plain else plain.lstrip(b" ")).rstrip(LAST_MARKS)
    words = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return words.rstrip(_LAST_MARKS).encode("utf-8", "surrogatepass")


def _without_ids(calls: object) -> object:
    if not isinstance(calls, list):
        return calls
    return [{key: call[key] for key in call if key != "id"} if isinstance(call, dict) else call for call in calls]


class Repeats(NamedTuple):
    """Lines on which the same stood before: the whole example, or its prompt with another answer. 0: nowhere."""

    example: int
    prompt: int


class FirstLines:
    """At which line each prompt was met first, and with which answer: some 30 bytes each, a dict's 200."""

    def __init__(self) -> None:
        self._prompts = array("Q")
        self._wholes = array("Q")
        self._lines = array("I")
        self._places = array("I", bytes(4 * 1024))
        """By digest: one more than the index into the others; 0 is a free place."""
        self._others: FirstLines | None = None
        """Of wholes, for other answers than the first to a prompt."""

    def met(self, prompt: int) -> int:
        """The line; 0 where it was not met."""
        index = self._places[self._place(prompt)]
        return self._lines[index - 1] if index else 0

    def meet(self, prompt: int, whole: int, line: int) -> Repeats | None:
        """Where it stood before; None where nowhere."""
        return next((repeats for _, repeats in self.meet_all([prompt], [whole], [line])), None)

    def meet_all(
        self, prompts: Sequence[int], wholes: Sequence[int], lines: Sequence[int]
    ) -> Iterator[tuple[int, Repeats]]:
        """The same of many in their order: those lines that stood before, each with where."""
        known, places, mask = self._prompts, self._places, len(self._places) - 1
        for prompt, whole, line in zip(prompts, wholes, lines, strict=True):
            # As _place has it, which would be called as often as there are examples.
            place = prompt & mask
            while (index := places[place]) and known[index - 1] != prompt:
                place = (place + 1) & mask
            if index:
                yield line, self._repeats(index - 1, whole, line)
                continue
            known.append(prompt)
            self._wholes.append(whole)
            self._lines.append(line)
            places[place] = len(known)
            if 3 * len(known) > 2 * mask:
                self._grow()
                places, mask = self._places, len(self._places) - 1

    def _repeats(self, index: int, whole: int, line: int) -> Repeats:
        first = self._lines[index]
        if self._wholes[index] == whole:
            return Repeats(first, first)
        self._others = self._others or FirstLines()
        twin = self._others.meet(whole, whole, line)
        return Repeats(twin.example if twin else 0, first)

    def _place(self, prompt: int) -> int:
        """Where ``prompt`` is, or would go."""
        places, prompts = self._places, self._prompts
        mask = len(places) - 1
        place = prompt & mask
        while (index := places[place]) and prompts[index - 1] != prompt:
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        self._places = places = array("I", bytes(16 * len(self._places)))
        mask = len(places) - 1
        for index, prompt in enumerate(self._prompts, start=1):
            place = prompt & mask
            while places[place]:
                place = (place + 1) & mask
            places[place] = index
