"""A locked environment: what a lock is in the way of, and how a team goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.entra.models import TRAINER
from simulator.environment import reaching
from simulator.pulumi.summary import Failed, Summary, UpResult
from simulator.pulumi.up import bring
from simulator.server import Simulator

TRAINERS = f"\n    trainers: [{{principalId: {TRAINER.object_id}, principalType: ServicePrincipal}}]"
STACK = """\
config:
  tuned-models:environment: {asOf: "2026-11-20", locks: LOCKS}
  tuned-models:accounts:
    main: {name: locked-openai, location: swedencentral}
  tuned-models:storage: {name: lockeddata}
  tuned-models:access:TRAINERS
    operators: []
  tuned-models:monitoring:
    workspace: {name: locked-logs}
"""


def test_a_role_on_a_locked_resource_is_taken_by_the_up_that_takes_the_lock(
    simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock holds for role assignments too; with locks: false in the same change, the locks go first."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(simulator.ca_file))
    environment = reaching(simulator, "deployer", ambient={"PATH": "/nowhere"})
    stack_file = tmp_path / "environments" / "Pulumi.locked.yaml"
    stack_file.parent.mkdir()

    def up(*, locks: bool, trainers: bool) -> UpResult:
        text = STACK.replace("LOCKS", str(locks).lower()).replace("TRAINERS", TRAINERS if trainers else "")
        stack_file.write_text(text)
        return bring("up", tmp_path, "locked", environment, in_process=True)

    up(locks=True, trainers=True)
    with pytest.raises(Failed, match="ScopeLocked"):
        up(locks=True, trainers=False)

    taken = up(locks=False, trainers=False)
    deleted = [step.type.rpartition(":")[2] for step in taken.steps if step.did == "deleted"]

    # The trainer's other role, on the account, went beside the one that was refused.
    assert deleted == [*["ManagementLockByScope"] * 2, "RoleAssignment", "Locks"]
    assert up(locks=True, trainers=False).summary == Summary(created=3, unchanged=taken.summary.unchanged)
