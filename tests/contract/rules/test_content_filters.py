"""What is refused of content filters and blocklists, and of the deployments that name them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.rules.specimens import faults

SKU = {"name": "GlobalStandard", "capacity": 10}
BASE = {"model": "gpt-4.1-mini", "version": "2025-04-14", "sku": SKU}
MODEL = {"skus": {"live": SKU}}
LIST = {"terms": {"rival": {"pattern": "fabrikam"}}}


@pytest.mark.parametrize("name", ["strict", "Microsoft.DefaultV2", "Microsoft.Default"])
def test_deployments_name_a_filter_of_the_config_or_microsoft_s(name: str) -> None:
    found = faults(
        environment={"contentFilters": "required"},
        contentFilters={"strict": {"promptBlocklists": ["rivals"], "completionBlocklists": ["rivals"]}},
        blocklists={"rivals": LIST},
        baseDeployments={"mini": BASE | {"contentFilter": name}},
        models={"clippy": MODEL | {"contentFilter": name}},
    )

    assert found == {}


def test_none_is_needed_where_none_is_demanded() -> None:
    assert faults(baseDeployments={"mini": BASE}, models={"clippy": MODEL}) == {}


@pytest.mark.parametrize(
    ("config", "key", "said"),
    [
        (
            {"baseDeployments": {"mini": BASE | {"contentFilter": "strikt"}}},
            "baseDeployments.mini.contentFilter",
            "strict",
        ),
        ({"models": {"clippy": MODEL | {"contentFilter": "strikt"}}}, "models.clippy.contentFilter", "strict"),
        ({"contentFilters": {"strict": {}, "Strict": {}}}, "contentFilters.Strict", "upper and lower case"),
        ({"contentFilters": {"strict": {}, "Microsoft.Own": {}}}, "contentFilters.Microsoft.Own", "Azure's own"),
        (
            {"contentFilters": {"strict": {"promptBlocklists": ["rival"]}}, "blocklists": {"rivals": LIST}},
            "contentFilters.strict.promptBlocklists[0]",
            "rivals",
        ),
        (
            {"contentFilters": {"strict": {"completionBlocklists": ["a1", "a1"]}}, "blocklists": {"a1": LIST}},
            "contentFilters.strict.completionBlocklists",
            "twice",
        ),
        ({"blocklists": {"rivals": LIST, "Rivals": LIST}}, "blocklists.Rivals", "upper and lower case"),
    ],
)
def test_what_azure_would_refuse_is_refused(config: dict[str, Any], key: str, said: str) -> None:
    found = faults(**{"contentFilters": {"strict": {}}, **config})

    assert list(found) == [key]
    assert said in found[key]


def test_where_filters_are_demanded_every_deployment_without_one_is_reported() -> None:
    found = faults(
        environment={"contentFilters": "required"},
        baseDeployments={"mini": BASE, "safe": BASE | {"contentFilter": "Microsoft.DefaultV2"}},
        models={"clippy": MODEL},
    )

    assert list(found) == ["baseDeployments.mini.contentFilter", "models.clippy.contentFilter"]
