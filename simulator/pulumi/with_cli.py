"""The stack program run by the Pulumi CLI, where there is one: the same three verbs, the same result.

The CLI writes into the stack file it is given (its passphrase's salt). So that an environment's file stays as it is in
git, it gets a copy, in a project of its own beside its state, which leads back here for the program.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from simulator.errors import Unusable
from simulator.pulumi.local_stack import LOCAL, write
from simulator.pulumi.stack_file import Project, short_name
from simulator.pulumi.summary import Failed, Summary, UpResult

SALT = re.compile(r"^encryptionsalt:.*$", re.MULTILINE)
VERBS = frozenset({"up", "preview", "refresh", "destroy"})
QUIET = ("--suppress-progress", "--suppress-outputs")
_COUNT = re.compile(r"(\d+) (?:to )?(create|update|replace|delete|unchanged)d?\b")
_COUNTED = {"create": "created", "update": "updated", "replace": "replaced", "delete": "deleted"}


def found(environment: Mapping[str, str]) -> str | None:
    """The CLI, if it is on PATH."""
    return shutil.which("pulumi", path=environment.get("PATH", os.defpath))


def holds(environment: Mapping[str, str], project: str, stack: str) -> bool:
    """Whether the CLI's state on this machine has anything of a stack; False where it is kept elsewhere."""
    file = _checkpoint(environment, project, stack)
    if file is None or not file.exists():
        return False
    found = json.loads(file.read_bytes())
    return bool((found.get("checkpoint", {}).get("latest") or {}).get("resources"))


def make_stack(command: Sequence[str], environment: Mapping[str, str]) -> None:
    """What `pulumi up -s STACK` needs before it can run: the stack, which the CLI only makes at a terminal.

    `command` is any command; nothing is done unless it is the CLI with one of the four verbs, on a stack that the local
    state doesn't have. The local stack gets its file, too. Raises Unusable with what the CLI says.
    """
    if not command or Path(command[0]).name != "pulumi" or not VERBS.intersection(command[1:]):
        return
    stack, folder = _told(command, "-s", "--stack"), Path(_told(command, "-C", "--cwd") or ".")
    if stack is None or not (folder / "Pulumi.yaml").exists():
        return
    if short_name(stack) == LOCAL:
        write(folder / "environments")
    file = _checkpoint(environment, Project.read(folder / "Pulumi.yaml").name, short_name(stack))
    if file is not None and not file.exists() and (executable := found(environment)):
        made = subprocess.run(
            ("pulumi", "stack", "init", stack, "--no-select", "--non-interactive", "--cwd", str(folder)),
            executable=executable,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            raise Unusable(_complaint(made.stderr or made.stdout))


def leave_outputs_to_cli(environment: Mapping[str, str]) -> None:
    """Drops saved outputs of stacks that the CLI keeps: run by hand it changes them, and has the newest itself."""
    saved = Path(environment["JOBS_OUTPUTS"])
    described = Path("Pulumi.yaml")
    if found(environment) is None or not described.exists():
        return
    project = Project.read(described).name
    for file in saved.glob("*.json"):
        if holds(environment, project, file.stem):
            file.unlink()


def _told(command: Sequence[str], short: str, long: str) -> str | None:
    """An option's value, in any of its spellings."""
    for index, word in enumerate(command):
        if word in (short, long):
            return command[index + 1] if index + 1 < len(command) else None
        if word.startswith(f"{long}="):
            return word.partition("=")[2]
        if word.startswith(short) and not word.startswith("--"):
            return word.removeprefix(short).removeprefix("=")
    return None


def _checkpoint(environment: Mapping[str, str], project: str, stack: str) -> Path | None:
    """Where the CLI's file backend keeps a stack."""
    backend = environment.get("PULUMI_BACKEND_URL", "")
    if not backend.startswith("file://"):
        return None
    return Path(unquote(urlparse(backend).path)) / ".pulumi" / "stacks" / project / f"{stack}.json"


@dataclass(frozen=True)
class Cli:
    """The CLI on a stack file.

    project      the folder whose environments/ holds the stack file
    program      the folder of the program's own Pulumi.yaml
    environment  everything it needs: PULUMI_BACKEND_URL, passphrase, PATH with the plugin, ARM_*
    say          hears each line it prints
    """

    project: Path
    program: Path
    stack: str
    environment: Mapping[str, str]
    workspaces: Path
    say: Callable[[str], None] = lambda _: None

    def up(self) -> UpResult:
        printed = self._on_stack("up", "--yes", "--skip-preview", *QUIET)
        return UpResult(counts(printed), self._outputs(), "cli")

    def preview(self) -> UpResult:
        """The outputs are those of the last up: the CLI does not print the expected ones as data."""
        return UpResult(counts(self._on_stack("preview", *QUIET)), self._outputs(), "cli")

    def destroy(self) -> UpResult:
        return UpResult(counts(self._on_stack("destroy", "--yes", "--skip-preview", *QUIET)), {}, "cli")

    def _on_stack(self, *arguments: str) -> str:
        self._prepare()
        self._run("stack", "select", "--create", self.stack)
        return self._run(*arguments, "--stack", self.stack, shown=True)

    def _outputs(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._run("stack", "output", "--json", "--stack", self.stack))
        return found

    @property
    def _workspace(self) -> Path:
        return self.workspaces / short_name(self.stack)

    def _prepare(self) -> None:
        """The project the CLI works in: the program by link, the stack file as a copy with the salt of the last run."""
        name = f"Pulumi.{short_name(self.stack)}.yaml"
        source = self.project / "environments" / name
        copy = self._workspace / "environments" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            text = source.read_text(encoding="utf-8")
        except OSError as problem:
            raise Unusable(f"{source} can't be read: {problem.strerror}") from problem
        salt = SALT.search(copy.read_text(encoding="utf-8")) if copy.exists() else None
        if salt and not SALT.search(text):
            text = f"{text.rstrip()}\n{salt[0]}\n"
        copy.write_text(text, encoding="utf-8")
        shutil.copyfile(self.program / "Pulumi.yaml", self._workspace / "Pulumi.yaml")
        for linked in ("infra", ".venv"):
            link = self._workspace / linked
            if not link.is_symlink() and (self.program / linked).exists():
                link.symlink_to((self.program / linked).resolve(), target_is_directory=True)

    def _run(self, *arguments: str, shown: bool = False) -> str:
        """Runs the CLI to its end, without a terminal. What it printed. Raises Failed with its errors."""
        command = ("pulumi", *arguments, "--non-interactive", "--color", "never", "--cwd", str(self._workspace))
        printed: list[str] = []
        executable = found(self.environment) or "pulumi"
        with subprocess.Popen(
            command,
            executable=executable,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if shown else subprocess.PIPE,
            text=True,
            encoding="utf-8",
        ) as child:
            if shown and child.stdout:
                for line in child.stdout:
                    printed.append(line)
                    self.say(line.rstrip("\n"))
                complaint = ""
            else:
                out, complaint = child.communicate()
                printed.append(out)
        text = "".join(printed)
        if child.returncode != 0:
            said = _complaint(complaint or text) or f"pulumi {arguments[0]} ended with {child.returncode}"
            raise Failed(said, counts(text))
        return text


def counts(printed: str) -> Summary:
    """The numbers under `Resources:` in what the CLI printed last."""
    summary = Summary()
    block = printed[printed.rfind("Resources:") :].split("\n\n", 1)[0]
    for number, did in _COUNT.findall(block):
        setattr(summary, _COUNTED.get(did, did), int(number))
    return summary


def _complaint(printed: str) -> str:
    """The lines with which the CLI said what is wrong."""
    lines = [line.strip() for line in printed.splitlines()]
    errors = [line for line in lines if line.startswith(("error:", "error ")) and "update failed" not in line]
    said = dict.fromkeys(line.removeprefix("error:").strip() for line in errors)
    return "\n".join(said) or "\n".join(lines[-10:]).strip()
