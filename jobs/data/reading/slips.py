"""What went wrong in a line that is no JSON: slips of people and programs, told apart by where the parser stopped."""

from __future__ import annotations

import re
from json import JSONDecodeError

from jobs.data.advice import converting

Slip = tuple[str, str]
"""The rule that is broken, and a hint what to do; the hint is empty where nothing can be said."""

_BOM = "\ufeff"
_CURLY = "“”„‟‘’"
_BLANKS = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]")
_PYTHON = re.compile(r"(True|False|None)\b")
_WORD = re.compile(r"[A-Za-z_]\w*")
_COMMENTS = ("//", "/*", "#")
_A_LINE_EACH = f"each example needs a line of its own, as {converting()} writes them"
_GOES_ON = f"JSON that goes on over several lines; {_A_LINE_EACH}"


def slip(text: str, error: JSONDecodeError) -> Slip:
    """What the parser stumbled over at ``error.pos``; that the file breaks off there has been ruled out."""
    rest = text[error.pos :]
    here = rest[:1]
    if here == _BOM:
        return "syntax-json", "a byte order mark within the file"
    if any(quote in text[max(error.pos - 1, 0) : error.pos + 1] for quote in _CURLY):
        return "syntax-json", 'curly quotes, as copied from a web page, where straight ones (") belong'
    if _is_piece(text, rest, error):
        return "syntax-spread", _GOES_ON
    return "syntax-json", _hint(text, rest, error)


def _is_piece(text: str, rest: str, error: JSONDecodeError) -> bool:
    """Whether the line is a piece of a longer value: it breaks off, or closes or lists what it didn't open."""
    if error.msg == "Extra data":
        return rest.strip() in (",", "]", "],") or (rest[0] == ":" and text.lstrip()[0] == '"')
    return not rest.strip() or text.strip() in ("]", "}", "],", "},")


def _hint(text: str, rest: str, error: JSONDecodeError) -> str:
    if rest.startswith(_COMMENTS):
        return "a comment, which JSON does not have"
    if _is_row(text):
        return f"if this is a table (CSV), {converting()} makes it chat"
    if error.msg == "Extra data":
        return f"a second value on the line; {_A_LINE_EACH}"
    return _hint_within_text(rest, error) or _hint_between_texts(text, rest, error)


def _is_row(text: str) -> bool:
    """Whether it may be one of a table: it begins as no object does, and has what parts columns."""
    return text.lstrip()[:1] not in "{[" and any(mark in text for mark in ",;\t")


def _hint_within_text(rest: str, error: JSONDecodeError) -> str:
    if error.msg.startswith("Unterminated string"):
        curly = next((number for number, sign in enumerate(rest) if sign in _CURLY), None)
        if curly is not None and '"' not in rest[1:]:
            return f"a text that begins in a straight quote and ends in a curly one (character {error.pos + curly + 1})"
        return "a text that does not end on the line; a line break within a text is written \\n"
    if error.msg.startswith("Invalid control character"):
        if rest[0] == "\t":
            return "a tab within a text, which is written \\t"
        return f"a control character within a text, which is written \\u{ord(rest[0]):04x}"
    if error.msg.startswith("Invalid \\"):
        return "a backslash within a text, which is written \\\\"
    return ""


def _hint_between_texts(text: str, rest: str, error: JSONDecodeError) -> str:
    here = rest[:1]
    if here in "]}" and text[: error.pos].rstrip().endswith(","):
        return "a comma before a closing bracket"
    if here == "'":
        return "single quotes, as Python prints them, where double ones belong"
    if match := _PYTHON.match(rest):
        return f"Python's {match[0]}: JSON has true, false and null"
    if here == "\0":
        return "a NUL byte: the file is broken, or is UTF-16"
    if _BLANKS.match(here):
        return f"an invisible character (U+{ord(here):04X}) where JSON has blanks, as copied from a web page"
    if error.msg.startswith("Expecting property name") and _WORD.match(rest):
        return "a key without quotes"
    if error.msg.startswith("Expecting ',' delimiter"):
        return 'a comma is missing, or a quote within a text is not written \\"'
    return ""
