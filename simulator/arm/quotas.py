"""How much of each model a subscription may deploy in a region: thousands of tokens a minute, per model and SKU.

A pool is named like Azure's usages, `OpenAI.GlobalStandard.gpt-4.1-mini`; models tuned from a base have their own,
`…-finetune` (the names are seen in Azure/azure-dev's tests). The limits are memory: what a pay-as-you-go
subscription about had. A soft-deleted account's deployments hold their quota until it is purged (MicrosoftDocs
azure-ai-docs, openai/how-to/quota.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simulator.arm import cognitive_errors as refuse
from simulator.arm.models import DEPLOYMENTS, Resource
from simulator.arm.regions import normalised
from simulator.cloud import Cloud
from simulator.openai.bases import BASES, Base

BASE_LIMITS = {
    "Standard": 450,
    "GlobalStandard": 1_000,
    "DataZoneStandard": 300,
    "ProvisionedManaged": 300,
    "GlobalProvisionedManaged": 300,
    "DataZoneProvisionedManaged": 300,
    "GlobalBatch": 5_000,
    "DataZoneBatch": 5_000,
}
TUNED_LIMITS = {
    "Standard": 250,
    "GlobalStandard": 500,
    "DataZoneStandard": 250,
    "DeveloperTier": 250,
    "ProvisionedManaged": 300,
    "GlobalProvisionedManaged": 300,
}
CAPACITY_MAXIMUM = 1_000_000
"""Named in a refusal that was seen (microsoft-foundry-for-vscode#331)."""


@dataclass(frozen=True)
class Pool:
    """One quota: of a model by name, whatever its version, for one SKU; of tuned models apart."""

    model: str
    sku: str
    tuned: bool

    @property
    def usage_name(self) -> str:
        return f"OpenAI.{self.sku}.{self._model}"

    @property
    def display_name(self) -> str:
        """What the refusal calls it; that other SKUs than Standard are named after the model: memory."""
        return self._model if self.sku == "Standard" else f"{self._model} - {self.sku}"

    @property
    def limit(self) -> int:
        return (TUNED_LIMITS if self.tuned else BASE_LIMITS).get(self.sku, 0)

    @property
    def _model(self) -> str:
        return f"{self.model}-finetune" if self.tuned else self.model


def used(cloud: Cloud, pool: Pool, location: str, subscription: str) -> int:
    """Capacity taken from a pool in one region of a subscription."""
    below = f"/subscriptions/{subscription}/".lower()
    arm = cloud.state.arm
    taken = [*arm.resources.values(), *(child for deleted in arm.deleted_accounts for child in deleted.children)]
    return sum(
        int(r.body["sku"]["capacity"])
        for r in taken
        if r.type == DEPLOYMENTS
        and r.key.startswith(below)
        and pool_of(r) == pool
        and r.facts.get("location") == normalised(location)
    )


def pool_of(deployment: Resource) -> Pool:
    return Pool(str(deployment.facts.get("pool")), str(deployment.body["sku"]["name"]), deployment.tuned)


def check(cloud: Cloud, pool: Pool, account: Resource, wanted: int, before: Resource | None) -> None:
    """Refuses a capacity that the pool of the account's region doesn't hold; an update needs only what it adds."""
    location, subscription = account.location, account.id.split("/")[2]
    same = before is not None and pool_of(before) == pool
    held = int(before.body["sku"]["capacity"]) if same and before is not None else 0
    taken = used(cloud, pool, location, subscription)
    added = wanted - held
    if added > 0 and added > pool.limit - taken:
        raise refuse.insufficient_quota(added, taken, pool.limit, pool.display_name)


def pools_in(location: str) -> list[Pool]:
    """Every pool that a region has, by name."""
    pools = {
        Pool(base.name, sku, tuned)
        for base in BASES
        for tuned, limits in ((False, BASE_LIMITS), (True, TUNED_LIMITS))
        for sku in limits
        if base.deploys(sku, location, tuned=tuned)
    }
    return sorted(pools, key=lambda pool: pool.usage_name)


def usages(cloud: Cloud, location: str, subscription: str) -> list[dict[str, Any]]:
    """The region's usages in a subscription, as ARM lists them."""
    return [
        {
            "name": {
                "value": pool.usage_name,
                "localizedValue": f"Tokens Per Minute (thousands) - {pool.display_name}",
            },
            "unit": "Count",
            "currentValue": float(used(cloud, pool, location, subscription)),
            "limit": float(pool.limit),
        }
        for pool in pools_in(location)
    ]


def pool_for(base: Base, sku: str, *, tuned: bool) -> Pool:
    return Pool(base.name, sku, tuned)
