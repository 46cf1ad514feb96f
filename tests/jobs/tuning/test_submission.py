"""A run is submitted once: what exists is adopted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contract.release import ReleaseRecord, Releases, Sku, Withdrawal
from jobs.errors import NotAgain, UpNeeded
from jobs.ports import Job, JobStatus
from jobs.tuning.model_folder import ModelFolder
from jobs.tuning.patience import Patience
from jobs.tuning.run import FileIds, Run, plan_run
from jobs.tuning.submission import Adopt, Decision, Recorded, Submit, decide, jobs_of
from tests.contract.specimens import record
from tests.jobs.doubles import START, HandClock, ScriptedService
from tests.jobs.specimens import BASE, DIGESTS, TUNE_YAML, run

TUNED = f"{BASE}.ft-8aad139b19084ebf968c1e58f2dc3326-clippy-0123abcd"
OTHER_BASE = "gpt-4.1-2025-04-14"
CONTINUED = f"{TUNE_YAML}continueFrom: live\n"
OTHER_TUNE_YAML = {"train": "a" * 64, "validation": "b" * 64, "holdout": "c" * 64, "tuneYaml": "e" * 64}
IDS = FileIds(frozenset({"file-t"}), frozenset({"file-v"}))


def job(identity: str = "ftjob-1", status: str = "running", of: Run | None = None, **changes: Any) -> Job:
    of = of or run()
    return replace(
        Job(
            identity,
            JobStatus.parse(status),
            of.parent_model_id,
            START,
            suffix=of.suffix,
            training_file="file-t",
            validation_file="file-v",
            seed=42,
        ),
        **changes,
    )


def recorded(identity: str = "ftjob-1", of: Run | None = None, **changes: Any) -> ReleaseRecord:
    of = of or run()
    return ReleaseRecord.model_validate(
        record(jobId=identity, runKey=of.key, modelId=f"{TUNED}-{identity}", trainedAt="2026-11-20T10:00:00Z") | changes
    )


def decided(jobs: list[Job], releases: Releases | None = None, of: Run | None = None) -> Decision:
    return decide(of or run(), jobs, releases or Releases(), "dev")


class TestDecide:
    def test_nothing_there_is_submitted(self) -> None:
        assert decided([]) == Submit()

    @pytest.mark.parametrize("status", ["pending", "Running", "paused", "succeeded", "Distilling", "queued"])
    def test_a_job_that_made_a_model_or_still_may_is_adopted(self, status: str) -> None:
        assert decided([job(status=status)]) == Adopt(job(status=status))

    @pytest.mark.parametrize("status", ["failed", "cancelled", "Canceled"])
    def test_a_job_without_a_model_is_not(self, status: str) -> None:
        assert decided([job(status=status)]) == Submit()

    def test_the_newest_usable_one_is_adopted(self) -> None:
        jobs = [
            job("ftjob-3", "failed", created_at=START + timedelta(hours=2)),
            job("ftjob-1", "succeeded"),
            job("ftjob-2", created_at=START + timedelta(hours=1)),
        ]

        assert decided(jobs) == Adopt(jobs[2])

    @pytest.mark.parametrize("role", ["candidate", "live"])
    def test_a_recorded_one_is_done(self, role: str) -> None:
        held = recorded()

        assert decided([job(status="succeeded")], Releases.model_validate({role: held})) == Recorded(role, held)

    def test_a_record_counts_though_the_account_lists_the_job_no_more(self) -> None:
        held = recorded()

        assert decided([], Releases(candidate=held)) == Recorded("candidate", held)

    def test_a_later_run_of_the_same_counts_before_the_record(self) -> None:
        """As after `--new --no-wait`."""
        newer = job("ftjob-2", created_at=START + timedelta(hours=2))

        assert decided([newer], Releases(candidate=recorded())) == Adopt(newer)

    def test_an_equal_record_from_another_parent_is_done_too(self) -> None:
        """continueFrom: live, and the model that it made has been released since: it is the parent now."""
        first = run(BASE)
        held = ReleaseRecord.model_validate(
            record(
                runKey=first.key,
                digests={"train": "a" * 64, "validation": "b" * 64, "holdout": "e" * 64, "tuneYaml": "d" * 64},
            )
        )

        assert decided([], Releases(live=held), of=run(TUNED)) == Recorded("live", held)

    def test_an_equal_record_counts_though_tune_yaml_has_another_comment_by_now(self) -> None:
        first = run(BASE, CONTINUED)
        held = recorded(of=first, digests=OTHER_TUNE_YAML, parentModelId=BASE)

        assert decided([], Releases(live=held), of=run(TUNED, CONTINUED)) == Recorded("live", held)

    def test_a_withdrawn_one_is_refused_with_who_and_why(self) -> None:
        withdrawal = Withdrawal(by="Ada", at="2026-11-20T11:00:00Z", reason="too rude", kind="withdrawn")
        held = recorded(withdrawal=withdrawal.model_dump())

        with pytest.raises(NotAgain) as caught:
            decided([job(status="succeeded")], Releases(previous=(held,)))
        assert "Ada" in str(caught.value)
        assert "too rude" in str(caught.value)
        assert caught.value.next_command == "jobs run clippy -s dev --new"

    def test_a_former_live_one_is_refused_too(self) -> None:
        held = recorded(servedWith=Sku(name="Standard", capacity=1).model_dump())

        with pytest.raises(NotAgain, match="was live"):
            decided([job(status="succeeded")], Releases(previous=(held,)))


class TestIsJob:
    """Which of an account's jobs are the run's."""

    def test_the_suffix_tells(self) -> None:
        assert run().is_job(job(training_file="file-x"), IDS)
        assert not run().is_job(job(suffix="clippy-00000000"), IDS)

    def test_the_suffix_of_the_same_run_from_another_parent_tells_too(self) -> None:
        """continueFrom: live, and the live model is another one by now."""
        assert run(TUNED, CONTINUED).is_job(job(of=run(BASE, CONTINUED)), IDS)

    def test_a_job_from_another_base_is_another_run(self) -> None:
        """Nothing but `base` was changed in tune.yaml: the model that was made from the former base is not this one."""
        for text in (TUNE_YAML, CONTINUED):
            assert not run(OTHER_BASE, text).is_job(job(of=run(BASE, text)), IDS)
        made = recorded(of=run(BASE), digests=OTHER_TUNE_YAML, parentModelId=BASE)
        assert not run(OTHER_BASE).made(made)

    def test_training_from_the_base_again_is_not_tuning_the_live_model_further(self) -> None:
        assert not run(BASE).is_job(job(of=run(TUNED)), IDS)

    def test_without_a_suffix_the_model_ends_in_it(self) -> None:
        made = job(status="succeeded", suffix=None, fine_tuned_model=f"{BASE}.ft-0-{run().suffix}", training_file=None)

        assert run().is_job(made, IDS)
        assert not run().is_job(replace(made, fine_tuned_model=f"{BASE}.ft-0-other-00000000"), IDS)

    def test_without_either_files_parent_and_seed_do(self) -> None:
        bare = job(suffix=None)

        assert run().is_job(bare, IDS)
        for change in ({"training_file": "file-x"}, {"validation_file": None}, {"model": TUNED}, {"seed": 1}):
            assert not run().is_job(replace(bare, **change), IDS)


def test_jobs_of_others_are_passed_over() -> None:
    service = ScriptedService(all_jobs=[job("ftjob-9", suffix="parrot-0123abcd"), job("ftjob-1")])
    patience = Patience(HandClock(), START + timedelta(hours=1), lambda *_: None)

    assert [found.id for found in jobs_of(run(), service, IDS, patience)] == ["ftjob-1"]


def test_a_job_that_the_journal_knows_is_there_though_the_account_does_not_list_it_yet() -> None:
    service = ScriptedService(all_jobs=[job("ftjob-1")], unlisted={"ftjob-1"})
    patience = Patience(HandClock(), START + timedelta(hours=1), lambda *_: None)

    assert jobs_of(run(), service, IDS, patience) == []
    assert [found.id for found in jobs_of(run(), service, IDS, patience, ["ftjob-1", "ftjob-gone"])] == ["ftjob-1"]


class TestParent:
    """What the run is trained from."""

    def folder(self, tmp_path: Any, continue_from: str) -> ModelFolder:
        from jobs.tuning.model_folder import open_model

        folder = tmp_path / "clippy"
        folder.mkdir()
        (folder / "t.jsonl").write_text("{}\n")
        text = f"base: {BASE}\ncontinueFrom: {continue_from}\ndata: {{train: t.jsonl}}\n"
        (folder / "tune.yaml").write_text(text)
        return open_model(tmp_path, "clippy")

    def test_base_is_the_parent(self, tmp_path: Any) -> None:
        planned = plan_run(self.folder(tmp_path, "base"), DIGESTS, Releases(live=recorded()), "dev")

        assert planned.parent_model_id == BASE

    def test_live_is_the_parent_where_asked_for(self, tmp_path: Any) -> None:
        live = recorded()
        planned = plan_run(self.folder(tmp_path, "live"), DIGESTS, Releases(live=live), "dev")

        assert planned.parent_model_id == live.model_id

    def test_nothing_live_to_continue_from_is_refused(self, tmp_path: Any) -> None:
        with pytest.raises(UpNeeded, match="no clippy is live"):
            plan_run(self.folder(tmp_path, "live"), DIGESTS, Releases(), "dev")
