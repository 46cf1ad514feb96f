"""What Microsoft.CognitiveServices tells of a region: its models, the quota taken, and capacity left.

A model's `capabilities` say whether it is trained there: `fineTune` (as in the samples of Microsoft's libraries) and
`FineTuneTokensMaxValue`, `FineTuneTokensMaxValuePerExample` (as seen in what `az cognitiveservices model list` printed,
2024 to 2026, without `fineTune`). There gpt-4o had 131072 tokens per example; here stands what jobs accept. Nothing
tells training types or methods apart.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from simulator.arm import quotas, versions
from simulator.arm.descriptors import Answer, Body, Call, Special
from simulator.arm.models import find_account_by_id
from simulator.arm.regions import normalised
from simulator.arm.served_models import Served
from simulator.arm.store import not_found
from simulator.arm.types.cognitive_accounts import COGNITIVE_ACCOUNTS
from simulator.arm.types.deployments import capabilities
from simulator.cloud import Cloud
from simulator.openai.bases import BASES, Base, base_by_name
from simulator.openai.retirement import as_of_now
from simulator.openai.tuned_models import TunedModel, tuned_models_of
from simulator.openai.validation import MOST_TRAINED_TOKENS


def _models(call: Call, _: Body) -> Answer:
    location = normalised(call.id.names[0])
    return Answer(
        body=[
            {"kind": kind, "skuName": "S0", "description": "", "model": _model(call.cloud, base, location)}
            for base in _bases(call.cloud)
            for kind in sorted(base.kinds)
            if location in base.deployed_in
        ]
    )


def _account_models(call: Call, _: Body) -> Answer:
    """What one account may deploy: base models, and those that were tuned in it."""
    account = find_account_by_id(call.cloud, call.id.bare.text)
    if account is None:
        raise not_found(COGNITIVE_ACCOUNTS, call.id.bare)
    location, kind = normalised(account.location), account.body.get("kind")
    found = [_model(call.cloud, base, location) for base in _bases(call.cloud) if kind in base.kinds]
    found += [_tuned(call.cloud, tuned, location) for tuned in tuned_models_of(call.cloud, account.key)]
    return Answer(body=found)


def _bases(cloud: Cloud) -> list[Base]:
    return [as_of_now(cloud, base) for base in BASES]


def _model(cloud: Cloud, base: Base, location: str) -> dict[str, Any]:
    served = Served(base.format, base.name, base.version, base, tuned=False)
    skus = [
        _sku(base, pool)
        for pool in quotas.pools_in(location)
        if pool.model == base.name and _offers(base, pool, location)
    ]
    return {
        "format": base.format,
        "name": base.name,
        "version": base.version,
        "isDefaultVersion": max(b.created for b in BASES if b.name == base.name) == base.created,
        "skus": skus,
        "maxCapacity": quotas.CAPACITY_MAXIMUM,
        "capabilities": capabilities(served) | _training(cloud, base, location),
        "deprecation": _deprecation(base.lifecycle.training_ends, base.lifecycle.inference_retires),
        "lifecycleStatus": base.status(cloud.clock.now()),
        "systemData": _made(base.created),
    }


def _training(cloud: Cloud, base: Base, location: str) -> dict[str, str]:
    """What a model says of its training: nothing where it can't be trained, now and here."""
    if base.training_over(cloud.clock.now()) or not any(base.trains(each, location) for each in base.training):
        return {}
    return {
        "fineTune": "true",
        "FineTuneTokensMaxValue": str(MOST_TRAINED_TOKENS),
        "FineTuneTokensMaxValuePerExample": str(base.max_example_tokens),
    }


def _tuned(cloud: Cloud, tuned: TunedModel, location: str) -> dict[str, Any]:
    base = as_of_now(cloud, tuned.base)
    served = Served(base.format, tuned.id, "1", base, tuned=True)
    skus = [_sku(base, p) for p in quotas.pools_in(location) if p.model == base.name and p.tuned]
    return {
        "format": base.format,
        "name": tuned.id,
        "version": "1",
        "baseModel": {"format": base.format, "name": base.name, "version": base.version},
        "isDefaultVersion": True,
        "skus": skus,
        "capabilities": capabilities(served),
        "deprecation": _deprecation(base.lifecycle.training_ends, base.lifecycle.tuned_ends),
        "lifecycleStatus": base.status(cloud.clock.now()),
        "systemData": _made(tuned.succeeded_at.date()),
    }


def _offers(base: Base, pool: quotas.Pool, location: str) -> bool:
    return base.deploys(pool.sku, location, tuned=pool.tuned)


def _sku(base: Base, pool: quotas.Pool) -> dict[str, Any]:
    ends = base.lifecycle.tuned_ends if pool.tuned else base.lifecycle.inference_retires
    sku: dict[str, Any] = {
        "name": pool.sku,
        "usageName": pool.usage_name,
        "capacity": {"minimum": 1, "maximum": quotas.CAPACITY_MAXIMUM, "step": 1, "default": 10},
    }
    return sku | ({"deprecationDate": _day(ends)} if ends is not None else {})


def _deprecation(training: date | None, inference: date | None) -> dict[str, str]:
    ends = {"fineTune": training, "inference": inference}
    return {name: _day(day) for name, day in ends.items() if day is not None}


def _day(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _made(day: date) -> dict[str, str]:
    return {
        "createdBy": "Microsoft",
        "createdByType": "Application",
        "createdAt": _day(day),
        "lastModifiedBy": "Microsoft",
        "lastModifiedByType": "Application",
        "lastModifiedAt": _day(day),
    }


def _usages(call: Call, _: Body) -> Answer:
    return Answer(body=quotas.usages(call.cloud, normalised(call.id.names[0]), call.subscription))


def _capacities(call: Call, _: Body) -> Answer:
    """What is left of a model in a region, by SKU; `availableFinetuneCapacity` of the pool for tuned models."""
    location = normalised(call.id.names[0])
    name, version = call.query.get("modelName", ""), call.query.get("modelVersion", "")
    left: dict[str, dict[bool, float]] = {}
    base = base_by_name(name, version)

    def used(pool: quotas.Pool) -> int:
        return quotas.used(call.cloud, pool, location, call.subscription)

    for pool in quotas.pools_in(location):
        if base is not None and pool.model == base.name and _offers(base, pool, location):
            left.setdefault(pool.sku, {})[pool.tuned] = float(pool.limit - used(pool))
    scope = f"/subscriptions/{call.subscription}/providers/Microsoft.CognitiveServices"
    return Answer(
        body=[
            {
                "id": f"{scope}/locations/{location}/models/OpenAI.{name}.{version}/skus/{sku}",
                "type": "Microsoft.CognitiveServices/locations/models/skus",
                "name": sku,
                "location": location,
                "properties": {
                    "model": {"format": call.query.get("modelFormat", "OpenAI"), "name": name, "version": version},
                    "skuName": sku,
                    "availableCapacity": by_pool.get(False, 0.0),
                    "availableFinetuneCapacity": by_pool.get(True, 0.0),
                },
            }
            for sku, by_pool in left.items()
        ]
    )


_V = versions.COGNITIVE_SERVICES

SPECIALS = (
    Special(
        "GET",
        "microsoft.cognitiveservices/locations/*/models",
        _V,
        _models,
        "Microsoft.CognitiveServices/locations/models/read",
    ),
    Special(
        "GET",
        "microsoft.cognitiveservices/accounts/*/models",
        _V,
        _account_models,
        "Microsoft.CognitiveServices/accounts/models/read",
        lambda identity: identity.bare.text,
    ),
    Special(
        "GET",
        "microsoft.cognitiveservices/locations/*/usages",
        _V,
        _usages,
        "Microsoft.CognitiveServices/locations/usages/read",
    ),
    Special(
        "GET",
        "microsoft.cognitiveservices/locations/*/modelcapacities",
        _V,
        _capacities,
        "Microsoft.CognitiveServices/locations/modelCapacities/read",
    ),
)
