"""What the CLI tells while it runs, one of its engine's events a line (`--json`), as steps, words and counts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.pulumi.summary import GONE, Did, Step, Summary

_DID: Mapping[str, Did] = {
    "create": "created",
    "import": "created",
    "update": "updated",
    "replace": "replaced",
    "same": "unchanged",
    "delete": "deleted",
}
_SHADOWS = re.compile(
    r"(update|preview|refresh|destroy) failed|an unhandled error occurred: program exited with non-zero exit code: \d+"
)
"""Errors that only say that there was an error."""
_OWN_PLUGIN = "using pulumi-resource-azure-native from $PATH"


@dataclass
class CliEvents:
    """Hears one command of the CLI. `faults` are its errors, each whole; `summary` is complete at its end."""

    report: Callable[[Step], None] = lambda _: None
    say: Callable[[str], None] = lambda _: None
    summary: Summary = field(default_factory=Summary)
    steps: list[Step] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _told: set[str] = field(default_factory=set)
    _gone: set[str] = field(default_factory=set)

    def hear(self, line: str) -> None:
        """One line of the output; what is no event is passed on as it is."""
        try:
            event = json.loads(line)
        except ValueError:
            event = None
        if not isinstance(event, dict):
            if line.strip():
                self.say(line.rstrip())
            return
        if said := event.get("diagnosticEvent"):
            self._diagnostic(str(said["severity"]), str(said["message"]).rstrip())
        elif begun := event.get("resourcePreEvent"):
            self._step(begun["metadata"], ended=False)
        elif ended := event.get("resOutputsEvent"):
            self._step(ended["metadata"], ended=True)
        elif total := event.get("summaryEvent"):
            for operation, number in (total.get("resourceChanges") or {}).items():
                if did := _DID.get(operation):
                    setattr(self.summary, did, getattr(self.summary, did) + int(number))

    def _diagnostic(self, severity: str, message: str) -> None:
        if severity == "error":
            if not _SHADOWS.fullmatch(message) and message not in self.faults:
                self.faults.append(message)
        elif severity == "info#err":
            # What the program writes to stderr; once it is being stopped, these are the traces of its end.
            if not self.faults:
                self.say(message)
        elif severity != "debug" and not message.startswith(_OWN_PLUGIN):
            self.say(f"{severity}: {message}" if severity == "warning" else message)

    def _step(self, metadata: Mapping[str, Any], *, ended: bool) -> None:
        operation, urn = str(metadata["op"]), str(metadata["urn"])
        if operation == "refresh" and ended and not metadata.get("new"):
            self._gone.add(urn)
        did = _DID.get(operation)
        custom = (metadata.get("new") or metadata.get("old") or {}).get("custom")
        # A component is told when it begins: it ends after all that is in it.
        if did is None or urn in self._told or ended != bool(custom):
            return
        self._told.add(urn)
        note = GONE if did == "created" and urn in self._gone else ""
        changes = metadata.get("detailedDiff") or {}
        forced = tuple(path for path, change in changes.items() if str(change.get("diffKind", "")).endswith("-replace"))
        step = Step(did, str(metadata["type"]), urn.rsplit("::", 1)[-1], note, tuple(changes), forced)
        self.steps.append(step)
        self.report(step)
