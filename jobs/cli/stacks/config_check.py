"""`jobs config check`: what is wrong with stack files, before an up is asked; a line each, or for programs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import typer

from contract.faults import Fault, Faults
from contract.tune_spec import TuneSpec
from jobs.errors import Refused
from jobs.stacks.file_check import Checked, Found, checked
from jobs.stacks.stack_file import StackFileRefused, stack_file, stack_files
from jobs.tuning.curves.fitting import fits
from jobs.tuning.digests import sha256

Form = Literal["text", "json", "github"]
"""For people, for programs, for the pages of a pull request."""


@dataclass(frozen=True)
class _File:
    path: Path
    found: tuple[Found, ...]
    partly: bool = False


def check_config(stacks: Sequence[str], project: Path | None, models: Path | None, form: Form) -> None:
    """Of the stacks named, else of all that have a file. Raises Refused where there are errors."""
    folder = project or Path()
    paths = [stack_file(folder, stack) for stack in stacks] or stack_files(folder)
    if not paths:
        raise Refused(f"no stack of {folder.resolve()} has a file", next_command="pulumi stack init STACK")
    files = [_checked(path, models or folder / "models") for path in paths]
    _tell(files, form)
    errors = sum(each.certain for file in files for each in file.found)
    if errors:
        raise Refused(f"{_count(errors, 'error')} in {_count(len(files), 'stack file')}")


def _checked(path: Path, models: Path) -> _File:
    try:
        looked = checked(path)
    except StackFileRefused as refused:
        return _File(path, (Found(refused.line, "", refused.problem),))
    found = [*looked.found, *_misfits(looked, models)]
    return _File(path, tuple(sorted(found, key=lambda each: each.line or 0)), looked.partly)


def _misfits(looked: Checked, models: Path) -> Iterator[Found]:
    """Records that the tune.yaml beside, which they say they were made by, can't have made."""
    for model, releases in looked.releases.items():
        path = models / model / "tune.yaml"
        if not path.is_file():
            continue
        try:
            spec, digest = TuneSpec.read(path), sha256(path)
        except Faults:
            continue  # What is wrong with it, `jobs check` says.
        for place, record in releases.places():
            if fits(record, model, spec, digest) is False:
                why = f"is not that of this record's parent and digests by {path}, which has the digest that it names"
                yield looked.at(Fault(f"releases.{model}.{place}.runKey", why), certain=True)


def _tell(files: Sequence[_File], form: Form) -> None:
    if form == "json":
        typer.echo(json.dumps(_document(files), indent=2, ensure_ascii=False))
        return
    for file in files:
        for each in file.found:
            typer.echo(_annotation(file.path, each) if form == "github" else _line(file.path, each))
    errors = sum(each.certain for file in files for each in file.found)
    warnings = sum(len(file.found) for file in files) - errors
    if form == "text":
        for file in files:
            if file.partly:
                typer.echo(f"{file.path}: imports environments, so its records alone were checked; preview checks all")
        head = f"{_count(len(files), 'stack file')} checked"
        typer.echo(f"{head}: {_count(errors, 'error')}, {_count(warnings, 'warning')}")


def _line(path: Path, found: Found) -> str:
    where = f"{path}:{found.line}" if found.line is not None else f"{path}"
    return f"{where}: {found.severity}: {_words(found)}"


def _words(found: Found) -> str:
    return f"{found.key}: {found.why}" if found.key else found.why


def _annotation(path: Path, found: Found) -> str:
    from jobs.cli.data.annotations import command

    root = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())
    return command(found.severity, str(path), found.line, _words(found), title="jobs config check", root=root)


def _document(files: Sequence[_File]) -> dict[str, object]:
    """``schemaVersion`` stays 1 as long as keys are only added."""
    return {
        "schemaVersion": 1,
        "clean": not any(each.certain for file in files for each in file.found),
        "files": [
            {
                "file": str(file.path),
                "recordsOnly": file.partly,
                "findings": [
                    {"severity": each.severity, "line": each.line, "key": each.key or None, "message": each.why}
                    for each in file.found
                ],
            }
            for file in files
        ],
    }


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
