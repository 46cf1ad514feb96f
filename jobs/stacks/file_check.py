"""What is wrong with a stack file, as far as the file alone tells: YAML, keys, records. No network, no outputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contract import secure
from contract.faults import Fault, Faults
from contract.record_faults import record_faults, record_remarks
from contract.release import Releases
from contract.stack_config import NAMESPACE, StackConfig
from contract.yaml_lines import Lines, loaded
from jobs.stacks.release_edit import Misrecorded, recorded
from jobs.stacks.release_lines import KEY
from jobs.stacks.stack_file import content_of
from jobs.stacks.yaml_span import Document, Unwritable


@dataclass(frozen=True)
class Found:
    """One thing. ``line`` from 1, None for the file as a whole; ``key`` empty where it is about no key."""

    line: int | None
    key: str
    why: str
    certain: bool = True

    @property
    def severity(self) -> str:
        return "error" if self.certain else "warning"


@dataclass(frozen=True)
class Checked:
    """``releases`` are those that could be read, ``lines`` those of the keys. ``partly``: other files or environments
    have a say in the config, so that only the records were looked at."""

    found: tuple[Found, ...]
    releases: Mapping[str, Releases]
    lines: Lines
    partly: bool = False

    def at(self, fault: Fault, *, certain: bool) -> Found:
        """``fault``, whose key has no namespace, with its line."""
        key = f"{NAMESPACE}:{fault.key}"
        return Found(self.lines.of(f"config.{key}"), key, fault.message, certain)


def checked(path: Path) -> Checked:
    """The file looked through, all faults at once. Raises StackFileRefused where there is no file to read."""
    raw, nothing = content_of(path), Lines({})
    try:
        document = Document.parse(raw, KEY)
    except Unwritable as error:
        return Checked(
            (Found(error.line, "", ". ".join(said.rstrip(".") for said in (error.problem, *error.mend(path)))),),
            {},
            nothing,
        )
    try:
        # A comment or nothing at all is a file, too.
        mapping, lines = loaded(document.text, str(path), "config") if document.root else ({}, nothing)
    except Faults as unreadable:
        return Checked(tuple(Found(None, each.key, each.message) for each in unreadable.faults), {}, nothing)
    try:
        releases, unread = recorded(document), False
    except (Unwritable, Misrecorded):
        releases, unread = {}, True
    partly = bool(mapping.get("environment"))
    looked = Checked((), releases, lines, partly)
    values = _values(mapping)
    faults = list(_whole(values))
    if partly:
        # What imported environments say isn't known here: the whole is looked at by preview, which knows.
        faults = [each for each in faults if each.key.startswith("releases")] if unread else record_faults(releases)
    told = [
        *(looked.at(fault, certain=True) for fault in faults),
        *(looked.at(remark, certain=False) for remark in record_remarks(releases)),
    ]
    return Checked(tuple(sorted(told, key=lambda each: each.line or 0)), releases, lines, partly)


def _values(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """The project's config, by key without namespace."""
    config = mapping.get("config") or {}
    prefix = f"{NAMESPACE}:"
    return {str(key).removeprefix(prefix): value for key, value in config.items() if str(key).startswith(prefix)}


def _whole(values: Mapping[str, Any]) -> Iterator[Fault]:
    secrets = {key for key, value in values.items() if isinstance(value, dict) and value.keys() == {"secure"}}
    for fault in secure.faults(f"{NAMESPACE}:{key}" for key in secrets):
        yield _bare(fault)
    try:
        StackConfig.parse({key: value for key, value in values.items() if key not in secrets})
    except Faults as faults:
        yield from (_bare(fault) for fault in faults.faults)


def _bare(fault: Fault) -> Fault:
    return Fault(fault.key.removeprefix(f"{NAMESPACE}:"), fault.message)
