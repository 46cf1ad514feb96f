"""Secrets and personal data in a line: found, and named without being shown.

A line is looked at as bytes first: whatever can be found in it leaves one of a few marks. That takes some 5 µs for an
example of 700 bytes; only where a mark is there the texts are searched for what leaves it, and the libraries imported.

What is shown of a value: of a secret what all of its kind begin with (``ghp_…``), of an e-mail address its first letter
and the domain, of a phone number its country and the last two digits, of a card the last four, of an IBAN country and
last four, of a social security number nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jobs.data.findings import Fault
from jobs.data.privacy.personal import cards_in, emails_in, ibans_in, phones_in, ssns_in, without_personal
from jobs.data.privacy.secret_shapes import has_private_key, secrets_in, without_secrets

_RUNS = bytes(97 if chr(byte) in "+=~-.%" or (byte < 128 and chr(byte).isalnum()) else byte for byte in range(256))
"""Makes one letter of all that keys are made of; not of ``_`` and ``/``: long names and addresses have them too."""
_RUN = b"a" * 20
_DIGITS = bytes(48 if 48 <= byte < 58 else byte for byte in range(256))
_SPACED_DIGITS = bytes(48 if chr(byte) in "0123456789 -.()/" else byte for byte in range(256))
_DIGIT_RUN = b"0" * 9
_ESCAPED = (b"\\u002", b"\\u003", b"\\u0040")
"""The beginnings of +, -, =, @ and their like, as some writers of JSON escape them."""
_SHOWN = 8
"""So many values of one line are named at most."""
_IMAGE = "data:"


@dataclass(frozen=True, slots=True)
class _Marks:
    """What a line may hold, by a quick look at its bytes. Where one is False there is nothing of the kind."""

    keys: bool
    addresses: bool
    numbers: bool


def faults(line: bytes, example: Mapping[str, Any] | None = None) -> Iterator[Fault]:
    """What should not stand in a line, every value masked.

    line      as it stands in the file
    example   what it says, if it is an object; else the line itself is searched
    """
    marks = _marks(line)
    if marks is None:
        return
    places = [("the line", line.decode(errors="replace"))] if example is None else _texts(example)
    told: set[Fault] = set()
    for where, text in places:
        for rule, words in _found(text, marks):
            fault = (rule, f"{where} has {words}")
            if fault not in told and len(told) < _SHOWN:
                told.add(fault)
                yield fault


def marked_lines(lines: bytes) -> set[int]:
    """Which of the lines, from 0, may hold something: the others need no closer look. Quicker than line by line."""
    if b"\\u00" in lines and any(escaped in lines for escaped in _ESCAPED):
        return set(range(lines.count(b"\n") + 1))
    found = {number for mark in (b"@", b"glpat-", b";") for number in _lines_with(mark, lines)}
    found.update(_lines_with(_RUN, lines.translate(_RUNS)))
    found.update(_lines_with(_DIGIT_RUN, lines.translate(_DIGITS, b" -.()/")))
    return found


def _lines_with(mark: bytes, lines: bytes) -> Iterator[int]:
    number, begin = 0, 0
    while (place := lines.find(mark, begin)) >= 0:
        number += lines.count(b"\n", begin, place)
        yield number
        if not (begin := lines.find(b"\n", place) + 1):
            return
        number += 1


def _marks(line: bytes) -> _Marks | None:
    """None, in nearly all cases, where a closer look would find nothing."""
    if b"\\u00" in line and any(escaped in line for escaped in _ESCAPED):
        return _Marks(keys=True, addresses=True, numbers=True)
    addresses = b"@" in line
    keys = addresses or _RUN in line.translate(_RUNS) or b"glpat-" in line
    keys = keys or (b";" in line and (b"word" in (lower := line.lower()) or b"pwd" in lower))
    numbers = _DIGIT_RUN in line.translate(_SPACED_DIGITS) and _DIGIT_RUN in line.translate(_DIGITS, b" -.()/")
    return _Marks(keys, addresses, numbers) if keys or numbers else None


def masked(text: str) -> str:
    """The text for showing: with everything masked that might be a secret or personal, even where it only might.

    The whole text is needed, not one that was cut off, since half of a key can't be told from a word.
    """
    return without_personal(without_secrets(text))


def _found(text: str, marks: _Marks) -> Iterator[Fault]:
    if marks.keys:
        for kind, shown in secrets_in(text):
            yield "secret-key", f"{kind}: {shown}"
        if has_private_key(text):
            yield "secret-private-key", "a private key"
    if marks.addresses:
        for shown in emails_in(text):
            yield "personal-email", f"an e-mail address: {shown}"
    if not marks.numbers or _DIGIT_RUN not in text.encode(errors="replace").translate(_DIGITS, b" -.()/"):
        return
    for rule, kind, values in (
        ("personal-phone", "a phone number", phones_in(text)),
        ("personal-card", "the number of a payment card", cards_in(text)),
        ("personal-iban", "the number of a bank account", ibans_in(text)),
        ("personal-ssn", "a US social security number", ssns_in(text)),
    ):
        for shown in values:
            yield rule, f"{kind}: {shown}"


def _texts(example: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text of the example that is no image, keys included, and where it stands."""
    for key, value in example.items():
        if key == "messages":
            yield from _of_messages("", value)
        elif key == "input" and isinstance(value, dict):
            for inner, content in value.items():
                yield from _of_messages("", content) if inner == "messages" else _of_value("input", content)
                yield "a key", inner
        elif key in ("preferred_output", "non_preferred_output"):
            yield from _of_messages(f"{key}, ", value)
        else:
            yield from _of_value(key if key == "tools" else "another key", value)
            yield "a key", key


def _of_messages(prefix: str, messages: object) -> Iterator[tuple[str, str]]:
    for number, message in enumerate(messages if isinstance(messages, list) else [messages], start=1):
        role = message.get("role") if isinstance(message, dict) else None
        known = role if role in ("system", "developer", "user", "assistant", "tool") else "other"
        yield from _of_value(f"{prefix}message {number} ({known})", message)


def _of_value(where: str, value: object) -> Iterator[tuple[str, str]]:
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, str):
            if not here.startswith(_IMAGE):
                yield where, here
        elif isinstance(here, dict):
            waiting += here.values()
            waiting += here
        elif isinstance(here, list):
            waiting += here
