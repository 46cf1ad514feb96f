"""From where data planes are reached: what Azure refuses, and what would leave nobody or everybody a way in.

Sources: Microsoft Learn, "Guidelines and limitations for the Azure Storage firewall" (public addresses only, no /31 and
no /32) and "Azure Virtual Network frequently asked questions" (address ranges, a subnet of /29 at least, of which five
addresses are Azure's).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from contract.config.network import Network, VirtualNetwork
from contract.faults import Fault, suggestion
from contract.private_link import ADDRESSES_OF_ACCOUNT, ZONES
from contract.resource_id import PRIVATE_DNS_ZONE, SUBNET, ResourceId

if TYPE_CHECKING:
    # Each knows the other: a config is parsed by these rules.
    from contract.stack_config import StackConfig

OF_RESTRICTED = ("ip_rules", "subnets")
OF_PRIVATE = ("virtual_network", "subnet", "subnet_location", "dns", "dns_zones")
RESERVED_BY_AZURE = 5
"""Addresses of every subnet: the first four and the last."""
SMALLEST_SUBNET = 29
NOT_PUBLIC = tuple(
    IPv4Network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16")
)
"""RFC 1918 and, beside it, what no caller on the internet has as its address."""
NOT_FOR_NETWORKS = tuple(
    IPv4Network(text)
    for text in ("127.0.0.0/8", "169.254.0.0/16", "168.63.129.16/32", "224.0.0.0/4", "255.255.255.255/32")
)


def network_faults(config: StackConfig) -> list[Fault]:
    """All of them, keys without namespace."""
    network = config.network
    return [
        *_mode_faults(network),
        *_ip_faults(network.ip_rules),
        *_subnet_faults(network.subnets),
        *(_private_faults(config) if network.mode == "private" else ()),
        *_dns_faults(network),
    ]


def _mode_faults(network: Network) -> Iterator[Fault]:
    """Keys of another mode: somebody believes in a wall that isn't there."""
    for mode, keys in (("restricted", OF_RESTRICTED), ("private", OF_PRIVATE)):
        if network.mode != mode:
            for key in keys:
                if getattr(network, key) != type(network).model_fields[key].get_default(call_default_factory=True):
                    yield Fault(_key(key), f"has no meaning where mode is {network.mode}: it is for mode {mode}")
    if network.mode == "restricted" and not network.ip_rules and not network.subnets:
        yield Fault("network", "mode is restricted and nobody is let in: give ipRules or subnets")


def _ip_faults(rules: Sequence[str]) -> Iterator[Fault]:
    seen: list[tuple[str, IPv4Network]] = []
    for index, text in enumerate(rules):
        key = f"network.ipRules[{index}]"
        found = _network(text)
        if isinstance(found, str):
            yield Fault(key, found)
        elif "/" in text and found.prefixlen >= 31:
            yield Fault(key, f"{text!r}: Azure takes no /31 and no /32; write each address by itself, without prefix")
        elif found.prefixlen == 0:
            yield Fault(key, f"{text!r} lets everybody in; say mode: public if that is meant")
        elif private := next((each for each in NOT_PUBLIC if each.overlaps(found)), None):
            yield Fault(
                key,
                f"{text!r} lies in {private}, which isn't public: write the address that callers have on the internet, "
                "or name their subnet under subnets",
            )
        elif earlier := next((other for other, each in seen if each.overlaps(found)), None):
            yield Fault(key, f"{text!r} overlaps with {earlier!r}")
        else:
            seen.append((text, found))


def _subnet_faults(subnets: Sequence[str]) -> Iterator[Fault]:
    for index, subnet in enumerate(subnets):
        yield from _wrong_type(f"network.subnets[{index}]", subnet, SUBNET)
    if len({subnet.lower() for subnet in subnets}) < len(subnets):
        yield Fault("network.subnets", "names a subnet twice")


def _private_faults(config: StackConfig) -> Iterator[Fault]:
    network = config.network
    if network.virtual_network is None and network.subnet is None:
        yield Fault(
            "network",
            "mode is private and there is no network for the private endpoints: give virtualNetwork (one is made) or "
            "subnet (the resource ID of one of yours)",
        )
    if network.virtual_network is not None and network.subnet is not None:
        yield Fault(
            "network.subnet", "stands beside virtualNetwork: the private endpoints are in one of them, not both"
        )
    if network.subnet is not None:
        yield from _wrong_type("network.subnet", network.subnet, SUBNET)
    elif network.subnet_location is not None:
        yield Fault("network.subnetLocation", "is the region of subnet, and there is none")
    if network.virtual_network is not None:
        yield from _virtual_network_faults(network.virtual_network, _addresses(config))
    for name, account in sorted(config.accounts.items()):
        if account.existing is not None:
            yield Fault(
                f"accounts.{name}.existing",
                "its network is its owner's, so that it can't be made private here: let the owner do so and keep such "
                "accounts in an environment of another mode, or declare an account of your own",
            )


def _addresses(config: StackConfig) -> int:
    """How many addresses the private endpoints take."""
    accounts = sum(ADDRESSES_OF_ACCOUNT[account.kind] for account in config.accounts.values())
    vaults = sum(key.vault is not None for key in config.encryption.values())
    storage, store = 1, config.pointers is not None
    return accounts + vaults + storage + store


def _virtual_network_faults(virtual: VirtualNetwork, needed: int) -> Iterator[Fault]:
    key = "network.virtualNetwork"
    space = _network(virtual.address_space)
    subnet = _network(virtual.subnet) if virtual.subnet is not None else space
    if isinstance(space, str):
        yield Fault(f"{key}.addressSpace", space)
    elif taken := next((each for each in NOT_FOR_NETWORKS if each.overlaps(space)), None):
        yield Fault(f"{key}.addressSpace", f"{space} meets {taken}, which Azure keeps from virtual networks")
    subnet_key = f"{key}.{'subnet' if virtual.subnet is not None else 'addressSpace'}"
    if isinstance(subnet, str):
        if virtual.subnet is not None:
            yield Fault(subnet_key, subnet)
        return
    if isinstance(space, IPv4Network) and not subnet.subnet_of(space):
        yield Fault(subnet_key, f"{subnet} lies outside of addressSpace {space}")
    if subnet.prefixlen > SMALLEST_SUBNET:
        yield Fault(subnet_key, f"{subnet} is too small: Azure's smallest subnet is a /{SMALLEST_SUBNET}")
    elif (free := subnet.num_addresses - RESERVED_BY_AZURE) < needed:
        yield Fault(
            subnet_key,
            f"{subnet} has {free} addresses to give ({RESERVED_BY_AZURE} are Azure's), the private endpoints here take "
            f"{needed}",
        )


def _dns_faults(network: Network) -> Iterator[Fault]:
    if network.dns == "none" and network.dns_zones:
        yield Fault("network.dnsZones", "are not looked at where dns is none: leave out one of both")
    for name, zone in sorted(network.dns_zones.items()):
        key = f"network.dnsZones.{name}"
        if name not in ZONES:
            yield Fault(key, f"no private endpoint here needs this zone{suggestion(name, ZONES)}")
        elif not ResourceId.parse(zone).is_a(PRIVATE_DNS_ZONE):
            yield from _wrong_type(key, zone, PRIVATE_DNS_ZONE)
        elif ResourceId.parse(zone).name.lower() != name:
            yield Fault(key, f"is the ID of another zone: {ResourceId.parse(zone).name}")


def _wrong_type(key: str, resource_id: str, wanted: str) -> Iterator[Fault]:
    found = ResourceId.parse(resource_id)
    if not found.is_a(wanted):
        yield Fault(key, f"is the ID of {found.type or 'no resource'}, one of {wanted} is wanted")


def _network(text: str) -> IPv4Network | str:
    """The range, or what is wrong with it."""
    try:
        return IPv4Network(text)
    except ValueError as error:
        reason = str(error)
    try:
        meant = IPv4Network(text, strict=False)
    except ValueError:
        return f"{text!r} is no IPv4 range: {reason}"
    return f"{text!r} doesn't begin where such a range begins: write {meant}"


def _key(field: str) -> str:
    return f"network.{Network.model_fields[field].alias}"
