"""How the baselines are asked, from files beside tune.yaml."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contract.evaluation_spec import EvaluationBaseline
from contract.yaml_lines import lines_of
from jobs.errors import Unreadable
from jobs.evaluation.prompts import prompts_of
from jobs.evaluation.question import Prompt

YAML = """\
base: gpt-4.1-mini-2025-04-14
evaluation:
  baselines:
    - name: long
      systemFile: system.txt
      examples: shots.jsonl
      context: facts.jsonl
"""
LONG = EvaluationBaseline(name="long", system_file="system.txt", examples="shots.jsonl", context="facts.jsonl")


def shot(question: str, answer: str) -> str:
    roles = {"system": "Another one.", "user": question, "assistant": answer}
    return json.dumps({"messages": [{"role": role, "content": text} for role, text in roles.items()]})


def prompts(folder: Path, *baselines: EvaluationBaseline, questions: int | None = None) -> dict[str, Prompt]:
    return prompts_of(baselines, folder, lines_of(YAML), questions=questions)


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        suffix = "txt" if name in ("system", "page") else "jsonl"
        (folder / f"{name}.{suffix}").write_text(text)


def test_a_baseline_that_says_nothing_is_asked_as_the_examples_are(tmp_path: Path) -> None:
    assert prompts(tmp_path, EvaluationBaseline()) == {"prompted": Prompt(None)}


def test_system_message_shots_and_contexts_come_from_files(tmp_path: Path) -> None:
    write(tmp_path, system="Be brief.\n", shots=f"{shot('1+1?', '2')}\n\n{shot('1+2?', '3')}\n", facts='"a"\n"b"\n')

    found = prompts(tmp_path, LONG, questions=2)["long"]

    assert found.system == "Be brief."
    # The baseline's own system message is the only one.
    assert [(each["role"], each["content"]) for each in found.examples] == [
        ("user", "1+1?"),
        ("assistant", "2"),
        ("user", "1+2?"),
        ("assistant", "3"),
    ]
    assert found.contexts == ("a", "b")


def test_a_text_file_is_the_context_of_every_question(tmp_path: Path) -> None:
    write(tmp_path, page="What there is to know.\n")

    found = prompts(tmp_path, EvaluationBaseline(context="page.txt"), questions=7)

    assert found["prompted"].contexts == ("What there is to know.",)


def test_everything_that_is_wrong_is_told_at_once_with_the_line_of_tune_yaml(tmp_path: Path) -> None:
    write(tmp_path, system="", shots=f"{shot('1+1?', '2')}\nno JSON\n", facts='"a"\n["b"]\n')

    with pytest.raises(Unreadable) as refused:
        prompts(tmp_path, LONG)

    details = refused.value.details
    keys = ("systemFile", "examples", "context")
    assert [": ".join(detail.split(": ")[:2]) for detail in details] == [
        f"line {line}: evaluation.baselines[0].{key}" for line, key in enumerate(keys, 5)
    ]
    assert "system.txt is empty" in details[0]
    assert "shots.jsonl" in details[1]
    assert "facts.jsonl" in details[2]


def test_contexts_are_as_many_as_the_questions(tmp_path: Path) -> None:
    write(tmp_path, facts='"a"\n"b"\n')

    with pytest.raises(Unreadable, match="cannot be used") as refused:
        prompts(tmp_path, EvaluationBaseline(context="facts.jsonl"), questions=3)

    assert "facts.jsonl has 2 texts, and the holdout 3 lines" in refused.value.details[0]


@pytest.mark.parametrize("named", ["missing.txt", "../elsewhere.txt", "/etc/hostname"])
def test_a_file_lies_beside_tune_yaml(tmp_path: Path, named: str) -> None:
    with pytest.raises(Unreadable, match="cannot be used"):
        prompts(tmp_path, EvaluationBaseline(system_file=named))


def test_bytes_that_are_no_text_are_a_fault(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes(b"caf\xe9")

    with pytest.raises(Unreadable) as refused:
        prompts(tmp_path, EvaluationBaseline(system_file="page.txt"))

    assert "page.txt is not UTF-8 at byte 3" in refused.value.details[0]
