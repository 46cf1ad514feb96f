"""The table of base models, held against the documents named in bases.py."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from simulator.openai.bases import BASES, Base, base_by_id, base_by_name

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
REGION = "swedencentral"


def by_id(model: str) -> Base:
    base = base_by_id(model)
    assert base is not None
    return base


@pytest.mark.parametrize(
    ("model", "methods", "types"),
    [
        ("gpt-4.1-2025-04-14", {"supervised", "dpo"}, {"standard", "globalStandard", "developerTier"}),
        ("gpt-4.1-mini-2025-04-14", {"supervised", "dpo"}, {"standard", "globalStandard", "developerTier"}),
        ("gpt-4o-2024-08-06", {"supervised", "dpo"}, {"standard", "globalStandard", "developerTier"}),
        ("gpt-4o-mini-2024-07-18", {"supervised"}, {"standard", "globalStandard", "developerTier"}),
        ("o4-mini-2025-04-16", {"reinforcement"}, {"standard", "globalStandard", "developerTier"}),
        ("gpt-5-2025-08-07", {"reinforcement"}, {"standard", "globalStandard"}),
        ("gpt-oss-20b-11", {"supervised"}, {"globalStandard"}),
    ],
)
def test_a_model_is_tuned_as_documented(model: str, methods: set[str], types: set[str]) -> None:
    """fine-tune-supported-models.md, 2026-10-06; data zone training has no value in the API."""
    base = by_id(model)

    assert (set(base.methods), set(base.training)) == (methods, types)
    assert not base.training_over(NOW)


@pytest.mark.parametrize(
    ("model", "status"),
    [
        ("gpt-4.1-2025-04-14", "Deprecating"),
        ("gpt-4o-mini-2024-07-18", "Deprecating"),
        ("gpt-5-2025-08-07", "GenerallyAvailable"),
        ("o4-mini-2025-04-16", "Deprecated"),
        ("gpt-35-turbo-0125", "Deprecated"),
        ("babbage-002", "Deprecated"),
        ("davinci-002", "Deprecated"),
    ],
)
def test_a_model_stands_where_the_schedule_has_it(model: str, status: str) -> None:
    """The schedule of 2026-10-05, seen on 2026-11-20; ARM calls deprecated Deprecating, and retired Deprecated."""
    assert by_id(model).status(NOW) == status


def test_a_base_may_be_retired_while_models_tuned_from_it_serve_on() -> None:
    """o4-mini: base retired 2026-11-19, training until 2027-05-19, tuned deployments until 2027-11-19."""
    base = by_id("o4-mini-2025-04-16")

    assert base.retired(NOW, tuned=False)
    assert not base.retired(NOW, tuned=True)
    assert not base.training_over(NOW)
    assert base.training_over(datetime(2027, 5, 19, tzinfo=UTC))
    assert base.retired(datetime(2027, 11, 19, tzinfo=UTC), tuned=True)


def test_a_tuned_model_is_deployed_where_documented() -> None:
    """Standard in two regions, the developer tier not for gpt-4o, open weights GlobalStandard only."""
    mini, omni, open_weight = by_id("gpt-4.1-mini-2025-04-14"), by_id("gpt-4o-2024-08-06"), by_id("gpt-oss-20b-11")

    assert mini.deploys("Standard", "Sweden Central", tuned=True)
    assert not mini.deploys("Standard", "westeurope", tuned=True)
    assert mini.deploys("GlobalStandard", "westeurope", tuned=True)
    assert mini.deploys("DeveloperTier", REGION, tuned=True)
    assert not mini.deploys("DeveloperTier", REGION, tuned=False)
    assert not omni.deploys("DeveloperTier", REGION, tuned=True)
    assert [sku for sku in ("Standard", "GlobalStandard") if open_weight.deploys(sku, REGION, tuned=True)] == [
        "GlobalStandard"
    ]


def test_a_model_is_found_by_arms_name_and_by_the_data_planes() -> None:
    """`gpt-4.1-mini` + `2025-04-14` is `gpt-4.1-mini-2025-04-14`; without a version it is the newest."""
    assert base_by_name("gpt-4.1-mini", "2025-04-14") is by_id("gpt-4.1-mini-2025-04-14")
    assert base_by_name("gpt-4o") is by_id("gpt-4o-2024-08-06")
    assert base_by_name("gpt-4o", "1") is None
    assert len({base.id for base in BASES}) == len(BASES)
