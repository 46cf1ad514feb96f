"""The outputs of a stack: through Pulumi's Automation API (its only import), or from a file."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from contract.bounded import STACK_OUTPUTS, TooLarge, read_at_most
from contract.faults import Faults
from contract.outputs import StackOutputs
from jobs.errors import CloudFailed, JobsError, NeverUp, Unreadable, UpNeeded

_MASKED = "[secret]"
"""What `pulumi stack output --json` prints for a secret without --show-secrets."""


def short_name(stack: str) -> str:
    """``prod`` of ``org/project/prod``: what its files are named by."""
    return stack.rsplit("/", 1)[-1]


def read_outputs(stack: str, project: Path, source: Path | None, *, up: str | None = None) -> StackOutputs:
    """The outputs of ``stack``.

    up        the command that brings the stack up, for errors
    source    a file as `pulumi stack output --json --show-secrets` prints it, or a folder with STACK.json; None asks
              Pulumi, in the folder ``project``, and so does a folder without that file where there is a CLI
    """
    up = up or f"pulumi up -s {stack}"
    file = _file(stack, source)
    mapping = _from_file(stack, file, up) if file is not None else _from_pulumi(stack, project)
    if not mapping:
        raise NeverUp("the stack has no outputs yet", stack=stack, next_command=up)
    masked = sorted(key for key, value in mapping.items() if value == _MASKED)
    if masked:
        raise Unreadable(
            f"secret outputs are masked in {source}: {', '.join(masked)}",
            stack=stack,
            next_command=f"pulumi stack output --json --show-secrets -s {stack}",
        )
    try:
        return StackOutputs.parse(mapping)
    except Faults as faults:
        raise UpNeeded(
            "the stack outputs are not what this version of the program exports",
            details=[str(fault) for fault in faults.faults],
            stack=stack,
            next_command=up,
        ) from faults


def _file(stack: str, source: Path | None) -> Path | None:
    """The file that ``source`` means, or None where Pulumi is to be asked."""
    if source is None or not source.is_dir():
        return source
    path = source / f"{short_name(stack)}.json"
    # Whoever ran the CLI by hand has its outputs in Pulumi's state alone.
    return path if path.exists() or shutil.which("pulumi") is None else None


def _from_file(stack: str, path: Path, up: str) -> Mapping[str, Any]:
    try:
        text = read_at_most(path, STACK_OUTPUTS).decode("utf-8-sig")
    except FileNotFoundError:
        raise NeverUp(f"there are no outputs of it: {path} does not exist", stack=stack, next_command=up) from None
    except (OSError, UnicodeDecodeError, TooLarge) as error:
        raise Unreadable(f"{path} cannot be read: {error}", stack=stack) from error
    try:
        found = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise Unreadable(f"{path} is no JSON: {error.msg}", stack=stack, line=error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{path} is no JSON that can be read: {error}", stack=stack) from error
    if not isinstance(found, dict):
        raise Unreadable(f"{path} holds no JSON object of outputs", stack=stack)
    return found


def _no_number(name: str) -> None:
    """A limit that is not a number would hold for nothing."""
    raise ValueError(f"{name} is no number")


def _from_pulumi(stack: str, project: Path) -> Mapping[str, Any]:
    # select_stack() would also make it the stack that a later bare `pulumi up` works on: the workspace asks by name.
    with _translated(stack):
        from pulumi import automation

        workspace = automation.LocalWorkspace(work_dir=str(project))
        # Plain values: Pulumi marks a whole output secret when a part of it is. Nothing here prints them.
        return {key: output.value for key, output in workspace.stack_outputs(stack).items()}


@contextmanager
def _translated(stack: str) -> Iterator[None]:
    from pulumi import automation

    try:
        yield
    except (
        automation.CommandError,
        automation.InvalidVersionError,
        subprocess.CalledProcessError,
        OSError,
        json.JSONDecodeError,
    ) as error:
        raise translate(stack, error) from error


def translate(stack: str, error: Exception) -> JobsError:
    """``error`` of the Automation API in our terms. What Pulumi printed as its result may be secret: left out."""
    from pulumi import automation

    if isinstance(error, FileNotFoundError):
        return Unreadable(
            "its outputs cannot be read: there is no `pulumi` on PATH",
            details=["Install the Pulumi CLI, or give the outputs as a file or a folder of files: --outputs PATH."],
            stack=stack,
        )
    if isinstance(error, automation.StackNotFoundError):
        return NeverUp(
            "Pulumi knows no such stack",
            stack=stack,
            next_command=f"pulumi stack init {stack} && pulumi up -s {stack}",
        )
    if isinstance(error, automation.InvalidVersionError):
        return Unreadable(f"its outputs cannot be read: {error}", stack=stack)
    said = str(error).rsplit(" stderr: ", 1)[-1] if isinstance(error, automation.CommandError) else type(error).__name__
    return CloudFailed(
        "Pulumi could not read its outputs",
        details=[line for line in said.splitlines() if line.strip()][:8],
        stack=stack,
        next_command=f"pulumi stack output -s {stack}",
    )
