"""`jobs doctor`: whether everything is there that a run needs."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

import typer

from contract.faults import Faults
from contract.outputs import StackOutputs
from contract.tune_spec import TuneSpec
from jobs.cli.asked import Asked
from jobs.cli.program import UP_VARIABLE, typed
from jobs.cli.surroundings import surroundings
from jobs.doctor import versions
from jobs.doctor.examination import Examination
from jobs.doctor.finding import Finding, State, of_error
from jobs.errors import JobsError, Refused
from jobs.stacks.pulumi_cli import InstalledCli

_PROJECT = "tuned-models"
_WIDTHS = (8, 13)


def examine(asked: Asked) -> None:
    """Says what is found, as it is found. Raises Refused where something is in the way."""
    # A stack's name that is none, or a folder without a project, is no finding: nothing could be looked at.
    around = surroundings(asked)
    _ = around.stack.file
    blockers = 0
    shown: set[tuple[str, ...]] = set()
    with around:
        up = typed(asked.up)
        examination = Examination(around, up, lambda outputs: _bases(asked.models_folder, outputs))
        for finding in chain(_here(asked), examination.findings()):
            _say(finding, again=finding.mend in shown)
            shown.add(finding.mend)
            blockers += int(finding.state is State.BLOCKER)
    if blockers:
        raise Refused(f"{blockers} blocker{'' if blockers == 1 else 's'}: see above what mends each")


def _say(finding: Finding, *, again: bool) -> None:
    """A line, and what mends it below, unless that stands further up."""
    state, what = _WIDTHS
    typer.echo(f"{finding.state.value:<{state}} {finding.what:<{what}} {finding.words}")
    for line in ("as above",) if again and finding.mend else finding.mend:
        typer.echo(f"{'':<{state + what + 2}}| {typed(line)}")


def _here(asked: Asked) -> Iterator[Finding]:
    yield versions.installed(platform.python_version(), _required(), _version)
    try:
        yield from versions.toolchain(
            InstalledCli(asked.project_folder),
            up=os.environ.get(UP_VARIABLE),
            sdk=_version("pulumi"),
            provider=_version("pulumi-azure-native"),
        )
    except JobsError as error:
        yield of_error("login", error, "pulumi login")


def _required() -> list[str] | None:
    try:
        return importlib.metadata.requires(_PROJECT)
    except importlib.metadata.PackageNotFoundError:
        return None


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _bases(models: Path, outputs: StackOutputs) -> Mapping[str, str | None]:
    return {model: _base(models / model / "tune.yaml") for model in outputs.models}


def _base(file: Path) -> str | None:
    try:
        return TuneSpec.read(file).base
    except (Faults, OSError):
        return None
