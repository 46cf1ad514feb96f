"""An account made through ARM serves blobs, judged by azure-mgmt-storage and azure-storage-blob."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from azure.identity import ClientSecretCredential
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.resources.models import ResourceGroup
from azure.mgmt.storage import StorageManagementClient
from azure.storage.blob import BlobServiceClient

from simulator.entra.models import DEPLOYER
from simulator.server import Simulator
from tests.simulator.blobs.storage import Storage, refusal


@pytest.fixture
def management(blobs_simulator: Simulator) -> Iterator[StorageManagementClient]:
    """The storage provider's own client, as the deployer, with a resource group `blobs` there."""
    cloud, ca_file = blobs_simulator.cloud, str(blobs_simulator.ca_file)
    common: dict[str, Any] = {
        "base_url": blobs_simulator.url,
        "credential_scopes": ["https://management.azure.com/.default"],
        "connection_verify": ca_file,
    }
    with (
        ClientSecretCredential(
            cloud.tenant_id,
            DEPLOYER.client_id,
            DEPLOYER.secret or "",
            authority=blobs_simulator.url,
            disable_instance_discovery=True,
            connection_verify=ca_file,
        ) as credential,
        ResourceManagementClient(credential, cloud.subscription_id, **common) as resources,
        StorageManagementClient(credential, cloud.subscription_id, api_version="2024-01-01", **common) as client,
    ):
        resources.resource_groups.create_or_update("blobs", ResourceGroup(location="swedencentral"))
        yield client


def test_accounts_keys_and_containers_of_arm_are_those_of_the_blob_endpoint(
    management: Any, blobs_simulator: Simulator
) -> None:
    """The announced endpoint takes the listed key, a new key replaces it, and both planes see the same containers."""
    account = management.storage_accounts.begin_create(
        "blobs",
        "madebyarm",
        {"location": "swedencentral", "sku": {"name": "Standard_LRS"}, "kind": "StorageV2"},
    ).result()
    management.blob_containers.create("blobs", "madebyarm", "data", {})
    former = management.storage_accounts.list_keys("blobs", "madebyarm").keys_property[0].value

    def with_key(key: str) -> BlobServiceClient:
        return BlobServiceClient(
            account.primary_endpoints.blob,
            credential={"account_name": "madebyarm", "account_key": key},
            connection_verify=str(blobs_simulator.ca_file),
            retry_total=0,
        )

    with with_key(former) as client:
        client.get_blob_client("data", "blob").upload_blob(b"content")
        client.create_container("made-with-data")
        newer = management.storage_accounts.regenerate_key("blobs", "madebyarm", {"keyName": "key1"})
        late = client.get_blob_client("data", "blob")
        assert refusal(late.download_blob) == (403, "AuthenticationFailed")
    with with_key(newer.keys_property[0].value) as client:
        assert client.get_blob_client("data", "blob").download_blob().readall() == b"content"
        assert [each.name for each in management.blob_containers.list("blobs", "madebyarm")] == [
            "data",
            "made-with-data",
        ]
        management.blob_containers.delete("blobs", "madebyarm", "made-with-data")
        assert [each.name for each in client.list_containers()] == ["data"]


def test_an_account_without_keys_refuses_the_key_arm_lists(management: Any, blobs_simulator: Simulator) -> None:
    """allowSharedKeyAccess false, set through ARM, counts from the next request on."""
    settings = {"location": "swedencentral", "sku": {"name": "Standard_LRS"}, "kind": "StorageV2"}
    management.storage_accounts.begin_create("blobs", "keyless", settings).result()
    management.blob_containers.create("blobs", "keyless", "data", {})
    storage = Storage(blobs_simulator, "keyless", None)
    try:
        blob = storage.with_key().get_blob_client("data", "blob")
        blob.upload_blob(b"content")
        management.storage_accounts.update("blobs", "keyless", {"properties": {"allowSharedKeyAccess": False}})

        assert refusal(blob.download_blob) == (403, "KeyBasedAuthenticationNotPermitted")
    finally:
        storage.close()
