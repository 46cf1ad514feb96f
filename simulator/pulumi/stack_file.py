"""A stack file and the project's config as the program would get them from the CLI: full key → text."""

from __future__ import annotations

import copy
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from contract import secure
from contract.bounded import TooLarge, read_at_most
from contract.faults import Faults
from simulator.errors import Unusable
from simulator.pulumi.scalars import as_key, as_text, resolved, tagged

ORGANIZATION = "organization"
"""The only organization of stacks whose state is kept without Pulumi's service."""
OWN_STACK_SETTINGS = frozenset({"secretsprovider", "encryptedkey", "encryptionsalt"})

LARGEST = 16 * 1024 * 1024
"""Bytes of a file that is read; `jobs` reads as much of a stack file."""
MOST_VALUES = 100_000


@dataclass(frozen=True)
class Project:
    """What Pulumi.yaml says: the project's name, where stack files lie, and its own config."""

    name: str
    stack_config_dir: str
    config: Mapping[str, Any]

    @classmethod
    def read(cls, file: Path) -> Project:
        found = parsed(file)
        if not isinstance(found, dict) or not isinstance(found.get("name"), str):
            raise Unusable(f"{file} has no `name`")
        return cls(found["name"], found.get("stackConfigDir") or ".", found.get("config") or {})


def short_name(stack: str) -> str:
    """The part of a stack's name that names its file: org/project/prod → prod."""
    return stack.rsplit("/", 1)[-1]


def qualified(stack: str, project: str) -> tuple[str, str, str] | None:
    """Organization, project and stack of STACK, organization/STACK or organization/PROJECT/STACK; None for others."""
    match stack.split("/"):
        case [name]:
            return ORGANIZATION, project, name
        case [organization, name]:
            return organization, project, name
        case [organization, of_project, name]:
            return organization, of_project, name
        case _:
            return None


def named(stack: str, project: str) -> str:
    """The stack's own name, of a stack of this project. Raises Unusable, as the CLI refuses others of its own state."""
    if (parts := qualified(stack, project)) is None or parts[:2] != (ORGANIZATION, project):
        own = f"{ORGANIZATION}/{project}/{short_name(stack)}"
        raise Unusable(
            f"there is no stack {stack}: those kept on this machine are of {own.rpartition('/')[0]}, as {own}"
        )
    return parts[2]


def config_of(stack_file: Path, project: Project) -> dict[str, str]:
    """Everything the program can ask for. Raises Unusable, naming file and key."""
    found = _mapping(parsed(stack_file), f"{stack_file}: the file")
    if found.get("environment"):
        raise Unusable(f"{stack_file}: `environment` imports need Pulumi's service, and so the Pulumi CLI")
    written = _mapping(found.get("config"), f"{stack_file}: `config`")
    full = {key: _full_key(key, project.name, stack_file) for key in written}
    _refuse_secure([full[key] for key, value in written.items() if _is_secure(value)], stack_file)
    config: dict[str, str] = {}
    for key, value in written.items():
        try:
            config[full[key]] = as_text(value)
        except ValueError as problem:
            raise Unusable(f"{stack_file}: {key}: {problem}") from problem
    return _with_project_config(config, project, stack_file)


def _mapping(value: Any, what: str) -> dict[str, Any]:
    """What is absent has nothing in it; anything else but a mapping is refused."""
    if value is not None and not isinstance(value, dict):
        raise Unusable(f"{what} is not a mapping")
    return value or {}


def parsed(file: Path) -> Any:
    """The one document of a YAML file, with scalars as yaml.v3 takes them. Raises Unusable."""
    try:
        text = read_at_most(file, LARGEST).decode("utf-8-sig")
    except TooLarge as problem:
        raise Unusable(f"{file} {problem}") from problem
    except OSError as problem:
        raise Unusable(f"{file} can't be read: {problem.strerror}") from problem
    except UnicodeDecodeError as problem:
        raise Unusable(f"{file} is not UTF-8 at byte {problem.start}") from problem
    try:
        return copy.deepcopy(_document(text))
    except MarkedYAMLError as problem:
        mark = problem.problem_mark
        where = f":{mark.line + 1}" if mark else ""
        raise Unusable(f"{file}{where}: {problem.problem}") from problem
    except ValueError as problem:
        raise Unusable(f"{file}: {problem}") from problem
    except RecursionError as problem:
        raise Unusable(f"{file}: is nested too deeply") from problem


@functools.lru_cache(maxsize=16)
def _document(text: str) -> Any:
    """Read once while it stays the same: one up asks several times, and a file of 100 lines takes 0.05 s."""
    return _Reader(YAML(typ="safe", pure=True).parse(text)).document()


class _Reader:
    """Builds values from YAML events, since only these still tell a plain scalar from a tagged one."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._anchors: dict[str, Any] = {}
        self._sizes: dict[str, int] = {}
        self._count = 0

    def document(self) -> Any:
        for event in self._events:
            if isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent):
                value = self._value(event)
                for _ in self._events:  # To the end, so that a fault after the document is told.
                    pass
                return value
        return None

    def _value(self, event: Any) -> Any:
        if isinstance(event, AliasEvent):
            if event.anchor not in self._anchors:
                raise ValueError(f"unknown anchor '{event.anchor}' referenced")
            self._counted(self._sizes[event.anchor])
            return self._anchors[event.anchor]
        before = self._count
        self._counted(1)
        if isinstance(event, ScalarEvent):
            value = self._scalar(event)
        elif isinstance(event, SequenceStartEvent):
            value = [self._value(each) for each in self._until(SequenceEndEvent)]
        else:
            value = self._mapping()
        if event.anchor:
            self._anchors[event.anchor] = value
            self._sizes[event.anchor] = self._count - before
        return value

    def _counted(self, values: int) -> None:
        """A few lines of aliases can mean billions of values; yaml.v3 refuses them too ("excessive aliasing")."""
        self._count += values
        if self._count > MOST_VALUES:
            raise ValueError(f"has more than {MOST_VALUES:,} values, its aliases followed")

    def _scalar(self, event: Any) -> Any:
        if event.tag and str(event.tag) != "!":
            return tagged(str(event.tag), event.value)
        return resolved(event.value) if event.implicit[0] else event.value

    def _mapping(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for event in self._until(MappingEndEvent):
            merges = isinstance(event, ScalarEvent) and event.value == "<<" and event.implicit[0]
            key = as_key(self._value(event))
            value = self._value(next(self._events))
            if merges and isinstance(value, dict | list):
                for each in reversed(value if isinstance(value, list) else [value]):
                    merged.update(each)
            elif key in found:
                raise ValueError(f'line {event.start_mark.line + 1}: mapping key "{key}" is there twice')
            else:
                found[key] = value
        return {**merged, **found}

    def _until(self, end: type) -> Iterator[Any]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield event


def _full_key(key: str, project: str, file: Path) -> str:
    """The key with its namespace; a:config:b is an old form of a:b, and a bare key is the project's own."""
    match key.split(":"):
        case [name] if not name.isdigit():
            return f"{project}:{name}"
        case [namespace, name]:
            return f"{namespace}:{name}"
        case [namespace, "config", name]:
            return f"{namespace}:{name}"
        case _:
            raise Unusable(f"{file}: {key} is no config key: those are of the form <namespace>:<name>")


def _refuse_secure(keys: list[str], file: Path) -> None:
    """The program refuses its own under the CLI as well; for others' the CLI has the key."""
    if refused := secure.faults(keys):
        raise Unusable(str(Faults(str(file), refused)))
    if keys:
        raise Unusable(f"{file}: {', '.join(keys)}: encrypted (`secure:`), which only the Pulumi CLI can read")


def _is_secure(value: Any) -> bool:
    if isinstance(value, dict):
        return set(value) == {"secure"} or any(map(_is_secure, value.values()))
    return isinstance(value, list) and any(map(_is_secure, value))


def _with_project_config(config: dict[str, str], project: Project, file: Path) -> dict[str, str]:
    """The config with the values and defaults of Pulumi.yaml; keys declared there without either must be given."""
    missing = []
    for key, declared in project.config.items():
        full = key if ":" in key else f"{project.name}:{key}"
        if full in config:
            continue
        if not isinstance(declared, dict):
            config[full] = as_text(declared)
        elif "default" in declared or "value" in declared:
            config[full] = as_text(declared.get("value", declared.get("default")))
        elif "type" in declared:
            missing.append(full)
    if missing:
        raise Unusable(f"{file}: missing configuration: {', '.join(missing)}")
    return config
