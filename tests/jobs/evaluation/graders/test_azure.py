"""Azure's own graders: the same numbers as the local Azure gives in training."""

from __future__ import annotations

from typing import Any

import pytest

from jobs.errors import Unavailable
from simulator.openai.graders import scores
from tests.jobs.evaluation.graders.asked import Judged, given, grader

EQUAL = {
    "type": "string_check",
    "name": "label",
    "input": "{{ sample.output_text }}",
    "reference": "{{ item.label }}",
    "operation": "eq",
}
ALIKE = {
    "type": "text_similarity",
    "name": "text",
    "input": "{{ sample.output_json.text }}",
    "reference": "{{ item.text }}",
    "evaluation_metric": "fuzzy_match",
}
ITEM = {"label": "Yes", "text": "one two"}
ANSWERS = ["Yes", "yes", "Well, Yes.", "", '{"text": "one too"}', '{"text": null}', "no"]


def multi(formula: str) -> dict[str, Any]:
    return {"type": "multi", "name": "g", "graders": {"label": EQUAL, "text": ALIKE}, "calculate_output": formula}


@pytest.mark.parametrize(
    "azure",
    [
        *(EQUAL | {"operation": operation} for operation in ("eq", "ne", "like", "ilike")),
        ALIKE,
        *map(multi, ["(label + text) / 2", "max(label, text) - min(label, 0.5) ^ 2", "-2 ^ 2 * text", "2 ^ 3 ^ 2"]),
        *map(multi, ["1 / label", "log(text)", "sqrt(label - 1)", "exp(1000)", "(0 - 8) ^ 0.5 + label", "9 ^ 9 ^ 9"]),
    ],
    ids=lambda azure: str(azure.get("operation") or azure.get("calculate_output") or azure["type"]),
)
def test_an_answer_gets_what_the_local_azure_gives_it(azure: dict[str, Any]) -> None:
    ours = grader(azure["type"], **{key: value for key, value in azure.items() if key != "type"})

    for answer in ANSWERS:
        theirs = scores.graded(azure, answer, ITEM).reward
        assert given(ours, answer, item=ITEM).score == pytest.approx(theirs), answer


def test_what_cannot_be_computed_is_said() -> None:
    ours = grader("multi", **{key: value for key, value in multi("1 / label").items() if key != "type"})

    assert given(ours, "no", item=ITEM).said == "calculateOutput cannot be computed (float division by zero)"


def test_a_part_that_was_not_judged_leaves_the_whole_not_judged() -> None:
    judge = {"type": "score_model", "name": "j", "model": "gpt", "input": [{"role": "user", "content": "Score it."}]}
    both = grader("multi", graders={"label": EQUAL, "judge": judge}, calculate_output="label + judge")

    assert given(both, "Yes", item=ITEM, judging=Judged(["0.25"])).score == 1.25
    assert not given(both, "Yes", item=ITEM, judging=Judged(["?", "?"])).judged


def test_all_judges_of_a_multi_grader_are_asked_before_the_trouble_of_one_is_raised() -> None:
    """Who asks them later notes them all at once."""

    class Noting(Judged):
        def ask(self, deployment: str, *_: Any, **__: Any) -> str:
            self.asked.append((deployment, []))
            raise Unavailable("not asked yet")

    judge = {"type": "score_model", "name": "j", "input": [{"role": "user", "content": "Score it."}]}
    both = grader(
        "multi", graders={"a": judge | {"model": "one"}, "b": judge | {"model": "two"}}, calculate_output="a + b"
    )
    noting = Noting([])

    with pytest.raises(Unavailable):
        given(both, "Yes", judging=noting)
    assert [deployment for deployment, _ in noting.asked] == ["one", "two"]


def source(body: str) -> str:
    return f"import math\n\ndef grade(sample, item):\n    {body}\n"


@pytest.mark.parametrize(
    ("body", "score", "said"),
    [
        ('return float(sample["output_json"]["n"] == item["n"])', 1, None),
        ('print("looking"); return item["n"] / 2 + len(sample["choices"])', 2.5, None),
        ("return math.nan", 0, "grade gave no number"),
        ('return item["nothing"]', 0, "grade failed in line 4 of its source: KeyError"),
        ("import os; os._exit(3)", 0, "grade ended its process (exit code 3)"),
        ("import os; return len(set(os.environ) - {'LC_CTYPE', 'TMPDIR', 'TEMP', 'TMP'})", 0, None),
    ],
)
def test_a_python_grader_runs_in_a_process_of_its_own(body: str, score: float, said: str | None) -> None:
    """`grade(sample, item)`; what fails is a grade of 0 (azure-ai-docs, reinforcement-fine-tuning.md, 2025)."""
    found = given(grader("python", source=source(body)), '{"n": 3}', item={"n": 3})

    assert (found.score, found.said) == (score, said)


def test_a_python_grader_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.evaluation.graders.sources._SECONDS", 0.1)

    found = given(grader("python", source=source("while True: pass")), "x")

    assert (found.score, found.said) == (0, "grade did not end within 0.1 s")
