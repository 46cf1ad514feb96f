"""From where the accounts, the storage, the vaults and the App Configuration store can be reached."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from contract import naming
from contract.shape import ResourceId, Shape


class VirtualNetwork(Shape):
    """A virtual network of the environment's own, with one subnet that holds the private endpoints."""

    name: naming.NetworkName | None = Field(default=None, description="Default: tuned-models-<stack>.")
    location: naming.Location | None = Field(default=None, description="Default: the resource group's.")
    address_space: naming.Cidr = Field(description="Such as 10.40.0.0/24; it must not meet those it is peered with.")
    subnet: naming.Cidr | None = Field(
        default=None, description="The private endpoints' part of it; all of it where absent."
    )


class Network(Shape):
    """Who can reach the environment's data planes."""

    mode: Literal["public", "restricted", "private"] = Field(
        default="public",
        description="public: anybody with a token. restricted: only ipRules and subnets. private: only through private "
        "endpoints.",
    )
    ip_rules: Annotated[tuple[naming.Cidr, ...], Field(strict=False)] = Field(
        default=(), description="restricted: public IPv4 addresses and ranges that may call."
    )
    subnets: Annotated[tuple[ResourceId, ...], Field(strict=False)] = Field(
        default=(), description="restricted: subnets, with the service endpoints, that may call."
    )
    trusted_services: bool = Field(
        default=True,
        description="Azure's trusted services pass the rules of accounts and storage (bypass: AzureServices).",
    )
    virtual_network: VirtualNetwork | None = Field(
        default=None, description="private: a virtual network made for this environment."
    )
    subnet: ResourceId | None = Field(
        default=None, description="private: the existing subnet that gets the private endpoints."
    )
    subnet_location: naming.Location | None = Field(
        default=None, description="The region of that subnet's network; the resource group's where absent."
    )
    dns: Literal["own", "none"] = Field(
        default="own",
        description="private: own declares the private DNS zones and links them; none leaves names to a landing zone.",
    )
    dns_zones: dict[naming.DnsZone, ResourceId] = Field(
        default_factory=dict,
        description="private: existing zones by name, such as privatelink.openai.azure.com; the others are made.",
    )
