"""Who decides, and why: the words that go into a record."""

from __future__ import annotations

import getpass
import subprocess
from pathlib import Path

from jobs.errors import Usage
from jobs.plain import one_line


def deciding_person(project: Path) -> str:
    """git's ``user.name`` as it is set for the project, else the operating system's user."""
    try:
        found = subprocess.run(
            ["git", "config", "user.name"], cwd=project, capture_output=True, text=True, timeout=10, check=False
        ).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        found = ""
    if found:
        return one_line(found)
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        # No name for this user ID, as in some containers.
        return "unknown"


def reason_given(option: str, text: str) -> str:
    """As it is recorded, and repeated by previews and commits: one line. Raises Usage where there is none."""
    if not text.strip():
        raise Usage(f"{option} wants a reason: it is recorded")
    return one_line(text)
