"""Release records, and which of them are deployed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from contract.config.deployments import Model
from contract.naming import deployment_name, job_suffix
from contract.release import ReleaseRecord, Releases
from contract.serving import served
from tests.contract.specimens import record

GLOBAL = {"name": "GlobalStandard", "capacity": 50}
DEVELOPER = {"name": "DeveloperTier", "capacity": 10}
WITHDRAWN = {"kind": "withdrawn", "by": "Ada", "at": "2026-11-21T08:00:00Z", "reason": "worse than its base"}


def _model(**changes: Any) -> Model:
    return Model.model_validate({"skus": {"live": GLOBAL, "candidate": DEVELOPER}} | changes)


def _served(model: Model, releases: dict[str, Any]) -> list[tuple[str, str, str]]:
    entries = served("clippy", model, Releases.model_validate(releases))
    return [(entry.role, entry.record.job_id[-1], entry.sku.name) for entry in entries]


def test_a_record_reads_back_as_it_was_written() -> None:
    """What stands in the stack file is the record, key for key."""
    written = record()

    assert json.loads(ReleaseRecord.model_validate(written).model_dump_json()) == written


def test_hyperparameters_of_other_methods_are_in_a_record_where_they_were_told_only() -> None:
    """A record of a supervised run reads as it did before there were others."""
    supervised = {"epochs": 3, "batchSize": None, "learningRateMultiplier": 1.0}
    preferences = supervised | {"beta": 0.1, "l2Multiplier": 0.2}
    graded = supervised | {"evalInterval": 5, "evalSamples": 2, "computeMultiplier": 1.5, "reasoningEffort": "high"}

    for told in (supervised, preferences, graded):
        written = record() | {"hyperparameters": told}
        assert json.loads(ReleaseRecord.model_validate(written).model_dump_json()) == written


@pytest.mark.parametrize("change", [{"schemaVersion": 2}, {"modelId": ""}, {"seed": "42"}, {"surprise": 1}])
def test_a_record_of_another_schema_is_refused(change: dict[str, Any]) -> None:
    """A record this version does not understand is never half read."""
    with pytest.raises(ValidationError):
        ReleaseRecord.model_validate(record() | change)


class TestServed:
    """Roles become deployments."""

    def test_each_role_has_its_sku(self) -> None:
        """A candidate may stand on a Developer SKU beside a live model on another."""
        releases = {"live": record("1" * 32), "candidate": record("2" * 32)}

        assert _served(_model(), releases) == [("live", "1", "GlobalStandard"), ("candidate", "2", "DeveloperTier")]

    def test_a_previous_model_keeps_the_sku_it_was_live_with(self) -> None:
        """Changing the live SKU later does not touch the model that callers are moving away from."""
        former = record("3" * 32, servedWith={"name": "Standard", "capacity": 7})

        assert _served(_model(), {"previous": [former]}) == [("previous", "3", "Standard")]

    def test_keep_previous_counts_only_models_that_were_live(self) -> None:
        """Withdrawn candidates stand in previous, are never deployed, and use up no place."""
        previous = [
            record("4" * 32, withdrawal=WITHDRAWN),
            record("5" * 32, servedWith=GLOBAL),
            record("6" * 32, servedWith=GLOBAL),
        ]

        assert [job for _, job, _ in _served(_model(keepPrevious=1), {"previous": previous})] == ["5"]
        assert [job for _, job, _ in _served(_model(keepPrevious=0), {"previous": previous})] == []
        assert [job for _, job, _ in _served(_model(keepPrevious=5), {"previous": previous})] == ["5", "6"]


class TestNames:
    """Names are stored and called: they never change for the same model and SKU."""

    def test_a_deployments_name_is_the_documented_digest(self) -> None:
        """sha256 of "m.ft-1\\nStandard" begins with 8708c0ad (sha256sum)."""
        assert deployment_name("clippy", "m.ft-1", "Standard") == "clippy-8708c0ad"

    def test_another_model_id_or_sku_is_another_name(self) -> None:
        """Neither can be changed on a deployment that exists."""
        names = {deployment_name("clippy", i, s) for i in ("a", "b") for s in ("Standard", "DeveloperTier")}

        assert len(names) == 4

    def test_the_longest_model_name_fits_a_jobs_suffix_and_a_deployments_name(self) -> None:
        """40 characters for a suffix, 64 for a deployment."""
        longest = "m" * 30

        assert len(job_suffix(longest, "0" * 64)) <= 40
        assert len(deployment_name(longest, "x", "Standard")) <= 64
