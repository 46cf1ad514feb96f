"""Microsoft.Network/virtualNetworks, with the subnets that are written inside it.

The form and the operations: Azure/azure-cli's recording test_private_endpoint_connection_storage_account.yaml, 2025-09.
A write that names no subnets keeps those that are there; one that names some takes the others away (Azure/bicep#13267).
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from simulator.arm import address_ranges, versions
from simulator.arm.descriptors import Body, Call, Descriptor, Move, Write
from simulator.arm.models import Pending, Resource, fresh_etag, resources_of
from simulator.arm.passing import GONE
from simulator.arm.private_links import SUBNETS, VIRTUAL_NETWORKS, ZONE_LINKS
from simulator.arm.regions import NAMES
from simulator.arm.types import subnets
from simulator.cloud import Cloud

CREATION = 5.0
"""Simulated seconds until a change of a network is done: the recording has up to ten."""
_NAMESPACE = uuid.UUID("6c1d0b1e-0000-5000-8000-000000000000")


def _check(write: Write) -> None:
    spaces = address_ranges.address_spaces(write.properties, write.id.text)
    before = {each.name.lower(): each for each in subnets.of(write.cloud, write.id.text)}
    wanted = _wanted(write)
    if wanted is None:
        after = {each.name: subnets.range_of(each) for each in before.values()}
    else:
        after = {}
        for name, properties in wanted.items():
            after[name] = address_ranges.subnet_range(properties, name, f"{write.id.text}/subnets/{name}")
            if (known := before.pop(name.lower(), None)) is not None:
                subnets.check_change(write.cloud, known, after[name])
        for gone in before.values():
            subnets.check_unused(write.cloud, gone)
    address_ranges.check(write.id.name, spaces, after)


def _wanted(write: Write) -> dict[str, Body] | None:
    """The properties of the subnets written inside the network, by name; None where nothing is said of them."""
    found = write.properties.get("subnets")
    if found is None:
        return None
    return {str(each.get("name", "")): dict(each.get("properties") or {}) for each in found}


def _complete(write: Write) -> Body:
    body = {name: value for name, value in write.body.items() if name != "properties"}
    defaults: Body = {"enableDdosProtection": False, "virtualNetworkPeerings": []}
    return body | {"properties": defaults | {k: v for k, v in write.properties.items() if k != "subnets"}}


def _stored(write: Write, network: Resource) -> None:
    network.facts["guid"] = str(uuid.uuid5(_NAMESPACE, f"{network.key}|{network.created_at.isoformat()}"))
    wanted = _wanted(write)
    if wanted is None:
        return
    known = {each.name.lower(): each for each in subnets.of(write.cloud, network.id)}
    for name, properties in wanted.items():
        _store_subnet(write, network, known.pop(name.lower(), None), name, subnets.completed(properties))
    for gone in known.values():
        del write.cloud.state.arm.resources[gone.key]


def _store_subnet(write: Write, network: Resource, before: Resource | None, name: str, body: Body) -> None:
    now = write.cloud.clock.now()
    subnet = before or Resource(
        id=f"{network.id}/subnets/{name}",
        type=SUBNETS,
        name=name,
        body={},
        etag="",
        created_at=now,
        changed_at=now,
        created_by=network.created_by,
        changed_by=network.changed_by,
        facts={"location": network.location},
    )
    subnet.body, subnet.changed_at = body, now
    # It is done when its network is.
    subnet.state, subnet.pending = "Updating", Pending(state="Succeeded", at=now + timedelta(seconds=CREATION))
    subnet.etag = fresh_etag(subnet.key, now, uuid.uuid4().hex)
    write.cloud.state.arm.resources[subnet.key] = subnet


def _moves(event: str, _: Resource) -> Move | None:
    if event == "delete":
        return Move("Deleting", CREATION, GONE, wait=CREATION)
    return Move("Updating", CREATION, wait=2.0)


def _view(cloud: Cloud, network: Resource) -> Body:
    inside: list[dict[str, Any]] = [subnets.inside(cloud, each) for each in subnets.of(cloud, network.id)]
    shown = dict(network.body)
    shown["properties"] = network.properties | {"resourceGuid": network.facts["guid"], "subnets": inside}
    return shown | {"etag": f"W/{network.etag}"}


def _deletes(call: Call, network: Resource) -> None:
    for each in subnets.of(call.cloud, network.id):
        subnets.check_unused(call.cloud, each)


def _deleted(call: Call, network: Resource) -> None:
    """Links to the network go with it (Learn, "What is a virtual network link?")."""
    for link in resources_of(call.cloud, ZONE_LINKS):
        if str((link.properties.get("virtualNetwork") or {}).get("id", "")).lower() == network.key:
            del call.cloud.state.arm.resources[link.key]


NETWORKS = Descriptor(
    type=VIRTUAL_NETWORKS,
    api_versions=versions.NETWORK,
    members=frozenset({"location", "tags", "properties", "extendedLocation"}),
    patchable=frozenset({"tags"}),
    locations=NAMES,
    read_only=("properties.provisioningState", "properties.resourceGuid"),
    check=_check,
    complete=_complete,
    stored=_stored,
    moves=_moves,
    view=_view,
    deletes=_deletes,
    deleted=_deleted,
)
