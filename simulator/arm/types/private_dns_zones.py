"""Microsoft.Network/privateDnsZones, the networks linked to them, and the A records that private endpoints have there.

The form and the operations: Azure/azure-cli's recording
test_PutLink_LinkNotExistsWithoutRegistration_ExpectLinkCreated.yaml, 2024-08 (a PUT answers 202 and nothing). Rules:
Learn, "What is a virtual network link?". Records that people write themselves aren't simulated.
"""

from __future__ import annotations

import re
from typing import Any

from simulator.access import allowed
from simulator.arm import errors, versions
from simulator.arm import network_errors as refuse
from simulator.arm.descriptors import Answer, Body, Call, Descriptor, Move, Special, Write
from simulator.arm.models import Resource, find, resources_of
from simulator.arm.passing import GONE
from simulator.arm.private_links import PRIVATE_ZONES, VIRTUAL_NETWORKS, ZONE_LINKS
from simulator.arm.types.private_dns_zone_groups import TTL, Record, records
from simulator.cloud import Cloud

CREATION = 30.0
"""Simulated seconds until a zone or a link is there: as long as in the recording."""
DELETION = 5.0
"""Invented."""

_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?){1,33}")


def _check_name(name: str) -> None:
    if _NAME.fullmatch(name.lower()) is None:
        raise refuse.zone_name_invalid(name)


def _links(cloud: Cloud, zone: Resource) -> list[Resource]:
    return resources_of(cloud, ZONE_LINKS, zone.id)


def _without_read_only(write: Write) -> Body:
    return dict(write.body) | {"properties": dict(write.properties)}


def _moves(event: str, _: Resource) -> Move | None:
    if event == "delete":
        return Move("Deleting", DELETION, GONE, wait=DELETION)
    return Move("Updating" if event == "update" else "Creating", CREATION, wait=10.0)


def _zone_view(cloud: Cloud, zone: Resource) -> Body:
    links = _links(cloud, zone)
    observed = {
        "maxNumberOfRecordSets": 25000,
        "maxNumberOfVirtualNetworkLinks": 1000,
        "maxNumberOfVirtualNetworkLinksWithRegistration": 100,
        "numberOfRecordSets": 1 + len(list(records(cloud, zone))),
        "numberOfVirtualNetworkLinks": len(links),
        "numberOfVirtualNetworkLinksWithRegistration": sum(
            1 for each in links if each.properties.get("registrationEnabled")
        ),
    }
    return dict(zone.body) | {"properties": observed, "etag": zone.etag.strip('"')}


def _deletes(call: Call, zone: Resource) -> None:
    if links := _links(call.cloud, zone):
        raise refuse.nested_resources([each.id for each in links])


def _check_link(write: Write) -> None:
    network_id = str((write.properties.get("virtualNetwork") or {}).get("id") or "")
    if not network_id:
        raise refuse.network_id_missing()
    if write.existing is not None and _network_of(write.existing) != network_id.lower():
        raise refuse.link_immutable()
    network = find(write.cloud, network_id)
    if network is None or network.type != VIRTUAL_NETWORKS:
        raise refuse.reference_not_found(network_id, write.id.text)
    joining = f"{VIRTUAL_NETWORKS}/join/action"
    who = write.caller
    if not allowed(write.cloud, who.object_id, joining, network.id, data=False):
        asked = f"{ZONE_LINKS}/write"
        raise errors.linked_authorization_failed(
            who.client_id, who.object_id, asked, write.id.text, joining, network.id
        )
    zone = write.id.names[0]
    for other in resources_of(write.cloud, ZONE_LINKS):
        linked = other.id.split("/privateDnsZones/", 1)[1].split("/", 1)[0]
        if other.key != write.id.key and _network_of(other) == network.key and linked.lower() == zone.lower():
            raise refuse.overlapping_zones(zone, linked)


def _network_of(link: Resource) -> str:
    return str(link.properties["virtualNetwork"]["id"]).lower()


def _complete_link(write: Write) -> Body:
    defaults: Body = {"registrationEnabled": False, "resolutionPolicy": "Default"}
    return dict(write.body) | {"properties": defaults | write.properties}


def _link_view(_: Cloud, link: Resource) -> Body:
    observed = {"virtualNetworkLinkState": "Completed" if link.pending is None else "InProgress"}
    return dict(link.body) | {"properties": link.properties | observed, "etag": link.etag.strip('"')}


# --- records


def _zone(call: Call) -> Resource:
    found = find(call.cloud, f"{call.id.scope}/providers/{PRIVATE_ZONES}/{call.id.names[0]}")
    if found is None:
        raise errors.parent_not_found(
            "privateDnsZones/A", f"{call.id.scope}/providers/{PRIVATE_ZONES}/{call.id.names[0]}"
        )
    return found


def _shown(zone: Resource, record: Record) -> dict[str, Any]:
    return {
        "id": f"{zone.id}/A/{record.name}",
        "name": record.name,
        "type": f"{PRIVATE_ZONES}/A",
        "properties": {
            "fqdn": f"{record.fqdn}.",
            "ttl": TTL,
            "aRecords": [{"ipv4Address": address} for address in record.addresses],
            "isAutoRegistered": False,
        },
    }


def _list_records(call: Call, _: Body) -> Answer:
    zone = _zone(call)
    return Answer(body=[_shown(zone, each) for each in records(call.cloud, zone)])


def _get_record(call: Call, _: Body) -> Answer:
    zone = _zone(call)
    for each in records(call.cloud, zone):
        if each.name == call.id.name.lower():
            return Answer(body=_shown(zone, each))
    raise errors.resource_not_found(call.id)


_LOCATIONS = ("global",)

PRIVATE_DNS_ZONES = Descriptor(
    type=PRIVATE_ZONES,
    api_versions=versions.PRIVATE_DNS,
    members=frozenset({"location", "tags", "properties"}),
    patchable=frozenset({"tags", "properties"}),
    locations=_LOCATIONS,
    read_only=("properties",),
    check_name=_check_name,
    complete=_without_read_only,
    moves=_moves,
    style="location",
    view=_zone_view,
    deletes=_deletes,
)
LINKS = Descriptor(
    type=ZONE_LINKS,
    api_versions=versions.PRIVATE_DNS,
    members=frozenset({"location", "tags", "properties"}),
    patchable=frozenset({"tags", "properties"}),
    locations=_LOCATIONS,
    read_only=("properties.provisioningState", "properties.virtualNetworkLinkState"),
    check=_check_link,
    complete=_complete_link,
    moves=_moves,
    style="location",
    view=_link_view,
)

SPECIALS = tuple(
    Special(
        "GET", f"microsoft.network/privatednszones/*/{path}", versions.PRIVATE_DNS, answer, f"{PRIVATE_ZONES}/{read}"
    )
    for path, answer, read in (
        ("a", _list_records, "A/read"),
        ("all", _list_records, "ALL/read"),
        ("a/*", _get_record, "A/read"),
    )
)
