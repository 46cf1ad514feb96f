"""Few-shot examples of baselines that stand in the holdout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contract.evaluation_spec import EvaluationBaseline
from contract.yaml_lines import lines_of
from jobs.errors import Refused
from jobs.evaluation.held_out import refuse_held_out
from jobs.evaluation.questions import questions_of

YAML = """\
base: gpt-4.1-mini-2025-04-14
evaluation:
  baselines:
    - name: plain
    - name: shown
      examples: shots.jsonl
"""
BASELINES = (EvaluationBaseline(name="plain"), EvaluationBaseline(name="shown", examples="shots.jsonl"))


def line(question: str, answer: str, system: str = "Be brief.") -> str:
    roles = {"system": system, "user": question, "assistant": answer}
    return json.dumps({"messages": [{"role": role, "content": text} for role, text in roles.items()]}) + "\n"


def held_against(folder: Path, shots: str, holdout: str) -> None:
    (folder / "shots.jsonl").write_text(shots)
    (folder / "holdout.jsonl").write_text(holdout)
    at = folder / "holdout.jsonl"
    refuse_held_out(BASELINES, folder, lines_of(YAML), at, questions_of(at))


def test_one_that_the_holdout_asks_is_told_by_the_lines_of_both_files(tmp_path: Path) -> None:
    """Whatever its system message and answer are; blank lines count as in the file."""
    shots = line("1+1?", "2") + "\n" + line("1+2?", "Three.", "Another one.")

    with pytest.raises(Refused) as refused:
        held_against(tmp_path, shots, line("2+2?", "4") + line("1+2?", "3"))

    [found, _] = refused.value.details
    where = f"line 3 of {tmp_path}/shots.jsonl asks what line 2 of {tmp_path}/holdout.jsonl asks"
    assert found == f"line 6: evaluation.baselines[1].examples: {where}"


def test_others_may_be_shown(tmp_path: Path) -> None:
    held_against(tmp_path, line("1+1?", "2"), line("1+1 ?", "2"))
