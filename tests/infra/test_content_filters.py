"""What is asked for content filters and blocklists."""

from __future__ import annotations

from typing import Any

import pytest

from contract.config.content_filters import ContentFilter
from infra.content_filters import content_filters
from tests.infra.recording import Declared, declare
from tests.infra.specimens import GLOBAL, stack, trained, two_accounts

FILTERS: dict[str, Any] = {
    "strict": {
        "prompt": {"hate": "low"},
        "completion": {"violence": "high"},
        "indirectAttack": "block",
        "promptBlocklists": ["rivals"],
        "completionBlocklists": ["rivals"],
    },
    "unused": {"promptBlocklists": ["unused"]},
}
BLOCKLISTS: dict[str, Any] = {
    "rivals": {
        "description": "Others",
        "terms": {"one": {"pattern": "fabrikam"}, "two": {"pattern": "f.*", "regex": True}},
    },
    "unused": {"terms": {"one": {"pattern": "nothing"}}},
}
MODELS: dict[str, Any] = {"clippy": {"skus": {"live": GLOBAL}, "contentFilter": "strict"}}


@pytest.fixture(scope="module")
def declared() -> Declared:
    return declare(
        stack(
            contentFilters=FILTERS,
            blocklists=BLOCKLISTS,
            baseDeployments={
                "mini": {
                    "model": "gpt-4.1-mini",
                    "version": "2025-04-14",
                    "sku": GLOBAL,
                    "contentFilter": "Microsoft.DefaultV2",
                }
            },
            models=MODELS,
            releases={"clippy": {"live": trained(1)}},
        )
    )


class TestContentFilters:
    def test_only_those_that_deployments_name_are_made(self, declared: Declared) -> None:
        assert [each.inputs["raiPolicyName"] for each in declared.of_type("RaiPolicy")] == ["strict"]
        assert [each.inputs["raiBlocklistName"] for each in declared.of_type("RaiBlocklist")] == ["rivals"]

    def test_one_is_made_in_each_account_that_has_a_deployment_naming_it(self) -> None:
        releases = {"clippy": {"live": trained(1, trainedIn="europe")}}
        config = two_accounts(contentFilters=FILTERS, blocklists=BLOCKLISTS, releases=releases)
        model = config["models"]["clippy"] | {"contentFilter": "strict"}
        everywhere = declare(config | {"models": {"clippy": model}})
        in_one = declare(config | {"models": {"clippy": model | {"servedIn": ["america"]}}})

        assert [each.inputs["accountName"] for each in everywhere.of_type("RaiPolicy")] == ["contoso-us", "contoso-eu"]
        assert [each.inputs["accountName"] for each in in_one.of_type("RaiPolicy")] == ["contoso-us"]

    def test_it_is_based_on_azure_s_default_and_names_its_blocklists_per_direction(self, declared: Declared) -> None:
        (policy,) = declared.of_type("RaiPolicy")
        properties = policy.inputs["properties"]

        assert (properties["basePolicyName"], properties["mode"]) == ("Microsoft.DefaultV2", "Blocking")
        assert properties["customBlocklists"] == [
            {"blocklistName": "rivals", "blocking": True, "source": "Prompt"},
            {"blocklistName": "rivals", "blocking": True, "source": "Completion"},
        ]

    def test_a_deployment_s_filter_is_named_and_stands_before_it(self, declared: Declared) -> None:
        (policy,) = declared.of_type("RaiPolicy")
        base, tuned = declared.deployments("contoso-openai")

        assert base.inputs["properties"]["raiPolicyName"] == "Microsoft.DefaultV2"
        assert tuned.inputs["properties"]["raiPolicyName"] == "strict"
        # Each after all filters of its account, in which Azure does one thing at a time.
        assert policy.urn in base.dependencies & tuned.dependencies

    def test_terms_keep_their_names(self, declared: Declared) -> None:
        terms = {
            each.inputs["raiBlocklistItemName"]: each.inputs["properties"]
            for each in declared.of_type("RaiBlocklistItem")
        }

        assert terms == {
            "one": {"pattern": "fabrikam", "isRegex": False},
            "two": {"pattern": "f.*", "isRegex": True},
        }


def test_every_harm_and_shield_is_written_whatever_the_base_policy_has() -> None:
    """Names and directions: Microsoft Learn, "Rai Policies - Create Or Update"."""
    config = ContentFilter.model_validate(
        {"prompt": {"hate": "low", "sexual": "off"}, "jailbreak": "annotate", "protectedCode": "off"}
    )
    written = {
        (each.name, each.source): (each.enabled, each.blocking, each.severity_threshold)
        for each in content_filters(config)
    }

    assert written == {
        ("Hate", "Prompt"): (True, True, "Low"),
        ("Sexual", "Prompt"): (False, False, "High"),
        ("Violence", "Prompt"): (True, True, "Medium"),
        ("Selfharm", "Prompt"): (True, True, "Medium"),
        ("Hate", "Completion"): (True, True, "Medium"),
        ("Sexual", "Completion"): (True, True, "Medium"),
        ("Violence", "Completion"): (True, True, "Medium"),
        ("Selfharm", "Completion"): (True, True, "Medium"),
        ("Jailbreak", "Prompt"): (True, False, None),
        ("Indirect Attack", "Prompt"): (False, False, None),
        ("Protected Material Text", "Completion"): (True, True, None),
        ("Protected Material Code", "Completion"): (False, False, None),
    }
