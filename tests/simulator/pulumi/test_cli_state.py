"""What the CLI leaves in its file backend, as version 3.260 writes it."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from simulator.errors import Unusable
from simulator.pulumi.cli_state import CliState, taken_up

PROVIDER = {"type": "pulumi:providers:azure-native"}
STACK = {"type": "pulumi:pulumi:Stack"}
GROUP = {
    "urn": "urn:pulumi:local::p::azure-native:resources:ResourceGroup::rg",
    "type": "azure-native:resources:ResourceGroup",
    "inputs": {"resourceGroupName": "rg", "location": "swedencentral"},
}


def _kept(folder: Path, **latest: Any) -> CliState:
    state = CliState.of({"PULUMI_BACKEND_URL": folder.as_uri()}, "p", "local")
    assert state is not None
    if latest:
        state.file.parent.mkdir(parents=True, exist_ok=True)
        state.file.write_text(json.dumps({"version": 3, "checkpoint": {"latest": latest}}))
    return state


def test_a_stack_that_is_nothing_but_a_name_is_not_held(tmp_path: Path) -> None:
    """An up that was refused for its config leaves the stack itself behind."""
    assert not _kept(tmp_path).exists()
    assert not _kept(tmp_path).holds()
    assert not _kept(tmp_path, resources=[STACK, PROVIDER]).holds()
    assert _kept(tmp_path, resources=[STACK, PROVIDER, GROUP]).holds()


def test_a_state_that_is_kept_elsewhere_is_not_looked_into() -> None:
    assert CliState.of({"PULUMI_BACKEND_URL": "https://api.pulumi.com"}, "p", "local") is None


def test_what_was_begun_to_be_created_is_taken_up_by_its_id(tmp_path: Path) -> None:
    """Other operations and other resources are dropped: the refresh of the next up finds out about them."""
    pending = [
        {"type": "creating", "resource": GROUP},
        {"type": "deleting", "resource": GROUP | {"urn": "another"}},
        {"type": "creating", "resource": {"urn": "third", "type": "random:index:RandomId"}},
    ]
    exported = {"version": 3, "deployment": {"resources": [STACK], "pending_operations": pending}}

    made = GROUP | {"id": "/subscriptions/sub/resourceGroups/rg", "outputs": GROUP["inputs"]}
    assert taken_up(exported, "sub") == {"version": 3, "deployment": {"resources": [STACK, made]}}
    assert not _kept(tmp_path, resources=[STACK]).interrupted()
    assert _kept(tmp_path, resources=[STACK], pending_operations=pending).interrupted()


def test_a_lock_goes_when_its_process_is_gone(tmp_path: Path) -> None:
    """Those of living processes and of other machines stay."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    locks = tmp_path / ".pulumi" / "locks" / "organization" / "p" / "local"
    locks.mkdir(parents=True)
    for name, owner in {
        "dead": {"pid": ended.pid, "hostname": platform.node()},
        "living": {"pid": os.getpid(), "hostname": platform.node()},
        "elsewhere": {"pid": ended.pid, "hostname": "another.example"},
        "odd": {},
    }.items():
        (locks / f"{name}.json").write_text(json.dumps(owner))

    assert not _kept(tmp_path).free()

    assert sorted(file.stem for file in locks.iterdir()) == ["elsewhere", "living", "odd"]
    for file in locks.iterdir():
        file.unlink()
    assert _kept(tmp_path).free()


@pytest.mark.parametrize("text", ["{", "[]", '{"checkpoint": 3}'])
def test_a_broken_state_is_refused_by_name(tmp_path: Path, text: str) -> None:
    state = _kept(tmp_path, resources=[STACK])
    state.file.write_text(text)

    with pytest.raises(Unusable, match=r"local\.json is broken \(.*\): repair it, or move it away"):
        state.holds()
