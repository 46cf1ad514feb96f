"""The stack program run by the Pulumi CLI, where there is one: the same three verbs, the same result.

The CLI writes into the stack file it is given (its passphrase's salt). So that an environment's file stays as it is in
git, it gets a copy, in a project of its own beside its state, which leads back here for the program.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from simulator.errors import Unusable
from simulator.pulumi.cli_events import CliEvents
from simulator.pulumi.cli_state import CliState, taken_up
from simulator.pulumi.local_stack import LOCAL, write
from simulator.pulumi.stack_file import Project, short_name
from simulator.pulumi.state import StackFolder
from simulator.pulumi.summary import Failed, Step, UpResult

SALT = re.compile(r"^encryptionsalt:.*$", re.MULTILINE)
VERBS = frozenset({"up", "preview", "refresh", "destroy"})
PATIENCE = 20.0
"""Seconds the CLI gets to end by itself when it is interrupted, and others of its kind get to leave the stack."""
LOOK_AGAIN = 0.2
_STREAMED = {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"}
"""Without, `preview --json` tells one document at its end."""


def found(environment: Mapping[str, str]) -> str | None:
    """The CLI, if it is on PATH."""
    return shutil.which("pulumi", path=environment.get("PATH", os.defpath))


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
    state = CliState.of(environment, Project.read(folder / "Pulumi.yaml").name, short_name(stack))
    if state is None:
        return
    state.free()
    if not state.exists() and (executable := found(environment)):
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
        state = CliState.of(environment, project, file.stem)
        if state is not None and state.holds():
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


@dataclass(frozen=True)
class Cli:
    """The CLI on a stack file.

    project      the folder whose environments/ holds the stack file
    program      the folder of the program's own Pulumi.yaml
    environment  everything it needs: PULUMI_BACKEND_URL, passphrase, PATH with the plugin, ARM_*
    report, say  hear of each step as it ends, and of what the CLI and the program say
    """

    project: Path
    program: Path
    stack: str
    environment: Mapping[str, str]
    workspaces: Path
    report: Callable[[Step], None] = lambda _: None
    say: Callable[[str], None] = lambda _: None

    def up(self) -> UpResult:
        self._look_ahead("preview")
        told = self._on_stack("up", "--yes", "--skip-preview")
        return UpResult(told.summary, self._outputs(), "cli", tuple(told.steps))

    def preview(self) -> UpResult:
        """The outputs are those of the last up: the CLI does not print the expected ones as data."""
        told = self._on_stack("preview")
        return UpResult(told.summary, self._outputs(), "cli", tuple(told.steps))

    def destroy(self) -> UpResult:
        self._look_ahead("destroy", "--preview-only")
        told = self._on_stack("destroy", "--yes", "--skip-preview")
        return UpResult(told.summary, {}, "cli", tuple(told.steps))

    def preview_destroy(self) -> UpResult:
        told = self._on_stack("destroy", "--preview-only")
        return UpResult(told.summary, {}, "cli", tuple(told.steps))

    def _look_ahead(self, *arguments: str) -> None:
        """Has a preview refuse what is protected: without one the CLI still does what is not, and deletes the rest."""
        state = self._state
        if state is None or not state.protects():
            return
        try:
            replace(self, report=lambda _: None, say=lambda _: None)._on_stack(*arguments)
        except Failed as failed:
            raise Failed(str(failed)) from None

    def _on_stack(self, *arguments: str) -> CliEvents:
        """One command on the stack, alone. Raises Failed with the CLI's errors, Unusable where another one runs."""
        state = self._state
        with StackFolder(self.workspaces).opened(short_name(self.stack)):
            self._prepare()
            if state is not None:
                self._wait_for_others(state)
            self._run("stack", "select", "--create", self.stack)
            if state is not None and state.interrupted() and not {"preview", "--preview-only"} & set(arguments):
                self._take_up()
            told = CliEvents(self.report, self.say)
            try:
                self._run(*arguments, "--json", "--stack", self.stack, hear=told.hear)
            except Failed as failed:
                raise Failed("\n".join(told.faults) or str(failed), told.summary) from None
            return told

    def _wait_for_others(self, state: CliState) -> None:
        """A CLI whose up was killed notices it with the next thing that it has to tell."""
        deadline = time.monotonic() + PATIENCE
        while not state.free() and time.monotonic() < deadline:
            time.sleep(LOOK_AGAIN)

    def _take_up(self) -> None:
        """Goes on from where a CLI that was killed left the stack."""
        exported = json.loads(self._run("stack", "export", "--stack", self.stack))
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            json.dump(taken_up(exported, self.environment["ARM_SUBSCRIPTION_ID"]), file)
            file.flush()
            self._run("stack", "import", "--file", file.name, "--stack", self.stack)

    def _outputs(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._run("stack", "output", "--json", "--stack", self.stack))
        return found

    @property
    def _state(self) -> CliState | None:
        project = Project.read(self.program / "Pulumi.yaml").name
        return CliState.of(self.environment, project, short_name(self.stack))

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

    def _run(self, *arguments: str, hear: Callable[[str], None] = lambda _: None) -> str:
        """Runs the CLI to its end, without a terminal. What it printed. Raises Failed with its complaint."""
        command = ("pulumi", *arguments, "--non-interactive", "--color", "never", "--cwd", str(self._workspace))
        printed: list[str] = []
        with tempfile.TemporaryFile("w+", encoding="utf-8") as complaint:
            child = subprocess.Popen(
                command,
                executable=found(self.environment) or "pulumi",
                env=dict(self.environment) | _STREAMED,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=complaint,
                text=True,
                encoding="utf-8",
                # A Ctrl-C at the terminal must reach it once: told twice, it leaves everything as it stands.
                process_group=0,
            )
            try:
                for line in child.stdout or ():
                    printed.append(line)
                    hear(line)
                code = child.wait()
            finally:
                _wind_down(child)
            complaint.seek(0)
            if code != 0:
                text = _complaint(complaint.read() or "".join(printed))
                raise Failed(text or f"pulumi {arguments[0]} ended with {code}")
        return "".join(printed)


def _wind_down(child: subprocess.Popen[str]) -> None:
    """Has a CLI that still runs end what it has begun, and then itself: killed, it leaves its lock and half a state."""
    if child.poll() is None:
        in_main_thread = threading.current_thread() is threading.main_thread()
        before = signal.signal(signal.SIGINT, signal.SIG_IGN) if in_main_thread else None
        child.send_signal(signal.SIGINT)
        try:
            child.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        finally:
            if in_main_thread:
                signal.signal(signal.SIGINT, before)
    if child.stdout:
        child.stdout.close()


def _complaint(printed: str) -> str:
    """The lines with which the CLI said what is wrong, and those below each that it set in."""
    said: dict[str, None] = {}
    inside = False
    for line in printed.splitlines():
        begins = line.lstrip().startswith(("error:", "error "))
        inside = (begins and "update failed" not in line) or (inside and not begins and line.startswith(" "))
        if inside:
            said[line.strip().removeprefix("error:").strip() if begins else line.rstrip()] = None
    return "\n".join(said) or "\n".join(line.strip() for line in printed.splitlines()[-10:]).strip()
