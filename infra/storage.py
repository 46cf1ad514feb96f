"""The storage account that keeps datasets and the journal of runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import storage
from pulumi_azure_native.storage import outputs as azure

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
            public_network_access=storage.PublicNetworkAccess.ENABLED,
            network_rule_set=storage.NetworkRuleSetArgs(
                default_action=storage.DefaultAction.ALLOW,
                bypass=storage.Bypass.AZURE_SERVICES,
                ip_rules=[],
                virtual_network_rules=[],
            ),
            opts=pulumi.ResourceOptions(parent=self),
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


def blob_endpoint(endpoints: azure.EndpointsResponse) -> str:
    return endpoints.blob
