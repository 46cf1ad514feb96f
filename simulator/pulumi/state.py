"""What an in-process up knows of a stack: every resource it made, saved after each one, in one JSON file a stack.

{"schemaVersion": 1, "stack", "resources": […], "pending": […], "outputs": {…}}

Secrets stand in it in Pulumi's marked form, in clear: it lies in the local Azure's own folder, which is ignored by git.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import weakref
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from simulator.errors import Unusable
from simulator.pulumi.values import Properties, marked, unmarked

SCHEMA_VERSION = 1


@dataclass(frozen=True, eq=False)
class Held:
    """A resource as it was left; a change of it is another object in its place.

    dependencies           URNs that have to exist as long as it does
    property_dependencies  per input, the URNs its value came from
    doomed                 replaced already, and still to be deleted
    """

    urn: str
    type: str
    custom: bool
    id: str = ""
    parent: str = ""
    provider: str = ""
    inputs: Properties = field(default_factory=dict)
    outputs: Properties = field(default_factory=dict)
    dependencies: list[str] = field(default_factory=list)
    property_dependencies: dict[str, list[str]] = field(default_factory=dict)
    deleted_with: str = ""
    protect: bool = False
    retain_on_delete: bool = False
    doomed: bool = False

    def leans_on(self) -> set[str]:
        """Every URN that must outlive it."""
        provider = self.provider.rpartition("::")[0]
        property_urns = (urn for urns in self.property_dependencies.values() for urn in urns)
        return {urn for urn in (self.parent, provider, *self.dependencies, *property_urns) if urn and urn != self.urn}

    @property
    def name(self) -> str:
        return self.urn.rsplit("::", 1)[-1]


@dataclass
class StackState:
    """All resources of one stack, in the order they were made. `pending` are creations that may not have ended."""

    stack: str
    resources: list[Held] = field(default_factory=list)
    pending: list[Held] = field(default_factory=list)
    outputs: Properties = field(default_factory=dict)

    def copied(self) -> StackState:
        """The same resources, to be changed without changing this."""
        return replace(self, resources=list(self.resources), pending=list(self.pending))

    def find(self, urn: str) -> Held | None:
        return next((held for held in self.resources if held.urn == urn and not held.doomed), None)

    def put(self, held: Held) -> None:
        """Records a resource, in place of the living one with its URN where there is one."""
        for index, other in enumerate(self.resources):
            if other.urn == held.urn and not other.doomed:
                self.resources[index] = held
                return
        self.resources.append(held)

    def drop(self, held: Held) -> None:
        """Forgets a resource, whatever was read of it since it was recorded."""
        known = (held.urn, held.id, held.doomed)
        self.resources[:] = [other for other in self.resources if (other.urn, other.id, other.doomed) != known]

    def rename(self, old: Held, urn: str) -> None:
        """Gives a resource another URN, wherever it is named."""

        def renamed(found: str) -> str:
            return urn if found == old.urn else found

        self.resources[:] = [
            replace(
                held,
                urn=renamed(held.urn),
                parent=renamed(held.parent),
                dependencies=[renamed(each) for each in held.dependencies],
                property_dependencies={
                    name: [renamed(each) for each in urns] for name, urns in held.property_dependencies.items()
                },
                deleted_with=renamed(held.deleted_with),
            )
            for held in self.resources
        ]

    def dependents(self, urn: str) -> list[Held]:
        """All that lean on a resource, directly or not; what leans on others of them comes first."""
        reached = {urn}
        found: list[Held] = []
        grown = True
        while grown:
            grown = False
            for held in self.resources:
                if held.urn not in reached and not held.doomed and held.leans_on() & reached:
                    reached.add(held.urn)
                    found.append(held)
                    grown = True
        return deletion_order(found)


def deletion_order(doomed: list[Held]) -> list[Held]:
    """The resources so that each comes before what it leans on; else the youngest first."""
    leaning = Counter(urn for held in doomed for urn in held.leans_on())
    left = list(reversed(doomed))
    ordered: list[Held] = []
    while left:
        # A circle can't be declared; were one in the file, its youngest goes first.
        free = next((held for held in left if not leaning[held.urn]), left[0])
        ordered.append(free)
        left.remove(free)
        leaning.subtract(free.leans_on())
    return ordered


@dataclass
class StackFolder:
    """The folder of the states, one file a stack."""

    path: Path
    _texts: weakref.WeakKeyDictionary[Held, str] = field(default_factory=weakref.WeakKeyDictionary)

    @contextlib.contextmanager
    def opened(self, stack: str) -> Iterator[StackState]:
        """A stack's state, to which nobody else has access meanwhile. Raises Unusable."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / f"{stack}.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as problem:
                raise Unusable(f"stack {stack} is being changed by another process: wait for it to end") from problem
            yield self._load(stack)

    def holds(self, stack: str) -> bool:
        """Whether there is more of a stack than its name: an up that was refused at once leaves nothing to keep.

        Raises Unusable.
        """
        state = self._load(stack)
        return any(not held.type.startswith("pulumi:") for held in (*state.resources, *state.pending))

    def has(self, stack: str) -> bool:
        """Whether a stack of that name was ever brought up here, or begun."""
        return stack in self.names()

    def names(self) -> list[str]:
        return sorted(file.stem for file in self.path.glob("*.json"))

    def outputs(self, stack: str) -> Properties:
        """What the last whole up of a stack left; somebody may be changing it. Raises Unusable."""
        return self._load(stack).outputs

    def save(self, state: StackState) -> None:
        """Replaces the stack's file in one step."""
        target = self._file(state.stack)
        fresh = target.with_suffix(".json.new")
        head = f'"schemaVersion": {SCHEMA_VERSION}, "stack": {json.dumps(state.stack)}'
        text = (
            f'{{{head},\n"resources": {self._list(state.resources)},\n"pending": {self._list(state.pending)},\n'
            f'"outputs": {json.dumps(marked(state.outputs))}}}\n'
        )
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        fresh.replace(target)

    def _list(self, resources: list[Held]) -> str:
        # Each resource is turned into text once: saving after each of 200 would else take most of an up's time.
        for held in resources:
            if held not in self._texts:
                self._texts[held] = json.dumps(_to_json(held))
        return "[" + ",\n".join(self._texts[held] for held in resources) + "]"

    def _load(self, stack: str) -> StackState:
        file = self._file(stack)
        if not file.exists():
            return StackState(stack)
        try:
            found = json.loads(file.read_bytes())
            if found["schemaVersion"] != SCHEMA_VERSION:
                raise Unusable(f"{file} has schemaVersion {found['schemaVersion']}, not {SCHEMA_VERSION}")
            return StackState(
                stack,
                [_from_json(each) for each in found["resources"]],
                [_from_json(each) for each in found["pending"]],
                unmarked(found["outputs"]),
            )
        except (ValueError, KeyError, TypeError) as problem:
            raise Unusable(f"{file} is broken ({problem}): repair it, or move it away") from problem

    def _file(self, stack: str) -> Path:
        return self.path / f"{stack}.json"


_NAMES = tuple(each.name for each in fields(Held))


def _to_json(held: Held) -> dict[str, Any]:
    return {name: marked(getattr(held, name)) for name in _NAMES}


def _from_json(found: dict[str, Any]) -> Held:
    return Held(**{name: unmarked(found[name]) for name in _NAMES if name in found})
