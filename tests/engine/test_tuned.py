"""Tuned deployments from one up to the next, under the CLI: the same sentences as in process, and the record."""

from __future__ import annotations

import json

import pytest

from tests.engine.conftest import Local
from tests.simulator.pulumi import test_tuned
from tests.simulator.pulumi.test_tuned import Stage

pytestmark = pytest.mark.slow


@pytest.fixture
def stage(local: Local, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(local.simulator.ca_file))
    local.bring()
    return Stage(local.simulator, local.stack_file, local.bring)


def test_a_live_deployment_that_somebody_deletes_comes_back(stage: Stage) -> None:
    test_tuned.test_a_live_deployment_that_somebody_deletes_comes_back(stage)


def test_a_live_deployment_that_azure_deletes_by_itself_comes_back(stage: Stage) -> None:
    test_tuned.test_a_live_deployment_that_azure_deletes_by_itself_comes_back(stage, "DeveloperTier", 25 * 3600)


def test_removing_the_first_and_the_third_of_three_overlaps_nothing(stage: Stage, local: Local) -> None:
    """No write of a sibling meets another: there is no 409 on the record."""
    test_tuned.test_removing_the_first_and_the_third_of_three_overlaps_nothing(stage)

    record = local.project.parent / "record.jsonl"
    assert 409 not in {json.loads(line)["status"] for line in record.read_text().splitlines()}
