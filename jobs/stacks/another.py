"""A stack file for another environment, made from one that exists: its keys and comments, under names of its own.

Names that Azure takes once, and names that people read, get the new environment's; what was recorded and what was
encrypted for the old one stays behind. All else is copied as it stands, since only people know it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from contract.faults import Faults, joined
from contract.stack_config import NAMESPACE, StackConfig
from jobs.errors import Refused, Usage
from jobs.stacks.stack_file import StackFileRefused, parsed, stack_file
from jobs.stacks.yaml_span import Document, Span, line_end, line_of, line_start

NAME = re.compile(r"[a-z][a-z0-9-]{0,18}[a-z0-9]")
"""An environment's name that Azure's names can hold."""
_LOCAL = "local"
"""The stack of the local Azure: its file is ignored by git, and deleted with it."""
_ANCHOR = re.compile(r"&[^\s,\[\]{}]+\s+")

_NAMES = (
    "resourceGroup.name",
    "accounts.*.name",
    "accounts.*.subdomain",
    "storage.name",
    "encryption.*.vault",
    "network.virtualNetwork.name",
    "pointers.appConfiguration",
    "monitoring.workspace.name",
    "access.pipelines.*.github.environment",
)
"""Keys whose values are made the new environment's."""
_RESTORED = ("accounts.*.restore", "encryption.*.restore")
"""Keys that bring back what was deleted under the old names; under the new ones nothing was."""
_TO_REVIEW = (
    "environment.*",
    "accounts.*.existing",
    "accounts.*.identityId",
    "access.trainers*.principalId",
    "access.callers*.principalId",
    "access.operators*.principalId",
    "access.pipelines.*.azureDevOps.subject",
    "encryption.*.key",
    "network.ipRules*",
    "network.subnets*",
    "network.subnet",
    "network.virtualNetwork.addressSpace",
    "network.dnsZones.*",
    "monitoring.workspace.existing",
    "monitoring.alerts.emails*",
    "budget.*",
    "models.*.budget.*",
)
"""Keys whose values are copied, and may well be the old environment's own."""
_PULUMIS_OWN = ("encryptionsalt", "secretsprovider", "encryptedkey")
"""Keys of the file by which secrets of one stack, and of no other, are encrypted."""


@dataclass(frozen=True)
class Another:
    """What was written. ``changed``: key, old and new value. ``review``: key and value, copied as they stand."""

    path: Path
    changed: Sequence[tuple[str, str, str]]
    review: Sequence[tuple[str, str]]


def write_another(project: Path, name: str, like: str, today: date | None = None) -> Another:
    """Writes the stack file of ``name`` after that of ``like``; nothing is written over.

    Raises Usage for a name that Azure's names can't hold, StackFileRefused where ``like`` has no file or one that can't
    be read, and Refused where ``name`` has a file already, ``like`` has encrypted values, or the outcome has faults.
    """
    if NAME.fullmatch(name) is None:
        rule = "2-20 lower-case letters, digits and '-', beginning with a letter: Azure's names are made of it"
        raise Usage(f"{name!r} can't be an environment's name: {rule}")
    if name == _LOCAL:
        raise Usage(f"{name!r} is the stack of the local Azure: git ignores its file, and `make clean` deletes it")
    source, target = stack_file(project, like), stack_file(project, name)
    try:
        document = parsed(source)
    except StackFileRefused as refused:
        refused.next_command = None  # A stack of that name would be no file to copy from.
        raise
    _refuse_secrets(document, source)
    scalars = [(key, node) for key, node in _scalars(document) if not key.startswith("releases")]
    old = like.rsplit("/", 1)[-1]
    values = [(key, node, str(node.value), _new(key, str(node.value), old, name, today)) for key, node in scalars]
    changed = [(key, node, new) for key, node, value, new in values if new != value or _matches(key, _NAMES)]
    text = _edited(document, changed)
    _refuse_faults(text, target, source, [key for key, _, _ in changed])
    try:
        with target.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise Refused(f"{target} is there already: nothing was written") from None
    return Another(
        target,
        [(key, str(node.value), new) for key, node, new in changed],
        [(key, value) for key, _, value, new in values if new == value and _matches(key, _TO_REVIEW)],
    )


def _new(key: str, value: str, old: str, name: str, today: date | None) -> str:
    """What becomes of the value of a key."""
    if key == "storage.name":
        return renamed(value, old.replace("-", ""), name.replace("-", ""))
    if _matches(key, _NAMES):
        return renamed(value, old, name)
    if _matches(key, _RESTORED):
        return "false"
    if key == "budget.since":
        # Azure takes no past month for a new budget. Months compare as they are written.
        return max(value, f"{today or datetime.now(UTC).date():%Y-%m}")
    return value


def renamed(value: str, old: str, new: str) -> str:
    """``value`` with the environment's name ``new`` in the place of ``old``, or at its end where ``old`` is no part.

    A part is a word of its own, or ends the value: ``contoso-dev`` and ``contosotuneddev``, but not ``developers``.
    """
    found = list(re.finditer(rf"(?<![a-z0-9]){re.escape(old)}(?![a-z0-9])|{re.escape(old)}$", value, re.IGNORECASE))
    if found:
        last = found[-1]
        return f"{value[: last.start()]}{new}{value[last.end() :]}"
    return f"{value}-{new}" if "-" in value else f"{value}{new}"


def _scalars(document: Document) -> Iterator[tuple[str, ScalarNode]]:
    """Every value of the project's config, with its key without namespace."""
    for key, node in _all_scalars(document):
        namespace, _, name = key.partition(":")
        if namespace == NAMESPACE:
            yield name, node


def _all_scalars(document: Document) -> Iterator[tuple[str, ScalarNode]]:
    for key, value in document.config.value if document.config is not None else ():
        yield from _below((str(key.value),), value)


def _below(path: tuple[str | int, ...], node: Node) -> Iterator[tuple[str, ScalarNode]]:
    if isinstance(node, ScalarNode):
        yield joined(path), node
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            yield from _below((*path, str(key.value)), value)
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            yield from _below((*path, index), item)


def _matches(key: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(key, pattern) for pattern in patterns)


def _refuse_secrets(document: Document, source: Path) -> None:
    for key, node in _all_scalars(document):
        if key.endswith(".secure") or ".secure." in key:
            problem = f"{key.removesuffix('.secure')} is encrypted for that stack alone"
            raise StackFileRefused(source, problem, line=line_of(node))


def _edited(document: Document, changed: Sequence[tuple[str, ScalarNode, str]]) -> str:
    """The text with the new names, without the records and without what encrypts the old stack's secrets."""
    edits: set[tuple[int, int, str]] = set()  # An alias leads to the node that it repeats, which is edited once.
    for _, node, new in changed:
        start, end = node.start_mark.index, node.end_mark.index
        anchor = _ANCHOR.match(document.text, start)
        start = anchor.end() if anchor else start
        quote = document.text[start] if node.style in ("'", '"') else ""
        edits.add((start, end, f"{quote}{new}{quote}"))
    records = document.span()
    edits |= {(span.start, span.end, "") for span in (records, *_own(document)) if span is not None}
    text = document.text
    for start, end, new in sorted(edits, reverse=True):
        text = f"{text[:start]}{new}{text[end:]}"
    return text


def _own(document: Document) -> Iterator[Span]:
    for key, value in document.root.value if document.root is not None else ():
        if key.value in _PULUMIS_OWN:
            start, end = key.start_mark.index, value.end_mark.index
            yield Span(line_start(document.text, start), line_end(document.text, end))


def _refuse_faults(text: str, target: Path, source: Path, changed: Sequence[str]) -> None:
    config: dict[str, Any] = YAML(typ="safe", pure=True).load(text).get("config") or {}
    values = {key.partition(":")[2]: value for key, value in config.items() if key.startswith(f"{NAMESPACE}:")}
    try:
        StackConfig.parse(values)
    except Faults as faults:
        details = [str(fault) for fault in faults.faults]
        if any(fault.key.removeprefix(f"{NAMESPACE}:") in changed for fault in faults.faults):
            details.append(f"Take a shorter NAME, or shorten the names in {source}")
        raise Refused(f"{target} would have faults, so it was not written", details=details) from None
