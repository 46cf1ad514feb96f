"""Where applications read what is live: an App Configuration store, and a key-value per model in it.

Microsoft Learn, "Deployment" of App Configuration: ARM passes the deployer's own identity on to the store
(Pass-through), which wants App Configuration Data Owner of it. Where the store has no public access, ARM is let in by
its own private link only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

import pulumi
from pulumi_azure_native import appconfiguration

from contract.pointer import CONTENT_TYPE, Pointer, ServedAt, key_of


@dataclass(frozen=True)
class PointerStoreArgs:
    resource_group_name: pulumi.Input[str]
    store_name: str
    location: str
    sku: str
    public: bool
    """Whether it answers outside of private endpoints."""


class PointerStore(pulumi.ComponentResource):
    """A store that is reached by tokens only: its access keys are turned off."""

    store_id: pulumi.Output[str]
    store_name: pulumi.Output[str]
    endpoint: pulumi.Output[str]

    def __init__(self, name: str, args: PointerStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tuned-models:index:PointerStore", name, None, opts)
        access = appconfiguration.PublicNetworkAccess
        delegation = appconfiguration.PrivateLinkDelegation
        store = appconfiguration.ConfigurationStore(
            f"{name}-store",
            config_store_name=args.store_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            sku=appconfiguration.SkuArgs(name=args.sku),
            disable_local_auth=True,
            public_network_access=access.ENABLED if args.public else access.DISABLED,
            data_plane_proxy=appconfiguration.DataPlaneProxyPropertiesArgs(
                authentication_mode=appconfiguration.AuthenticationMode.PASS_THROUGH,
                private_link_delegation=delegation.DISABLED if args.public else delegation.ENABLED,
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.store_id = store.id
        self.store_name = store.name
        self.endpoint = store.endpoint
        self.register_outputs({"storeId": self.store_id, "endpoint": self.endpoint})


@dataclass(frozen=True)
class Served:
    """Where one account answers for a model."""

    endpoint: pulumi.Input[str]
    deployment: pulumi.Input[str]
    """Known once it stands: so a pointer is written after what it points to."""
    location: str


@dataclass(frozen=True)
class Live:
    """What is live of one model."""

    model_id: str
    system_message: str | None
    accounts: Mapping[str, Served]
    """In their order: the first is the one for an application that has no choice of its own."""


@dataclass(frozen=True)
class PointersArgs:
    resource_group_name: pulumi.Input[str]
    store_name: pulumi.Input[str]
    live: Mapping[str, Live]
    """By model; a model of which nothing is live has no pointer."""
    after: Sequence[pulumi.Resource]
    """What lets the deployer write them."""


class Pointers(pulumi.ComponentResource):
    """The key-values."""

    def __init__(self, name: str, args: PointersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tuned-models:index:Pointers", name, None, opts)
        for model, live in args.live.items():
            # Pairs and no mapping, whose order would be lost where the CLI waits for its values.
            served = [(key, each.endpoint, each.deployment, each.location) for key, each in live.accounts.items()]
            appconfiguration.KeyValue(
                f"{name}/{model}",
                key_value_name=arm_name(key_of(model)),
                config_store_name=args.store_name,
                resource_group_name=args.resource_group_name,
                content_type=CONTENT_TYPE,
                value=pulumi.Output.from_input(served).apply(partial(_value, live)),
                opts=pulumi.ResourceOptions(parent=self, depends_on=list(args.after)),
            )
        self.register_outputs({})


def _value(live: Live, served: Sequence[Sequence[str]]) -> str:
    accounts = {key: ServedAt(endpoint=endpoint, deployment=name, location=at) for key, endpoint, name, at in served}
    first = next(iter(accounts.values()))
    pointer = Pointer(
        model_id=live.model_id,
        system_message=live.system_message,
        endpoint=first.endpoint,
        deployment=first.deployment,
        accounts=accounts,
    )
    return pointer.model_dump_json()


def arm_name(key: str) -> str:
    """A key as part of a resource's name (Microsoft Learn, App Configuration, "Create … by using an ARM template")."""
    return quote(key, safe="").replace("~", "~7E").replace("%", "~")
