"""Azure's python graders: ``grade(sample, item)``, run in a process of their own, one for each answer.

The process has no variables of this one's environment, at most 2 GiB of memory and 30 seconds; Azure has 2 GB and 2
minutes (rft). It is no wall: the source can read files and reach the network, which Azure's cannot. It stands in
tune.yaml, so who may change it may change the callables too. As documented an exception, or what is no number, is a
grade of 0; Graded.said tells which.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from typing import Any

from jobs.evaluation.graders.graded import Graded
from jobs.evaluation.graders.namespaces import Namespaces, parsed

_SECONDS = 30.0
_RUNNER = """
import json, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
except (ImportError, OSError, ValueError):
    pass
given = json.loads(sys.stdin.buffer.read())
told, sys.stdout = sys.stdout, sys.stderr
try:
    space = {"__name__": "grader"}
    exec(compile(given["source"], "<source>", "exec"), space)
    found = {"score": float(space["grade"](given["sample"], given["item"]))}
except BaseException as error:
    trace, line = error.__traceback__, getattr(error, "lineno", None)
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<source>":
            line = trace.tb_lineno
        trace = trace.tb_next
    found = {"failed": type(error).__name__, "line": line}
told.write(json.dumps(found))
told.flush()
"""
_KEPT = ("SYSTEMROOT", "TMPDIR", "TEMP", "TMP")
"""What a process cannot start without on some systems."""


def run(source: str, spaces: Namespaces) -> Graded:
    """What ``grade`` gives."""
    try:
        given = json.dumps({"source": source, "sample": spaces.sample, "item": spaces.item}).encode()
    except (RecursionError, TypeError, ValueError):
        return Graded(0.0, "the answer is nested too deeply")
    try:
        ended = subprocess.run(
            [sys.executable, "-I", "-X", "utf8", "-c", _RUNNER],
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # What it prints is for nobody, and may be without end.
            timeout=_SECONDS,
            check=False,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
            cwd=tempfile.gettempdir(),
        )
    except subprocess.TimeoutExpired:
        return Graded(0.0, f"grade did not end within {_SECONDS:g} s")
    return _graded(_told(ended.stdout), ended.returncode)


def _told(output: bytes) -> dict[str, Any]:
    # Python's json writes NaN, which is none here: no score.
    found = parsed(output.decode(errors="replace"))
    return found if isinstance(found, dict) else {}


def _graded(told: dict[str, Any], code: int) -> Graded:
    score = told.get("score")
    if isinstance(score, int | float) and math.isfinite(score):
        return Graded(float(score))
    if "failed" in told:
        line = f" in line {told['line']} of its source" if told.get("line") else ""
        return Graded(0.0, f"grade failed{line}: {told['failed']}")
    return Graded(0.0, "grade gave no number" if code == 0 else f"grade ended its process (exit code {code})")
