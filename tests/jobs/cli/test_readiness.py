"""Whether open questions warn or refuse is the environment's to say, and a run never passes over them."""

from __future__ import annotations

import json

import pytest

from contract.evaluation import scorecard_name
from jobs.errors import NetworkRefused
from jobs.evaluation.scorecard import Scorecard
from tests.jobs.cli.conftest import TUNE_YAML, Project
from tests.jobs.specimens import BASE, MEASURED, USE_CASE

RUN = ("run", "clippy", "-s", "dev", "--yes")
HALF = TUNE_YAML.replace(USE_CASE, "useCase:\n  goal: Answers in style\n")


def demand(project: Project, readiness: str) -> None:
    """The stack's outputs, with what its environment makes of open questions."""
    path = project.folder / "outputs" / "dev.json"
    outputs = json.loads(path.read_text())
    outputs["environment"]["readiness"] = readiness
    path.write_text(json.dumps(outputs))


def test_without_a_stack_open_questions_warn(project: Project) -> None:
    project.tune_yaml(HALF)
    done = project.jobs("check", "clippy")

    assert done.code == 0
    assert "models/clippy/tune.yaml:3: warning: useCase.baseline.prompting.tried: " in done.out
    assert "[readiness-baseline]" in done.out


@pytest.mark.parametrize(("readiness", "code"), [("warn", 0), ("require", 1)])
def test_with_a_stack_its_demand_counts(project: Project, readiness: str, code: int) -> None:
    project.tune_yaml(HALF)
    demand(project, readiness)
    done = project.jobs("check", "clippy", "-s", "dev")

    assert done.code == code
    assert ("tune.yaml:3: error: useCase.success.target: " in done.out) == (readiness == "require")


def test_a_run_is_refused_where_the_environment_demands_answers(project: Project) -> None:
    project.tune_yaml(HALF)
    demand(project, "require")
    done = project.jobs(*RUN)

    assert done.code == 1
    assert "[readiness-approval]" in done.out
    assert "jobs check clippy -s dev" in done.err
    assert project.service.calls == []


def test_a_run_goes_on_where_all_is_answered(project: Project) -> None:
    demand(project, "require")
    project.tune_yaml(TUNE_YAML.replace(USE_CASE, MEASURED))
    project.kept_runs.put(scorecard_name("clippy", "e" * 64), baseline_card().model_dump_json().encode())

    assert project.jobs(*RUN).code == 0


@pytest.mark.parametrize(("readiness", "code"), [("warn", 0), ("require", 1)])
@pytest.mark.parametrize("verb", ["check", "plan"])
def test_a_baseline_that_nobody_has_measured_in_the_stack_is_an_open_question(
    project: Project, readiness: str, code: int, verb: str
) -> None:
    demand(project, readiness)
    project.tune_yaml(TUNE_YAML.replace(USE_CASE, MEASURED))
    done = project.jobs(verb, "clippy", "-s", "dev")

    assert done.code == code
    assert "the storage of dev has no scorecard eeeeeeee… of clippy" in done.out
    assert "jobs evaluate clippy --baseline -s dev" in done.out


def test_without_a_stack_it_is_only_seen_that_a_scorecard_is_named(project: Project) -> None:
    assert "useCase.baseline.scorecard: nobody has measured it" in project.jobs("check", "clippy").out

    project.tune_yaml(TUNE_YAML.replace(USE_CASE, MEASURED))

    assert "scorecard" not in project.jobs("check", "clippy").out


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{}", "is no scorecard that this version reads"),
        (None, "is of no baseline"),
    ],
)
def test_what_is_no_scorecard_of_a_baseline_counts_for_nothing(
    project: Project, content: bytes | None, words: str
) -> None:
    demand(project, "require")
    project.tune_yaml(TUNE_YAML.replace(USE_CASE, MEASURED))
    empty = baseline_card().model_copy(update={"contenders": ()}).model_dump_json().encode()
    project.kept_runs.put(scorecard_name("clippy", "e" * 64), content or empty)

    done = project.jobs("check", "clippy", "-s", "dev")

    assert done.code == 1
    assert words in done.out


@pytest.mark.parametrize(("readiness", "code"), [("warn", 0), ("require", 3)])
def test_a_storage_that_lets_nobody_look_ends_only_what_demands_it(
    project: Project, readiness: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From outside a private network nobody sees it; a check goes on from anywhere."""

    def refuse(name: str, *, largest: int = 0) -> bytes | None:
        raise NetworkRefused(f"{name} cannot be read", status=403)

    demand(project, readiness)
    project.tune_yaml(TUNE_YAML.replace(USE_CASE, MEASURED))
    monkeypatch.setattr(project.kept_runs, "get", refuse)

    done = project.jobs("check", "clippy", "-s", "dev")

    assert done.code == code
    assert "could not be looked for" in done.out or "cannot be read" in done.err


def test_a_plan_offline_does_not_look_for_it(project: Project) -> None:
    demand(project, "require")
    project.tune_yaml(TUNE_YAML.replace(USE_CASE, MEASURED))

    assert project.jobs("plan", "clippy", "-s", "dev", "--offline").code == 0


def baseline_card() -> Scorecard:
    return Scorecard.model_validate(
        {
            "model": "clippy",
            "stack": "dev",
            "model_id": None,
            "holdout": "c" * 64,
            "examples": 24,
            "seed": 42,
            "at": "2026-11-20T09:00:00Z",
            "by": "Ada",
            "grader": "exact",
            "contenders": (
                {
                    "name": "prompted",
                    "kind": "baseline",
                    "model_id": BASE,
                    "account": "main",
                    "deployment": "gpt-4.1-mini",
                    "scores": {},
                },
            ),
            "answers": "e" * 64,
        }
    )


def test_a_run_that_is_paid_for_is_recorded_whatever_is_open_by_now(project: Project) -> None:
    project.tune_yaml(HALF)
    assert project.jobs(*RUN, "--no-wait").code == 0
    demand(project, "require")

    assert project.jobs("watch", "clippy", "-s", "dev").code == 0
    assert project.releases().candidate is not None
