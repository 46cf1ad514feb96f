"""Measures that compare texts as they are: the same, the same but for its dress, contained."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

from jobs.evaluation.graders.graded import Graded, whether

_NUMERIC = re.compile(r"(?<=\d)[.,](?=\d)|(?<!\w)[-−.](?=\d)")
"""Points and commas within a number, and the sign or point before one: without them it is another number."""
_APOSTROPHES = frozenset("'’‘ʼ`´")


def exact(given: str, wanted: str) -> Graded:
    return whether(given.strip() == wanted.strip())


def same_normalized(given: str, wanted: str) -> Graded:
    return whether(normalized(given) == normalized(wanted))


def normalized(text: str) -> str:
    """As docs/tune.md has it. NFKC makes full-width and ligated forms plain; a case-folded ``ß`` is ``ss``."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    kept = {match.start() for match in _NUMERIC.finditer(plain)}
    return " ".join("".join(_dressed(sign, index in kept) for index, sign in enumerate(plain)).split())


def _dressed(sign: str, kept: bool) -> str:
    if kept:
        return "-" if sign == "−" else sign
    if sign in _APOSTROPHES:
        return ""
    return " " if unicodedata.category(sign).startswith("P") else sign


def contained(given: str, values: Sequence[str], match: Literal["all", "any"], *, case_sensitive: bool) -> Graded:
    def cased(text: str) -> str:
        return text if case_sensitive else text.casefold()

    missing = [value for value in values if cased(value) not in cased(given)]
    right = not missing if match == "all" else len(missing) < len(values)
    return whether(right, f"lacks {', '.join(missing)}")
