"""A stack of many tuned models in one account, each live: what growth is measured on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.contract.specimens import record

NUMBERS = (1, 10, 100)
LIMIT = 200
"""Of tuned deployments in one account: 10 in Azure, until its support raises it."""


def config(model_ids: Sequence[str]) -> dict[str, Any]:
    """Key without namespace → value, with one model for each of these tuned ones."""
    releases = {
        f"model-{index:03d}": {
            "live": record(
                f"{index:032x}", modelId=model_id, trainedAt=f"2026-11-19T{index // 60:02d}:{index % 60:02d}:00Z"
            )
        }
        for index, model_id in enumerate(model_ids)
    }
    return {
        "environment": {"asOf": "2026-11-20", "protection": "off"},
        "resourceGroup": {"name": "rg-bench"},
        "accounts": {
            "main": {
                "name": "tuned-bench",
                "location": "swedencentral",
                "limits": {"tunedDeployments": LIMIT, "deployments": LIMIT + 22},
            }
        },
        "storage": {"name": "tunedbench"},
        "models": {name: {"skus": {"live": {"name": "GlobalStandard", "capacity": 1}}} for name in releases},
        "releases": releases,
    }


def made_up(number: int) -> list[str]:
    """IDs of tuned models that nobody has trained."""
    return [f"gpt-4.1-mini-2025-04-14.ft-{index:032x}" for index in range(number)]
