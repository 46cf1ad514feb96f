"""Whatever a stack has kept, nothing that anybody needs is deleted; and what nobody needs is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.cleaning.deciding import ORDER, Decision, decide
from jobs.cleaning.inventory import StoredRun
from jobs.cleaning.references import References, folder, references
from jobs.tuning.journals.journal import Lease
from tests.jobs.cleaning.histories import CUTOFF, History, Past, hexes, scored

pasts = st.builds(
    Past,
    number=st.integers(0, 5),
    data=st.integers(0, 2),
    days=st.sampled_from([1, 89, 91, 200]),
    status=st.sampled_from([None, "failed", "cancelled", "succeeded", "running", "paused", "pending", "distilling"]),
    recorded=st.booleans(),
    named=st.booleans(),
    deployed=st.booleans(),
    swept=st.booleans(),
    unsettled=st.booleans(),
    parent=st.none() | st.integers(0, 5),
)
histories = st.builds(
    History,
    runs=st.lists(pasts, max_size=6, unique_by=lambda past: past.number),
    unseen=st.sampled_from([(), ("stack prod: refused",)]),
    silent=st.sampled_from([None, "the account is silent"]),
    listed=st.booleans(),
)


def names(decision: Decision) -> set[str]:
    return {item.name for item in decision.items}


@settings(max_examples=60, deadline=None)
@given(histories)
def test_whatever_the_history_nothing_that_is_needed_goes(history: History) -> None:
    """Needed: what a record names, what is deployed, what a run uses that may go on, and what is young."""
    going = names(decide(history.inventory(), CUTOFF))
    may_go_on = ("running", "paused", "pending", "distilling")

    for past in history.runs:
        under_way = past.status in may_go_on and history.listed and history.silent is None
        unknown = past.status is None and past.unsettled
        needed = past.named or past.days < 90 or under_way or unknown or (past.deployed and past.status is not None)
        if needed:
            assert f"{past.key}.json" not in going
            assert f"{past.key}/plan.json" not in going
            assert f"{past.train}.jsonl" not in going
            # In the account it bears half of the digest.
            assert f"{past.train[:32]}.jsonl" not in going
        if past.named or past.deployed or past.days < 90:
            assert f"answers/clippy/{folder(past.model_id)}/a.jsonl" not in going
        if past.named or past.days < 90:
            assert f"evaluations/clippy/{scored(past)}.json" not in going
        if past.made and history.unseen:
            assert f"{past.key}.json" not in going
        if past.status is not None and history.silent is not None:
            assert f"{past.key}.json" not in going


@settings(max_examples=30, deadline=None)
@given(histories)
def test_what_goes_leaves_nothing_behind_that_names_it(history: History) -> None:
    """Interrupted at any step, the same command finds the rest: whose a thing is its journal says, which goes last."""
    decision = decide(history.inventory(), CUTOFF)
    kinds = [ORDER.index(item.kind) for item in decision.items]
    staying = {run.blob.name: run for run in history.inventory().runs if run.blob.name not in names(decision)}

    assert kinds == sorted(kinds)
    for run in staying.values():
        assert not {f"{digest}.jsonl" for digest in run.names.digests} & names(decision)


class TestOne:
    def test_a_run_that_failed_long_ago_goes_with_all_that_it_has(self) -> None:
        past = Past(1)
        decision = decide(History([past]).inventory(), CUTOFF)

        assert [item.kind for item in decision.items] == ["file", "dataset", "plan", "run"]
        assert decision.left == (past.job_id,)
        assert decision.kept == ()

    def test_the_points_of_a_sweep_that_lost_go_and_their_models_are_left(self) -> None:
        past = Past(1, status="succeeded", swept=True)
        decision = decide(History([past]).inventory(), CUTOFF)

        assert [item.kind for item in decision.items] == ["file", "answers", "scorecard", "dataset", "plan", "run"]
        assert decision.left == (f"{past.job_id}, which made {past.model_id}",)

    @pytest.mark.parametrize(
        ("past", "why"),
        [
            (Past(1, status="running"), "its job is running"),
            (Past(1, status=None, unsettled=True), "whether it has a job is not known"),
            (Past(1, status="succeeded"), "its model is not recorded"),
            (Past(1, status="succeeded", recorded=True, deployed=True), "names its model"),
            (Past(1, status="succeeded", recorded=True, named=True), "a stack file records it"),
        ],
    )
    def test_what_stays_says_why(self, past: Past, why: str) -> None:
        decision = decide(History([past]).inventory(), CUTOFF)

        assert not {item.kind for item in decision.items} & {"run", "plan", "dataset", "file"}
        assert why in next(kept.why for kept in decision.kept if kept.kind == "run")

    def test_a_run_that_somebody_works_on_stays(self) -> None:
        lease = Lease(holder="Ada@desk", token="t", seconds=120, until="2026-11-21T12:01:00Z")

        assert decide(History([Past(1)], lease=lease).inventory(), CUTOFF).items == ()

    def test_the_run_of_a_model_that_was_tuned_further_stays_with_the_one_that_did_it(self) -> None:
        history = History([Past(1, data=1, status="succeeded", recorded=True), Past(2, days=3, parent=1)])

        assert [item.kind for item in decide(history.inventory(), CUTOFF).items] == ["scorecard"]

    def test_data_that_another_run_shares_stay_with_that_one(self) -> None:
        decision = decide(History([Past(1), Past(2, days=3)]).inventory(), CUTOFF)

        assert names(decision) == {f"{Past(1).key}.json", f"{Past(1).key}/plan.json"}

    def test_a_journal_that_cannot_be_read_stays_with_all_that_it_names(self) -> None:
        inventory = History([Past(1)]).inventory()
        (stored,) = inventory.runs
        broken = StoredRun(stored.blob, stored.names, None, "it is none")

        decision = decide(replace(inventory, runs=(broken,)), CUTOFF)
        assert decision.items == ()

    def test_what_another_branch_names_stays(self) -> None:
        past = Past(1, status="succeeded", swept=True)
        decision = decide(History([past], names=(f"modelId: {past.model_id}",)).inventory(), CUTOFF)

        assert [item.kind for item in decision.items] == ["scorecard"]

    def test_a_model_is_known_by_its_own_id_whatever_its_job_s_is(self) -> None:
        """No page says that the hex of both are the same."""
        past, model_id = Past(1, status="succeeded", recorded=True), f"gpt-4.1-2025-04-14.ft-{'7' * 32}"
        inventory = History([past], names=(f"modelId: {model_id}",)).inventory()
        (stored,), account = inventory.runs, inventory.accounts["main"]
        made = replace(account, jobs=tuple(replace(job, fine_tuned_model=model_id) for job in account.jobs))

        decision = decide(replace(inventory, accounts={"main": made}), CUTOFF)
        assert stored.blob.name not in names(decision)

    def test_a_scorecard_that_a_tune_yaml_names_stays(self) -> None:
        digest = hexes("baseline")
        history = History(names=(f"scorecard: {digest}",), others={f"evaluations/clippy/{digest}.json": 300})

        assert decide(history.inventory(), CUTOFF).items == ()

    def test_a_scorecard_whose_model_may_be_deployed_out_of_sight_stays(self) -> None:
        """Its name does not say whose it is."""
        history = History(unseen=("stack prod: refused",), others={f"evaluations/clippy/{hexes('x')}.json": 300})

        assert decide(history.inventory(), CUTOFF).items == ()

    def test_what_is_not_ours_by_its_name_is_never_touched(self) -> None:
        others = {"notes.txt": 900.0, "reviews/clippy/a.json": 900.0, "answers/clippy/x/a.jsonl": 900.0}

        assert decide(History(others=others).inventory(), CUTOFF) == Decision((), ())

    def test_a_file_of_the_account_whose_digest_this_stack_never_had_is_somebody_else_s(self) -> None:
        inventory = History([Past(1)]).inventory()
        alone = replace(inventory, runs=(), run_blobs=(), datasets=())

        assert decide(alone, CUTOFF).items == ()

    def test_a_plan_whose_journal_went_before_an_interruption_goes_too(self) -> None:
        decision = decide(History(others={f"{hexes('gone')}/plan.json": 200}).inventory(), CUTOFF)

        assert [item.kind for item in decision.items] == ["plan"]


def test_references_are_read_from_any_text_broken_yaml_and_other_versions_too() -> None:
    digest, job = "A" * 64, "8aad139b19084ebf968c1e58f2dc3326"
    found = references([f"<<<<<<< ours\n  runKey: '{digest}'\n  modelId: \"gpt-4.1.ft-{job}-x:ckpt-step-8\"".encode()])

    assert found.digests == {digest.lower()}
    assert found.has_job(f"ftjob-{job}")
    assert found.has_job(f"gpt-4.1.ft-{job}")
    assert not found.has_job("ftjob-" + "0" * 32)
    assert folder(f"gpt-4.1.ft-{job}-x:ckpt-step-8") in found.folders
    assert found.has_job("an ID of another kind")
    assert References() | found == found
