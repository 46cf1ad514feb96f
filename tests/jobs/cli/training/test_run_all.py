"""`jobs run --all`: the models of a stack side by side, each recorded as it ends, none in the way of another."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from contract.release import Releases
from jobs.cli.training.notice import Notice
from jobs.errors import NetworkRefused, ServiceRefused, Unavailable
from jobs.ports import Event, Job, JobRequest, JobStatus, StoredFile
from jobs.stacks.stack_file import read_releases
from jobs.tuning.journals.journal import is_journal
from tests.jobs.cli.conftest import TUNE_YAML, Done, Project
from tests.jobs.cli.screen import window
from tests.jobs.doubles import START
from tests.jobs.specimens import BASE, model_mapping, outputs_mapping
from tests.jobs.sweeps import TimedService

MODELS = ("ahoy", "brief", "clippy", "dry")


@dataclass
class Several:
    """The project, with four models in one account that trains three at a time."""

    project: Project
    service: TimedService

    def run(self, *words: str) -> Done:
        return self.project.jobs("run", "--all", "-s", "dev", "--yes", *words)

    def declare(self, accounts: dict[str, str] | None = None, **changes: Any) -> None:
        """Each model, trained in that account; ``changes`` of the environment."""
        trained = {model: (accounts or {}).get(model, "main") for model in MODELS}
        mapping = outputs_mapping(**{model: model_mapping(trainIn=key) for model, key in trained.items()})
        for key in set(trained.values()) - {"main"}:
            main = mapping["accounts"]["main"]
            mapping["accounts"][key] = main | {
                "id": main["id"].replace("contoso-dev", f"contoso-{key}"),
                "name": f"contoso-{key}",
                "endpoint": f"https://contoso-{key}.openai.azure.com/",
            }
        mapping["environment"] |= changes
        (self.project.folder / "outputs" / "dev.json").write_text(json.dumps(mapping))

    def tune_yaml(self, model: str, text: str) -> None:
        (self.project.folder / "models" / model / "tune.yaml").write_text(text)

    def leaves(self, *models: str) -> None:
        """The other ones have no folder."""
        for model in set(MODELS) - set(models):
            shutil.rmtree(self.project.folder / "models" / model)

    @property
    def recorded(self) -> dict[str, str]:
        """The candidates, by model."""
        releases: dict[str, Releases] = read_releases(self.project.stack_file)
        return {model: each.candidate.job_id for model, each in releases.items() if each.candidate is not None}

    @property
    def submitted(self) -> list[str]:
        """Models, in the order in which they were."""
        return [request.suffix.rpartition("-")[0] for request in self.service.requests]

    def ends(self, **how: str) -> None:
        self.service.ends = lambda request: how.get(request.suffix.rpartition("-")[0], "succeeded")


@pytest.fixture
def several(project: Project) -> Several:
    made = Several(project, TimedService())
    project.service = made.service
    folder = project.folder / "models"
    for model in MODELS:
        if model != "clippy":
            shutil.copytree(folder / "clippy", folder / model)
    made.declare()
    return made


def test_all_are_trained_in_order_three_at_a_time_and_each_is_recorded_once(several: Several) -> None:
    done = several.run()

    assert (done.code, done.err) == (0, "")
    assert several.submitted == list(MODELS)
    assert several.service.at_once == 3
    assert several.recorded == dict(zip(MODELS, [job.id for job in several.service.all_jobs], strict=True))
    assert "4 of 4 models to train:" in done.out
    assert "\nahoy: running\n" in done.out
    assert "\nahoy: succeeded\n" in done.out
    assert len([name for name in several.project.kept_runs.blobs if is_journal(name)]) == 4
    # All have the same data.
    assert len(several.service.stored) == 2

    before = several.project.stack_file.read_bytes()
    again = several.project.jobs("run", "--all", "-s", "dev")
    assert (again.code, len(several.service.requests)) == (0, 4)
    assert several.project.stack_file.read_bytes() == before
    assert again.out.count("nothing to do") == 4


def test_the_first_is_recorded_while_others_still_wait(several: Several) -> None:
    seen: list[tuple[int, int]] = []
    several.project.clock.before_sleep = lambda: seen.append((len(several.recorded), len(several.submitted)))
    several.run()

    assert (3, 4) in seen


def test_one_that_fails_or_is_paused_stops_no_other_and_the_worst_decides_the_exit_code(several: Several) -> None:
    several.ends(ahoy="failed", dry="paused")
    done = several.run()

    assert done.code == 3
    assert set(several.recorded) == {"brief", "clippy"}
    assert "jobs: ahoy: stack dev, run ftjob-" in done.err
    assert "harm" in done.err
    assert "2 models were not made of 4: ahoy, dry" in done.err
    assert done.err.rstrip().endswith("Next: jobs run -s dev --all")

    first = several.service.requests[0]
    several.service.ends = lambda request: (
        "failed" if request is first else "paused" if request.suffix.startswith("dry") else "succeeded"
    )
    again = several.run()
    assert again.code == 1
    assert set(several.recorded) == {"ahoy", "brief", "clippy"}
    assert several.submitted == [*MODELS, "ahoy"]


def test_one_that_was_preempted_is_waited_for(several: Several) -> None:
    """And told in the table and the lines; the others are recorded meanwhile."""
    several.service.told = [Event("e1", START, "info", "Job preempted.", {})]
    several.ends(dry="paused")
    done = several.run("--deadline", "5h")

    assert done.code == 3
    assert set(several.recorded) == {"ahoy", "brief", "clippy"}
    assert "dry: paused (preempted: goes on by itself)" in done.out
    assert "the deadline has passed, and 1 of 4 runs has not ended" in done.err


def test_one_that_is_refused_when_it_is_submitted_stops_no_other(several: Several) -> None:
    real = several.service.submit

    def submit(request: JobRequest) -> Job:
        if request.suffix.startswith("brief"):
            raise ServiceRefused("the job was not submitted", details=["not like this"], status=400)
        return real(request)

    several.service.submit = submit  # type: ignore[method-assign]  # As a service that refuses one.
    done = several.run()

    assert done.code == 3
    assert set(several.recorded) == set(MODELS) - {"brief"}
    assert "jobs: brief: stack dev: the job was not submitted" in done.err
    assert "not like this" in done.err


def test_faults_of_all_are_told_together_and_nothing_is_spent(several: Several) -> None:
    several.tune_yaml("ahoy", f"base: {BASE}\ndata: {{train: nowhere.jsonl}}\n")
    several.tune_yaml("dry", "base: nobody\n")
    done = several.run()

    assert (done.code, several.service.calls) == (1, [])
    assert "2 of 4 models cannot be run; nothing was spent" in done.err
    assert "ahoy: " in done.err
    assert "dry: " in done.err


def test_budgets_of_all_are_told_together_too(several: Several) -> None:
    several.declare(prices={f"training/{BASE}/GlobalStandard": 1e6}, runBudget=1.0)
    done = several.run()

    assert (done.code, several.service.calls) == (1, [])
    assert done.err.count("runBudget") >= 4
    assert "4 of 4 models cannot be run; nothing was spent" in done.err


def test_one_question_names_the_sum_and_none_is_asked_where_nobody_can_answer(several: Several) -> None:
    several.declare(prices={f"training/{BASE}/GlobalStandard": 100.0})
    done = several.project.jobs("run", "--all", "-s", "dev")

    assert (done.code, several.service.calls) == (1, [])
    (amount,) = {line.split(": ")[1].split(",")[0] for line in done.out.splitlines() if line.startswith("  clippy")}
    assert amount.startswith("$")
    assert "this spends up to $" in done.err
    assert "Next: jobs run -s dev --all --yes" in done.err


def test_models_without_a_folder_are_left_out_and_said(several: Several) -> None:
    several.leaves("ahoy")
    done = several.run()

    assert (done.code, set(several.recorded)) == (0, {"ahoy"})
    assert "dry: there is no models/dry/tune.yaml: it is left out" in done.out


def test_a_stack_without_any_is_refused(several: Several) -> None:
    several.leaves()

    assert several.run().code == 1


def test_a_model_that_was_put_aside_is_in_the_way_of_no_other(several: Several) -> None:
    several.leaves("ahoy", "brief")
    several.run()
    assert several.project.jobs("withdraw", "ahoy", "-s", "dev").code == 0
    several.tune_yaml("brief", TUNE_YAML + "seed: 7\n")
    done = several.run()

    assert done.code == 0
    assert "ahoy: left out: this run is done" in done.out
    assert several.submitted == ["ahoy", "brief", "brief"]


@pytest.mark.parametrize("sleeps", [2, 9])
def test_interrupted_anywhere_the_same_command_goes_on(several: Several, sleeps: int) -> None:
    left = [sleeps]

    def interrupt() -> None:
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt

    several.project.clock.before_sleep = interrupt
    stopped = several.run("--deadline", "3h")
    assert stopped.code == 130
    assert stopped.err.rstrip().endswith("Next: jobs run -s dev --all --deadline 3h")
    assert several.run().code == 0
    assert several.submitted == list(MODELS)
    assert set(several.recorded) == set(MODELS)


def test_the_deadline_ends_waiting_for_room_too_and_says_how_to_go_on(several: Several) -> None:
    several.service.takes = 3600.0
    done = several.run("--deadline", "30m")

    assert done.code == 3
    assert "4 of 4 runs have not ended" in done.err
    assert "1 of them was not submitted" in done.err
    assert done.err.rstrip().endswith("Next: jobs run -s dev --all --deadline 30m")
    assert several.submitted == list(MODELS[:3])


def test_jobs_of_others_take_room(several: Several) -> None:
    several.service.all_jobs = [
        Job(f"ftjob-{number}", JobStatus.parse("running"), "gpt", START, training_type="standard")
        for number in range(2)
    ]
    done = several.run("--no-wait")

    assert (done.code, several.submitted) == (0, ["ahoy"])
    assert "not submitted yet, for want of room: brief, clippy, dry" in done.out
    assert done.out.rstrip().endswith("Next: jobs run -s dev --all --no-wait")


def test_without_waiting_trouble_is_waited_out_all_the_same(several: Several) -> None:
    """Nothing would be submitted else, and it would look as if all were well."""
    several.leaves("ahoy")
    real, calls = several.service.jobs, [0]

    def jobs() -> Iterator[Job]:
        calls[0] += 1
        # Asked for by the plan before, twice.
        if 2 < calls[0] <= 4:
            raise Unavailable("busy")
        return real()

    several.service.jobs = jobs  # type: ignore[method-assign]  # As a service that has trouble.
    done = several.run("--no-wait")

    assert (done.code, several.submitted) == (0, ["ahoy"])
    assert "no answer (busy)" in done.out


def test_each_account_has_limits_of_its_own(several: Several) -> None:
    other = TimedService(clock=several.service.clock)
    several.project.other_services["contoso-other"] = other
    several.declare({"clippy": "other", "dry": "other"})
    done = several.run("--no-wait")

    assert done.code == 0
    assert several.submitted == ["ahoy", "brief"]
    assert [request.suffix[:3] for request in other.requests] == ["cli", "dry"]


def test_an_account_that_cannot_be_asked_is_in_the_way_of_its_own_models_alone(several: Several) -> None:
    class Shut(TimedService):
        def files(self) -> Iterator[StoredFile]:
            raise NetworkRefused("the account's files cannot be listed", status=403)

    several.project.other_services["contoso-other"] = Shut(clock=several.service.clock)
    several.declare({"ahoy": "other", "dry": "other"})
    done = several.run()

    assert done.code == 3
    assert set(several.recorded) == {"brief", "clippy"}
    assert "jobs: ahoy: stack dev: the account's files cannot be listed" in done.err
    assert "jobs: dry: stack dev: account other could not be asked" in done.err
    assert "2 models were not made of 4: ahoy, dry" in done.err


def test_an_account_that_does_not_answer_for_a_while_is_waited_for(several: Several) -> None:
    several.leaves("ahoy")
    real, troubles = several.service.job, [3]

    def job(job_id: str) -> Job:
        if troubles[0]:
            troubles[0] -= 1
            raise Unavailable("busy")
        return real(job_id)

    several.service.job = job  # type: ignore[method-assign]  # As a service that has trouble.
    done = several.run()

    assert done.code == 0
    assert "no answer (busy), asking again in 2 s" in done.out
    assert set(several.recorded) == {"ahoy"}


def test_each_end_is_told_as_it_comes_and_nothing_of_all(several: Several, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Notice] = []
    monkeypatch.setattr("jobs.cli.training.notice.notify", lambda _, notice: told.append(notice))
    several.leaves("ahoy", "brief")
    several.ends(ahoy="failed")
    several.run("--notify", "true")

    assert sorted((notice.model, notice.outcome) for notice in told) == [("ahoy", "failed"), ("brief", "succeeded")]


def test_at_the_deadline_each_that_has_not_ended_is_told(several: Several, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Notice] = []
    monkeypatch.setattr("jobs.cli.training.notice.notify", lambda _, notice: told.append(notice))
    several.service.takes = 3600.0
    several.run("--deadline", "30m", "--notify", "true")

    assert [(notice.model, notice.outcome, bool(notice.job)) for notice in told] == [
        (model, "deadline", model in MODELS[:3]) for model in MODELS
    ]


def test_on_a_terminal_it_is_one_table(several: Several) -> None:
    """Typed by somebody who is asked nothing."""
    from jobs.cli.app import app

    several.ends(brief="failed")
    with window(100) as terminal, pytest.raises(SystemExit) as ended:
        app(["run", "--all", "-s", "dev", "--yes"], standalone_mode=True)

    assert ended.value.code == 3
    rows = [row.split() for row in terminal.shown.rows]
    table = rows[rows.index(["MODEL", "ACCOUNT", "STATUS", "STEP", "VALIDATION"]) :]
    assert [row[:3] for row in table[1:5]] == [
        [model, "main", "failed" if model == "brief" else "succeeded"] for model in MODELS
    ]
    assert sum(row[:2] == ["MODEL", "ACCOUNT"] for row in rows) == 1


@pytest.mark.parametrize("words", [(), ("clippy", "--all"), ("--all", "--new")])
def test_what_cannot_be_meant(several: Several, words: tuple[str, ...]) -> None:
    assert several.project.jobs("run", "-s", "dev", *words).code == 2
