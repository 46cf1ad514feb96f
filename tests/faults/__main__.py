"""`make faults`: every case, where `make test` tries a few; and at the end the table of what became of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.checkout import ROOT
from tests.faults import table

SIDE_BY_SIDE = "2"


def main() -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        noted = Path(folder) / "outcomes"
        noted.touch()
        tried = subprocess.run(
            [sys.executable, "-m", "pytest", "-n", SIDE_BY_SIDE, "--dist", "load", "-q", "tests/faults", *sys.argv[1:]],
            cwd=ROOT,
            env=os.environ | {"FAULTS": "complete", table.NOTED: str(noted)},
            check=False,
        )
        outcomes = [json.loads(line) for line in noted.read_text().splitlines()]
    told = table.lines((name, table.Outcome(outcome)) for name, outcome in outcomes)
    sys.stdout.write("\n".join(["", "Each request of a run × each fault:", *told, ""]))
    sys.stdout.write(f"{(time.monotonic() - began) / 60:.0f} minutes\n")
    return tried.returncode


if __name__ == "__main__":
    sys.exit(main())
