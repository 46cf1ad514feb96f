"""What differs between two sets of inputs, and what of it asks for another resource."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from simulator.pulumi.resource_types import ResourceType
from simulator.pulumi.values import UNKNOWN, Secret, revealed

INDEX = re.compile(r"\[\d+\]")
PLAIN_KEY = re.compile(r"[A-Za-z_$][\w$]*")
_ABSENT = object()


@dataclass(frozen=True)
class Change:
    """One difference, at a property path such as `sku.capacity` or `rules[0]`."""

    path: str
    kind: Literal["add", "update", "delete"]
    replaces: bool = False

    @property
    def key(self) -> str:
        """The top-level input it is in."""
        return re.split(r"[.\[]", self.path, maxsplit=1)[0]


@dataclass(frozen=True)
class Diff:
    """All differences. Where a replacement would have the same ID, what is there must be deleted before."""

    changes: tuple[Change, ...] = ()
    delete_before_replace: bool = False

    @property
    def replaces(self) -> bool:
        return any(change.replaces for change in self.changes)

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(change.path for change in self.changes)

    @property
    def forcing(self) -> tuple[str, ...]:
        """The paths that ask for another resource."""
        return tuple(change.path for change in self.changes if change.replaces)

    def __bool__(self) -> bool:
        return bool(self.changes)


def diff(
    resource: ResourceType,
    olds: Mapping[str, Any],
    news: Mapping[str, Any],
    *,
    replace_on: tuple[str, ...] = (),
) -> Diff:
    """The differences; `replace_on` are further paths whose change replaces (replaceOnChanges), "*" for all."""
    changes = tuple(
        Change(path, kind, _forces(resource, path, kind) or matches(path, replace_on))
        for path, kind in differences(olds, news)
        if not (path == "location" and _place(olds) == _place(news))
    )
    before, after = (resource.id_of(revealed(dict(inputs)), "-") for inputs in (olds, news))
    replaced = any(change.replaces for change in changes)
    return Diff(changes, replaced and before is not None and before == after)


def differences(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, Literal["add", "update", "delete"]]]:
    """Where two values differ, leaf by leaf; a null is the same as nothing."""
    if isinstance(old, Secret) or isinstance(new, Secret):
        old, new = _laid_open(old), _laid_open(new)
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*old, *new)):
            below = _join(path, str(key))
            before, after = old.get(key), new.get(key)
            yield from differences(_ABSENT if before is None else before, _ABSENT if after is None else after, below)
    elif isinstance(old, list | tuple) and isinstance(new, list | tuple):
        for index in range(max(len(old), len(new))):
            before = old[index] if index < len(old) else _ABSENT
            after = new[index] if index < len(new) else _ABSENT
            yield from differences(before, after, f"{path}[{index}]")
    elif old is _ABSENT and new is not _ABSENT:
        yield path, "add"
    elif new is _ABSENT and old is not _ABSENT:
        yield path, "delete"
    elif new is UNKNOWN or old is UNKNOWN or not _same(old, new):
        yield path, "update"


def matches(path: str, patterns: tuple[str, ...]) -> bool:
    """Whether a path is one of these or below one; "*" is every path."""
    plain = INDEX.sub("", path)
    return any(
        each == "*" or any(shown == each or shown.startswith((f"{each}.", f"{each}[")) for shown in (path, plain))
        for each in patterns
    )


def ignoring(paths: tuple[str, ...], olds: Mapping[str, Any] | None, news: dict[str, Any]) -> dict[str, Any]:
    """The new inputs, with those of before at each dotted path (ignoreChanges); "*" is every input of before."""
    if not olds:
        return news
    kept = dict(news)
    for path in paths:
        for each in list(olds) if path == "*" else [path]:
            _carry_over(olds, kept, each.split("."))
    return kept


def _carry_over(olds: Mapping[str, Any], news: dict[str, Any], path: list[str]) -> None:
    first, *rest = path
    if not rest:
        news.pop(first, None)
        if first in olds:
            news[first] = olds[first]
    elif isinstance(olds.get(first), Mapping) and isinstance(news.get(first), Mapping):
        inner = dict(news[first])
        _carry_over(olds[first], inner, rest)
        news[first] = inner


def _forces(resource: ResourceType, path: str, kind: str) -> bool:
    # What was not there may come in one piece: the object that holds a property that can only be set once.
    if matches(path, resource.set_once):
        return kind != "add"
    forced = (*resource.parameters, *resource.replaced_by)
    return matches(path, forced) or any(each.startswith(f"{path}.") for each in (*forced, *resource.set_once))


def _laid_open(value: Any) -> Any:
    return value.value if isinstance(value, Secret) else value


def _same(old: Any, new: Any) -> bool:
    return isinstance(old, bool) == isinstance(new, bool) and bool(old == new)


def _place(inputs: Mapping[str, Any]) -> str | None:
    """Azure takes "Sweden Central" for swedencentral."""
    value = _laid_open(inputs.get("location"))
    return value.replace(" ", "").lower() if isinstance(value, str) else None


def _join(path: str, key: str) -> str:
    if not PLAIN_KEY.fullmatch(key):
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key
