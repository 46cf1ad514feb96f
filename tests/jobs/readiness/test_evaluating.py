"""What looks wrong with an evaluation before anybody is asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contract.tune_spec import TuneSpec
from contract.yaml_lines import lines_of
from jobs.readiness.specification import findings

HEAD = "base: b\ndata: {train: t.jsonl}\nevaluation:\n"
EQUAL = {
    "type": "string_check",
    "name": "a",
    "input": "{{ sample.output_text }}",
    "reference": "x",
    "operation": "eq",
}


def found(text: str, folder: Path) -> list[tuple[str, str, int | None, str]]:
    """Rule, severity, line and words of what is said of the evaluation."""
    said = findings(TuneSpec.parse(text, "tune.yaml"), lines_of(text), folder / "tune.yaml")
    return [
        (each.rule, each.severity, each.line, each.message.replace(str(folder), "m"))
        for each in said
        if not each.rule.startswith("readiness")
    ]


def said(grader: dict[str, Any], folder: Path) -> list[tuple[str, str]]:
    """Of one grader: rule and words."""
    text = f"{HEAD}  graders: [{json.dumps({'name': 'g'} | grader)}]\n"
    return [(rule, words.partition(": ")[2]) for rule, _, _, words in found(text, folder)]


def test_files_that_are_not_there_are_warned_of_with_line_and_key(tmp_path: Path) -> None:
    text = f"""{HEAD}  baselines:
    - name: shown
      systemFile: system.txt
      examples: shots.jsonl
  graders:
    - type: json_schema
      name: form
      schemaFile: form.json
    - type: callable
      name: own
      function: own_graders:tone
"""
    (tmp_path / "shots.jsonl").write_text("", encoding="utf-8")

    assert found(text, tmp_path) == [
        ("evaluation-file", "warning", 6, "evaluation.baselines[0].systemFile: there is no m/system.txt"),
        (
            "evaluation-file",
            "warning",
            11,
            "evaluation.graders[0].schemaFile: m/form.json cannot be read: No such file or directory",
        ),
        (
            "evaluation-file",
            "warning",
            14,
            "evaluation.graders[1].function: there is no own_graders.py in m, nor is own_graders installed",
        ),
    ]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def tone(question, answer): return 1", None),
        ("from math import floor as tone", None),
        ("try:\n    tone = len\nexcept KeyError:\n    pass", None),
        ("raise SystemExit  # never run\ndef tone(question, answer): return 1", None),
        ("def tones(question, answer): return 1", "m/own.py defines no tone"),
        ("def tone(:", "m/own.py cannot be read as Python in line 1"),
    ],
)
def test_a_callable_is_looked_for_and_not_run(source: str, words: str | None, tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(source, encoding="utf-8")

    expected = [] if words is None else [("evaluation-file", words)]
    assert said({"type": "callable", "function": "own:tone"}, tmp_path) == expected


@pytest.mark.parametrize("content", ["[]", "{", '{"type": 7}'])
def test_a_schema_that_is_none_is_warned_of_in_a_file_and_in_line(content: str, tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(content, encoding="utf-8")

    assert [rule for rule, _ in said({"type": "json_schema", "schemaFile": "s.json"}, tmp_path)] == ["evaluation-file"]
    assert [rule for rule, _ in said({"type": "json_schema", "schema": {"type": 7}}, tmp_path)] == ["evaluation-file"]


@pytest.mark.parametrize(
    ("rule", "grader"),
    [
        ("grader-blind", {"type": "exact_match", "input": "{{ item.answer }}"}),
        ("grader-blind", EQUAL | {"input": "x"}),
        ("grader-source", {"type": "python", "source": "def grade(sample item): 1"}),
        (
            "grader-source",
            {"type": "multi", "graders": {"p": {"type": "python", "name": "p", "source": "grade ="}}}
            | {"calculateOutput": "p"},
        ),
        ("grader-unused", {"type": "multi", "graders": {"a": EQUAL, "b": EQUAL}, "calculateOutput": "a"}),
    ],
)
def test_a_grader_that_measures_nothing_is_warned_of(rule: str, grader: dict[str, Any], tmp_path: Path) -> None:
    assert [each for each, _ in said(grader, tmp_path)] == [rule]


@pytest.mark.parametrize(
    "grader",
    [
        {"type": "exact_match"},
        {"type": "tool_call"},
        {"type": "judge", "deployment": "gpt", "rubric": "Any."},
        {"type": "json_schema", "schema": {"type": "object"}},
        {"type": "callable", "function": "json:dumps"},
        EQUAL,
    ],
)
def test_a_sound_grader_has_nothing_said_of_it(grader: dict[str, Any], tmp_path: Path) -> None:
    assert said(grader, tmp_path) == []
