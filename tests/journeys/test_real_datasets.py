"""Published datasets, tuned and evaluated on the local Azure: form is learnt, and what may be chance is said."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from contract.evaluation import Evaluation
from simulator.server import Simulator
from tests.journeys.team import BASE, Team

pytestmark = pytest.mark.slow

STACK = """
environment: {asOf: "2026-11-20", protection: "off"}
accounts:
  main: {name: contoso-published, location: swedencentral}
storage: {name: contosopublished}
access:
  trainers:
    - {principalId: 7e57ab1e-0000-4000-8000-000000000102, principalType: ServicePrincipal}
baseDeployments:
  gpt-4.1-mini: {model: gpt-4.1-mini, version: "2025-04-14", sku: {name: GlobalStandard, capacity: 100}}
models:
  published:
    skus: {live: {name: GlobalStandard, capacity: 60}, candidate: {name: GlobalStandard, capacity: 60}}
"""
SUMS = r"""
evaluation:
  graders:
    - {name: number, type: number, marker: "####"}
    - {name: answer form, type: regex, pattern: '#### -?[\d.,]+!!!\s*$'}
"""
STOCKS = """
evaluation:
  graders:
    - {name: call, type: tool_call}
    - {name: tool, type: tool_call, arguments: ignored}
"""


@pytest.fixture
def published() -> Path:
    named = os.environ.get("TUNED_MODELS_DATASETS")
    if not named or not Path(named).is_dir():
        pytest.skip("TUNED_MODELS_DATASETS names no folder of real datasets")
    return Path(named)


def _evaluated(folder: Path, tune: str, train: Path, holdout: Path) -> Evaluation:
    with Simulator(rate=3600.0) as simulator:
        team = Team.fresh(folder / "project", simulator)
        team.writes_stack("local", STACK)
        model = team.project / "models" / "published"
        model.mkdir(parents=True)
        (model / "tune.yaml").write_text(f"base: {BASE}\ndata: {{train: train.jsonl, holdout: holdout.jsonl}}\n{tune}")
        shutil.copy(train, model / "train.jsonl")
        shutil.copy(holdout, model / "holdout.jsonl")
        team.up()
        team.jobs("run", "published", "--yes")
        team.up()
        team.jobs("evaluate", "published", code=1)
        found = team.record("published", "candidate").evaluation
        assert found is not None
        return found


def test_sums_get_the_answers_form_and_no_right_number(published: Path, tmp_path: Path) -> None:
    """A simulated model can't calculate: every answer ends as those of the training do, and nothing is shown."""
    train, holdout = published / "gsm8k_chat_train.jsonl", published / "gsm8k_chat_validation.jsonl"
    found = _evaluated(tmp_path, SUMS, train, holdout)

    assert (found.examples, found.verdict) == (50, "notShown")
    assert found.scores["answer form"] == 1.0
    assert found.scores["number"] < 0.1


def test_tools_are_chosen_rightly_and_ten_lines_show_little(published: Path, tmp_path: Path) -> None:
    """Which function is to be called is learnt; whether that is better than the base ten lines can't tell."""
    train, holdout = published / "stock_toolcall_training.jsonl", published / "stock_toolcall_validation.jsonl"
    found = _evaluated(tmp_path, STOCKS, train, holdout)

    assert (found.examples, found.verdict) == (10, "notShown")
    assert found.scores["tool"] > found.scores["call"] > found.against[0].mean
