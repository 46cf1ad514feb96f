"""What Azure Monitor tells, by its real client, of a local Azure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from jobs.azure.credentials import Credential
from jobs.azure.monitor import ArmMonitor
from jobs.errors import ServiceRefused
from jobs.monitor_ports import Deletion
from simulator.arm import activity
from simulator.arm.models import ACCOUNTS, DEPLOYMENTS, Resource, note_call
from simulator.arm.observed import Observed
from simulator.server import Simulator

GROUP = "resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/contoso"


@pytest.fixture
def account(simulator: Simulator) -> str:
    """With two deployments, of which nothing else is known. Its ID."""
    account = f"/subscriptions/{simulator.cloud.subscription_id}/{GROUP}"
    made = simulator.clock.now()
    for resource_id, kind in (
        (account, ACCOUNTS),
        (f"{account}/deployments/Called", DEPLOYMENTS),
        (f"{account}/deployments/silent", DEPLOYMENTS),
    ):
        known = {"etag": "", "created_at": made, "changed_at": made, "created_by": "", "changed_by": ""}
        name = resource_id.rpartition("/")[2]
        resource = Resource.model_validate({"id": resource_id, "type": kind, "name": name, "body": {}, **known})
        simulator.cloud.state.arm.resources[resource.key] = resource
    return account


@pytest.fixture
def monitor(simulator: Simulator, environment: Callable[..., dict[str, str]]) -> Iterator[ArmMonitor]:
    environment("deployer")
    with (
        closing(Credential(None)) as credential,
        closing(ArmMonitor(simulator.cloud.subscription_id, None, credential)) as made,
    ):
        yield made


def test_the_last_call_of_each_deployment_is_known_to_the_hour(
    simulator: Simulator, monitor: ArmMonitor, account: str
) -> None:
    note_call(simulator.cloud, f"{account}/deployments/called")
    simulator.clock.advance(86400)
    note_call(simulator.cloud, f"{account}/deployments/called")
    called = simulator.clock.now()
    simulator.clock.advance(5 * 3600)
    now = simulator.clock.now()

    found = monitor.last_calls(account, now - timedelta(days=16), now)

    assert set(found) == {"called"}
    assert timedelta(0) <= found["called"] - called <= timedelta(hours=1)


def test_a_call_of_this_hour_is_not_told_as_one_of_the_future(
    simulator: Simulator, monitor: ArmMonitor, account: str
) -> None:
    simulator.clock.advance(60)
    note_call(simulator.cloud, f"{account}/deployments/called")
    now = simulator.clock.now()

    assert monitor.last_calls(account, now - timedelta(days=16), now + timedelta(seconds=1)) == {
        "called": now + timedelta(seconds=1)
    }


def test_an_account_that_does_not_know_the_newer_metric_tells_the_older_one(
    simulator: Simulator, monitor: ArmMonitor, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = Observed(metrics={"AzureOpenAIRequests": frozenset({"ModelDeploymentName"})})
    monkeypatch.setattr("simulator.arm.types.metrics.observed", lambda _: older)
    note_call(simulator.cloud, f"{account}/deployments/called")
    simulator.clock.advance(60)
    now = simulator.clock.now()

    assert set(monitor.last_calls(account, now - timedelta(days=16), now)) == {"called"}


def test_who_deleted_a_resource_is_told_with_the_time(simulator: Simulator, monitor: ArmMonitor, account: str) -> None:
    arm, now = simulator.cloud.state.arm, simulator.clock.now()
    gone = arm.resources[f"{account}/deployments/silent".lower()]
    activity.note(simulator.cloud, gone, "delete", "ada@contoso.example", now - timedelta(days=3))
    activity.note(simulator.cloud, gone, "write", "ada@contoso.example", now - timedelta(days=2))
    activity.note(simulator.cloud, gone, "delete", "grace@contoso.example", now - timedelta(days=1))

    assert monitor.deletions(gone.id, now - timedelta(days=2)) == [
        Deletion(now - timedelta(days=1), "grace@contoso.example")
    ]
    assert [each.caller[:3] for each in monitor.deletions(gone.id, now - timedelta(days=10))] == ["gra", "ada"]
    assert monitor.deletions(f"{account}/deployments/called", now - timedelta(days=10)) == []


def test_who_may_not_read_it_is_refused(
    simulator: Simulator, environment: Callable[..., dict[str, str]], account: str
) -> None:
    environment("trainer")
    now = simulator.clock.now()
    with (
        closing(Credential(None)) as credential,
        closing(ArmMonitor(simulator.cloud.subscription_id, None, credential)) as monitor,
    ):
        with pytest.raises(ServiceRefused, match="called last"):
            monitor.last_calls(account, now - timedelta(days=1), now)
        with pytest.raises(ServiceRefused, match="who deleted it"):
            monitor.deletions(account, now - timedelta(days=1))
