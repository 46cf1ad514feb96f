"""Almost JSON, as people and other programs write it, made JSON where only one thing can be meant."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
import warnings
from dataclasses import dataclass
from typing import Any

from jobs.data.reading.json_line import BadLine, parse_object

_LONGEST_LITERAL = 1024 * 1024
"""A longer line is not read as Python: its parser takes some hundred times as much memory."""
_TOKEN = re.compile(
    r"""
      (?P<blank> [ \t]+ )
    | (?P<text> "(?:[^"\\]|\\.)*" )
    | [“”„‟] (?P<curly> (?:[^"“”„‟\\]|\\.)* ) ["“”„‟]
    | (?P<python> (?:True|False|None)\b )
    | (?P<value> (?:true|false|null)\b | [-+.0-9eE]+ )
    | (?P<mark> [][{}:,] )
    """,
    re.VERBOSE | re.DOTALL,
)
_CONTROL = re.compile(r"[\x00-\x1f]")
_PYTHON = {"True": "true", "False": "false", "None": "null"}


@dataclass(frozen=True)
class Repaired:
    """``text`` is JSON, and says ``value``. ``notes``: what was changed, each once."""

    text: str
    value: dict[str, Any]
    notes: tuple[str, ...]


def repaired(text: str) -> Repaired | None:
    """``text`` is one line that is no JSON object. None where its meaning is not certain."""
    return _with_other_marks(text) or _from_python(text)


def _with_other_marks(text: str) -> Repaired | None:
    """Quotes, commas and words exchanged, every other character kept."""
    written: list[str] = []
    notes: dict[str, None] = {}
    # The places in ``written`` of the last two tokens that mean something.
    before: list[int] = []
    place = 0
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            return None
        place = token.end()
        kind, piece = token.lastgroup, token[0]
        if kind == "blank":
            written.append(piece)
            continue
        if kind == "curly":
            notes["curly quotes became straight ones"] = None
            piece = f'"{token["curly"]}"'
        if kind in ("curly", "text") and _CONTROL.search(piece):
            notes["control characters in texts were escaped"] = None
            piece = _CONTROL.sub(lambda found: json.dumps(found[0])[1:-1], piece)
        if kind == "python":
            notes["True, False and None became true, false and null"] = None
            piece = _PYTHON[piece]
        if piece in ("}", "]") and _ends_in_comma(written, before):
            notes["a comma too many was removed"] = None
            written[before[-1]] = ""
        before = [*before[-1:], len(written)]
        written.append(piece)
    if _ends_in_comma(written, before) and written[before[0]] == "}":
        notes["a comma too many was removed"] = None
        written[before[-1]] = ""
    return _if_json("".join(written), tuple(notes))


def _ends_in_comma(written: list[str], before: list[int]) -> bool:
    """A comma is the last that was written, and a value stands before it."""
    return len(before) == 2 and written[before[1]] == "," and written[before[0]] not in ("[", "{", ",", ":", "")


def _from_python(text: str) -> Repaired | None:
    """The line as a dict literal of Python: what ``print`` shows of a dict."""
    if len(text) > _LONGEST_LITERAL or not text.strip().startswith("{") or _has_comment(text):
        return None
    try:
        with warnings.catch_warnings():
            # A backslash that Python does not know is a warning there, and no certain meaning here.
            warnings.simplefilter("error")
            tree = ast.parse(text.strip(), mode="eval")
            if not all(_is_plain(node) for node in ast.walk(tree)):
                return None
            value = ast.literal_eval(tree)
        written = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError, Warning):
        return None
    return _if_json(written, ("Python's quotes and words became JSON's",))


def _is_plain(node: ast.AST) -> bool:
    """Whether JSON has it, and has it once: no sets, tuples, sums, bytes, no key twice, no key that is no text."""
    if isinstance(node, ast.Dict):
        keys = [key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
        return len(set(keys)) == len(node.keys)
    if isinstance(node, ast.Constant):
        return node.value is None or isinstance(node.value, str | int | float)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.USub)
    return isinstance(node, ast.Expression | ast.List | ast.Load | ast.USub)


def _has_comment(text: str) -> bool:
    if "#" not in text:
        return False
    try:
        return any(token.type == tokenize.COMMENT for token in tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return True


def _if_json(text: str, notes: tuple[str, ...]) -> Repaired | None:
    """Nothing is repaired unless it is strictly JSON now."""
    if not notes:
        return None
    try:
        return Repaired(text, parse_object(text.encode("utf-8", "surrogatepass")), notes)
    except BadLine:
        return None
