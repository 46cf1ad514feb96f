"""What is said of a tune.yaml whose shape is sound."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from contract.tune_spec import TuneSpec
from contract.yaml_lines import lines_of
from jobs.data.findings import Finding
from jobs.readiness.specification import Demand, findings

FILE = Path("models/m/tune.yaml")
HEAD = "base: o4-mini-2025-04-16\nmethod: reinforcement\ndata: {train: t.jsonl, validation: v.jsonl}\n"
USE_CASE = """\
useCase:
  goal: tbd
  kind: style
  data:
    origin: ours
    approvedBy: us
    approvedOn: 2026-11-21
  success: {measure: a, target: b}
"""


def found(text: str, demand: Demand = "warn") -> tuple[Finding, ...]:
    return findings(TuneSpec.parse(text, "tune.yaml"), lines_of(text), FILE, demand)


def test_open_questions_have_the_line_of_the_key_or_of_the_nearest_above_it() -> None:
    text = "base: b\ndata: {train: t.jsonl}\n" + USE_CASE

    assert [(each.rule, each.severity, each.file, each.line) for each in found(text)] == [
        ("readiness-baseline", "warning", str(FILE), 3),
        ("readiness-baseline", "warning", str(FILE), 3),
        ("readiness-goal", "warning", str(FILE), 4),
    ]


def test_where_the_environment_demands_answers_open_questions_are_errors() -> None:
    assert {each.severity for each in found("base: b\ndata: {train: t.jsonl}\n" + USE_CASE, "require")} == {"error"}


def test_the_examples_own_tune_yaml_leaves_nothing_open_but_what_a_stack_has_to_measure() -> None:
    """It is what people copy."""
    file = Path("models/clippy/tune.yaml")
    text = file.read_text(encoding="utf-8")

    said = findings(TuneSpec.parse(text, "tune.yaml"), lines_of(text), file, "require")

    assert [each for each in said if "useCase.baseline.scorecard" not in each.message] == []


def test_a_scorecard_that_is_not_there_is_an_open_question_on_its_line() -> None:
    text = Path("models/clippy/tune.yaml").read_text(encoding="utf-8")
    spec, lines = TuneSpec.parse(text, "tune.yaml"), lines_of(text)

    [said] = [
        each for each in findings(spec, lines, FILE, "require", "there is none") if "there is none" in each.message
    ]

    assert (said.rule, said.severity, said.line) == (
        "readiness-baseline",
        "error",
        lines.of("useCase.baseline.scorecard"),
    )


def graded(**grader: Any) -> list[tuple[str, str]]:
    """Rule and severity of what is said of a grader, where the environment demands all answers."""
    import io

    stream = io.StringIO()
    YAML(typ="safe", pure=True).dump({"grader": {"name": "g"} | grader}, stream)
    said = found(HEAD + stream.getvalue(), "require")
    return [(each.rule, each.severity) for each in said if each.rule.startswith("grader")]


LABEL = {
    "type": "string_check",
    "input": "{{ sample.output_text }}",
    "reference": "{{ item.label }}",
    "operation": "eq",
}
SOURCE = "def grade(sample, item):\n    return 1.0 if sample['output_text'] != '\\d' else 0\n"
"""With an escape that Python will take no more one day, of which it warns."""


@pytest.mark.parametrize(
    "grader", [LABEL, {"type": "python", "source": SOURCE}], ids=lambda grader: str(grader["type"])
)
def test_a_sound_grader_has_nothing_said_of_it(grader: dict[str, Any]) -> None:
    assert graded(**grader) == []


@pytest.mark.parametrize(
    ("rule", "grader"),
    [
        ("grader-blind", LABEL | {"input": "{{ item.answer }}"}),
        ("grader-blind", LABEL | {"input": "{{ sample.output_json.label }}"}),
        (
            "grader-model",
            {
                "type": "score_model",
                "model": "gpt-9",
                "input": [{"role": "user", "content": "Score {{ sample.output_text }} from 0 to 1."}],
            },
        ),
        (
            "grader-unused",
            {
                "type": "multi",
                "graders": {"a": LABEL | {"name": "a"}, "b": LABEL | {"name": "b"}},
                "calculateOutput": "a",
            },
        ),
        ("grader-source", {"type": "python", "source": "def grade(sample item): 1"}),
        ("grader-source", {"type": "python", "source": "def grades(sample, item): grade = 1"}),
        ("grader-source", {"type": "python", "source": "def grade(sample): return 1"}),
    ],
)
def test_what_looks_wrong_with_a_grader_is_a_warning_whatever_is_demanded(rule: str, grader: dict[str, Any]) -> None:
    """The service decides: it may know more models, and another Python."""
    assert graded(**grader) == [(rule, "warning")]
