"""Regular expressions that people wrote, on texts that a model wrote: with an end to the trying."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from jobs.evaluation.graders.graded import Graded, whether

if TYPE_CHECKING:
    import regex

_SECONDS = 1.0
"""A pattern that tries for longer has found nothing."""


class TooSlow(Exception):
    """The pattern tries too many ways; its words say so."""


def matched(text: str, pattern: str, *, full: bool, ignore_case: bool) -> Graded:
    try:
        found = search(pattern, text, full=full, ignore_case=ignore_case)
    except TooSlow as slow:
        return Graded(0.0, str(slow))
    return whether(found is not None)


def search(pattern: str, text: str, *, full: bool = False, ignore_case: bool = False) -> regex.Match[str] | None:
    """The first match, or None. Raises TooSlow. ``pattern`` is one that has been read before."""
    compiled = _compiled(pattern, ignore_case)
    try:
        # Other threads go on meanwhile.
        return (compiled.fullmatch if full else compiled.search)(text, timeout=_SECONDS, concurrent=True)
    except TimeoutError:
        raise TooSlow(f"the pattern was still being tried after {_SECONDS:g} s: it counts as not found") from None


@lru_cache(maxsize=64)
def _compiled(pattern: str, ignore_case: bool) -> regex.Pattern[str]:
    import regex

    return regex.compile(pattern, regex.IGNORECASE if ignore_case else 0)
