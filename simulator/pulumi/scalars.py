"""How the CLI reads and changes values of a stack file: the rules of Go's yaml.v3 and encoding/json.

An unquoted 2026-01-02 becomes the text of a Go time, 0123456 an octal number, 1.0 the number 1; whole numbers beyond 64
bits lose digits. A corpus of such values goes through both ways in tests/engine/ and must come out the same.
"""

from __future__ import annotations

import base64
import json
import math
import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

_TAG = "tag:yaml.org,2002:"

_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_GO_INTEGER = re.compile(r"([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)")
_TIMES = (
    re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?(Z|[-+]\d{2}:\d{2})"),
    re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2}) (\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?()"),
    re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})()()()()()"),
)
_TRUE, _FALSE = ("true", "True", "TRUE"), ("false", "False", "FALSE")
_NULLS = ("", "~", "null", "Null", "NULL")
_INFINITE = {".inf": math.inf, "+.inf": math.inf, "-.inf": -math.inf, ".nan": math.nan}


class Moment(str):
    """A time, as the text it comes out as."""

    __slots__ = ()


def resolved(text: str) -> Any:
    """What a plain scalar means to yaml.v3: None, a bool, an int, a float, a Moment, or the text itself."""
    if text in _NULLS:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if text.lower() in _INFINITE:
        return _INFINITE[text.lower()]
    if text[0] in "0123456789+-.":
        number = _number(text)
        if number is not None:
            return number
        return _moment(text) or text
    return text


def tagged(tag: str, text: str) -> Any:
    """A scalar with an explicit tag."""
    match tag.removeprefix(_TAG):
        case "null":
            return None
        case "float":
            number = _number(text)
            return float(number) if number is not None else text
        case "int" | "bool" | "timestamp":
            return resolved(text)
        case "binary":
            return base64.b64decode(text).decode()
        case _:
            return text


def as_text(value: Any) -> str:
    """A value of its own as the program gets it: text as it is, anything else as Go prints it."""
    if isinstance(value, str):
        return str(value)
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return as_json(value)
    # On its own a whole number keeps all digits of 64 bits, signed or not.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else as_json(value)


def as_json(value: Any) -> str:
    """A value in an object or a list, as Go's encoding/json writes it: keys sorted, no blanks, HTML's signs escaped."""
    if isinstance(value, dict):
        # Go sorts by bytes.
        items = sorted(value.items(), key=lambda item: item[0].encode())
        return "{" + ",".join(f"{as_json(key)}:{as_json(item)}" for key, item in items) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(as_json, value)) + "]"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return str(value)
    return go_float(float(value))


def as_key(value: Any) -> str:
    """A key that isn't text, as Go prints it."""
    return "<nil>" if value is None else as_text(value)


def go_float(number: float) -> str:
    """A float as encoding/json has it: shortest digits, exponents below 1e-6 and from 1e21.

    Raises ValueError for infinities and NaN.
    """
    if not math.isfinite(number):
        raise ValueError(f"{number} is no number that JSON has")
    if number == 0:
        return "0"
    exact = Decimal(repr(number))
    if 1e-6 <= abs(number) < 1e21:
        written = f"{exact:f}"
        return written.rstrip("0").rstrip(".") if "." in written else written
    sign, digits, _ = exact.as_tuple()
    whole, rest = str(digits[0]), "".join(map(str, digits[1:])).rstrip("0")
    return f"{'-' if sign else ''}{whole}{'.' if rest else ''}{rest}e{exact.adjusted():+d}"


def _number(text: str) -> int | float | None:
    plain = text.replace("_", "")
    if found := _GO_INTEGER.fullmatch(plain):
        sign, digits = found.groups()
        value = _magnitude(digits) * (-1 if sign == "-" else 1)
        if -(2**63) <= value < 2**64:
            return value
        return float(value) if _DECIMAL.fullmatch(plain) else None
    if _DECIMAL.fullmatch(plain):
        value_of = float(plain)
        if math.isinf(value_of):
            return None
        return value_of
    return None


def _magnitude(digits: str) -> int:
    lowered = digits.lower()
    for prefix, base in (("0x", 16), ("0b", 2), ("0o", 8)):
        if lowered.startswith(prefix):
            return int(lowered[2:], base)
    return int(digits, 8) if digits.startswith("0") and len(digits) > 1 else int(digits)


def _moment(text: str) -> Moment | None:
    for pattern in _TIMES:
        if not (found := pattern.fullmatch(text)):
            continue
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
        fraction, zone = (found[7] or "").rstrip("0").rstrip("."), found[8]
        try:
            moment = datetime(year, month, day, hour, minute, second, tzinfo=_zone(zone))
        except ValueError:
            return None
        shown = moment.strftime("%Y-%m-%d %H:%M:%S").rjust(19, "0")
        offset = moment.strftime("%z")
        return Moment(f"{shown}{fraction} {offset} {'UTC' if offset == '+0000' else offset}")
    return None


def _zone(text: str) -> timezone:
    if text in ("", "Z"):
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    return timezone((1 if text[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029", "\x7f": "\x7f"}


def _text(value: str) -> str:
    written = json.dumps(value, ensure_ascii=False)
    return "".join(_ESCAPED.get(sign, sign) for sign in written)
