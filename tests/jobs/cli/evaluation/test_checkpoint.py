"""`jobs evaluate --checkpoint STEP`: an earlier state of the model becomes the candidate."""

from __future__ import annotations

from tests.jobs.cli.evaluation.conftest import Bench


def test_it_displaces_the_candidate_and_names_the_up(bench: Bench) -> None:
    bench.told_losses(s60=0.9, s120=0.5, s180=0.7)
    whole = bench.project.releases().candidate

    done = bench.evaluate("--checkpoint", "120")

    releases = bench.project.releases()
    assert done.code == 0
    assert done.out.splitlines()[-1] == "Next: pulumi up -s dev"
    assert releases.candidate is not None
    assert releases.candidate.model_id.endswith(":ckpt-step-120")
    assert releases.candidate.checkpoint == "ftchkpt-120"
    assert whole is not None
    assert [each.model_id for each in releases.previous] == [whole.model_id]
    assert bench.asked == []


def test_once_it_is_up_the_same_command_evaluates_it(bench: Bench) -> None:
    bench.told_losses(s60=0.9, s120=0.5, s180=0.7)
    bench.evaluate("--checkpoint", "120")
    bench.up()

    done = bench.evaluate("--checkpoint", "120")

    assert done.code == 0
    candidate = bench.project.releases().candidate
    assert candidate is not None
    assert candidate.evaluation is not None
    assert candidate.evaluation.model_id.endswith(":ckpt-step-120")
    assert done.out.splitlines()[-1] == "Next: jobs release clippy -s dev"


def test_a_step_that_cannot_be_deployed_is_answered_with_those_that_can(bench: Bench) -> None:
    """The last three (fine-tuning-rest.md)."""
    bench.told_losses(s60=0.9, s120=0.5, s180=0.7, s240=0.8)

    done = bench.evaluate("--checkpoint", "60")

    assert done.code == 1
    assert "no checkpoint of step 60 that can be deployed" in done.err
    assert "Those that can: 120 (" in done.err
    assert bench.project.releases().previous == ()


def test_the_list_of_runs_knows_the_checkpoint_as_what_the_run_has_made(bench: Bench) -> None:
    """Beside it the model itself stands in previous, of the same job."""
    bench.told_losses(s60=0.9, s120=0.5, s180=0.7)
    bench.evaluate("--checkpoint", "120")

    done = bench.project.jobs("list", "-s", "dev")

    assert "candidate (its checkpoint of step 120) · " in done.out


def test_one_that_looks_better_is_named_beside_the_verdict(bench: Bench) -> None:
    bench.told_losses(s60=0.9, s120=0.5, s180=0.7)
    bench.knows("clippy-0123abcd", 2)

    done = bench.evaluate()

    assert done.code == 1
    assert "the checkpoint of step 120 looks better" in done.out
    assert done.err.splitlines()[-1] == "Next: jobs evaluate clippy -s dev --checkpoint 120"


def test_of_what_another_stack_has_trained_neither_curve_nor_checkpoints_are_known_here(bench: Bench) -> None:
    candidate = bench.project.releases().candidate
    assert candidate is not None
    account = "/subscriptions/00000000-0000-0000-0000-000000000002/resourceGroups/x/providers/y/accounts/dev"
    bench.records(candidate=candidate.model_copy(update={"source": account}))

    assert "another stack's account has it" in bench.evaluate().out
    chosen = bench.evaluate("--checkpoint", "120")
    assert chosen.code == 1
    assert "was trained in another stack" in chosen.err


def test_without_any_run_there_is_nothing_to_choose_from(bench: Bench) -> None:
    bench.project.stack_file.write_text("config:\n  tuned-models:models:\n    clippy: {}\n")

    done = bench.evaluate("--checkpoint", "120")

    assert done.code == 1
    assert "there is no run of clippy" in done.err
    assert "Next: jobs run clippy -s dev" in done.err
