"""Launcher for the Pulumi CLI, which runs this folder as a script."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

# Python puts this folder first on the path; the repository's root has to stand there instead. Were it added beside
# this folder, every module here could be imported under two names.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

# The CLI interrupts the program when a resource fails, having said why: that is no fault of ours to trace.
signal.signal(signal.SIGINT, signal.SIG_DFL)

from infra.program import declare  # noqa: E402 - the path has to be set before.

declare()
