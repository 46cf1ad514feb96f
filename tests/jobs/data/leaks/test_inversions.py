"""Contradictions: the same prompt with another answer, whatever the format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contract.release import Method
from jobs.data.check import check_file
from jobs.data.expected import Expected


def pair(prompt: str, better: str, worse: str) -> dict[str, Any]:
    return {
        "input": {"messages": [{"role": "user", "content": prompt}]},
        "preferred_output": [{"role": "assistant", "content": better}],
        "non_preferred_output": [{"role": "assistant", "content": worse}],
    }


def question(prompt: str, label: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": prompt}], "label": label}


def contradictions(tmp_path: Path, method: Method, *examples: dict[str, Any]) -> list[tuple[int | None, str]]:
    path = tmp_path / "x.jsonl"
    path.write_text("".join(json.dumps(example) + "\n" for example in examples), encoding="utf-8")
    found = check_file(path, Expected(method=method)).findings
    return [(finding.line, finding.message) for finding in found if finding.rule == "repeat-contradiction"]


def test_a_pair_that_prefers_what_another_does_not_contradicts_it(tmp_path: Path) -> None:
    found = contradictions(tmp_path, "dpo", pair("Why?", "A", "B"), pair("When?", "A", "B"), pair("why?", "b", "A "))

    assert found == [(3, "prefers what the pair of line 1 does not")]


@pytest.mark.parametrize(
    "other", [pair("Why?", "A", "C"), pair("Why?", "C", "B"), pair("Why?", "A", "B"), pair("Why?", "A", "A")]
)
def test_other_pairs_for_the_same_prompt_contradict_nothing(tmp_path: Path, other: dict[str, Any]) -> None:
    assert contradictions(tmp_path, "dpo", pair("Why?", "A", "B"), other) == []


def test_a_pair_without_outputs_is_not_compared(tmp_path: Path) -> None:
    assert contradictions(tmp_path, "dpo", pair("Why?", "A", "B"), {"input": 1, "preferred_output": None}) == []


def test_another_reference_for_the_same_question_is_a_contradiction(tmp_path: Path) -> None:
    found = contradictions(
        tmp_path, "reinforcement", question("Why?", "a"), question("Why?", "b"), question("Why?", "a")
    )

    assert found == [(2, "has the prompt of line 1, and tells the grader something else")]
