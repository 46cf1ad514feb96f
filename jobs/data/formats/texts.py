"""The texts of an example: whether there is anything in them, and whether there is what nobody meant to write."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from jobs.data.findings import Fault

_CONTROLS = bytes(code for code in (*range(32), 127) if code not in b"\t\n\r")
_NEVER_MEANT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffd\ufff9-\ufffb]")
"""Control characters but tab, line feed and carriage return; what files begin with or stands for lost text."""
_INVISIBLE = (
    # Beside each class the scripts or signs that have a use for it.
    (re.compile("\u200b"), re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u4e00-\u9fff]")),
    (re.compile("[\u202a-\u202e\u2066-\u2069]"), re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")),
    (re.compile("[\U000e0000-\U000e007f]"), re.compile("\U0001f3f4")),
)


def is_fine(text: str) -> bool:
    """Whether there is nothing to say about the text. Quick: this is asked of every text there is."""
    return bool(text) and not text.isspace() and unmeant(text) is None


def text_faults(where: str, text: str) -> Iterator[Fault]:
    """What is wrong with a text that must not be empty. ``where``: as in ``message 3 (user)``."""
    if not text or text.isspace():
        yield "content-empty", f"{where} has {'only white space' if text else 'nothing'} as content"
    else:
        yield from unmeant_faults(where, text)


def unmeant_faults(where: str, text: str) -> Iterator[Fault]:
    """The first character that nobody meant to write."""
    place = unmeant(text)
    if place is not None:
        character = text[place]
        name = "the sign for a character that was lost" if character == "\ufffd" else unicodedata.name(character, "")
        words = name.lower() or "a control character"
        yield "content-invisible", f"{where} has U+{ord(character):04X} ({words}) at character {place + 1}"


def unmeant(text: str) -> int | None:
    """Where the first such character stands, from 0."""
    if text.isascii():
        # Six times as quick as the search, and nearly all there is in most files.
        data = text.encode()
        if len(data.translate(None, _CONTROLS)) == len(data):
            return None
    elif "\ufffd" not in text and text.replace("\n", " ").replace("\r", " ").replace("\t", " ").isprintable():
        return None
    found = [match.start()] if (match := _NEVER_MEANT.search(text)) else []
    for sign, excuse in _INVISIBLE:
        if (match := sign.search(text)) and not excuse.search(text):
            found.append(match.start())
    return min(found, default=None)
