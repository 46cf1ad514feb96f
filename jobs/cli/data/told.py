"""How findings are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Form = Literal["text", "lines", "json", "github"]
"""``text`` is a table on a terminal and ``lines`` elsewhere, with a summary of each file."""


@dataclass(frozen=True)
class Told:
    """``everything``: each finding that was kept, not the first few of a rule; ``fix``: with mended copies of files."""

    form: Form = "text"
    everything: bool = False
    fix: bool = False
