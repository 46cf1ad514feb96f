"""The customer-managed key of one region, and the identity that accounts and storage use it with.

Sources: Microsoft Learn, "Configure customer-managed keys for Microsoft Foundry" and "Customer-managed keys for Azure
Storage encryption" (soft delete and purge protection, RSA of 2048 bits at least, a user-assigned identity where the
resource is encrypted from the start); azure-rest-api-specs, Microsoft.KeyVault 2024-11-01.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import keyvault, managedidentity

from infra.network_rules import NetworkRules

KEY_NAME = "tuned-models"
OVERDUE_DAYS = 60
"""A version expires so many days after it should have been rotated; encryption goes on, Key Vault warns."""
NOTIFY_DAYS = 30
"""Key Vault raises KeyNearExpiry so many days before that, which means that rotation has failed."""


@dataclass(frozen=True)
class OwnVault:
    """A vault to make, with one key in it."""

    name: str
    rotate_every_days: int
    soft_delete_days: int
    restore: bool
    """Whether it is the soft-deleted vault of this name that comes back, with its key."""
    network: NetworkRules
    protected: bool
    """Whether it is kept from deletion: without its key, all that is encrypted with it is lost."""


@dataclass(frozen=True)
class EncryptionArgs:
    resource_group_name: pulumi.Input[str]
    location: str
    identity_name: str
    key: OwnVault | str
    """A vault to make, or the resource ID of a key of another."""


class Encryption(pulumi.ComponentResource):
    """A key of one region, rotated by policy, and an identity. That it may use the key, who assigns roles sees to."""

    identity_id: pulumi.Output[str]
    identity_client_id: pulumi.Output[str]
    identity_principal_id: pulumi.Output[str]
    key_id: pulumi.Output[str]
    key_name: pulumi.Output[str]
    vault_uri: pulumi.Output[str]
    """Where the vault answers; ends with ``/``."""
    vault_id: pulumi.Output[str] | None
    """Of a vault made here."""

    def __init__(self, name: str, args: EncryptionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tuned-models:index:Encryption", name, None, opts)
        identity = managedidentity.UserAssignedIdentity(
            f"{name}-identity",
            resource_name_=args.identity_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.identity_id = identity.id
        self.identity_client_id = identity.client_id
        self.identity_principal_id = identity.principal_id
        if isinstance(args.key, OwnVault):
            vault = self._vault(name, args, args.key, identity.tenant_id)
            key = self._restored_key(name, vault) if args.key.restore else self._key(name, args, args.key, vault.name)
            self.vault_id = vault.id
        else:
            # Read, so that a key which isn't there is found out before anything is encrypted with it.
            key = keyvault.Key.get(f"{name}-key", args.key, opts=pulumi.ResourceOptions(parent=self))
            self.vault_id = None
        self.key_id = key.id
        self.key_name = key.name
        self.vault_uri = key.key_uri.apply(vault_uri)
        self.register_outputs({"keyId": self.key_id, "identityId": self.identity_id})

    def _vault(self, name: str, args: EncryptionArgs, own: OwnVault, tenant_id: pulumi.Input[str]) -> keyvault.Vault:
        return keyvault.Vault(
            f"{name}-vault",
            vault_name=own.name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            properties=keyvault.VaultPropertiesArgs(
                tenant_id=tenant_id,
                sku=keyvault.SkuArgs(family=keyvault.SkuFamily.A, name=keyvault.SkuName.STANDARD),
                enable_rbac_authorization=True,
                enable_soft_delete=True,
                enable_purge_protection=True,
                soft_delete_retention_in_days=own.soft_delete_days,
                create_mode=keyvault.CreateMode.RECOVER if own.restore else None,
                public_network_access=own.network.public_network_access,
                network_acls=keyvault.NetworkRuleSetArgs(
                    # Accounts and storage come for their key as trusted services, whatever else is let in.
                    bypass=keyvault.NetworkRuleBypassOptions.AZURE_SERVICES,
                    default_action=own.network.default_action,
                    ip_rules=[keyvault.IPRuleArgs(value=range_of(rule)) for rule in own.network.ip_rules],
                    virtual_network_rules=[keyvault.VirtualNetworkRuleArgs(id=each) for each in own.network.subnets],
                ),
            ),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=own.protected,
                retain_on_delete=own.protected,
                # It says how a vault comes about, and nothing of one that stands: Azure doesn't give it back.
                ignore_changes=["properties.createMode"],
            ),
        )

    def _key(self, name: str, args: EncryptionArgs, own: OwnVault, vault_name: pulumi.Input[str]) -> keyvault.Key:
        return keyvault.Key(
            f"{name}-key",
            key_name=KEY_NAME,
            vault_name=vault_name,
            resource_group_name=args.resource_group_name,
            properties=keyvault.KeyPropertiesArgs(
                kty=keyvault.JsonWebKeyType.RSA,
                # More is allowed by now, but 2048 is what every page on encryption of accounts names.
                key_size=2048,
                rotation_policy=keyvault.RotationPolicyArgs(
                    attributes=keyvault.KeyRotationPolicyAttributesArgs(
                        expiry_time=days(own.rotate_every_days + OVERDUE_DAYS)
                    ),
                    lifetime_actions=[
                        keyvault.LifetimeActionArgs(
                            action=keyvault.ActionArgs(type=keyvault.KeyRotationPolicyActionType.ROTATE),
                            trigger=keyvault.TriggerArgs(time_after_create=days(own.rotate_every_days)),
                        ),
                        keyvault.LifetimeActionArgs(
                            action=keyvault.ActionArgs(type=keyvault.KeyRotationPolicyActionType.NOTIFY),
                            trigger=keyvault.TriggerArgs(time_before_expiry=days(NOTIFY_DAYS)),
                        ),
                    ],
                ),
            ),
            opts=pulumi.ResourceOptions(
                parent=self,
                # ARM makes a key and never changes one (Keys_CreateIfNotExist): changes would be asked for in vain.
                ignore_changes=["properties", "tags"],
                # It goes with its vault and comes back with it. To delete it alone is a call to the vault's data plane,
                # which the network may refuse, and for which whoever runs the program has no role.
                retain_on_delete=True,
            ),
        )

    def _restored_key(self, name: str, vault: keyvault.Vault) -> keyvault.Key:
        """The key that came back with its vault: read, since what exists already can't be created."""
        return keyvault.Key.get(
            f"{name}-restored-key", vault.id.apply(key_in), opts=pulumi.ResourceOptions(parent=self)
        )


def key_in(vault_id: str) -> str:
    """The resource ID of the key in a vault made here."""
    return f"{vault_id}/keys/{KEY_NAME}"


def days(count: int) -> str:
    """A duration in ISO 8601."""
    return f"P{count}D"


def range_of(rule: str) -> str:
    """A rule as Key Vault gives it back: a single address as a range (azure-rest-api-specs#21306)."""
    return rule if "/" in rule else f"{rule}/32"


def vault_uri(key_uri: str) -> str:
    """The vault's address out of ``https://<vault>.vault.azure.net/keys/<key>``, in whichever cloud."""
    return key_uri.partition("/keys/")[0] + "/"
