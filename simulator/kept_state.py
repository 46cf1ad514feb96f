"""A cloud's state, kept in its folder: saved with each change, and brought back to what is there where that fails.

A request whose change can't be saved has no effect: what it changed in memory is undone, so that "nothing of it is
kept" is true at once and stays true after a restart.
"""

from __future__ import annotations

import contextlib
import sys

from simulator.arm.models import Resource
from simulator.cloud import Cloud, State
from simulator.errors import NotSaved
from simulator.state_folder import Ports, StateFolder


class KeptState:
    """Saves on the server's event loop.

    One line on stderr says when saving begins to fail, and why, and one when it goes on.
    """

    def __init__(self, folder: StateFolder, ports: Ports) -> None:
        self._folder = folder
        self._ports = ports
        self._cloud: Cloud | None = None
        self._before: str | None = None
        self._resources: dict[str, Resource] = {}
        self._failing = False

    def prepare(self, cloud: Cloud) -> None:
        """Before a request: notes what there is to bring back, where that isn't in the folder."""
        if cloud is not self._cloud:
            self._cloud = cloud
            self._before = cloud.state.model_dump_json() if cloud.unsaved else None
            self._resources = dict(cloud.state.arm.resources)
        elif not self._folder.kept and self._before is None and self._folder.disk.fault() is not None:
            self._before = cloud.state.model_dump_json()
            self._resources = dict(cloud.state.arm.resources)

    def save(self, cloud: Cloud) -> None:
        """Saves what has changed, if anything has; OSError where the disk doesn't take it."""
        if not cloud.unsaved:
            return
        try:
            self._folder.save(cloud.clock.now(), self._ports, cloud.state)
        except OSError as problem:
            self._say(f"the state can't be saved in {self._folder.path}: {problem.strerror or problem}")
            raise
        cloud.unsaved = cloud.altered = False
        # Without a folder there is nothing else to go by for a request that began before the last setback.
        self._before = None if self._folder.kept or not cloud.setbacks else cloud.state.model_dump_json()
        self._resources = dict(cloud.state.arm.resources)
        if self._failing:
            self._failing = False
            sys.stderr.write(f"simulator: the state is saved in {self._folder.path} again\n")

    def ensure(self, cloud: Cloud) -> None:
        """Before what can't be undone: OSError where the disk would not take it."""
        cloud.unsaved = True
        self.save(cloud)

    def save_last(self, cloud: Cloud) -> None:
        """Saves once more before the end, since time has passed even where nothing else changed."""
        cloud.unsaved = True
        with contextlib.suppress(OSError):  # It was said on stderr.
            self.save(cloud)

    def refuse(self, cloud: Cloud, problem: OSError | None) -> NotSaved:
        """Undoes what isn't saved; gives the answer for the request that wanted it."""
        self._bring_back(cloud)
        cloud.setbacks += 1
        return NotSaved(problem)

    def _say(self, told: str) -> None:
        if not self._failing:
            self._failing = True
            sys.stderr.write(f"simulator: {told}; what changes it is answered 507\n")

    def _bring_back(self, cloud: Cloud) -> None:
        saved = State.model_validate_json(self._before) if self._before is not None else self._folder.last()
        state = cloud.state
        state.entra = saved.entra
        for name in type(state.arm).model_fields:
            if name not in ("resources", "in_flight"):
                setattr(state.arm, name, getattr(saved.arm, name))
        # A resource that is another object counts as made anew, and its blobs would go.
        state.arm.resources = {key: self._same(found) for key, found in saved.arm.resources.items()}
        for name in type(state.openai).model_fields:
            setattr(state.openai, name, getattr(saved.openai, name))
        state.openai.contents.agree(state.openai.named())
        cloud.unsaved = cloud.altered = False

    def _same(self, saved: Resource) -> Resource:
        known = self._resources.get(saved.key)
        if known is None:
            return saved
        for name in type(saved).model_fields:
            setattr(known, name, getattr(saved, name))
        return known
