"""What is refused of deployments: places, spillover, SKUs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.rules.specimens import faults
from tests.contract.specimens import record

STANDARD = {"name": "GlobalStandard", "capacity": 10}
RESERVED = {"name": "GlobalProvisionedManaged", "capacity": 50}
DEVELOPER = {"name": "DeveloperTier", "capacity": 10}
MINI = {"model": "gpt-4.1-mini", "version": "2025-04-14", "sku": STANDARD}
TWO = {
    "europe": {"name": "contoso-eu", "location": "swedencentral"},
    "america": {"name": "contoso-us", "location": "northcentralus"},
}


def base(**deployments: dict[str, Any]) -> dict[str, str]:
    """What is wrong with base deployments in two accounts, by what stands after ``baseDeployments.``."""
    found = faults(resourceGroup={"location": "swedencentral"}, accounts=TWO, baseDeployments=deployments)
    return {key.removeprefix("baseDeployments."): said for key, said in found.items()}


class TestPlaces:
    def test_one_account_or_several_serve_a_base_model(self) -> None:
        assert base(one=MINI | {"account": "europe"}, both=MINI | {"accounts": ["europe", "america"]}) == {}

    @pytest.mark.parametrize(
        ("places", "key", "said"),
        [
            ({"account": "europe", "accounts": ["america"]}, "mini.accounts", "one of the two"),
            ({"accounts": ["europe", "america", "europe"]}, "mini.accounts", "twice"),
            ({"accounts": ["europa"]}, "mini.accounts[0]", "europe"),
            ({}, "mini.account", "name one"),
        ],
    )
    def test_anything_else_is_refused(self, places: dict[str, Any], key: str, said: str) -> None:
        found = base(mini=MINI | places)

        assert list(found) == [key]
        assert said in found[key]


THERE = {"accounts": ["europe", "america"]}


class TestSpilloverOfBaseModels:
    def test_a_provisioned_one_spills_over_to_a_standard_one_of_the_same_model(self) -> None:
        reserved = MINI | THERE | {"sku": RESERVED, "spillover": "mini"}

        assert base(mini=MINI | THERE, reserved=reserved) == {}

    @pytest.mark.parametrize(
        ("changes", "target", "said"),
        [
            ({"sku": STANDARD}, {}, "only a provisioned deployment"),
            ({"spillover": "minni"}, {}, "did you mean"),
            ({}, {"sku": RESERVED}, "has to be a standard one"),
            ({}, {"sku": DEVELOPER}, "has to be a standard one"),
            ({}, {"version": "2026-01-01"}, "has to be gpt-4.1-mini 2025-04-14"),
            ({}, {"model": "gpt-4.1"}, "has to be gpt-4.1-mini 2025-04-14"),
            ({}, {"accounts": ["europe"]}, "not in america"),
        ],
    )
    def test_anything_else_is_refused(self, changes: dict[str, Any], target: dict[str, Any], said: str) -> None:
        reserved = MINI | THERE | {"sku": RESERVED, "spillover": "mini"} | changes
        found = base(mini=MINI | THERE | target, reserved=reserved)

        assert list(found) == ["reserved.spillover"]
        assert said in found["reserved.spillover"]


class TestSpilloverOfTunedModels:
    def test_a_provisioned_live_model_may_have_one(self) -> None:
        assert faults(models={"clippy": {"skus": {"live": RESERVED, "spillover": STANDARD}}}) == {}

    @pytest.mark.parametrize(
        ("live", "spillover", "said"),
        [
            (STANDARD, {"name": "Standard", "capacity": 10}, "skus.live is GlobalStandard"),
            (RESERVED, {"name": "ProvisionedManaged", "capacity": 50}, "has to be a standard SKU"),
            (RESERVED, DEVELOPER, "has to be a standard SKU"),
        ],
    )
    def test_anything_else_is_refused(self, live: dict[str, Any], spillover: dict[str, Any], said: str) -> None:
        found = faults(models={"clippy": {"skus": {"live": live, "spillover": spillover}}})

        assert list(found) == ["models.clippy.skus.spillover"]
        assert said in found["models.clippy.skus.spillover"]


class TestDeveloperTier:
    def test_no_live_model_of_production_stands_on_it(self) -> None:
        models = {"clippy": {"skus": {"live": DEVELOPER}}}

        assert faults(models=models) == {}
        assert list(faults(environment={"production": True}, models=models)) == ["models.clippy.skus.live"]

    def test_where_data_stays_in_the_region_no_other_sku_is_advised(self) -> None:
        environment = {"production": True, "residency": "region"}
        found = faults(environment=environment, models={"clippy": {"skus": {"live": DEVELOPER}}})

        assert "use Standard or ProvisionedManaged" in found["models.clippy.skus.live"]
        assert "GlobalStandard" not in found["models.clippy.skus.live"]

    def test_a_candidate_of_production_may(self) -> None:
        models = {"clippy": {"skus": {"live": STANDARD, "candidate": DEVELOPER}}}

        assert faults(environment={"production": True}, models=models) == {}


class TestResidency:
    """Microsoft Learn, "Deployment types for Microsoft Foundry Models"."""

    @pytest.mark.parametrize(
        ("residency", "sku", "allowed"),
        [
            ("region", "Standard", True),
            ("region", "ProvisionedManaged", True),
            ("region", "DataZoneStandard", False),
            ("region", "GlobalStandard", False),
            ("region", "DeveloperTier", False),
            ("dataZone", "Standard", True),
            ("dataZone", "DataZoneStandard", True),
            ("dataZone", "DataZoneProvisionedManaged", True),
            ("dataZone", "GlobalProvisionedManaged", False),
            ("dataZone", "DeveloperTier", False),
        ],
    )
    def test_it_decides_which_skus_there_may_be(self, residency: str, sku: str, allowed: bool) -> None:
        models = {"clippy": {"skus": {"live": {"name": sku, "capacity": 10}}}}
        found = faults(environment={"residency": residency}, models=models)

        assert list(found) == ([] if allowed else ["models.clippy.skus.live"])

    def test_every_role_and_what_stays_deployed_of_the_past_is_looked_at(self) -> None:
        kept, dropped = record("1" * 32, servedWith=STANDARD), record("2" * 32, servedWith=STANDARD)
        found = faults(
            environment={"residency": "dataZone"},
            baseDeployments={"mini": MINI},
            models={
                "clippy": {"trainIn": "main", "skus": {"live": RESERVED, "candidate": DEVELOPER, "spillover": STANDARD}}
            },
            releases={"clippy": {"previous": [kept, dropped]}},
        )

        assert list(found) == [
            "baseDeployments.mini.sku",
            "models.clippy.skus.live",
            "models.clippy.skus.candidate",
            "models.clippy.skus.spillover",
            "releases.clippy.previous[0].servedWith",
        ]
        assert "lower models.clippy.keepPrevious" in found["releases.clippy.previous[0].servedWith"]
