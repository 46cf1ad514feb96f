"""What Azure would refuse of a config that is well-formed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from contract.stack_config import StackConfig
from infra.preconditions import faults
from tests.infra.specimens import GLOBAL, stack, trained

TODAY = date(2026, 11, 20)


def _faults(config: dict[str, Any], on: date = TODAY) -> dict[str, str]:
    return {fault.key: fault.message for fault in faults(StackConfig.parse(config), on)}


def test_a_stack_that_azure_takes_has_no_fault() -> None:
    assert _faults(stack(releases={"clippy": {"live": trained(1), "candidate": trained(2)}})) == {}


def test_a_tuned_model_is_refused_from_the_day_on_which_deployments_of_its_base_end() -> None:
    """gpt-4.1-mini: 2027-10-14, the retirement schedule of 2026-10-05."""
    config = stack(baseDeployments={}, releases={"clippy": {"live": trained(1)}})

    assert _faults(config, date(2027, 10, 13)) == {}
    assert "since 2027-10-14" in _faults(config, date(2027, 10, 14))["releases.clippy.live"]


def test_a_previous_record_is_named_by_its_place_in_the_file() -> None:
    withdrawn = {"kind": "withdrawn", "by": "ann", "at": "2026-11-20T09:00:00Z", "reason": "worse"}
    ended = trained(1, modelId="gpt-4-0613.ft-" + "0" * 32, runKey="4" * 64, servedWith=GLOBAL)
    previous = [trained(3, withdrawal=withdrawn), ended]

    assert list(_faults(stack(releases={"clippy": {"previous": previous}}))) == ["releases.clippy.previous[1]"]


def test_what_is_not_deployed_is_not_judged() -> None:
    ended = trained(1, modelId="gpt-4-0613.ft-" + "0" * 32, servedWith=GLOBAL)
    config = stack(
        models={"clippy": {"skus": {"live": GLOBAL}, "keepPrevious": 0}}, releases={"clippy": {"previous": [ended]}}
    )

    assert _faults(config) == {}


@pytest.mark.parametrize(
    ("candidate", "key"), [({"name": "DeveloperTier", "capacity": 10}, "candidate"), (None, "live")]
)
def test_a_sku_that_cannot_serve_the_model_is_named_with_its_own_key(
    candidate: dict[str, Any] | None, key: str
) -> None:
    """gpt-4o-mini is served on every serverless SKU but Developer once it is tuned
    (fine-tune-supported-models.md, 2026-10-06).
    """
    live = {"name": "DeveloperTier", "capacity": 10} if candidate is None else GLOBAL
    skus = {"live": live} | ({"candidate": candidate} if candidate else {})
    record = trained(1, modelId="gpt-4o-mini-2024-07-18.ft-" + "0" * 32)
    config = stack(models={"clippy": {"skus": skus}}, releases={"clippy": {"candidate": record}})

    message = _faults(config)["releases.clippy.candidate"]

    assert message.startswith(f"in account main, on models.clippy.skus.{key}: ")
    assert "isn't offered with SKU DeveloperTier; offered: " in message


def test_open_weights_need_a_foundry_account() -> None:
    record = trained(1, modelId="Ministral-3B-2411.ft-" + "0" * 32)
    models = {"clippy": {"skus": {"live": GLOBAL | {"capacity": 100}}}}

    assert "needs an account of kind AIServices" in "".join(
        _faults(stack(models=models, releases={"clippy": {"live": record}})).values()
    )


def test_open_weights_once_tuned_need_a_capacity_of_100() -> None:
    """microsoft/azure-skills, microsoft-foundry/finetuning: with less they are deployed and never loaded."""
    record = trained(1, modelId="Ministral-3B-2411.ft-" + "0" * 32)
    accounts = {"main": {"name": "contoso-openai", "location": "swedencentral", "kind": "AIServices"}}
    found = {
        capacity: _faults(
            stack(
                accounts=accounts,
                models={"clippy": {"skus": {"live": GLOBAL | {"capacity": capacity}}}},
                releases={"clippy": {"live": record}},
            )
        )
        for capacity in (99, 100)
    }

    assert found[100] == {}
    assert "needs a capacity of 100 at least, not 99" in found[99]["releases.clippy.live"]


def test_open_weights_need_one_as_base_models_too() -> None:
    base = {"model": "Ministral-3B", "version": "2411", "format": "Mistral AI", "sku": GLOBAL}

    assert "kind AIServices" in _faults(stack(baseDeployments={"small": base}))["baseDeployments.small"]


@pytest.mark.parametrize(
    ("model", "version", "given", "words"),
    [
        ("gpt-oss-20b", "11", "OpenAI", "is of the format Microsoft"),
        ("gpt-4.1-mini", "2025-04-14", "Microsoft", "is of the format OpenAI"),
    ],
)
def test_a_base_model_is_deployed_in_its_makers_format(model: str, version: str, given: str, words: str) -> None:
    """Azure answers 500 to another one (microsoft/azure-skills, microsoft-foundry/finetuning, 2026-08-21)."""
    config = stack(
        accounts={"main": {"name": "contoso-openai", "location": "swedencentral", "kind": "AIServices"}},
        baseDeployments={"base": {"model": model, "version": version, "format": given, "sku": GLOBAL}},
    )

    assert words in _faults(config)["baseDeployments.base.format"]


def test_open_weights_have_more_than_one_name_for_their_format() -> None:
    """The Azure CLI says ``OpenAI-OSS`` of gpt-oss, a sample ``Ministral AI``: any but OpenAI's may be right."""
    config = stack(
        accounts={"main": {"name": "contoso-openai", "location": "swedencentral", "kind": "AIServices"}},
        baseDeployments={"base": {"model": "gpt-oss-20b", "version": "11", "format": "OpenAI-OSS", "sku": GLOBAL}},
    )

    assert _faults(config) == {}


def test_a_base_deployment_may_not_take_a_tuned_ones_name_in_either_case() -> None:
    """The name's digest was taken with ``sha256sum``."""
    base = {"CLIPPY-FC7B4A5F": {"model": "gpt-4.1-mini", "version": "2025-04-14", "sku": GLOBAL}}

    assert _faults(stack(baseDeployments=base, releases={"clippy": {"live": trained(1)}})) == {
        "baseDeployments.CLIPPY-FC7B4A5F": "has the name of releases.clippy.live in account main"
    }


def test_a_budget_begins_within_a_year() -> None:
    budget = {"amount": 100, "emails": ["ml@contoso.com"]}

    assert _faults(stack(budget=budget | {"since": "2027-11"})) == {}
    assert _faults(stack(budget=budget | {"since": "2027-12"})) == {
        "budget.since": "2027-12 is more than twelve months ahead"
    }


def test_a_model_of_another_account_is_served_only_where_its_base_is_tuned() -> None:
    """The target region must support fine-tuning (fine-tuning-deploy.md, 2026-02); eastasia is no training region."""
    source = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/dev/providers/x/accounts/dev"
    accounts = {"main": {"name": "contoso-asia", "location": "eastasia"}}
    own, foreign = trained(1), trained(1, source=source)
    config = stack(accounts=accounts, baseDeployments={}, releases={"clippy": {"candidate": own}})

    assert _faults(config) == {}
    config["releases"] = {"clippy": {"candidate": foreign}}
    assert "isn't fine-tuned in eastasia" in _faults(config)["releases.clippy.candidate"]
