"""Address ranges of virtual networks and their subnets, as Azure checks them, and the addresses it hands out.

Rules: Learn, "Azure Virtual Network frequently asked questions" (five addresses of each subnet are Azure's own, the
smallest subnet is a /29).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from ipaddress import IPv4Network, ip_network
from itertools import islice

from simulator.arm import network_errors as refuse
from simulator.arm.descriptors import Body

RESERVED_FIRST = 4
"""The network's own address, the gateway's and two for DNS; the fifth is the broadcast address."""


def address_spaces(properties: Mapping[str, object], network_id: str) -> list[IPv4Network]:
    found = properties.get("addressSpace")
    prefixes = found.get("addressPrefixes") if isinstance(found, Mapping) else None
    if not prefixes:
        raise refuse.address_space_missing(network_id)
    return [_parsed(str(prefix), network_id) for prefix in prefixes]


def subnet_range(subnet: Body, name: str, subnet_id: str) -> IPv4Network:
    """The range of a subnet's properties. Azure takes several; one is all that is simulated."""
    prefix = subnet.get("addressPrefix") or next(iter(subnet.get("addressPrefixes") or ()), None)
    if not prefix:
        raise refuse.prefix_missing(name)
    return _parsed(str(prefix), subnet_id)


def check(network: str, spaces: Iterable[IPv4Network], subnets: Mapping[str, IPv4Network]) -> None:
    """Refuses subnets that are outside their network, too small, or overlap; `subnets` in the order they came in."""
    spaces = list(spaces)
    before: list[IPv4Network] = []
    for name, taken in subnets.items():
        if not any(taken.subnet_of(space) for space in spaces):
            raise refuse.subnet_outside(name, network)
        if taken.prefixlen > 29:
            raise refuse.subnet_too_small(name, network)
        if any(taken.overlaps(other) for other in before):
            raise refuse.subnets_overlap(name, network)
        before.append(taken)


def free_addresses(subnet: str, within: IPv4Network, used: Collection[str], wanted: int) -> list[str]:
    """The first addresses that nobody has."""
    usable = (str(address) for address in islice(within, RESERVED_FIRST, within.num_addresses - 1))
    found = list(islice((address for address in usable if address not in used), wanted))
    if len(found) < wanted:
        raise refuse.subnet_full(subnet, str(within), wanted)
    return found


def _parsed(prefix: str, resource_id: str) -> IPv4Network:
    try:
        network = ip_network(prefix, strict=False)
    except ValueError as problem:
        raise refuse.prefix_malformed(prefix, resource_id) from problem
    if not isinstance(network, IPv4Network):
        raise refuse.prefix_malformed(prefix, resource_id)
    if str(network) != prefix:
        raise refuse.prefix_with_host_bits(prefix, resource_id, str(network))
    return network
