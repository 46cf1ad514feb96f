"""The models that there are, for somebody who named another."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def others(model: str, known: Iterable[str]) -> str:
    """What goes behind ``there is no such model``: the one that was meant, or all that there are."""
    names = sorted(known)
    close = difflib.get_close_matches(model, names, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; models there: {', '.join(names)}" if names else "; there are none"
