"""Where data is processed, where the environment demands that it stays.

SKUs and their places: MicrosoftDocs azure-ai-docs, "Deployment types for Microsoft Foundry Models". Training types: its
"Customize a model with fine-tuning" (Global and Developer training may leave the region).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy.demands import Demands
from policy.kinds import DEPLOYMENT
from policy.resources import UNKNOWN, Resource
from policy.rule import Rule, StackRule

_REGIONAL = ("Standard", "ProvisionedManaged")
_ZONAL = ("DataZoneStandard", "DataZoneProvisionedManaged", "DataZoneBatch")
_ALLOWED = {"region": _REGIONAL, "dataZone": (*_REGIONAL, *_ZONAL)}


def _elsewhere(resource: Resource, demands: Demands) -> Iterator[str]:
    if resource.type != DEPLOYMENT or demands.residency is None:
        return
    sku = resource.at("sku.name")
    if sku is not UNKNOWN and sku not in _ALLOWED[demands.residency]:
        yield f"{sku} may process prompts outside the {_place(demands)}"


def _trained_elsewhere(_: Sequence[Resource], demands: Demands) -> Iterator[tuple[None, str]]:
    """The candidate and former models aren't called by applications."""
    for model, record in demands.live.items():
        if demands.residency is not None and record.training_type != "Standard":
            yield None, f"{model}: {record.model_id} is live, and {record.training_type} training may leave the region"


def _place(demands: Demands) -> str:
    return "region" if demands.residency == "region" else "data zone"


DATA_STAYS = Rule(
    "data-stays",
    "The environment demands that prompts and completions stay where they are.",
    "Deploy on Standard or ProvisionedManaged (with residency: dataZone also on the DataZone SKUs).",
    _elsewhere,
)
TRAINING_STAYS = StackRule(
    "training-stays",
    "The environment demands that data stays where it is, and training data is data.",
    "Train with trainingType: Standard in models/<name>/tune.yaml.",
    _trained_elsewhere,
)
