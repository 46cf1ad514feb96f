"""What a commit of a record says."""

from __future__ import annotations

from contract.release import Releases, Signed, Sku
from jobs.releases.lineage import message
from jobs.releases.pointers import put_back, record_candidate, release, withdraw
from tests.evaluations import passed
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


def test_an_evaluation_is_told_by_its_verdict_and_what_it_was_against() -> None:
    failed = passed(X, verdict="failed", reasons=("2 regressions\nwhere 1 is allowed",))
    said = message("dev", "m", CANDIDATE, Releases(candidate=failed))

    assert said.startswith(f"m: evaluate run {X.run_key[:8]}: failed (dev)\n")
    assert "\nEvaluation: failed by in style, 0.9 over 400 examples\n" in said
    assert "\nAgainst prompted: +0.15 (+0.1 to +0.2), gpt-4.1-mini-2025-04-14\n" in said
    assert said.endswith("\nNot passed: 2 regressions where 1 is allowed\n")


def test_an_override_is_in_the_subject_and_says_who_and_why() -> None:
    overridden = X.model_copy(update={"override": ADA})
    released = message("dev", "m", CANDIDATE, Releases(live=overridden))
    in_place = message("dev", "m", Releases(live=X), Releases(live=overridden))

    assert released.startswith(f"m: release run {X.run_key[:8]}, by override (dev)\n")
    assert in_place.startswith(f"m: override what run {X.run_key[:8]} lacks (dev)\n")
    for said in (released, in_place):
        assert "\nOverridden by Ada: worse than its base\n" in said


def test_a_rollback_says_what_was_left_and_why() -> None:
    before = Releases(live=Y, previous=(X,))
    said = message("dev", "m", before, put_back(before, X, Sku(name="Standard", capacity=5), ADA).releases)

    assert said.startswith(f"m: roll back to run {X.run_key[:8]} (dev)\n")
    assert f"\nUntil then: {Y.model_id}\nRolled back by Ada: worse than its base\n" in said


def test_a_promotion_says_where_the_model_was_trained() -> None:
    source = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/dev/providers/x/accounts/contoso-dev"
    promoted = X.model_copy(update={"source": source})
    said = message("prod", "m", NOTHING, Releases(candidate=promoted))

    assert said.startswith(f"m: promote run {X.run_key[:8]} as candidate (prod)\n")
    assert f"\nAccount: {source}\n" in said
