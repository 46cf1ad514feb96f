"""The grid of `jobs sweep`."""

from __future__ import annotations

import pytest

from contract.faults import Faults
from contract.tune_spec import TuneSpec

HEAD = "base: gpt-4.1-mini-2025-04-14\ndata: {train: t.jsonl, validation: v.jsonl}\n"


def test_values_are_listed_by_hyperparameter_and_one_that_stands_twice_counts_once() -> None:
    text = HEAD + "sweep: {epochs: [1, auto, 1], learningRateMultiplier: [1, 1.0, 0.5]}\n"
    sweep = TuneSpec.parse(text, "tune.yaml").sweep

    assert sweep is not None
    assert sweep.values() == {"epochs": (1, "auto"), "learning_rate_multiplier": (1.0, 0.5)}


def test_all_faults_are_told_each_with_its_line() -> None:
    text = HEAD + "sweep:\n  epochs: [1,\n    51]\n  batchSize: 4\n  learningRateMultiplier: []\n  bata: [1]\n"
    with pytest.raises(Faults) as refused:
        TuneSpec.parse(text, "tune.yaml")

    told = {fault.key: fault.message for fault in refused.value.faults}
    assert list(told) == [
        "line 5: sweep.epochs[1]",
        "line 6: sweep.batchSize",
        "line 7: sweep.learningRateMultiplier",
        "line 8: sweep.bata",
    ]
    assert "did you mean 'beta'?" in told["line 8: sweep.bata"]


@pytest.mark.parametrize(
    ("grid", "words"),
    [
        ("{}", "names no values"),
        ("{epochs: [1, 2, 3, 4, 5], batchSize: [1, 2, 4, 8]}", "5 × 4 = 20 points"),
    ],
)
def test_a_grid_has_points_and_not_too_many(grid: str, words: str) -> None:
    with pytest.raises(Faults, match=words):
        TuneSpec.parse(HEAD + f"sweep: {grid}\n", "tune.yaml")


def test_sixteen_points_are_a_small_grid_and_what_stands_twice_is_not_counted() -> None:
    text = HEAD + "sweep: {epochs: [1, 2, 3, 4, 4], batchSize: [1, 2, 4, 8]}\n"

    assert TuneSpec.parse(text, "tune.yaml").sweep is not None
