"""What the CLI keeps of a stack in its file backend, and what it leaves there when it is killed.

.pulumi/stacks/PROJECT/STACK.json                     the checkpoint: resources, and operations that were begun
.pulumi/locks/organization/PROJECT/STACK/UUID.json    one per running command: {"pid", "hostname", …}
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote, urlparse

from simulator.errors import Unusable
from simulator.pulumi.azure_native import TYPES


@dataclass(frozen=True)
class CliState:
    """One stack in the backend of this machine."""

    backend: Path
    project: str
    stack: str

    @classmethod
    def of(cls, environment: Mapping[str, str], project: str, stack: str) -> Self | None:
        """None where the CLI keeps its state elsewhere."""
        backend = environment.get("PULUMI_BACKEND_URL", "")
        if not backend.startswith("file://"):
            return None
        return cls(Path(unquote(urlparse(backend).path)) / ".pulumi", project, stack)

    @property
    def file(self) -> Path:
        return self.backend / "stacks" / self.project / f"{self.stack}.json"

    def exists(self) -> bool:
        return self.file.exists()

    def holds(self) -> bool:
        """Whether there is more of the stack than its name: an up that was refused at once leaves nothing to keep."""
        resources = self._latest().get("resources") or []
        return any(not str(each.get("type", "")).startswith("pulumi:") for each in resources)

    def protects(self) -> bool:
        """Whether any resource of the stack is protected."""
        return any(each.get("protect") for each in self._latest().get("resources") or [])

    def interrupted(self) -> bool:
        """Whether a command was killed in the middle of something."""
        return bool(self._latest().get("pending_operations"))

    def free(self) -> bool:
        """Takes away locks of this machine's processes that are gone, which the CLI does not. Whether none is left."""
        left = False
        for lock in (self.backend / "locks" / "organization" / self.project / self.stack).glob("*.json"):
            try:
                owner = json.loads(lock.read_bytes())
                if owner["hostname"] == platform.node() and not _runs(int(owner["pid"])):
                    lock.unlink(missing_ok=True)
                    continue
            except (OSError, ValueError, KeyError, TypeError):
                pass  # The CLI will say what is wrong with it.
            left = True
        return not left

    def _latest(self) -> dict[str, Any]:
        if not self.file.exists():
            return {}
        try:
            latest = json.loads(self.file.read_bytes()).get("checkpoint", {}).get("latest")
        except (OSError, ValueError, AttributeError) as problem:
            raise Unusable(f"{self.file} is broken ({problem}): repair it, or move it away") from problem
        return latest if isinstance(latest, dict) else {}


def taken_up(exported: Mapping[str, Any], subscription: str) -> dict[str, Any]:
    """An export of a stack in which creations that were begun stand as resources, to be looked for by a refresh.

    Whether they came about, only Azure knows; left as they are, an up would create them again and be refused.
    """
    deployment = dict(exported["deployment"])
    resources = list(deployment.get("resources") or [])
    for operation in deployment.pop("pending_operations", None) or []:
        resource = operation["resource"]
        known, inputs = TYPES.get(resource["type"]), resource.get("inputs") or {}
        made = known.id_of(inputs, subscription) if known else None
        if operation["type"] == "creating" and made:
            resources.append(resource | {"id": made, "outputs": inputs})
    return {**exported, "deployment": {**deployment, "resources": resources}}


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # Somebody else's.
        return True
    return True
