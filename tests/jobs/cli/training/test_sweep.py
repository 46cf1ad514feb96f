"""`jobs sweep` on the command line: what it costs before it costs it, what it records, and twice the same."""

from __future__ import annotations

import json

import pytest

from contract.catalog.prices import Price
from contract.release import Cost
from jobs.cli.training.spending import Comparison, together
from jobs.errors import Unavailable
from jobs.ports import JobRequest
from jobs.tuning.journals.journal import is_journal
from tests.jobs.cli.conftest import Done, Project
from tests.jobs.specimens import BASE, model_mapping, outputs_mapping
from tests.jobs.sweeps import TimedService

SWEEP = ("sweep", "clippy", "-s", "dev")
GRID = "sweep: {epochs: [3, 1, 2, 4]}\n"
HEAD = f"base: {BASE}\ndata: {{train: t.jsonl, validation: v.jsonl}}\n"


def loss(request: JobRequest) -> float:
    """Two epochs are best."""
    epochs = request.hyperparameters.epochs
    return 9.0 if epochs == "auto" else abs(epochs - 2) + 1.0


@pytest.fixture
def service(project: Project) -> TimedService:
    """The project's, whose tune.yaml has a grid of four."""
    made = TimedService(loss=loss)
    project.service = made
    project.tune_yaml(HEAD + GRID)
    return made


def swept(project: Project, *words: str) -> Done:
    return project.jobs(*SWEEP, "--yes", *words)


def priced(project: Project, per_million: float, *, budget: float | None = None) -> None:
    """The 60 examples have some 2,000 tokens."""
    mapping = outputs_mapping(clippy=model_mapping(budget={"run": budget} if budget is not None else None))
    mapping["environment"]["prices"] = {f"training/{BASE}/GlobalStandard": per_million}
    (project.folder / "outputs" / "dev.json").write_text(json.dumps(mapping))


def test_the_best_alone_becomes_the_candidate_and_its_record_says_which_it_was(
    project: Project, service: TimedService
) -> None:
    done = swept(project)

    assert (done.code, done.err) == (0, "")
    releases = project.releases()
    assert releases.candidate is not None
    assert releases.records() == (releases.candidate,)
    record = releases.candidate.sweep
    assert record is not None
    assert (record.point, record.points, record.tried) == (3, 4, {"epochs": 2})
    assert (record.measure, record.value, record.rank, record.picked) == ("full_valid_loss", 1.0, 1, False)
    assert service.requests[2].suffix in releases.candidate.model_id
    ranking = [line for line in done.out.splitlines() if "full_valid_loss" in line]
    assert [line.split(": ", 1)[1].split(" ·")[0] for line in ranking] == [
        "1. point 3 (epochs 2): full_valid_loss 1.0000",
        "2. point 2 (epochs 1): full_valid_loss 2.0000",
        "3. point 1 (epochs 3): full_valid_loss 2.0000",
        "4. point 4 (epochs 4): full_valid_loss 3.0000",
    ]
    assert "Next: pulumi up -s dev" in done.out


def test_what_a_sweep_has_told_is_no_news_to_the_nightly_look(project: Project, service: TimedService) -> None:
    """Neither the points that were not the best, nor one that failed."""
    service.ends = lambda request: "failed" if request.hyperparameters.epochs == 4 else "succeeded"
    swept(project)
    nightly = project.jobs("record", "--all", "-s", "dev")

    assert (nightly.code, nightly.err) == (0, "")
    assert "Next" not in nightly.out
    assert project.jobs("record", "clippy", "-s", "dev").out.count("Next: jobs sweep clippy -s dev") <= 1


def test_of_one_that_was_interrupted_the_nightly_look_tells_what_goes_on_with_it(
    project: Project, service: TimedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.ends = lambda request: "failed" if request.hyperparameters.epochs == 4 else "succeeded"
    monkeypatch.setattr("jobs.cli.training.winner.see", lambda *_: None)
    swept(project)
    nightly = project.jobs("record", "--all", "-s", "dev")

    assert nightly.code == 3
    assert "Next: jobs sweep clippy -s dev" in nightly.err


def test_data_are_sent_once_and_each_run_s_plan_is_kept(project: Project, service: TimedService) -> None:
    swept(project)

    assert [call.split()[0] for call in service.calls] == ["upload"] * 2 + ["submit"] * 4
    assert len([name for name in project.kept_runs.blobs if name.endswith("/plan.json")]) == 4
    assert len([name for name in project.kept_runs.blobs if is_journal(name)]) == 4


def test_twice_the_same_trains_nothing_and_leaves_the_file_alone(project: Project, service: TimedService) -> None:
    swept(project)
    before = project.stack_file.read_bytes()
    again = project.jobs(*SWEEP)

    assert (again.code, project.stack_file.read_bytes(), len(service.requests)) == (0, before, 4)
    assert "nothing to do" in again.out
    assert "it is point 3 of a sweep of 4: epochs 2" in again.out


def test_the_whole_grid_s_cost_is_shown_and_without_a_terminal_yes_is_needed(
    project: Project, service: TimedService
) -> None:
    priced(project, 1000.0)
    done = project.jobs(*SWEEP)

    assert done.code == 1
    for number, epochs in enumerate((3, 1, 2, 4), 1):
        assert f"clippy:   {number}  epochs {epochs}: $" in done.out
    assert "; 4 to train now: up to $" in done.out
    assert "this spends up to $" in done.err
    assert "Next: jobs sweep clippy -s dev --yes" in done.err
    assert service.calls == []


def test_what_the_whole_grid_came_to_stands_beside_what_it_was_estimated_at(
    project: Project, service: TimedService
) -> None:
    """Each of the four is billed for 4,200 tokens, whatever was planned."""
    priced(project, 1000.0)
    done = swept(project)

    [line] = [line for line in done.out.splitlines() if "4 trainings in all" in line]
    assert line.endswith("; actual $16.80")
    estimated = line.split("estimated ")[1].split(";")[0]
    assert f"in all up to {estimated}; 4 to train now" in done.out


def test_a_sum_with_a_part_that_nobody_knows_is_not_told() -> None:
    price = Price("training/x/Standard", None, "per 1M tokens", "")
    known = Comparison("$1.00", Cost(estimated=1.0, actual=None), None, price)
    unknown = Comparison(None, Cost(estimated=None, actual=None), None, price)

    assert together([known, known]) == "2 trainings in all: estimated $2.00; actual not known"
    assert together([known, unknown]) is None


def test_a_budget_that_each_run_keeps_to_and_all_together_exceed_refuses_with_both_figures(
    project: Project, service: TimedService
) -> None:
    priced(project, 1000.0, budget=10.0)
    done = swept(project)
    assert done.code == 1
    assert "the sweep's 4 runs come to $" in done.err
    assert "together, and models.clippy.budget.run allows $10.00" in done.err
    assert service.calls == []

    priced(project, 100.0, budget=10.0)
    assert swept(project).code == 0


def test_what_a_sweep_has_spent_before_counts_to_its_budget(project: Project, service: TimedService) -> None:
    project.tune_yaml(HEAD + "sweep: {epochs: [1, 2]}\n")
    priced(project, 1000.0, budget=10.0)
    assert swept(project).code == 0

    project.tune_yaml(HEAD + "sweep: {epochs: [1, 2, 5]}\n")
    done = swept(project)
    assert done.code == 1
    assert "the sweep's 3 runs come to $" in done.err


def test_interrupted_it_loses_nothing(project: Project, service: TimedService) -> None:
    """Ctrl-C in the first pause: three run on, and the same command goes on with them."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    service.clock.before_sleep = interrupt
    left = swept(project)
    assert left.code == 130
    assert "3 of the sweep's runs go on" in left.err
    assert "Next: jobs sweep clippy -s dev" in left.err
    assert len(service.requests) == 3

    service.clock.before_sleep = None
    done = swept(project)
    assert done.code == 0
    assert done.out.count("does the same (running)") == 3
    assert "; 1 to train now: " in done.out
    assert len(service.requests) == 4
    assert project.releases().candidate is not None


def test_pick_takes_another_of_its_runs_once_it_has_ended(project: Project, service: TimedService) -> None:
    swept(project)
    done = project.jobs(*SWEEP, "--pick", "1")

    assert (done.code, len(service.requests)) == (0, 4)
    releases = project.releases()
    assert releases.candidate is not None
    assert releases.candidate.sweep is not None
    assert (releases.candidate.sweep.point, releases.candidate.sweep.rank) == (1, 3)
    assert releases.candidate.sweep.picked
    assert [record.withdrawal.kind for record in releases.previous if record.withdrawal] == ["superseded"]

    assert "nothing to do" in project.jobs(*SWEEP).out


def test_the_winner_can_be_picked_back_after_another_was_tried(project: Project, service: TimedService) -> None:
    """It was displaced, and not found wanting; nothing is trained for it."""
    swept(project)
    project.jobs(*SWEEP, "--pick", "1")
    done = project.jobs(*SWEEP, "--pick", "3")

    assert (done.code, len(service.requests)) == (0, 4)
    releases = project.releases()
    assert releases.candidate is not None
    assert releases.candidate.withdrawal is None
    assert [record.sweep.point for record in releases.records() if record.sweep] == [3, 1]
    assert "nothing to do" in project.jobs(*SWEEP, "--pick", "3").out


def test_a_winner_that_was_withdrawn_is_not_recorded_again_but_another_can_be_picked(
    project: Project, service: TimedService
) -> None:
    swept(project)
    assert project.jobs("withdraw", "clippy", "-s", "dev").code == 0
    again = swept(project)

    assert again.code == 1
    assert "was withdrawn by Ada" in again.err
    assert "2 (epochs 1): ftjob-" in again.err
    assert "3 (epochs 2)" not in again.err
    assert project.jobs(*SWEEP, "--pick", "2").code == 0


def test_without_a_validation_file_nothing_is_ranked_unless_a_run_is_named(
    project: Project, service: TimedService
) -> None:
    project.tune_yaml(f"base: {BASE}\ndata: {{train: t.jsonl}}\nsweep: {{epochs: [1, 2]}}\n")
    refused = swept(project)
    assert refused.code == 1
    assert "names no data.validation" in refused.err
    assert "2 (epochs 2): clippy-" in refused.err
    assert service.calls == []

    done = swept(project, "--pick", "2")
    assert (done.code, len(service.requests)) == (0, 2)
    candidate = project.releases().candidate
    assert candidate is not None
    assert candidate.sweep is not None
    assert (candidate.sweep.point, candidate.sweep.picked) == (2, True)


def test_without_a_grid_it_says_how_one_is_written(project: Project, service: TimedService) -> None:
    project.tune_yaml(HEAD)
    done = swept(project)

    assert done.code == 1
    assert "sweep: {epochs: [1, 2, 3]" in done.err


def test_runs_that_fail_are_told_and_the_best_of_the_others_is_taken(project: Project, service: TimedService) -> None:
    service.ends = lambda request: "failed" if request.hyperparameters.epochs == 2 else "succeeded"
    done = swept(project)

    assert done.code == 0
    assert "point 3 (epochs 2) is failed: harm" in done.out
    assert "- point 3 (epochs 2): no model" in done.out
    candidate = project.releases().candidate
    assert candidate is not None
    assert candidate.sweep is not None
    assert candidate.sweep.tried == {"epochs": 1}


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [("failed", 3, "none of the sweep's runs has made a model"), ("paused", 1, "4 of the sweep's runs are paused")],
)
def test_where_no_run_makes_a_model_nothing_is_recorded(
    project: Project, service: TimedService, status: str, code: int, words: str
) -> None:
    service.ends = lambda _: status
    done = swept(project)

    assert done.code == code
    assert words in done.err
    assert project.releases().candidate is None


def test_where_nothing_is_measured_nobody_guesses(project: Project, service: TimedService) -> None:
    service.loss = lambda _: None
    done = swept(project)

    assert done.code == 1
    assert "nothing says which is best" in done.err
    assert "--pick clippy-" in done.err
    assert project.releases().candidate is None


def test_jobs_run_and_status_tell_the_truth_after_a_sweep(project: Project, service: TimedService) -> None:
    swept(project)
    run = project.jobs("run", "clippy", "-s", "dev", "--yes")
    status = project.jobs("status", "-s", "dev")

    assert (run.code, len(service.requests)) == (0, 4)
    assert "nothing to do" in run.out
    assert "it is point 3 of a sweep of 4: epochs 2" in run.out
    assert "point 3 of a sweep of 4" in status.out


def test_jobs_run_stays_done_where_a_sweep_has_displaced_what_it_had_made(
    project: Project, service: TimedService
) -> None:
    project.tune_yaml(HEAD + "hyperparameters: {epochs: 3}\n" + GRID)
    run = ("run", "clippy", "-s", "dev", "--yes")
    assert project.jobs(*run).code == 0
    assert swept(project).code == 0
    before = project.stack_file.read_bytes()
    done = project.jobs(*run)

    assert (done.code, len(service.requests), project.stack_file.read_bytes()) == (0, 4, before)
    assert "it is point 3 of a sweep of 4: epochs 2" in done.out


def test_watch_says_what_takes_up_a_sweep(project: Project, service: TimedService) -> None:
    done = project.jobs("watch", "clippy", "-s", "dev")

    assert done.code == 1
    assert "Runs of its sweep are taken up by: jobs sweep clippy -s dev" in done.err


def test_a_run_that_jobs_run_made_is_a_point_s_own(project: Project, service: TimedService) -> None:
    """And nothing is paid for twice; its model, recorded as of no sweep, stays the candidate where it wins."""
    project.tune_yaml(HEAD + "hyperparameters: {epochs: 2}\n")
    assert project.jobs("run", "clippy", "-s", "dev", "--yes").code == 0
    before = project.releases()
    project.tune_yaml(HEAD + GRID)
    done = swept(project)

    assert done.code == 0
    assert "; 3 to train now: " in done.out
    assert len(service.requests) == 4
    assert project.releases() == before


def test_a_point_whose_model_was_put_aside_before_the_sweep_is_not_recorded_again(
    project: Project, service: TimedService
) -> None:
    project.tune_yaml(HEAD + "hyperparameters: {epochs: 2}\n")
    assert project.jobs("run", "clippy", "-s", "dev", "--yes").code == 0
    assert project.jobs("withdraw", "clippy", "-s", "dev").code == 0
    project.tune_yaml(HEAD + GRID)
    done = swept(project)

    assert done.code == 1
    assert "was withdrawn by Ada" in done.err
    assert project.releases().candidate is None


def test_a_grid_that_has_grown_trains_what_is_new(project: Project, service: TimedService) -> None:
    swept(project)
    project.tune_yaml(HEAD + "sweep: {epochs: [3, 1, 2, 4, 5]}\n")
    done = swept(project)

    assert (done.code, len(service.requests)) == (0, 5)
    assert "; 1 to train now: " in done.out


def test_trouble_and_a_full_account_are_said_in_lines(project: Project, service: TimedService) -> None:
    asked = iter([False, True, False])
    answered = service.job

    def shaky(job_id: str) -> object:
        if next(asked, False):
            raise Unavailable("busy")
        return answered(job_id)

    service.job = shaky  # type: ignore[method-assign, assignment]  # It answers as before.
    done = swept(project)

    assert "the account has no room: 1 to be submitted as runs end" in done.out
    assert "no answer (busy), asking again in 2 s" in done.out


def test_a_sweep_of_the_live_model_is_done_once_its_own_winner_is_live(project: Project, service: TimedService) -> None:
    """Else a scheduled one would train the same data into it again."""
    project.tune_yaml(HEAD)
    release = ("release", "clippy", "-s", "dev", "--override", "tried by hand")
    project.jobs("run", "clippy", "-s", "dev", "--yes")
    project.up()
    assert project.jobs(*release).code == 0
    project.up()
    project.tune_yaml(HEAD + GRID + "continueFrom: live\n")
    assert swept(project).code == 0
    project.up()
    assert project.jobs(*release).code == 0
    project.up()
    submitted = len(service.requests)
    again = swept(project)

    assert (again.code, len(service.requests)) == (0, submitted)
    assert "which is live" in again.out
