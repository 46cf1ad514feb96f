"""Words that others wrote, made fit for a terminal, a log and a file: they are shown, nothing obeys them, and what they
repeat of a token or a signed address is left out.

A service, or who speaks in its place, may put into a message what a terminal takes for orders (ECMA-48: colours, the
cursor, the title, the clipboard), what turns the order of letters round (Unicode Technical Report 36, bidirectional
spoofing), or a line that looks like one of ours.
"""

from __future__ import annotations

import re

MOST = 2000
"""Characters of a message that are kept: a page of HTML says no more in the rest."""
_ORDERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Control characters but the line feed and the tab; marks that set the direction of text, and separators of lines."""
_SECRETS = re.compile(
    r"(?<=\bsig=)[\w%+/=.~-]{8,}"  # of a shared access signature
    r"|\beyJ[\w-]{8,}(?:\.[\w-]*){1,2}"  # a JSON web token
    r"|(?<=\bAccountKey=)[\w+/=]{8,}",
    re.IGNORECASE,
)
"""A service may repeat what it was given, and a library too."""
LEFT_OUT = "(left out)"


def plain(text: str) -> str:
    """``text`` with what a terminal would obey written out, such as ``\\x1b``, and what looks like a secret left out.
    Its lines stay."""
    return _ORDERS.sub(_written_out, _SECRETS.sub(LEFT_OUT, text))


def one_line(text: str) -> str:
    """``text`` on one line, cut where it is longer than anybody reads."""
    told = plain(" ".join(text[: 2 * MOST].split()))
    return told if len(told) <= MOST else f"{told[: MOST - 1]}…"


def _written_out(found: re.Match[str]) -> str:
    code = ord(found.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
