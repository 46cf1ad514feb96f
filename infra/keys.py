"""The keys of a stack: one per region, each with an identity that may use it before anything is encrypted with it."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from contract.resource_id import ResourceId
from contract.stack_config import StackConfig
from infra.access import Access, AccessArgs, Grant, Principal, Role, Scope
from infra.customer_key import CustomerKey
from infra.encryption import Encryption, EncryptionArgs, OwnVault
from infra.network_rules import network_rules


def declare_encryption(
    config: StackConfig, stack: str, resource_group_name: pulumi.Input[str]
) -> Mapping[str, Encryption]:
    """Keys and identities, by region."""
    return {
        region: Encryption(
            f"encryption-{region}",
            EncryptionArgs(
                resource_group_name=resource_group_name,
                location=region,
                identity_name=f"tuned-models-{stack}-keys-{region}",
                key=str(key.key)
                if key.vault is None
                else OwnVault(
                    name=key.vault,
                    rotate_every_days=key.rotate_every_days,
                    soft_delete_days=key.soft_delete_days,
                    restore=key.restore,
                    network=network_rules(config.network),
                    protected=config.protects_key(region),
                ),
            ),
        )
        for region, key in sorted(config.encryption.items())
    }


def declare_keys(
    config: StackConfig, subscription_id: pulumi.Input[str], encryptions: Mapping[str, Encryption]
) -> Mapping[str, CustomerKey]:
    """Each region's key, once its identity may use it: on that key, and on nothing else in the vault."""
    keys = {}
    for region, encryption in encryptions.items():
        theirs = config.encryption[region].key
        identity = Principal("identity", encryption.identity_principal_id, "ServicePrincipal")
        key = Scope("key", encryption.key_id, encryption.key_id)
        access = Access(
            f"encryption-{region}",
            AccessArgs(
                # A key of the team's may be in another subscription, whose role it then is.
                subscription_id if theirs is None else ResourceId.parse(theirs).subscription,
                [Grant("encryption", Role.KEY_ENCRYPTION_USER, [identity], [key])],
            ),
        )
        keys[region] = CustomerKey(
            vault_uri=encryption.vault_uri,
            name=encryption.key_name,
            identity_id=encryption.identity_id,
            identity_client_id=encryption.identity_client_id,
            granted=access,
        )
    return keys
