"""What a commit of a record says."""

from __future__ import annotations

from contract.release import Releases, Signed, Sku
from jobs.releases.lineage import message
from jobs.releases.pointers import record_candidate, release, withdraw
from tests.jobs.stacks.branches import made

NOTHING = Releases()
ADA = Signed(by="Ada", at="2026-11-21T08:00:00Z", reason="worse\nthan its base")
X, Y = made("X"), made("Y", digests={"train": "a" * 64, "validation": None, "holdout": None, "tuneYaml": "d" * 64})
CANDIDATE = Releases(candidate=X)


def test_a_record_tells_everything_that_made_the_model() -> None:
    assert message("dev", "clippy", NOTHING, Releases(candidate=Y)).splitlines() == [
        f"clippy: record run {Y.run_key[:8]} as candidate (dev)",
        "",
        f"Model: {Y.model_id}",
        "Parent: gpt-4.1-mini-2025-04-14",
        f"Job: {Y.job_id}",
        f"Run key: {Y.run_key}",
        "Trained: 2026-11-20T10:02:03Z, supervised, GlobalStandard, seed 42",
        "Account: main",
        f"SHA-256 of train: {'a' * 64}",
        f"SHA-256 of tune.yaml: {'d' * 64}",
        f"Trained tokens: {Y.trained_tokens:,}",
        "Cost: not known, estimated not known",
    ]


def test_what_is_known_of_the_cost_is_told() -> None:
    costly = made("X", cost={"actual": 1234.5, "estimated": 1300.0})

    assert "Cost: 1,234.50 USD, estimated 1,300.00 USD" in message("dev", "clippy", NOTHING, Releases(candidate=costly))


def test_each_move_has_its_own_words() -> None:
    displaced = record_candidate(CANDIDATE, Y, signed=ADA).releases
    released = release(displaced, None).releases
    again = release(Releases(candidate=X, live=Y), Sku(name="Standard", capacity=5)).releases
    withdrawn = withdraw(CANDIDATE, ADA).releases

    assert message("dev", "m", CANDIDATE, displaced).startswith(f"m: record run {Y.run_key[:8]} as candidate (dev)\n")
    assert message("dev", "m", displaced, released).startswith(f"m: release run {Y.run_key[:8]} (dev)\n")
    assert message("dev", "m", Releases(candidate=X, live=Y), again).startswith(
        f"m: release run {X.run_key[:8]} (dev)\n"
    )
    assert message("dev", "m", CANDIDATE, withdrawn).startswith(f"m: withdraw run {X.run_key[:8]} (dev)\n")
    assert message("dev", "m", CANDIDATE, withdrawn).endswith("\nWithdrawn by Ada: worse than its base\n")
