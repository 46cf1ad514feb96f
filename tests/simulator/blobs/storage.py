"""A storage account of a running simulator, put into its state as ARM would have, and Storage's own client for it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.storage.blob import BlobServiceClient

from simulator.arm.models import (
    CONTAINERS,
    ROLE_ASSIGNMENTS,
    STORAGE_ACCOUNTS,
    Resource,
    find_storage_account,
    storage_keys,
)
from simulator.entra.models import SEEDED
from simulator.server import Simulator

CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"  # Storage Blob Data Contributor
READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"  # Storage Blob Data Reader


@dataclass
class Storage:
    """One storage account; `settings` are its ARM properties, None for one that is there already."""

    running: Simulator
    name: str
    settings: dict[str, Any] | None
    _open: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        group = f"/subscriptions/{self.running.cloud.subscription_id}/resourceGroups/tests"
        self.id = f"{group}/providers/{STORAGE_ACCOUNTS}/{self.name}"
        known = find_storage_account(self.running.cloud, self.name) if self.settings is None else None
        self.resource = known or self.put(self.id, STORAGE_ACCOUNTS, self.name, self.settings or {})

    @property
    def url(self) -> str:
        return f"{self.running.blob_url}/{self.name}"

    @property
    def key(self) -> str:
        return storage_keys(self.running.cloud, self.resource)[0]

    def put(self, id_: str, type_: str, name: str, properties: dict[str, Any]) -> Resource:
        now = self.running.clock.now()
        resource = Resource(
            id=id_,
            type=type_,
            name=name,
            body={"properties": properties},
            etag="",
            created_at=now,
            changed_at=now,
            created_by="",
            changed_by="",
        )
        self.running.cloud.state.arm.resources[resource.key] = resource
        return resource

    def container(self, name: str, **properties: Any) -> Resource:
        return self.put(f"{self.id}/blobServices/default/containers/{name}", CONTAINERS, name, properties)

    def grant(self, principal: str, role: str, scope: str = "") -> Resource:
        """The role on the account, or on `scope` below it."""
        name = str(uuid.uuid4())
        where = self.id + scope
        properties = {
            "roleDefinitionId": f"/providers/Microsoft.Authorization/roleDefinitions/{role}",
            "principalId": SEEDED[principal].object_id,
            "scope": where,
        }
        return self.put(f"{where}/providers/{ROLE_ASSIGNMENTS}/{name}", ROLE_ASSIGNMENTS, name, properties)

    def credential(self, principal: str) -> ClientSecretCredential:
        who = SEEDED[principal]
        assert who.secret is not None
        return self._open.enter_context(
            ClientSecretCredential(
                self.running.cloud.tenant_id,
                who.client_id,
                who.secret,
                authority=self.running.url,
                disable_instance_discovery=True,
                connection_verify=str(self.running.ca_file),
            )
        )

    def client(self, principal: str | None = None, *, credential: Any = None, **options: Any) -> BlobServiceClient:
        """Storage's client, as a principal or with another credential; it tries nothing twice."""
        chosen = self.credential(principal) if principal else credential
        return self._open.enter_context(
            BlobServiceClient(
                self.url, credential=chosen, connection_verify=str(self.running.ca_file), retry_total=0, **options
            )
        )

    def with_key(self) -> BlobServiceClient:
        return self.client(credential={"account_name": self.name, "account_key": self.key})

    def close(self) -> None:
        self._open.close()


def refusal(call: Callable[[], object]) -> tuple[int | None, str]:
    """Status and code of what the client raises."""
    with pytest.raises(HttpResponseError) as refused:
        call()
    code = refused.value.error_code  # type: ignore[attr-defined]  # Storage's client adds it.
    return refused.value.status_code, str(getattr(code, "value", code))
