"""Who reaches a data plane: outside comes from one address, inside through a private endpoint."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.arm.models import ACCOUNTS, CONFIGURATION_STORES, VAULTS, Resource
from simulator.reach import OUTSIDE, Barred, barred
from simulator.server import Simulator
from tests.simulator.inside import lead_inside, make_subnet, put

OPEN: dict[str, Any] = {}
OFF = {"publicNetworkAccess": "Disabled"}
DENY = {"networkAcls": {"defaultAction": "Deny"}}


def resource(simulator: Simulator, properties: dict[str, Any], type_: str = ACCOUNTS) -> Resource:
    scope = f"/subscriptions/{simulator.cloud.subscription_id}/resourceGroups/rg/providers"
    return put(simulator, f"{scope}/{type_}/contoso", type_, properties, {})


@pytest.mark.parametrize(("properties", "why"), [(OPEN, None), (OFF, Barred.PUBLIC_ACCESS_OFF), (DENY, Barred.RULES)])
@pytest.mark.parametrize("inside", [False, True], ids=["outside", "inside"])
def test_without_an_endpoint_the_inside_is_no_better(
    simulator: Simulator, properties: dict[str, Any], why: Barred | None, *, inside: bool
) -> None:
    assert barred(simulator.cloud, resource(simulator, properties), inside=inside) is why


@pytest.mark.parametrize("properties", [OPEN, OFF, DENY])
def test_an_approved_endpoint_passes_whatever_the_rules_say(simulator: Simulator, properties: dict[str, Any]) -> None:
    account = resource(simulator, properties)
    lead_inside(simulator, account)

    assert barred(simulator.cloud, account, inside=True) is None


@pytest.mark.parametrize("status", ["Pending", "Rejected"])
def test_an_endpoint_that_nobody_approved_leads_nowhere(simulator: Simulator, status: str) -> None:
    account = resource(simulator, OFF)
    lead_inside(simulator, account, status)

    assert barred(simulator.cloud, account, inside=True) is Barred.PUBLIC_ACCESS_OFF


def test_an_endpoint_of_a_former_namesake_leads_nowhere(simulator: Simulator) -> None:
    lead_inside(simulator, resource(simulator, OFF))
    simulator.clock.advance(60)

    assert barred(simulator.cloud, resource(simulator, OFF), inside=True) is Barred.PUBLIC_ACCESS_OFF


@pytest.mark.parametrize(
    ("rule", "why"),
    [(OUTSIDE, None), ("203.0.113.0/24", None), ("198.51.100.0/24", Barred.RULES), ("nonsense", Barred.RULES)],
)
def test_ip_rules_are_for_the_outside(simulator: Simulator, rule: str, why: Barred | None) -> None:
    account = resource(simulator, {"networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": rule}]}})

    assert barred(simulator.cloud, account, inside=False) is why
    assert barred(simulator.cloud, account, inside=True) is Barred.RULES


def test_subnet_rules_are_for_the_inside(simulator: Simulator) -> None:
    """For a subnet that is there: the inside stands in every one."""
    rules = [{"id": make_subnet(simulator)}]
    account = resource(simulator, {"networkAcls": {"defaultAction": "Deny", "virtualNetworkRules": rules}})
    other = resource(simulator, {"networkAcls": {"defaultAction": "Deny", "virtualNetworkRules": [{"id": "/none"}]}})

    assert barred(simulator.cloud, account, inside=True) is None
    assert barred(simulator.cloud, account, inside=False) is Barred.RULES
    assert barred(simulator.cloud, other, inside=True) is Barred.RULES


@pytest.mark.parametrize(("bypass", "why"), [("AzureServices", None), ("None", Barred.PUBLIC_ACCESS_OFF)])
def test_trusted_services_pass_where_they_may(simulator: Simulator, bypass: str, why: Barred | None) -> None:
    vault = resource(simulator, OFF | {"networkAcls": {"defaultAction": "Deny", "bypass": bypass}}, VAULTS)

    assert barred(simulator.cloud, vault, inside=False, trusted=True) is why


def test_a_store_that_says_nothing_is_public_until_it_has_an_endpoint(simulator: Simulator) -> None:
    store = resource(simulator, OPEN, CONFIGURATION_STORES)

    before = barred(simulator.cloud, store, inside=False)
    lead_inside(simulator, store)

    assert before is None
    assert barred(simulator.cloud, store, inside=False) is Barred.PUBLIC_ACCESS_OFF
