"""Graders of an evaluation as tune.yaml has them: what is taken, and what is said of the rest."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest

from contract.evaluation_graders import EvaluationGrader, judges, references
from contract.faults import Faults
from contract.tune_spec import TuneSpec
from tests.contract.test_graders import MATCH, MEDMCQ, QUALITY, SIMILARITY, multi

HEAD = "base: b\ndata: {train: t.jsonl}\nevaluation:\n  graders:\n"
JUDGE = {"type": "judge", "name": "tone", "deployment": "gpt-4.1", "rubric": "1 where it is dry, else 0."}


def parsed(*graders: object) -> tuple[EvaluationGrader, ...]:
    """JSON is YAML too. Each stands on a line of its own, the first on line 5."""
    text = HEAD + "".join(f"    - {json.dumps(grader)}\n" for grader in graders)
    evaluation = TuneSpec.parse(text, "tune.yaml").evaluation
    assert evaluation is not None
    return evaluation.graders


def faults(*graders: object) -> list[str]:
    with pytest.raises(Faults) as refused:
        parsed(*graders)
    return [str(fault) for fault in refused.value.faults]


@pytest.mark.parametrize(
    "grader", [MEDMCQ, SIMILARITY, QUALITY, MATCH, multi("(similarity + label) / 2")], ids=lambda grader: grader["type"]
)
def test_azures_documented_graders_are_taken_as_they_are_with_a_threshold_besides(grader: dict[str, Any]) -> None:
    [found] = parsed(grader)
    [strict] = parsed(grader | {"pass_threshold": 0.9})

    assert (found.type, found.name, found.pass_threshold) == (grader["type"], grader["name"], 0.5)
    assert strict.pass_threshold == 0.9


def test_all_graders_need_no_more_than_a_name_but_for_what_they_cannot_guess() -> None:
    branches = get_args(get_args(EvaluationGrader)[0])
    shapes = [get_args(branch)[0] for branch in branches]
    asked = {
        shape.__name__: sorted(name for name, field in shape.model_fields.items() if field.is_required())
        for shape in shapes
    }

    assert {name: keys for name, keys in asked.items() if keys != ["name", "type"]} == {
        "Regex": ["name", "pattern", "type"],
        "Judge": ["deployment", "name", "rubric", "type"],
        "Callable": ["function", "name", "type"],
        "StringCheck": ["input", "name", "operation", "reference", "type"],
        "ScoreModel": ["input", "model", "name", "type"],
        "Python": ["name", "source", "type"],
        "Multi": ["calculate_output", "graders", "name", "type"],
    }
    assert all(shape.model_fields["pass_threshold"].annotation is float for shape in shapes)


def test_a_fault_stands_at_its_line_and_key_and_all_are_told_at_once() -> None:
    assert faults(
        {"type": "exact_match", "name": "a", "passTreshold": 1},
        {"type": "number", "name": "b", "take": "middle", "tolerance": -1},
        {"type": "regex", "name": "c"},
    ) == [
        "line 5: evaluation.graders[0].passTreshold: unknown key; did you mean 'passThreshold'?",
        "line 6: evaluation.graders[1].take: 'middle' is not one of 'last' or 'first'",
        "line 6: evaluation.graders[1].tolerance: -1 is too little: at least 0",
        "line 7: evaluation.graders[2].pattern: is missing",
    ]


@pytest.mark.parametrize(
    ("grader", "key", "words"),
    [
        ({"type": "exact"}, "", "its `type` is none of exact_match, normalized_match"),
        ("exact_match", "", "its `type` is none of"),
        ({"type": "regex", "pattern": "(a"}, ".pattern", "is no regular expression: missing )"),
        ({"type": "regex", "pattern": "a" * 1001}, ".pattern", "at most 1000"),
        ({"type": "classification", "pattern": "[", "labels": ["a", "b"]}, ".pattern", "is no regular expression"),
        ({"type": "classification", "pattern": "a", "key": "b"}, "", "pattern and key: one of the two"),
        ({"type": "classification", "labels": ["a", "A"]}, "", "'A' stands there twice"),
        ({"type": "contains", "values": []}, ".values", "is empty"),
        ({"type": "exact_match", "reference": "{{ answer }}"}, ".reference", "refers to nothing"),
        ({"type": "json_schema", "schema": {"type": "object"}, "schemaFile": "s"}, "", "one of the two"),
        ({"type": "json_schema", "schemaFile": "../s.json"}, ".schemaFile", "below the model's folder"),
        ({"type": "json_schema", "schemaFile": "/s.json"}, ".schemaFile", "below the model's folder"),
        ({"type": "text_similarity", "evaluationMetric": "cosine"}, ".evaluationMetric", "embeds texts"),
        ({"type": "text_similarity", "evaluationMetric": "meteor"}, ".evaluationMetric", "thesaurus"),
        ({"type": "text_similarity", "evaluationMetric": "rouge"}, ".evaluationMetric", "'rouge_l'"),
        (JUDGE | {"scale": [5, 1]}, ".scale", "the lower bound first"),
        (JUDGE | {"rubric": ""}, ".rubric", "is empty"),
        ({"type": "callable", "function": "graders.tone"}, ".function", "is no module:function"),
        ({"type": "callable", "function": "../graders:tone"}, ".function", "is no module:function"),
        (MATCH | {"imageTag": "alpha"}, ".imageTag", "Azure's image is not here"),
        (QUALITY | {"sampling_params": {"top_p": 0.5}}, ".sampling_params", "topP is not sent"),
        (multi("a", a=SIMILARITY | {"evaluation_metric": "meteor"}), ".graders", "a: meteor needs a thesaurus"),
        (multi("a", a={"type": "exact_match", "name": "a"}), ".graders.a", "its `type` is none of string_check"),
        (multi("min()"), "", "min() is of nothing"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(grader: Any, key: str, words: str) -> None:
    named = {"name": "g"} | grader if isinstance(grader, dict) else grader

    [fault] = faults(named)

    assert fault.startswith(f"line 5: evaluation.graders[0]{key}: ")
    assert words in fault


def test_the_deployments_that_graders_ask_are_known_beforehand() -> None:
    asked = multi("a + b + c", a=QUALITY, b=QUALITY | {"model": "o3"}, c=MEDMCQ)

    assert [judges(each) for each in parsed(JUDGE, QUALITY | {"name": "q"}, asked, MEDMCQ)] == [
        ("gpt-4.1",),
        ("gpt-4o-2024-08-06",),
        ("gpt-4o-2024-08-06", "o3"),
        (),
    ]


def test_references_are_what_a_grader_asks_of_an_example() -> None:
    graders = parsed(
        {"type": "exact_match", "name": "a"},
        {"type": "contains", "name": "b", "values": ["{{ item.word }}", "x"]},
        {"type": "json_schema", "name": "c"},
        {"type": "json_schema", "name": "d", "equal": ["a"], "reference": "{{ item.truth.json }}"},
        JUDGE | {"rubric": "In {{ item.slices.language }}?"},
        {"type": "tool_call", "name": "f"},
        MEDMCQ,
    )

    assert [references(each) for each in graders] == [
        ("reference",),
        ("word",),
        (),
        ("truth.json",),
        ("slices.language",),
        (),
        ("reference_answer",),
    ]
