"""What has a private endpoint in a private network, and in which order they are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from contract.private_link import Service
from contract.stack_config import StackConfig
from infra.account import Account
from infra.encryption import Encryption
from infra.network import OwnNetwork, PrivateNetwork, PrivateNetworkArgs, Target
from infra.storage import Storage


def targets(
    accounts: Mapping[str, Account],
    storage: Storage,
    encryptions: Mapping[str, Encryption],
    store_id: pulumi.Input[str] | None = None,
) -> list[Target]:
    """Every data plane of this stack's own: accounts, storage, vaults and the App Configuration store."""
    return [
        # After the whole component: whatever else is made in the account is made first.
        *(
            Target(f"account-{key}", Service.ACCOUNT, account.account_id, after=[account])
            for key, account in accounts.items()
        ),
        Target("storage", Service.BLOB, storage.storage_id),
        *(
            Target(f"vault-{region}", Service.VAULT, encryption.vault_id)
            for region, encryption in encryptions.items()
            if encryption.vault_id is not None
        ),
        *([Target("pointers", Service.CONFIGURATION, store_id)] if store_id is not None else []),
    ]


def declare_private_network(
    config: StackConfig, stack: str, resource_group_name: pulumi.Input[str], reached: Sequence[Target]
) -> Mapping[str, pulumi.Resource]:
    """The private endpoints by target; none but where the mode is private."""
    network = config.network
    if network.mode != "private":
        return {}
    own = network.virtual_network
    private = PrivateNetwork(
        "network",
        PrivateNetworkArgs(
            resource_group_name=resource_group_name,
            location=(own.location if own else network.subnet_location) or config.location,
            network=OwnNetwork(own.name or f"tuned-models-{stack}", own.address_space, own.subnet or own.address_space)
            if own
            else str(network.subnet),
            targets=reached,
            zones=network.dns == "own",
            existing_zones=network.dns_zones,
        ),
    )
    return private.endpoints
