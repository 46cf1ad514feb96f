"""A copy of the project as git would give it to a newcomer, with the set-up already done."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DEADLINE = 240


def copy_to(folder: Path) -> Path:
    """All files that git tracks or would add, in `folder`; what `make setup` installed is linked, not copied.

    It counts as set up, however new the files are: `make` in the copy would install anew through the links, and take
    away what this checkout has.
    """
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    for said in ("requirements.lock", "pyproject.toml", "package.json", "package-lock.json"):
        os.utime(folder / said, (0, 0))
    for installed in (".venv", "node_modules"):
        (folder / installed).symlink_to(ROOT / installed)
    return folder


def without_ambient_azure() -> dict[str, str]:
    """This process's environment without anything that leads to a cloud, and without the tests' own settings."""
    # The last: what one process of a copy compiles the next ones find, as on anybody's machine.
    dropped = ("AZURE_", "ARM_", "PULUMI_", "JOBS_", "PYTEST_", "COV_", "MAKE", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return kept | {"COLUMNS": "120"}


def typed(
    folder: Path, *command: str, environment: Mapping[str, str] | None = None, code: int = 0
) -> subprocess.CompletedProcess[str]:
    """A command that somebody types in `folder`; it ends with `code`, and never in a traceback."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=without_ambient_azure() if environment is None else environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    assert done.returncode == code, f"$ {' '.join(command)}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stdout + done.stderr
    return done
