"""A small program of its own, so that these tests judge the way of running and not the product's infrastructure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from simulator.pulumi import in_process
from simulator.pulumi.summary import UpResult
from simulator.server import Simulator
from tests.simulator.pulumi.standing import FirstUps

MINI = ("gpt-4.1-mini", "2025-04-14")
NANO = ("gpt-4.1-nano", "2025-04-14")


@dataclass(frozen=True)
class Sketch:
    """What the program declares. Deployments: name → (model, version, capacity), each depending on all before it."""

    group: str = "rg"
    account: str = "acct-one"
    deployments: dict[str, tuple[str, str, int]] = field(default_factory=lambda: {"one": (*MINI, 10)})
    storage_location: str | None = None
    containers: tuple[str, ...] = ()
    options: dict[str, dict[str, Any]] = field(default_factory=dict)
    tags: Callable[[], dict[str, Any]] = dict
    extra: Callable[[], None] = lambda: None

    def but(self, **changes: Any) -> Sketch:
        return replace(self, **changes)

    def __call__(self) -> None:
        import pulumi
        from pulumi_azure_native import cognitiveservices, resources, storage

        def opts(name: str, **more: Any) -> pulumi.ResourceOptions:
            return pulumi.ResourceOptions(**(self.options.get(name, {}) | more))

        group = resources.ResourceGroup(
            "group", resource_group_name=self.group, location="swedencentral", tags=self.tags(), opts=opts("group")
        )
        account = cognitiveservices.Account(
            "account",
            resource_group_name=group.name,
            account_name=self.account,
            location="swedencentral",
            kind="OpenAI",
            sku={"name": "S0"},
            properties={"custom_sub_domain_name": self.account, "disable_local_auth": True},
            opts=opts("account"),
        )
        made: list[pulumi.Resource] = []
        for name, (model, version, capacity) in self.deployments.items():
            deployment = cognitiveservices.Deployment(
                name,
                resource_group_name=group.name,
                account_name=account.name,
                deployment_name=name,
                sku={"name": "GlobalStandard", "capacity": capacity},
                properties={"model": {"format": "OpenAI", "name": model, "version": version}},
                opts=opts(name, depends_on=list(made)),
            )
            made.append(deployment)
        if self.storage_location:
            kept = storage.StorageAccount(
                "storage",
                resource_group_name=group.name,
                account_name="keptforpulumi",
                location=self.storage_location,
                kind="StorageV2",
                sku={"name": "Standard_LRS"},
                enable_https_traffic_only=True,
                opts=opts("storage"),
            )
            for name in self.containers:
                storage.BlobContainer(
                    name,
                    resource_group_name=group.name,
                    account_name=kept.name,
                    container_name=name,
                    opts=opts(name),
                )
        self.extra()
        pulumi.export("endpoint", account.properties.endpoint)
        pulumi.export("held", {"nothing": None})


@dataclass
class Stage:
    """A local Azure and one stack on it; `said` is what was reported, `sent` what ARM was asked and answered."""

    simulator: Simulator
    states: Path
    said: list[str] = field(default_factory=list)
    sent: list[tuple[str, str, int]] = field(default_factory=list)
    config: dict[str, str] = field(default_factory=dict)

    @property
    def run(self) -> in_process.Run:
        return in_process.Run(
            project="sketch",
            stack="test",
            config=self.config,
            environment=self.simulator.environment("deployer"),
            states=self.states,
            root=self.states,
            report=lambda step: self.said.append(str(step).strip()),
            say=self.said.append,
        )

    def up(self, program: Callable[[], None], **how: Any) -> UpResult:
        """`how` are further parts of the Run, such as replacing=True."""
        self.said.clear()
        self.sent.clear()
        return in_process.up(replace(self.run, **how), program)

    def preview(self, program: Callable[[], None]) -> UpResult:
        self.said.clear()
        self.sent.clear()
        return in_process.preview(self.run, program)

    def destroy(self, *, preview: bool = False) -> UpResult:
        self.said.clear()
        self.sent.clear()
        return in_process.destroy(self.run, preview=preview)

    @property
    def writes(self) -> list[tuple[str, str, int]]:
        """PUT and DELETE on ARM: method, last part of the ID, status."""
        return [each for each in self.sent if each[0] in ("PUT", "DELETE")]

    def there(self) -> set[str]:
        """What stands in Azure: the last parts of the IDs, in lower case, the deployer's own role left out."""
        resources = self.simulator.cloud.state.arm.resources
        kept = [id_ for id_ in resources if "roleassignments" not in id_]
        return {id_.rsplit("/", 1)[-1] for id_ in kept}

    def remove(self, name: str) -> None:
        """Takes a resource away behind Pulumi's back."""
        resources = self.simulator.cloud.state.arm.resources
        for id_ in [each for each in resources if each.endswith(f"/{name}")]:
            del resources[id_]


@pytest.fixture(scope="module")
def first_ups(tmp_path_factory: pytest.TempPathFactory) -> FirstUps:
    """What the first ups of this module's tests left, so that none is made twice."""
    return FirstUps(tmp_path_factory.mktemp("first-ups"))


@pytest.fixture
def stage(simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """An empty Azure, an empty stack."""
    made = Stage(simulator, tmp_path / "stacks")
    plain = httpx2.Client.request

    def listened(self: httpx2.Client, method: str, url: Any, **how: Any) -> httpx2.Response:
        answer = plain(self, method, url, **how)
        path = httpx2.URL(url).path
        if path.startswith("/subscriptions"):
            made.sent.append((method, path.rsplit("/", 1)[-1], answer.status_code))
        return answer

    monkeypatch.setattr(httpx2.Client, "request", listened)
    return made
