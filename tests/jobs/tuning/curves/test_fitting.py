"""Whether a record fits the tune.yaml that it names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contract.naming import job_suffix
from contract.release import ReleaseRecord
from jobs.tuning.curves.fitting import fits
from jobs.tuning.run import Run
from jobs.tuning.sweep import points
from tests.contract.specimens import record
from tests.jobs.specimens import TUNE_YAML, run, spec

SWEPT = f"{TUNE_YAML}sweep: {{epochs: [1, 2], learningRateMultiplier: [0.5]}}\n"


def _record(of: Run, **changes: Any) -> ReleaseRecord:
    """What is recorded of the run."""
    digests = {"train": of.digests.train, "validation": of.digests.validation, "holdout": None, "tuneYaml": "d" * 64}
    own: dict[str, Any] = {
        "modelId": f"{of.parent_model_id}.ft-{'1' * 32}-{job_suffix(of.model, of.key)}",
        "parentModelId": of.parent_model_id,
        "runKey": of.key,
        "digests": digests,
    }
    return ReleaseRecord.model_validate(record(**own | changes))


def test_a_record_fits_the_specification_that_made_it() -> None:
    assert fits(_record(run()), "clippy", spec(), "d" * 64) is True


@pytest.mark.parametrize("point", [0, 1])
def test_a_point_of_a_sweep_fits_with_what_was_tried_there(point: int) -> None:
    made = points(run(text=SWEPT))[point]
    sweep = {"point": made.number, "points": 2, "tried": dict(made.tried), "at": "2026-11-20T10:02:03Z"}

    assert fits(_record(made.run, sweep=sweep), "clippy", spec(SWEPT), "d" * 64) is True


def test_another_records_data_or_parent_do_not_fit() -> None:
    sound = _record(run())
    other = sound.digests.model_copy(update={"train": "e" * 64})

    assert fits(sound.model_copy(update={"digests": other}), "clippy", spec(), "d" * 64) is False
    assert fits(sound.model_copy(update={"parent_model_id": "gpt-4.1-2025-04-14"}), "clippy", spec(), "d" * 64) is False


def test_another_specification_or_another_name_tells_nothing() -> None:
    """tune.yaml goes on, and a model may be renamed."""
    sound = _record(run())

    assert fits(sound, "clippy", spec(), "0" * 64) is None
    assert fits(_record(replace(run(), model="former")), "clippy", spec(), "d" * 64) is None
