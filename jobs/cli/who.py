"""Who decides: the name that goes into a record."""

from __future__ import annotations

import getpass
import subprocess
from pathlib import Path


def deciding_person(project: Path) -> str:
    """git's ``user.name`` as it is set for the project, else the operating system's user."""
    try:
        found = subprocess.run(
            ["git", "config", "user.name"], cwd=project, capture_output=True, text=True, timeout=10, check=False
        ).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        found = ""
    if found:
        return found
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        # No name for this user ID, as in some containers.
        return "unknown"
