"""Standing inside, and a private endpoint straight in the state, for tests of what it opens: ARM has its own."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from simulator.arm.models import Resource
from simulator.arm.private_links import PRIVATE_ENDPOINTS, SUBNETS, TARGETS
from simulator.environment import Network
from simulator.server import Simulator


def stand(monkeypatch: pytest.MonkeyPatch, simulator: Simulator, network: Network) -> None:
    """This process, on one side or the other, with a proxy of its surroundings that nobody may ask."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    for name, value in simulator.environment("trainer", network).items():
        monkeypatch.setenv(name, value)


def lead_inside(simulator: Simulator, target: Resource, status: str = "Approved") -> Resource:
    """An endpoint that leads to the target, in this state."""
    connection = {
        "privateLinkServiceId": target.id,
        "groupIds": [TARGETS[target.type].group],
        "privateLinkServiceConnectionState": {"status": status, "description": "", "actionsRequired": "None"},
    }
    properties = {
        "privateLinkServiceConnections": [{"name": "pe", "properties": connection}],
        "manualPrivateLinkServiceConnections": [],
        "subnet": {"id": _subnet(simulator)},
    }
    facts = {"guid": "0", "names": {}, "target_made": target.created_at.isoformat()}
    return put(
        simulator, f"{_scope(simulator)}/{PRIVATE_ENDPOINTS}/pe-{target.name}", PRIVATE_ENDPOINTS, properties, facts
    )


def make_subnet(simulator: Simulator) -> str:
    """A subnet, by ID."""
    properties = {"addressPrefix": "10.0.0.0/24"}
    return put(simulator, _subnet(simulator), SUBNETS, properties, {"location": "swedencentral"}).id


def put(
    simulator: Simulator, id_: str, type_: str, properties: Mapping[str, object], facts: Mapping[str, object]
) -> Resource:
    now = simulator.clock.now()
    made = Resource(
        id=id_,
        type=type_,
        name=id_.rsplit("/", 1)[-1],
        body={"location": "swedencentral", "properties": dict(properties)},
        etag="",
        created_at=now,
        changed_at=now,
        created_by="",
        changed_by="",
        facts=dict(facts),
    )
    simulator.cloud.state.arm.resources[made.key] = made
    return made


def _scope(simulator: Simulator) -> str:
    return f"/subscriptions/{simulator.cloud.subscription_id}/resourceGroups/rg/providers"


def _subnet(simulator: Simulator) -> str:
    return f"{_scope(simulator)}/Microsoft.Network/virtualNetworks/vnet/subnets/endpoints"
