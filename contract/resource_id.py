"""Resource IDs of Azure: what sort of resource one names, and its parts.

``/subscriptions/<GUID>/resourceGroups/<group>/providers/<namespace>/<type>/<name>[/<type>/<name>…]``; nothing in it is
case-sensitive (Microsoft Learn, "Resource naming rules"; azure-rest-api-specs, common-types ArmId).
"""

from __future__ import annotations

from dataclasses import dataclass

SUBNET = "Microsoft.Network/virtualNetworks/subnets"
PRIVATE_DNS_ZONE = "Microsoft.Network/privateDnsZones"
KEY = "Microsoft.KeyVault/vaults/keys"


@dataclass(frozen=True)
class ResourceId:
    subscription: str
    group: str
    type: str
    """Such as ``Microsoft.Network/virtualNetworks/subnets``; empty where the ID isn't one of a resource."""
    names: tuple[str, ...]
    """The names of its parents and its own, the outermost first."""

    @classmethod
    def parse(cls, text: str) -> ResourceId:
        """The parts of an ID whose head is known to be well-formed (contract.shape.ResourceId)."""
        _, _, subscription, _, group, _, namespace, *rest = text.rstrip("/").split("/")
        whole = len(rest) > 0 and len(rest) % 2 == 0 and all(rest)
        return cls(
            subscription=subscription,
            group=group,
            type="/".join([namespace, *rest[::2]]) if whole else "",
            names=tuple(rest[1::2]) if whole else (),
        )

    def is_a(self, resource_type: str) -> bool:
        return self.type.lower() == resource_type.lower()

    @property
    def name(self) -> str:
        return self.names[-1]


def parent(resource_id: str) -> str:
    """The ID of what a resource is in: of a subnet, its virtual network."""
    return resource_id.rstrip("/").rsplit("/", 2)[0]
