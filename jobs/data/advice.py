"""What findings tell people to type, where another command puts a file right.

A finding does not know how its file is called; whoever does makes a command of it that can be copied.
"""

from __future__ import annotations

import re
import shlex
from pathlib import PurePath

_CONVERT = re.compile(r"`jobs convert FILE --output NEW\.jsonl(?P<options>[^`]*)`")


def converting(options: str = "") -> str:
    """The command that makes chat JSONL of a file in another form, for a finding's words."""
    return f"`jobs convert FILE --output NEW.jsonl{options}`"


def convert_command(message: str, file: str) -> str | None:
    """The same for ``file``, as a finding says it; None where its words name no such command."""
    found = _CONVERT.search(message)
    if found is None:
        return None
    new = PurePath(file).with_suffix(".chat.jsonl")
    return f"{shlex.join(['jobs', 'convert', file, '--output', str(new)])}{found['options']}"
