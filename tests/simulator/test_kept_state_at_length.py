"""A disk that fills up and is mended at any moment, with requests under way: told and kept are the same thing."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from simulator.application import main_application
from simulator.arm.models import ACCOUNTS, Resource
from simulator.clock import Clock
from simulator.cloud import Cloud
from simulator.disk import Disk
from simulator.entra.models import DEPLOYER
from simulator.entra.tokens import access_token
from simulator.kept_state import KeptState
from simulator.state_folder import Ports, StateFolder

HERE = {"location": "swedencentral"}
DISKS = st.sampled_from(["full", "readOnly"])
NAMES = st.sampled_from(["one", "two", "three"])


class Served:
    """A cloud and its folder, asked in this process."""

    def __init__(self, folder: StateFolder) -> None:
        saved = folder.load()
        self.cloud = Cloud(Clock(saved.now) if saved else None, state=saved.state if saved else None)
        self.folder = folder
        folder.disk = Disk(lambda: self.cloud.faults.plan.behaviour.disk)
        kept = KeptState(folder, Ports(main=1, blob=1))
        through = httpx2.ASGITransport(main_application(self.cloud, record=None, keeping=kept))
        token = access_token(self.cloud, DEPLOYER, "https://management.azure.com")
        self.http = httpx2.AsyncClient(
            transport=through, base_url="https://local", headers={"Authorization": f"Bearer {token}"}
        )

    async def ask(self, method: str, below: str, body: Any = None) -> httpx2.Response:
        version = "2025-06-01" if "/providers/" in below else "2024-03-01"
        path = f"/subscriptions/{self.cloud.subscription_id}/resourcegroups/{below}?api-version={version}"
        return await self.http.request(method, path, json=body)

    def groups(self) -> set[str]:
        return {each.name for each in self.cloud.state.arm.resources.values() if each.type.endswith("resourceGroups")}


class Disks(RuleBasedStateMachine):
    """Groups come and go; `told` is what their makers were told."""

    def __init__(self) -> None:
        super().__init__()
        self.path = Path(tempfile.mkdtemp())
        self.served = Served(StateFolder.open(self.path))
        self.told: set[str] = set()

    def teardown(self) -> None:
        self.served.folder.close()
        shutil.rmtree(self.path)

    @rule(name=NAMES)
    def make(self, name: str) -> None:
        answer = asyncio.run(self.served.ask("PUT", name, HERE))
        assert answer.status_code in ((200, 201) if self.well else (507,))
        self.told |= {name} if self.well else set()

    @rule(name=NAMES)
    def remove(self, name: str) -> None:
        there = name in self.told
        answer = asyncio.run(self.served.ask("DELETE", name))
        assert answer.status_code == (204 if not there else 202 if self.well else 507)
        self.served.cloud.clock.advance(3600)
        self.told -= {name} if self.well else set()

    @rule(name=NAMES)
    def look(self, name: str) -> None:
        assert asyncio.run(self.served.ask("GET", name)).status_code == (200 if name in self.told else 404)

    @rule(disk=DISKS)
    def fill(self, disk: str) -> None:
        self.served.cloud.faults.install({"behaviour": {"disk": disk}})

    @rule()
    def mend(self) -> None:
        self.served.cloud.faults.clear()

    @rule()
    def start_again(self) -> None:
        """As after a kill: nothing is saved at the end."""
        self.served.folder.close()
        self.served = Served(StateFolder.open(self.path))
        # Time that nobody saved stands where it stood.
        self.served.cloud.clock.advance(3600)

    @property
    def well(self) -> bool:
        return self.served.cloud.faults.plan.behaviour.disk is None

    @invariant()
    def nothing_is_half_written(self) -> None:
        assert not (self.path / "state.json.new").exists()
        state = self.path / "state.json"
        assert not state.exists() or self.served.folder.last() is not None


TestDisks = Disks.TestCase
TestDisks.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)


@pytest.mark.parametrize("kept", [True, False])
def test_a_request_that_was_overtaken_is_told_the_truth(tmp_path: Path, kept: bool) -> None:
    """It began before another one's change was undone, and ends when the disk is mended: it isn't done either."""
    folder = StateFolder.open(tmp_path) if kept else StateFolder.temporary()
    served = Served(folder)
    account = _account(served.cloud)
    deploying = f"rg/providers/{ACCOUNTS}/acct/deployments/base"
    body = {
        "sku": {"name": "GlobalStandard", "capacity": 1},
        "properties": {"model": {"format": "OpenAI", "name": "gpt-4.1-mini", "version": "2025-04-14"}},
    }

    async def meet() -> list[int]:
        await served.ask("PUT", "rg", HERE)
        served.cloud.state.arm.resources[account.key] = account
        served.cloud.changed()
        await served.ask("GET", "rg")
        with served.cloud.faults.planned({"behaviour": {"disk": "full"}}):
            slow = asyncio.create_task(served.ask("PUT", deploying, body))
            while not served.cloud.state.arm.in_flight:  # noqa: ASYNC110 - the server knows of no event to wait for.
                await asyncio.sleep(0)
            refused = await served.ask("PUT", "another", HERE)
        third = await served.ask("PUT", "third", HERE)
        statuses = [refused.status_code, third.status_code, (await slow).status_code]
        return [
            *statuses,
            (await served.ask("GET", deploying)).status_code,
            (await served.ask("GET", "third")).status_code,
        ]

    try:
        assert asyncio.run(meet()) == [507, 201, 507, 404, 200]
        assert served.groups() == {"rg", "third"}
    finally:
        folder.close()


def _account(cloud: Cloud) -> Resource:
    now = cloud.clock.now()
    return Resource(
        id=f"/subscriptions/{cloud.subscription_id}/resourceGroups/rg/providers/{ACCOUNTS}/acct",
        type=ACCOUNTS,
        name="acct",
        body={"kind": "OpenAI", "location": "swedencentral", "sku": {"name": "S0"}, "properties": {}},
        etag="",
        created_at=now,
        changed_at=now,
        created_by="",
        changed_by="",
    )
