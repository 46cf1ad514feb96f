"""One line as JSON, more strictly than Python reads it: what two readers could take for two things is refused."""

from __future__ import annotations

import json
import math
import sys
from typing import Any, NoReturn

from jobs.data.advice import converting
from jobs.data.privacy.sensitive import masked
from jobs.data.reading.containers import container_words
from jobs.data.reading.slips import slip
from jobs.data.rules import MAX_NESTING

_LOOKED_AT = 2000
"""Of a text of which the beginning is shown so many characters are looked at."""


class BadLine(Exception):
    """The line is no JSON object. ``rule`` is the rule it breaks."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(rule, message)
        self.rule = rule
        self.message = message


class _Broken(ValueError):
    """Raised inside the parser: JSON's grammar is kept, but a rule of ours is not."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message


def parse_object(data: bytes, *, last: bool = False) -> dict[str, Any]:
    """The object on the line. ``last``: nothing follows, not even a line break. Raises BadLine, and nothing else."""
    text = _text(data, last)
    try:
        value = _DECODER.decode(text)
    except _Broken as error:
        raise BadLine(error.rule, error.message) from None
    except json.JSONDecodeError as error:
        raise _not_json(text, error, last) from None
    except RecursionError:
        raise BadLine("syntax-nesting", "is nested too deep to be read") from None
    except ValueError:
        # Python's limit on the digits of an integer.
        raise BadLine("syntax-number", f"has a number of more than {sys.get_int_max_str_digits():,} digits") from None
    if not isinstance(value, dict):
        raise _no_object(value)
    if data.count(b"{") + data.count(b"[") > MAX_NESTING and _depth(value) > MAX_NESTING:
        raise BadLine("syntax-nesting", f"is nested deeper than {MAX_NESTING} levels")
    if b"\\u" in data:
        _refuse_surrogates(value)
    return value


def _text(data: bytes, last: bool) -> str:
    if (container := container_words(data)) is not None:
        raise BadLine("syntax-encoding", container)
    wide = _wide(data) or ("UTF-16" if last and data in (b"\0", b"\0\0\0") else None)
    if wide is not None:
        raise BadLine("syntax-encoding", f"is {wide}: save the file as UTF-8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if last and error.reason == "unexpected end of data":
            raise BadLine("syntax-truncated", "ends in the middle of a character") from None
        byte = data[error.start]
        sign = bytes([byte]).decode("cp1252", "replace")
        hint = (
            f", which is {sign} in Windows-1252: save the file as UTF-8"
            if sign.isprintable() and sign != "\ufffd"
            else ""
        )
        raise BadLine("syntax-encoding", f"is not UTF-8: byte {error.start + 1} is 0x{byte:02x}{hint}") from None


def _wide(data: bytes) -> str | None:
    """What has units of two bytes, or of four: by its mark, or by most units being ASCII's."""
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "UTF-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    nulls = data.count(0)
    if nulls < 2 or nulls < 0.3 * len(data):
        return None
    if 0.7 * len(data) < nulls < 0.8 * len(data):
        return "UTF-32"
    return "UTF-16" if max(data[::2].count(0), data[1::2].count(0)) > 0.9 * nulls else None


def _not_json(text: str, error: json.JSONDecodeError, last: bool) -> BadLine:
    if last and _breaks_off(text, error):
        return BadLine("syntax-truncated", f"breaks off after {len(text)} characters: the file is not complete")
    rule, hint = slip(text, error)
    return BadLine(rule, f"is not JSON at character {error.pos + 1} ({error.msg}){': ' if hint else ''}{hint}")


def _breaks_off(text: str, error: json.JSONDecodeError) -> bool:
    return error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")


def _no_object(value: object) -> BadLine:
    if isinstance(value, list):
        words = f"is a list of {len(value)}; each example needs a line of its own"
        if any(isinstance(item, dict) for item in value):
            return BadLine("syntax-spread", f"{words}, as {converting()} writes them")
        return BadLine("syntax-object", f"{words}, as an object with messages")
    return BadLine("syntax-object", f"is {type_word(value)}, an object with messages is expected")


def type_word(value: object) -> str:
    """What JSON calls the value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    words = {str: "a text", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return words.get(type(value), "something else")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]  # add returns None, which is false.
        raise _Broken("syntax-duplicate-key", f"has the key {shortened(twice)} twice in one object")
    return value


def _constant(name: str) -> NoReturn:
    raise _Broken("syntax-number", f"has {name}, which JSON does not know")


def _number(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise _Broken("syntax-number", f"has the number {shortened(text)}, which is too large")
    return value


def shortened(text: str, most: int = 40) -> str:
    """The text in quotes, at most so many characters of it, and what may be a secret or personal in it masked."""
    # Masked first: half of a key is not told from a word.
    text = masked(text[:_LOOKED_AT])
    return repr(text if len(text) <= most else f"{text[: most - 1]}…")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant, parse_float=_number)


def _depth(value: object) -> int:
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        here, depth = waiting.pop()
        if isinstance(here, dict | list):
            deepest = max(deepest, depth)
            waiting += [(item, depth + 1) for item in (here.values() if isinstance(here, dict) else here)]
    return deepest


def _refuse_surrogates(value: dict[str, Any]) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        code = ord(error.object[error.start])
        raise BadLine("syntax-surrogate", f"has \\u{code:04x} on its own, which is half a character") from None
