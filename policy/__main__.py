"""Launcher for the Pulumi CLI, which runs this folder as a script: ``pulumi preview --policy-pack policy``."""

from __future__ import annotations

import sys
from pathlib import Path

# The CLI puts this folder on the path, where its modules would stand in for others of their names. The repository's
# root has to stand there instead.
_HERE = Path(__file__).resolve().parent
sys.path[:] = [str(_HERE.parent), *(entry for entry in sys.path if Path(entry).resolve() != _HERE)]

from policy.pack import publish  # noqa: E402 - the path has to be set before.

publish()
