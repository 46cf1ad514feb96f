"""A run with a grader, where the service cannot look at it beforehand, and where it has none to look at."""

from __future__ import annotations

import json

import pytest

from tests.jobs.cli.conftest import Project
from tests.jobs.specimens import USE_CASE

RUN = ("run", "clippy", "-s", "dev", "--yes")
TUNE_YAML = """\
base: o4-mini-2025-04-16
method: reinforcement
data: {train: t.jsonl, validation: v.jsonl}
grader: {type: string_check, name: solution, input: "{{sample.output_text}}", reference: "{{item.a}}", operation: eq}
"""


@pytest.fixture
def graded(project: Project) -> Project:
    """The project, whose model is to be reinforced."""
    for name, numbers in (("t", range(60)), ("v", range(100, 120))):
        lines = [json.dumps({"messages": [{"role": "user", "content": f"Puzzle {n}?"}], "a": f"{n}"}) for n in numbers]
        (project.folder / f"models/clippy/{name}.jsonl").write_text("\n".join(lines) + "\n")
    project.tune_yaml(TUNE_YAML + USE_CASE)
    return project


def test_a_service_that_cannot_look_is_passed_over_with_a_line(graded: Project) -> None:
    graded.service.validates = False
    done = graded.jobs(*RUN)

    assert done.code == 0, done.err
    assert "the service has no request that looks at a grader" in done.out
    (request,) = graded.service.requests
    assert request.grader is not None
    assert request.grader.name == "solution"


def test_the_grader_is_looked_at_before_anything_is_sent_and_not_again_for_a_run_that_exists(graded: Project) -> None:
    assert graded.jobs(*RUN).code == 0
    assert graded.jobs(*RUN).code == 0

    assert [call.partition(" ")[0] for call in graded.service.calls] == ["validate", "upload", "upload", "submit"]


def test_an_example_without_what_the_grader_refers_to_is_found_by_the_check(graded: Project) -> None:
    path = graded.folder / "models/clippy/t.jsonl"
    path.write_text(path.read_text().replace('"a": "7"', '"b": "7"'))
    done = graded.jobs("check", "clippy")

    assert done.code == 1
    assert "models/clippy/t.jsonl:8: error: " in done.out
    assert "[grader-reference]" in done.out
