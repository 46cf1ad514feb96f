"""Lines of the holdout that lack what the evaluation's graders refer to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contract.release import Method
from jobs.data.check import check_datasets, check_file
from jobs.data.expected import Expected

CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}


def line(number: int, **more: Any) -> dict[str, Any]:
    asked, said = {"role": "user", "content": f"Number {number}?"}, {"role": "assistant", "content": f"It is {number}."}
    return {"messages": [asked, said]} | more


def found(
    lines: list[dict[str, Any]], folder: Path, *references: str, method: Method = "supervised"
) -> list[tuple[int | None, str]]:
    file = folder / "holdout.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")
    report = check_file(file, Expected("holdout", method, evaluation_references=references))
    return [(each.line, each.message) for each in report.findings if each.rule == "evaluation-reference"]


def test_the_first_line_that_lacks_it_is_named_and_how_many_do(tmp_path: Path) -> None:
    """Plain lines, which are read at a glance, and others."""
    lines = [line(n, slices={"label": "a"}) if n % 3 == 0 else line(n) for n in range(12)]
    words = "a grader refers to item.slices.label, which 8 of 12 lines lack, this one first"

    assert found(lines, tmp_path, "slices.label", "reference", "messages[0].content") == [(2, words)]


def test_the_reference_of_a_preference_pair_is_the_preferred_output(tmp_path: Path) -> None:
    pair = {
        "input": {"messages": [{"role": "user", "content": "Number?"}]},
        "preferred_output": [{"role": "assistant", "content": "One."}],
        "non_preferred_output": [{"role": "assistant", "content": "Two."}],
    }

    assert found([pair], tmp_path, "reference", method="dpo") == []
    assert [number for number, _ in found([pair], tmp_path, "label", method="dpo")] == [1]


def test_a_line_that_ends_with_a_tool_call_has_no_reference(tmp_path: Path) -> None:
    called = line(1)
    called["messages"][-1] = {"role": "assistant", "tool_calls": [CALL]}
    called["tools"] = [{"type": "function", "function": {"name": "f"}}]

    assert [number for number, _ in found([line(0), called], tmp_path, "reference", "expected")] == [2, 2]


@pytest.mark.parametrize("slices", [{"label": "a", "other": "b"}, {"other": "b"}])
def test_nothing_is_asked_of_other_files(slices: dict[str, str], tmp_path: Path) -> None:
    for use in ("training", "holdout"):
        (tmp_path / use).write_text(json.dumps(line(len(use), slices=slices)) + "\n", encoding="utf-8")

    expected = Expected(evaluation_references=("slices.label",))
    report = check_datasets(tmp_path / "training", None, tmp_path / "holdout", expected)

    missing = [each.file for each in report.findings if each.rule == "evaluation-reference"]
    assert missing == ([] if "label" in slices else [str(tmp_path / "holdout")])
