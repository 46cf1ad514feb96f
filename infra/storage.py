"""The storage account that keeps datasets and the journal of runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import storage
from pulumi_azure_native.storage import outputs as azure

from infra.customer_key import CustomerKey
from infra.network_rules import NetworkRules

CONTAINERS: Mapping[str, str] = {"datasets": "datasets", "runs": "runs"}
"""Use → the container's name in Azure."""


@dataclass(frozen=True)
class StorageArgs:
    resource_group_name: pulumi.Input[str]
    account_name: str
    location: str
    redundancy: str
    """The SKU, such as ``Standard_LRS``."""
    soft_delete_days: int
    """For so many days deleted blobs and containers can be restored."""
    network: NetworkRules
    encryption: CustomerKey | None = None
    """The key it is encrypted with; Microsoft's where there is none."""
    protected: bool = False
    """Whether it is kept from deletion: the data and the runs' journal exist nowhere else."""


class Storage(pulumi.ComponentResource):
    """Blobs reached by tokens only: nothing is public and the account's keys sign nothing.

    Every version of a blob is kept, and deleted blobs and containers can be restored for a while.
    """

    storage_id: pulumi.Output[str]
    blob_endpoint: pulumi.Output[str]
    containers: dict[str, pulumi.Output[str]]
    """By use: ``datasets`` and ``runs``."""

    def __init__(self, name: str, args: StorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tuned-models:index:Storage", name, None, opts)
        account = storage.StorageAccount(
            f"{name}-account",
            account_name=args.account_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            kind=storage.Kind.STORAGE_V2,
            sku=storage.SkuArgs(name=args.redundancy),
            allow_blob_public_access=False,
            allow_shared_key_access=False,
            default_to_o_auth_authentication=True,
            allow_cross_tenant_replication=False,
            enable_https_traffic_only=True,
            minimum_tls_version=storage.MinimumTlsVersion.TLS1_2,
            public_network_access=args.network.public_network_access,
            network_rule_set=storage.NetworkRuleSetArgs(
                default_action=storage.DefaultAction(args.network.default_action),
                bypass=args.network.bypass,
                ip_rules=[storage.IPRuleArgs(i_p_address_or_range=rule) for rule in args.network.ip_rules],
                virtual_network_rules=[
                    storage.VirtualNetworkRuleArgs(virtual_network_resource_id=subnet)
                    for subnet in args.network.subnets
                ],
            ),
            identity=_identity(args.encryption),
            encryption=_encryption(args.encryption),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.protected,
                retain_on_delete=args.protected,
                # It can be chosen at creation only: a storage that stands stays as it is.
                ignore_changes=["encryption.requireInfrastructureEncryption"],
                depends_on=[args.encryption.granted] if args.encryption else None,
            ),
        )
        retention = storage.DeleteRetentionPolicyArgs(enabled=True, days=args.soft_delete_days)
        blobs = storage.BlobServiceProperties(
            f"{name}-blobs",
            # Azure knows one blob service per account, and it has this name.
            blob_services_name="default",
            account_name=account.name,
            resource_group_name=args.resource_group_name,
            is_versioning_enabled=True,
            delete_retention_policy=retention,
            container_delete_retention_policy=retention,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.storage_id = account.id
        self.blob_endpoint = account.primary_endpoints.apply(blob_endpoint)
        self.containers = {
            use: storage.BlobContainer(
                f"{name}-{use}",
                container_name=container,
                account_name=account.name,
                resource_group_name=args.resource_group_name,
                public_access=storage.PublicAccess.NONE,
                # No blob is ever written while versions are not kept yet.
                opts=pulumi.ResourceOptions(parent=self, depends_on=[blobs]),
            ).name
            for use, container in CONTAINERS.items()
        }
        self.register_outputs(
            {"storageId": self.storage_id, "blobEndpoint": self.blob_endpoint, "containers": self.containers}
        )


def _identity(key: CustomerKey | None) -> storage.IdentityArgs | None:
    if key is None:
        return None
    return storage.IdentityArgs(type=storage.IdentityType.USER_ASSIGNED, user_assigned_identities=[key.identity_id])


def _encryption(key: CustomerKey | None) -> storage.EncryptionArgs:
    """Twice, by the service and by the infrastructure below it; the outer one with ``key``, where there is one."""
    # Named, since these are what Azure encrypts in any case and gives back.
    service = storage.EncryptionServiceArgs(enabled=True, key_type=storage.KeyType.ACCOUNT)
    services = storage.EncryptionServicesArgs(blob=service, file=service)
    if key is None:
        return storage.EncryptionArgs(
            key_source=storage.KeySource.MICROSOFT_STORAGE, require_infrastructure_encryption=True, services=services
        )
    return storage.EncryptionArgs(
        key_source=storage.KeySource.MICROSOFT_KEYVAULT,
        key_vault_properties=storage.KeyVaultPropertiesArgs(key_vault_uri=key.vault_uri, key_name=key.name),
        encryption_identity=storage.EncryptionIdentityArgs(encryption_user_assigned_identity=key.identity_id),
        require_infrastructure_encryption=True,
        services=services,
    )


def blob_endpoint(endpoints: azure.EndpointsResponse) -> str:
    return endpoints.blob
