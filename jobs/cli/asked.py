"""What stands on the command line, in our terms; and the commands to type next, with the same options."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from jobs.cli.stacks.writing import VERBS, Writing
from jobs.errors import Usage

OUTPUTS_VARIABLE = "JOBS_OUTPUTS"
_OPTIONS = {
    **dict.fromkeys(("run", "sweep", "watch"), ("--models", "--outputs", "--project", "--notify")),
    **dict.fromkeys(("check", "plan", "evaluate", "verify", "doctor"), ("--models", "--outputs", "--project")),
    **dict.fromkeys(
        ("record", "list", "show", "logs", "curve", "pause", "resume", "cancel", "review", "report"),
        ("--outputs", "--project"),
    ),
    **dict.fromkeys(("release", "rollback", "promote", "status", "clean"), ("--outputs", "--project")),
    "diff": ("--models", "--project"),
    **dict.fromkeys(("withdraw", "history", "new-environment"), ("--project",)),
}
"""Which of the options that are given again each verb knows."""
_LONGEST = timedelta(days=36500)
_DURATION = re.compile(r"(?P<count>\d+(?:\.\d+)?)(?P<unit>[smhd])")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True)
class Asked:
    """Where a verb works, how it writes, and who is told how it ended. All but the stack are as given; None where they
    were not."""

    stack: str
    project: Path | None = None
    models: Path | None = None
    outputs: Path | None = None
    notify: str | None = None
    writing: Writing = field(default_factory=Writing, compare=False)

    @property
    def project_folder(self) -> Path:
        return self.project or Path()

    @property
    def models_folder(self) -> Path:
        return self.models or self.project_folder / "models"

    def command(self, verb: str, model: str | None, *flags: str) -> str:
        """``jobs run clippy -s dev``, with those of this command's options that the verb knows."""
        return self.complete(shlex.join(["jobs", verb, *([model] if model else []), "-s", self.stack, *flags]))

    def check_command(self, model: str, *, with_stack: bool = False) -> str:
        """With the stack where tune.yaml refers to data that a stack alone can reach."""
        return self.command("check", model) if with_stack else self.complete(shlex.join(["jobs", "check", model]))

    def complete(self, command: str) -> str:
        """``command``, written where the stack alone is known, with the options that this one was given.

        Those that it has already stay as they are.
        """
        if command == shlex.join(["pulumi", "up", "-s", self.stack]):
            return self.up
        present = shlex.split(command)
        if present[:1] != ["jobs"]:
            return command
        # What the environment says, it says to the next command too.
        outputs = None if str(self.outputs) == os.environ.get(OUTPUTS_VARIABLE) else self.outputs
        given = {"--models": self.models, "--outputs": outputs, "--project": self.project, "--notify": self.notify}
        words = [
            word
            for name in _OPTIONS.get(present[1], ())
            if name not in present
            and (value := given[name]) is not None
            # `check` may do without a stack, and then without its outputs.
            and (name != "--outputs" or present[1] != "check" or "-s" in present)
            for word in (name, str(value))
        ]
        if present[1] in VERBS and not {"--output", "--commit"} & set(present):
            words += self.writing.flags
        return f"{command} {shlex.join(words)}" if words else command

    @property
    def up(self) -> str:
        """The up of this stack."""
        words = ["pulumi", "up", "-s", self.stack]
        return shlex.join(words + (["-C", str(self.project)] if self.project is not None else []))


def duration(text: str) -> timedelta:
    """``90s``, ``30m``, ``24h``, ``2d``. Raises Usage."""
    found = _DURATION.fullmatch(text.strip().lower())
    if found is None or float(found["count"]) <= 0:
        raise Usage(f"{text!r} is no duration: write 90s, 30m, 24h or 2d")
    seconds = float(found["count"]) * _UNITS[found["unit"]]
    if seconds > _LONGEST.total_seconds():
        # No calendar goes on much longer, in either direction.
        raise Usage(f"{text!r} is too long: {_LONGEST.days}d at most")
    return timedelta(seconds=seconds)
