"""Planned faults, as Azure's management libraries take them: they try again by themselves, and obey Retry-After."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ServiceResponseError

from simulator.server import Simulator
from tests.simulator.arm.clients import GROUP, LOCATION, Clients

GROUPS = {"path": f"*/resourcegroups/{GROUP}"}


@pytest.fixture(autouse=True)
def cleared(simulator: Simulator) -> Iterator[None]:
    yield
    simulator.faults.clear()


def plan(simulator: Simulator, *does: dict[str, Any], **said: Any) -> None:
    simulator.faults.install({"faults": [{"match": GROUPS, "does": each} | said for each in does]})


def test_a_service_that_is_busy_for_a_while_is_asked_until_it_answers(
    simulator: Simulator, azure: Clients, group: str
) -> None:
    plan(simulator, {"kind": "answer", "status": 503, "retryAfter": 0.001, "retryAfterAs": "milliseconds"}, times=3)
    assert azure.resources.resource_groups.get(group).name == group
    assert simulator.faults.matched == 4


def test_a_read_whose_connection_is_reset_is_made_again(simulator: Simulator, azure: Clients, group: str) -> None:
    plan(simulator, {"kind": "reset"}, {"kind": "truncate"})
    assert azure.resources.resource_groups.get(group, retry_backoff_factor=0).name == group
    assert simulator.faults.fired == 2


def test_who_tries_once_sees_the_fault(simulator: Simulator, azure: Clients, group: str) -> None:
    plan(simulator, {"kind": "answer", "status": 429, "retryAfter": 17}, {"kind": "reset"})
    with pytest.raises(HttpResponseError) as refused:
        azure.resources.resource_groups.get(group, retry_total=0)
    assert refused.value.status_code == 429
    assert getattr(refused.value.response, "headers", {})["Retry-After"] == "17"
    with pytest.raises(ServiceResponseError):
        azure.resources.resource_groups.get(group, retry_total=0)


def test_what_is_put_twice_is_there_once(simulator: Simulator, azure: Clients) -> None:
    """A PUT whose answer was lost is sent again, and finds its own work."""
    plan(simulator, {"kind": "answer", "status": 500, "after": True})
    azure.resources.resource_groups.create_or_update(GROUP, {"location": LOCATION}, retry_backoff_factor=0)
    assert [each.name for each in azure.resources.resource_groups.list()] == [GROUP]
    assert simulator.faults.matched == 2


def test_an_expired_token_is_refused_and_a_fresh_sign_in_helps(
    simulator: Simulator, azure: Clients, group: str
) -> None:
    plan(simulator, {"kind": "expireTokens"})
    with pytest.raises(ClientAuthenticationError, match="ExpiredAuthenticationToken"):
        azure.resources.resource_groups.get(group)
    fresh = Clients(simulator, "deployer")
    with fresh.open:
        assert fresh.resources.resource_groups.get(group).name == group


def test_by_hand_a_delay_of_an_hour_is_an_hour_later(simulator: Simulator, azure: Clients, group: str) -> None:
    before = simulator.clock.now()
    plan(simulator, {"kind": "delay", "seconds": 3600})
    azure.resources.resource_groups.get(group)
    assert simulator.clock.now() - before == timedelta(hours=1)
