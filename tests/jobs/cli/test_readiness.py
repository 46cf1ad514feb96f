"""Whether open questions warn or refuse is the environment's to say, and a run never passes over them."""

from __future__ import annotations

import json

import pytest

from tests.jobs.cli.conftest import TUNE_YAML, Project
from tests.jobs.specimens import USE_CASE

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

    assert project.jobs(*RUN).code == 0


def test_a_run_that_is_paid_for_is_recorded_whatever_is_open_by_now(project: Project) -> None:
    project.tune_yaml(HALF)
    assert project.jobs(*RUN, "--no-wait").code == 0
    demand(project, "require")

    assert project.jobs("watch", "clippy", "-s", "dev").code == 0
    assert project.releases().candidate is not None
