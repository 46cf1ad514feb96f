"""The private way in: a virtual network, private endpoints for every data plane, and the DNS zones that lead to them.

Shapes: azure-rest-api-specs, Microsoft.Network 2024-05-01 and privateDns 2024-06-01.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_azure_native import network, privatedns

from contract.private_link import Service
from contract.resource_id import parent


@dataclass(frozen=True)
class OwnNetwork:
    """A virtual network to make, with one subnet for the private endpoints."""

    name: str
    address_space: str
    subnet: str
    """The subnet's part of the address space."""


@dataclass(frozen=True)
class Target:
    """A resource that gets a private endpoint."""

    key: str
    """Its name in this stack, such as ``account-main``."""
    service: Service
    resource_id: pulumi.Input[str]
    after: Sequence[pulumi.Resource] = ()
    """What has to stand before: an account that is being changed refuses endpoints (409, "in state Accepted")."""


@dataclass(frozen=True)
class PrivateNetworkArgs:
    resource_group_name: pulumi.Input[str]
    location: str
    """The region of the network, whichever it is: endpoints stand in their network's region."""
    network: OwnNetwork | str
    """A network to make, or the resource ID of the subnet of another."""
    targets: Sequence[Target]
    """In an order that depends on nothing that changes during a target's life."""
    zones: bool = True
    """Whether names are this stack's business: zones, links and zone groups."""
    existing_zones: Mapping[str, str] = field(default_factory=dict)
    """Zone → resource ID of one that others keep; its links to networks are theirs as well."""


class PrivateNetwork(pulumi.ComponentResource):
    """Private endpoints, one after the other, since each of them changes the subnet.

    While a subnet is being changed Azure refuses further endpoints in it (ReferencedResourceNotProvisioned,
    azurerm#21293). Every endpoint depends on all earlier ones, so that deletes go one at a time, too.
    """

    endpoints: dict[str, pulumi.Resource]
    """By the target's key."""

    def __init__(self, name: str, args: PrivateNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tuned-models:index:PrivateNetwork", name, None, opts)
        self._name = name
        self._args = args
        if isinstance(args.network, OwnNetwork):
            virtual, subnet_id = self._own(args.network)
            network_id: pulumi.Input[str] = virtual.id
        else:
            subnet_id = pulumi.Output.from_input(args.network)
            network_id = parent(args.network)
        zones = self._zones(network_id) if args.zones else {}
        self.endpoints = {}
        earlier: list[pulumi.Resource] = []
        for target in args.targets:
            endpoint = self._endpoint(target, subnet_id, earlier)
            earlier.append(endpoint)
            self.endpoints[target.key] = endpoint
            if zones:
                self._zone_group(target, endpoint, zones)
        self.register_outputs({"subnetId": subnet_id})

    def _own(self, own: OwnNetwork) -> tuple[network.VirtualNetwork, pulumi.Output[str]]:
        virtual = network.VirtualNetwork(
            f"{self._name}-network",
            virtual_network_name=own.name,
            resource_group_name=self._args.resource_group_name,
            location=self._args.location,
            address_space=network.AddressSpaceArgs(address_prefixes=[own.address_space]),
            opts=pulumi.ResourceOptions(parent=self),
        )
        # A resource of its own and not part of the network: subnets that others add to the network stay.
        subnet = network.Subnet(
            f"{self._name}-subnet",
            subnet_name="private-endpoints",
            virtual_network_name=virtual.name,
            resource_group_name=self._args.resource_group_name,
            address_prefix=own.subnet,
            # Security groups and routes don't hold for endpoints: nothing but them is in here.
            private_endpoint_network_policies="Disabled",
            default_outbound_access=False,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return virtual, subnet.id

    def _zones(self, network_id: pulumi.Input[str]) -> dict[str, pulumi.Input[str]]:
        """Zone → resource ID, of every zone that a target needs; those made here are linked to the network."""
        wanted = dict.fromkeys(zone for target in self._args.targets for zone in target.service.zones)
        zones: dict[str, pulumi.Input[str]] = {}
        for zone in wanted:
            if zone in self._args.existing_zones:
                zones[zone] = self._args.existing_zones[zone]
                continue
            made = privatedns.PrivateZone(
                f"{self._name}/{zone}",
                private_zone_name=zone,
                resource_group_name=self._args.resource_group_name,
                location="global",
                opts=pulumi.ResourceOptions(parent=self),
            )
            privatedns.VirtualNetworkLink(
                f"{self._name}/{zone}-link",
                virtual_network_link_name="tuned-models",
                private_zone_name=made.name,
                resource_group_name=self._args.resource_group_name,
                location="global",
                virtual_network=privatedns.SubResourceArgs(id=network_id),
                # Machines of the network don't enter themselves here.
                registration_enabled=False,
                opts=pulumi.ResourceOptions(parent=self),
            )
            zones[zone] = made.id
        return zones

    def _endpoint(
        self, target: Target, subnet_id: pulumi.Input[str], earlier: Sequence[pulumi.Resource]
    ) -> network.PrivateEndpoint:
        return network.PrivateEndpoint(
            f"{self._name}/{target.key}",
            private_endpoint_name=f"{target.key}-endpoint",
            resource_group_name=self._args.resource_group_name,
            location=self._args.location,
            subnet=network.SubnetArgs(id=subnet_id),
            private_link_service_connections=[
                network.PrivateLinkServiceConnectionArgs(
                    name=target.key, private_link_service_id=target.resource_id, group_ids=[target.service.value]
                )
            ],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*target.after, *earlier]),
        )

    def _zone_group(
        self, target: Target, endpoint: network.PrivateEndpoint, zones: Mapping[str, pulumi.Input[str]]
    ) -> None:
        """Has Azure keep the endpoint's addresses in the zones."""
        network.PrivateDnsZoneGroup(
            f"{self._name}/{target.key}-names",
            private_dns_zone_group_name="default",
            private_endpoint_name=endpoint.name,
            resource_group_name=self._args.resource_group_name,
            private_dns_zone_configs=[
                network.PrivateDnsZoneConfigArgs(name=zone.replace(".", "-"), private_dns_zone_id=zones[zone])
                for zone in target.service.zones
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )
