"""A model's history in git as it grows: 1,000 commits of a stack file, in which a model is recorded, evaluated and
released again and again, beside another one.

Built by `git fast-import`: 1,000 commits would take longer than what is measured.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from contract.release import ReleaseRecord, Releases, Sku
from jobs.releases.pointers import release
from jobs.stacks.release_lines import lines
from tests.contract.specimens import record
from tests.evaluations import passed

COMMITS = 1_000
NAME = f"jobs history, {COMMITS:,} commits"
KEPT = 10
"""Previous records in the file: it has some 60 kB then."""
MOST_SECONDS = 6.0
_SKU = Sku(name="GlobalStandard", capacity=50)


@contextmanager
def repository() -> Iterator[Path]:
    """A project whose stack dev has such a history."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "Pulumi.yaml").write_text("name: tuned-models\nruntime: python\nstackConfigDir: environments\n")
        subprocess.run(["git", "init", "-q", "-b", "main"], cwd=folder, check=True)
        stream = b"".join(_commit(number, each) for number, each in enumerate(islice(_states(), COMMITS), start=1))
        subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=stream, check=True)
        subprocess.run(["git", "reset", "-q", "--hard", "main"], cwd=folder, check=True)
        yield folder


def _states() -> Iterator[Releases]:
    """Without end: a candidate, its evaluation, its release."""
    releases, number = Releases(), 0
    while True:
        number += 1
        hexes = f"{number:032x}"
        known = {"modelId": f"gpt-4.1-mini-2025-04-14.ft-{hexes}", "runKey": f"{number:064x}", "evaluation": None}
        made = ReleaseRecord.model_validate(record(hexes, **known))
        yield (releases := releases.model_copy(update={"candidate": made}))
        yield (releases := releases.model_copy(update={"candidate": passed(made)}))
        releases = release(releases, _SKU).releases
        yield (releases := releases.model_copy(update={"previous": releases.previous[:KEPT]}))


def _commit(number: int, releases: Releases) -> bytes:
    both = lines({"clippy": releases, "other": releases}, 2, 2)
    text = "\n".join(["config:", *(each for line in both for each in line.written()), ""]).encode()
    parent = f"from :{number - 1}\n" if number > 1 else ""
    head = f"commit refs/heads/main\nmark :{number}\ncommitter Ada <a@b.c> {1_700_000_000 + 60 * number} +0000\n"
    return f"{head}data 1\nx\n{parent}M 100644 inline environments/Pulumi.dev.yaml\ndata {len(text)}\n".encode() + text
