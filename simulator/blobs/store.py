"""Azurite, kept in step with what ARM says exists: accounts with their keys, containers.

It is started at the first request for a blob. A request waits while it is started again for an account that is new to
it, and it is not ended while requests are under way.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from weakref import ref

import httpx2
import jwt

from simulator.arm.models import STORAGE_ACCOUNTS, Resource, containers_of, resources_of, storage_keys
from simulator.azurite import Azurite
from simulator.blobs.errors import RESOURCE
from simulator.blobs.models import BlobRequest
from simulator.cloud import Cloud
from simulator.entra.tokens import issuer
from simulator.errors import Unusable

DRAIN_SECONDS = 30.0
"""How long requests under way may hold up a restart; a client that stalls longer is cut off."""
VERSION = "2021-12-02"
"""The service version of the store's own requests: any that Azurite knows."""


@dataclass
class _Held:
    """What Azurite holds of one account.

    ARM's resources themselves are kept, not their names: what was deleted and made again is another one, and is empty.
    """

    account: Resource
    containers: dict[str, Resource]


class BlobStore:
    """What the handlers of one listener share; all on its event loop."""

    def __init__(self, azurite: Azurite) -> None:
        self._azurite = azurite
        self._turn = asyncio.Lock()
        self._idle = asyncio.Event()
        self._idle.set()
        self._under_way = 0
        self._client: httpx2.AsyncClient | None = None
        self._cloud: ref[Cloud] | None = None
        self._another_cloud = False
        self._held: dict[str, _Held] = {}
        self._stamps: dict[tuple[str, str, str], str] = {}

    @contextlib.asynccontextmanager
    async def opened(self, cloud: Cloud, account: Resource) -> AsyncIterator[tuple[httpx2.AsyncClient, str]]:
        """A client and Azurite's address, with the account and its containers there; Azurite stays while it is open."""
        async with self._turn:
            self._meet(cloud)
            client = await self._running(cloud)
            await self._in_step(client, cloud, account)
            self._under_way += 1
            self._idle.clear()
        try:
            yield client, self._azurite.url
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    def noted(self, account: Resource, name: str, container: Resource | None) -> None:
        """A container came or, with None, went through the data plane, and ARM has been told."""
        held = self._held.get(account.name)
        if held is None or held.account is not account:
            # The account, or the whole cloud, was replaced meanwhile: there is nothing to keep in step.
            return
        if container is not None:
            held.containers[name] = container
        else:
            held.containers.pop(name, None)

    def stamped(self, cloud: Cloud, asked: BlobRequest, got: httpx2.Response) -> str | None:
        """What Last-Modified is to say in place of what Azurite says, which knows the machine's clock only; None where
        it says nothing, or wrote the blob before this process did anything with it."""
        if "last-modified" not in got.headers or not asked.blob:
            return None
        name = (asked.account, asked.container, asked.blob)
        if asked.method == "PUT" and got.is_success and asked.query.get("comp") != "lease":
            self._stamps[name] = format_datetime(cloud.clock.wall(), usegmt=True)
        return self._stamps.get(name)

    def _meet(self, cloud: Cloud) -> None:
        """Another cloud behind the same listener finds none of the former one's blobs."""
        known = self._cloud() if self._cloud is not None else None
        if known is cloud:
            return
        self._another_cloud = self._cloud is not None
        self._cloud = ref(cloud)
        self._held.clear()
        self._stamps.clear()

    async def _running(self, cloud: Cloud) -> httpx2.AsyncClient:
        accounts = {each.name: storage_keys(cloud, each) for each in resources_of(cloud, STORAGE_ACCOUNTS)}
        if self._client is None or not self._azurite.knows(accounts):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._idle.wait(), DRAIN_SECONDS)
            await asyncio.to_thread(self._azurite.start, accounts)
            # A connection for each request: none is left open when the loop ends or Azurite is started again.
            self._client = self._client or httpx2.AsyncClient(
                verify=self._azurite.trust(),
                trust_env=False,
                timeout=httpx2.Timeout(300.0, connect=30.0),
                limits=httpx2.Limits(max_connections=None, max_keepalive_connections=0),
            )
        return self._client

    async def _in_step(self, client: httpx2.AsyncClient, cloud: Cloud, account: Resource) -> None:
        wanted = {each.name: each for each in containers_of(cloud, account.id)}
        held = self._held.get(account.name)
        if held is not None and held.account is account:
            there = set(held.containers)
            stale = {name for name in there if wanted.get(name) is not held.containers[name]}
        else:
            there = await self._listed(client, account)
            stale = there if held is not None or self._another_cloud else there - wanted.keys()
        for name in sorted(stale):
            await self._delete(client, account, name)
        for name in sorted(wanted.keys() - (there - stale)):
            await self._create(client, account, wanted[name])
        self._held[account.name] = _Held(account, wanted)

    async def _listed(self, client: httpx2.AsyncClient, account: Resource) -> set[str]:
        answer = await self._ask(client, "GET", f"/{account.name}?comp=list")
        return set(re.findall(r"<Container><Name>([^<]+)</Name>", answer.text))

    async def _create(self, client: httpx2.AsyncClient, account: Resource, container: Resource) -> None:
        access = str(container.properties.get("publicAccess") or "None").lower()
        headers = {} if access == "none" else {"x-ms-blob-public-access": access}
        await self._ask(client, "PUT", f"/{account.name}/{container.name}?restype=container", headers, fine=(409,))

    async def _delete(self, client: httpx2.AsyncClient, account: Resource, name: str) -> None:
        path = f"/{account.name}/{name}?restype=container"
        if (await self._ask(client, "DELETE", path, fine=(404, 412))).status_code == 412:
            broken = {"x-ms-lease-action": "break", "x-ms-lease-break-period": "0"}
            await self._ask(client, "PUT", f"{path}&comp=lease", broken)
            await self._ask(client, "DELETE", path)

    async def _ask(
        self,
        client: httpx2.AsyncClient,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        *,
        fine: Collection[int] = (),
    ) -> httpx2.Response:
        own = {"authorization": f"Bearer {_token()}", "x-ms-version": VERSION}
        answer = await client.request(method, self._azurite.url + path, headers=own | dict(headers or {}))
        if not answer.is_success and answer.status_code not in fine:
            raise Unusable(f"Azurite answered {answer.status_code} to {method} {path}: {answer.text}")
        return answer


def _token() -> str:
    """A token of the simulator's own: Azurite looks at its form and times only, so nothing need be secret in it."""
    now = int(time.time())
    tenant = "00000000-0000-0000-0000-000000000000"
    claims = {"aud": RESOURCE, "iss": issuer(tenant), "iat": now, "nbf": now - 300, "exp": now + 300}
    return jwt.encode(claims | {"oid": tenant, "tid": tenant}, "the simulator's own requests to Azurite", "HS256")
