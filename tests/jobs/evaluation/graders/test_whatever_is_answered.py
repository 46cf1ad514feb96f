"""No answer is too odd to be graded."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.evaluation_graders import EvaluationGrader
from jobs.evaluation.grading import graded, right
from tests.jobs.evaluation.graders.asked import Judged, answer, grader, question

RECURSIVE: dict[str, Any] = {
    "$ref": "#/$defs/n",
    "$defs": {"n": {"anyOf": [{"items": {"$ref": "#/$defs/n"}}, {"pattern": "(a+)+$"}]}},
}
BOTH = {"input": "{{ sample.output_text }}", "reference": "{{ item.reference }}"}
GRADERS: list[EvaluationGrader] = [
    grader("exact_match"),
    grader("normalized_match"),
    grader("contains"),
    grader("contains", values=["a", "{{ sample.output_json.a }}"], match="any"),
    grader("regex", pattern=r"(\w+)\s+\1"),
    grader("classification"),
    grader("classification", key="a[0]", labels=["x", "y"]),
    grader("classification", pattern=r"(\w+)$"),
    grader("number", relativeTolerance=0.5),
    grader("number", marker="#", decimal=","),
    grader("json_schema", schema=RECURSIVE, equal=["a"]),
    grader("tool_call"),
    grader("tool_call", arguments="subset", order="same"),
    *(
        grader("text_similarity", evaluationMetric=metric)
        for metric in ("edit_distance", "fuzzy_match", "bleu", "gleu", "rouge_2", "rouge_l")
    ),
    grader("judge", deployment="gpt", rubric="Any."),
    grader("score_model", model="gpt", input=[{"role": "user", "content": "{{ sample.output_text }}"}], range=[-1, 1]),
    grader(
        "multi",
        graders={
            "a": {"type": "text_similarity", "name": "a", "evaluation_metric": "rouge_1"} | BOTH,
            "b": {"type": "string_check", "name": "b", "operation": "like"} | BOTH,
        },
        calculate_output="exp(1000 * a) / b ^ log(a)",
    ),
    grader(
        "string_check", input="{{ sample.output_json.a }}", reference="{{ sample.output_tools[0] }}", operation="ilike"
    ),
]
IDS = [f"{index}-{each.type}" for index, each in enumerate(GRADERS)]

SURROGATES = st.text(st.characters(), max_size=30)
ODD = st.sampled_from(
    [
        *("NaN", "-Infinity", "1e999", '{"a": NaN}', "\ud800", "\x00", "#1e999", "#-", "9" * 5000, "1," * 2000),
        *("[" * 3000 + "]" * 3000, '{"a":' * 3000, "[" * 800 + "]" * 800, '{"a": [' * 400 + "]}" * 400),
        *("a" * 3000 + "!", "ﬃ" * 2000, "́" * 2000, "{{ item.reference }}", "'" * 1000, "a\n" * 2000),
    ]
)
TEXTS = SURROGATES | ODD
CALLS = st.lists(st.tuples(st.sampled_from(["f", "g", "\ud800"]), TEXTS), max_size=3)


@pytest.mark.parametrize("which", GRADERS, ids=IDS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(said=TEXTS | st.none(), expected=TEXTS | st.none(), calls=CALLS, verdict=TEXTS)
def test_every_answer_has_a_finite_score(
    which: EvaluationGrader, said: str | None, expected: str | None, calls: list[tuple[str, str]], verdict: str
) -> None:
    given_answer = answer(said, calls=calls)

    found = graded(which, question(expected, calls=calls), given_answer, Judged([verdict, verdict]))

    assert math.isfinite(found.score)
    assert isinstance(right(which, found, given_answer), bool)


@pytest.mark.parametrize("kind", ["exact_match", "normalized_match", "contains"])
@settings(max_examples=30)
@given(expected=SURROGATES)
def test_the_expected_answer_is_right(kind: str, expected: str) -> None:
    assert graded(grader(kind), question(expected), answer(expected)).score == 1


@settings(max_examples=30)
@given(calls=CALLS)
def test_the_expected_calls_are_right(calls: list[tuple[str, str]]) -> None:
    for keys in ({}, {"order": "same"}, {"arguments": "subset"}, {"arguments": "ignored"}):
        assert graded(grader("tool_call", **keys), question(calls=calls), answer(None, calls=calls[::1])).score == 1


@settings(max_examples=30)
@given(number=st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_a_number_is_the_same_with_and_without_separators(number: Any) -> None:
    assert graded(grader("number"), question(f"{number}"), answer(f"So it is {number:,}.")).score == 1
