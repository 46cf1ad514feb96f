"""Stack configs as their values stand in a stack file, and moves between them as jobs makes them."""

from __future__ import annotations

from typing import Any

from tests.contract.specimens import record

TRAINER = "00000000-0000-0000-0000-00000000000a"
CALLER = "00000000-0000-0000-0000-00000000000b"
GLOBAL: dict[str, Any] = {"name": "GlobalStandard", "capacity": 10}

Config = dict[str, Any]


def stack(**changes: Any) -> Config:
    """One account with a base deployment and one model, of which nothing is released yet."""
    config: Config = {
        "accounts": {"main": {"name": "contoso-openai", "location": "swedencentral"}},
        "storage": {"name": "contosodata"},
        "access": {
            "trainers": [{"principalId": TRAINER, "principalType": "User"}],
            "callers": [{"principalId": CALLER, "principalType": "ServicePrincipal"}],
        },
        "baseDeployments": {"gpt-4.1-mini": {"model": "gpt-4.1-mini", "version": "2025-04-14", "sku": GLOBAL}},
        "models": {"clippy": {"skus": {"live": GLOBAL}}},
        "releases": {},
    }
    return config | changes


def trained(number: int, **changes: Any) -> dict[str, Any]:
    """The record of the run with this number; the higher, the later."""
    return record(f"{number:032x}", trainedAt=f"2026-10-{number:02d}T08:00:00Z", **changes)


def two_accounts(**changes: Any) -> Config:
    """A model trained in one account and served in both."""
    return stack(
        accounts={
            "europe": {"name": "contoso-eu", "location": "swedencentral"},
            "america": {"name": "contoso-us", "location": "northcentralus"},
        },
        resourceGroup={"location": "swedencentral"},
        baseDeployments={},
        models={"clippy": {"trainIn": "europe", "servedIn": ["europe", "america"], "skus": {"live": GLOBAL}}},
        **changes,
    )


def released(releases: dict[str, Any], sku: dict[str, Any], at: dict[str, Any]) -> dict[str, Any]:
    """One model's records after ``jobs release``: candidate → live; the old live, with its SKU → previous.

    ``at`` is what the new live is from now on known to be served with.
    """
    former = [releases["live"] | {"servedWith": sku}] if releases.get("live") else []
    return {
        "candidate": None,
        "live": releases["candidate"] | {"servedWith": at},
        "previous": [*former, *releases.get("previous", [])],
    }
