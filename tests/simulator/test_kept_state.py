"""A disk that takes nothing: what can't be kept isn't done, what is kept stays whole, and it goes on afterwards."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from simulator.entra.models import DEPLOYER
from simulator.entra.tokens import access_token
from simulator.server import Simulator
from simulator.state_folder import Saved

DISKS = ["full", "readOnly"]


@contextmanager
def arm(simulator: Simulator) -> Iterator[Callable[..., httpx2.Response]]:
    """Requests of the deployer's."""
    trusting = ssl.create_default_context(cafile=simulator.ca_file)
    token = access_token(simulator.cloud, DEPLOYER, "https://management.azure.com")
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=simulator.url, verify=trusting, trust_env=False, headers=headers) as http:

        def ask(method: str, group: str, body: Any = None) -> httpx2.Response:
            path = f"/subscriptions/{simulator.cloud.subscription_id}/resourcegroups/{group}?api-version=2024-03-01"
            return http.request(method, path, json=body)

        yield ask


def saved(folder: Path) -> dict[str, Any]:
    """What is on disk, whole."""
    return Saved.model_validate_json((folder / "state.json").read_bytes()).state.model_dump()


HERE = {"location": "swedencentral"}


@pytest.mark.parametrize("disk", DISKS)
def test_what_is_not_kept_is_not_done_and_said_so(tmp_path: Path, disk: str) -> None:
    """Neither now nor after a restart; what was there before is there still."""
    with Simulator(azurite=False, state_dir=tmp_path) as simulator, arm(simulator) as ask:
        assert ask("PUT", "before", HERE).status_code == 201
        with simulator.cloud.faults.planned({"behaviour": {"disk": disk}}):
            refused = ask("PUT", "after", HERE)
            deleted = ask("DELETE", "before")
            seen = [ask("GET", name).status_code for name in ("before", "after")]

        assert (refused.status_code, refused.json()["error"]["code"]) == (507, "StateNotSaved")
        assert deleted.status_code == 507
        assert seen == [200, 404]
        assert saved(tmp_path) == simulator.cloud.state.model_dump()
        assert not (tmp_path / "state.json.new").exists()
        assert ask("PUT", "after", HERE).status_code == 201
        assert saved(tmp_path) == simulator.cloud.state.model_dump()
    with Simulator(azurite=False, state_dir=tmp_path) as again, arm(again) as ask:
        assert [ask("GET", name).status_code for name in ("before", "after")] == [200, 200]


@pytest.mark.parametrize("disk", DISKS)
def test_one_line_says_why_and_one_that_it_goes_on(
    tmp_path: Path, disk: str, capfd: pytest.CaptureFixture[str]
) -> None:
    why = {"full": "No space left on device", "readOnly": "Read-only file system"}[disk]
    with Simulator(azurite=False, state_dir=tmp_path) as simulator, arm(simulator) as ask:
        with simulator.cloud.faults.planned({"behaviour": {"disk": disk}}):
            assert why in ask("PUT", "one", HERE).json()["error"]["message"]
            ask("PUT", "two", HERE)
        failing = capfd.readouterr().err
        ask("PUT", "one", HERE)
        going_on = capfd.readouterr().err

    assert failing == f"simulator: the state can't be saved in {tmp_path}: {why}; what changes it is answered 507\n"
    assert going_on == f"simulator: the state is saved in {tmp_path} again\n"


def test_a_disk_that_is_full_indeed_is_met_as_a_planned_one(tmp_path: Path) -> None:
    """/dev/full takes nothing, as a full disk does."""
    with Simulator(azurite=False, state_dir=tmp_path) as simulator, arm(simulator) as ask:
        ask("PUT", "before", HERE)
        (tmp_path / "state.json.new").symlink_to("/dev/full")
        refused = ask("PUT", "after", HERE)

        assert refused.status_code == 507
        assert "No space left on device" in refused.json()["error"]["message"]
        assert saved(tmp_path) == simulator.cloud.state.model_dump()
        assert ask("GET", "after").status_code == 404
        assert ask("PUT", "after", HERE).status_code == 201


def test_a_disk_that_is_full_at_the_end_leaves_the_last_state(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The simulator ends as usual, and says what is lost: time only."""
    with Simulator(azurite=False, state_dir=tmp_path) as simulator, arm(simulator) as ask:
        ask("PUT", "before", HERE)
        simulator.cloud.faults.install({"behaviour": {"disk": "full"}})

    assert "the state can't be saved" in capfd.readouterr().err
    assert saved(tmp_path) == simulator.cloud.state.model_dump()


def test_what_time_does_is_answered_though_it_is_not_saved(tmp_path: Path) -> None:
    """A group that goes with time is gone, and is gone when the disk is mended."""
    with Simulator(azurite=False, state_dir=tmp_path) as simulator, arm(simulator) as ask:
        ask("PUT", "group", HERE)
        ask("DELETE", "group")
        with simulator.cloud.faults.planned({"behaviour": {"disk": "full"}}):
            simulator.clock.advance(3600)
            assert ask("GET", "group").status_code == 404
            assert ask("PUT", "another", HERE).status_code == 507
            assert ask("GET", "group").status_code == 404
            assert any(each["name"] == "group" for each in saved(tmp_path)["arm"]["resources"].values())
        assert ask("PUT", "another", HERE).status_code == 201
        assert saved(tmp_path) == simulator.cloud.state.model_dump()


def test_a_file_whose_state_can_not_be_saved_is_forgotten_with_its_bytes(tmp_path: Path) -> None:
    """The bytes were written, state.json was not: they are nobody's, and go with the next saving."""
    with Simulator(azurite=False, state_dir=tmp_path) as simulator, arm(simulator) as ask:
        ask("PUT", "before", HERE)
        digest = simulator.cloud.state.openai.keep(b"bytes")
        (tmp_path / "state.json.new").symlink_to("/dev/full")
        assert ask("PUT", "after", HERE).status_code == 507
        assert simulator.cloud.state.openai.contents.digests() == set()
        ask("PUT", "after", HERE)
        assert not (tmp_path / "contents" / digest).exists()


def test_a_cloud_behind_the_listeners_since_is_brought_back_to_its_own_state(simulator: Simulator) -> None:
    """Without a folder too."""
    with arm(simulator) as ask, simulator.cloud.faults.planned({"behaviour": {"disk": "full"}}):
        before = simulator.cloud.state.model_dump()
        assert ask("PUT", "group", HERE).status_code == 507
        assert simulator.cloud.state.model_dump() == before
