"""Microsoft.Network/privateEndpoints/privateDnsZoneGroups: the zones that get an endpoint's addresses.

The form: Azure/azure-cli's recording test_network_private_endpoint_private_dns_zone_group.yaml, 2021-04, without the
ID, type and state of each zone's part, which Azure's own types don't know.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass

from simulator.access import allowed
from simulator.arm import errors, versions
from simulator.arm import network_errors as refuse
from simulator.arm.descriptors import Body, Descriptor, Move, Write
from simulator.arm.models import Resource, find, resources_of
from simulator.arm.passing import GONE
from simulator.arm.private_links import PRIVATE_ZONES, ZONE_GROUPS, ZONES
from simulator.cloud import Cloud

CHANGE = 10.0
"""Simulated seconds: as long as in the recording."""
TTL = 10
"""Of the records that come from a group: memory."""


@dataclass(frozen=True)
class Record:
    """One A record that an endpoint has in a zone."""

    name: str
    zone: str
    addresses: tuple[str, ...]

    @property
    def fqdn(self) -> str:
        return f"{self.name}.{self.zone}"


def records(cloud: Cloud, zone: Resource) -> Iterator[Record]:
    """Those that groups have put into a zone."""
    for group in resources_of(cloud, ZONE_GROUPS):
        for config in group.properties["privateDnsZoneConfigs"]:
            if str(config["properties"]["privateDnsZoneId"]).lower() == zone.key:
                yield from _records(cloud, group, zone.name)


def _records(cloud: Cloud, group: Resource, zone: str) -> Iterator[Record]:
    """The names of the group's endpoint that belong into a zone, once both are ready."""
    endpoint = find(cloud, group.key.split("/privatednszonegroups/", 1)[0])
    if endpoint is None or endpoint.state != "Succeeded" or group.state != "Succeeded":
        return
    for fqdn, address in endpoint.facts["names"].items():
        name, ending = fqdn.split(".", 1)
        if ZONES.get(ending) == zone.lower():
            yield Record(name, zone, (address,))


def _check(write: Write) -> None:
    endpoint = write.id.parent
    siblings = resources_of(write.cloud, ZONE_GROUPS, endpoint.text) if endpoint is not None else []
    if endpoint is not None and any(each.key != write.id.key for each in siblings):
        raise refuse.second_zone_group(endpoint.name)
    joining = f"{PRIVATE_ZONES}/join/action"
    who = write.caller
    for config in write.properties.get("privateDnsZoneConfigs") or ():
        zone_id = str((config.get("properties") or {}).get("privateDnsZoneId") or "")
        zone = find(write.cloud, zone_id)
        if zone is None or zone.type != PRIVATE_ZONES or zone.pending is not None:
            raise refuse.reference_not_found(zone_id, write.id.text)
        if not allowed(write.cloud, who.object_id, joining, zone.id, data=False):
            asked = f"{ZONE_GROUPS}/write"
            raise errors.linked_authorization_failed(
                who.client_id, who.object_id, asked, write.id.text, joining, zone.id
            )


def _complete(write: Write) -> Body:
    configs = [
        {"name": each.get("name", ""), "properties": {"privateDnsZoneId": each["properties"]["privateDnsZoneId"]}}
        for each in write.properties.get("privateDnsZoneConfigs") or ()
    ]
    return {"properties": {"privateDnsZoneConfigs": configs}}


def _stored(write: Write, group: Resource) -> None:
    endpoint = find(write.cloud, write.id.parent.text if write.id.parent is not None else "")
    group.facts["location"] = endpoint.location if endpoint is not None else ""


def _moves(event: str, _: Resource) -> Move | None:
    if event == "delete":
        return Move("Deleting", CHANGE, GONE, wait=CHANGE)
    return Move("Updating", CHANGE, wait=CHANGE)


def _view(cloud: Cloud, group: Resource) -> Body:
    shown = copy.deepcopy(group.body)
    for config in shown["properties"]["privateDnsZoneConfigs"]:
        zone = str(config["properties"]["privateDnsZoneId"]).rsplit("/", 1)[-1]
        config["properties"] |= {
            "recordSets": [
                {
                    "recordType": "A",
                    "recordSetName": each.name,
                    "fqdn": each.fqdn,
                    "ttl": TTL,
                    "provisioningState": "Succeeded",
                    "ipAddresses": list(each.addresses),
                }
                for each in _records(cloud, group, zone)
            ],
        }
    return shown | {"etag": f"W/{group.etag}"}


GROUPS_OF_ZONES = Descriptor(
    type=ZONE_GROUPS,
    api_versions=versions.NETWORK,
    members=frozenset({"properties"}),
    read_only=("properties.provisioningState",),
    check=_check,
    complete=_complete,
    stored=_stored,
    moves=_moves,
    view=_view,
    not_found=refuse.child_not_found,
)
