"""A checkpoint of a run is a record of its own."""

from __future__ import annotations

from typing import Any

from contract.naming import deployment_name
from contract.record_faults import record_faults, record_remarks
from contract.release import ReleaseRecord, Releases, Signed
from jobs.ports import Checkpoint
from jobs.releases import pointers
from jobs.releases.checkpoints import checkpoint_record, run_to_choose_from
from tests.contract.specimens import JOB
from tests.contract.specimens import record as mapping
from tests.evaluations import passed

BASE = "gpt-4.1-mini-2025-04-14"
MIDDLE = Checkpoint("ftchkpt-1", 168, f"{BASE}.ft-{JOB}:ckpt-step-168", {})
"""Named as fine-tuning-rest.md names them: without the suffix of the job."""
LAST = Checkpoint("ftchkpt-2", 252, f"{BASE}.ft-{JOB}:ckpt-step-252", {})
SIGNED = Signed(by="Ada", at="2026-11-21T08:00:00Z", reason="the curve")


def record(**changes: Any) -> ReleaseRecord:
    return ReleaseRecord.model_validate(mapping(**changes))


def test_everything_but_what_it_is_called_is_as_the_run_made_it() -> None:
    whole = passed(record())

    found = checkpoint_record(Releases(candidate=whole), whole, MIDDLE, last=False)

    assert (found.model_id, found.checkpoint, found.evaluation) == (MIDDLE.model_id, "ftchkpt-1", None)
    unchanged = {"model_id", "checkpoint", "evaluation"}
    assert found.model_dump(exclude=unchanged) == whole.model_dump(exclude=unchanged)


def test_as_candidate_it_displaces_the_model_and_nothing_is_wrong_with_the_records() -> None:
    whole = record()
    chosen = checkpoint_record(Releases(candidate=whole), whole, MIDDLE, last=False)

    after = pointers.record_candidate(Releases(candidate=whole), chosen, signed=SIGNED).releases

    assert after.candidate == chosen
    assert [pointers.is_superseded(each) for each in after.previous] == [True]
    assert record_faults({"clippy": after}) == []
    assert record_remarks({"clippy": after}) == []


def test_its_deployment_has_a_name_of_its_own_that_azure_takes() -> None:
    """2-64 letters, digits, '.', '_' and '-': a model's ID of a checkpoint has a colon."""
    name = deployment_name("clippy", MIDDLE.model_id, "GlobalStandard")

    assert name != deployment_name("clippy", record().model_id, "GlobalStandard")
    assert name.replace("-", "").isalnum()


def test_the_last_checkpoint_is_the_model_itself_with_what_was_found_of_it() -> None:
    whole = passed(record())
    chosen = checkpoint_record(Releases(candidate=whole), whole, MIDDLE, last=False)
    after = pointers.record_candidate(Releases(candidate=whole), chosen, signed=SIGNED).releases

    back = checkpoint_record(after, chosen, LAST, last=True)

    assert back == whole
    again = pointers.record_candidate(after, back, signed=SIGNED, superseded_too=True).releases
    assert again.candidate == whole
    assert [each.model_id for each in again.previous] == [MIDDLE.model_id]


def test_a_checkpoint_of_what_is_live_is_no_more_overridden_than_it_was_evaluated() -> None:
    live = record(override=SIGNED.model_dump(mode="json"), servedWith={"name": "GlobalStandard", "capacity": 50})
    releases = Releases(live=live)

    found = run_to_choose_from(releases)

    assert found == live
    chosen = checkpoint_record(releases, live, MIDDLE, last=False)
    assert (chosen.override, chosen.served_with, chosen.withdrawal) == (None, None, None)


def test_the_candidates_run_is_meant_else_the_one_trained_last() -> None:
    older = record(job="1" * 32, modelId=f"{BASE}.ft-{'1' * 32}", trainedAt="2026-11-19T10:00:00Z")
    newer = record()

    assert run_to_choose_from(Releases()) is None
    assert run_to_choose_from(Releases(candidate=older, live=newer)) == older
    assert run_to_choose_from(Releases(live=older, previous=(newer,))) == newer
