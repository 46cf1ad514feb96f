"""Pulumi's command line, asked about itself. A ``PulumiCli``."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from jobs.errors import Unreadable

_PATIENCE = 60


@dataclass(frozen=True)
class InstalledCli:
    """The ``pulumi`` on PATH, in the project's folder."""

    project: Path

    def version(self) -> str | None:
        return self._said("version").strip().removeprefix("v") if shutil.which("pulumi") else None

    def login(self) -> str:
        said = self._said("whoami", "--verbose")
        found = dict(re.findall(r"^(User|Backend URL): *(.+)$", said, re.MULTILINE))
        who = found.get("User") or said.strip().partition("\n")[0]
        return f"{who} at {found['Backend URL'].strip()}" if "Backend URL" in found else who

    def has_plugin(self, name: str, version: str) -> bool:
        if shutil.which(f"pulumi-resource-{name}"):
            # One on PATH is taken before any other, whatever its version.
            return True
        return (
            re.search(rf"^{name} +resource +{re.escape(version)}\b", self._said("plugin", "ls"), re.MULTILINE)
            is not None
        )

    def _said(self, *words: str) -> str:
        what = f"`pulumi {' '.join(words)}` failed"
        try:
            done = subprocess.run(
                ("pulumi", *words, "--non-interactive", "--color", "never"),
                cwd=self.project,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_PATIENCE,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Unreadable(what, details=[str(error)]) from error
        if done.returncode != 0:
            lines = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
            raise Unreadable(what, details=lines[:4])
        return done.stdout
