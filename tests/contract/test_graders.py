"""Graders: what tune.yaml may say of them, and what is sent. Examples are those of azure-ai-docs (2026-10)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contract.faults import Faults
from contract.graders import AnyGrader, references, sample_references, wire
from contract.tune_spec import TuneSpec

MEDMCQ: dict[str, Any] = {
    "name": "medmcqa_ans_grader",
    "type": "string_check",
    "input": "{{item.reference_answer}}",
    "reference": "{{sample.output_text}}",
    "operation": "eq",
}
SIMILARITY: dict[str, Any] = {
    "name": "extracted_text_similarity",
    "type": "text_similarity",
    "input": "{{sample.output_json.extracted_text}}",
    "reference": "{{item.extracted_text}}",
    "evaluation_metric": "fuzzy_match",
}
QUALITY: dict[str, Any] = {
    "name": "answer_quality",
    "type": "score_model",
    "model": "gpt-4o-2024-08-06",
    "input": [
        {"role": "system", "content": "Score 1 for a match, 0.5 for a partial match, or 0."},
        {"role": "user", "content": "Reference: {{item.reference_answer}}"},
        {"role": "user", "content": {"type": "input_text", "text": "Response: {{ sample.output_text }}"}},
    ],
    "range": [0.0, 1.0],
    "sampling_params": {"seed": 42, "max_completions_tokens": 100},
}
MATCH: dict[str, Any] = {
    "name": "answer_match",
    "type": "python",
    "source": 'def grade(sample, item):\n    return float(sample["output_text"] == item["reference_answer"])\n',
}


def multi(formula: str, **graders: Any) -> dict[str, Any]:
    return {
        "name": "both",
        "type": "multi",
        "graders": graders or {"similarity": SIMILARITY, "label": MEDMCQ},
        "calculate_output": formula,
    }


def tune_yaml(grader: object) -> str:
    """JSON is YAML too. The grader stands in line 4."""
    head = "base: o4-mini-2025-04-16\nmethod: reinforcement\ndata: {train: t.jsonl, validation: v.jsonl}\n"
    return f"{head}grader: {json.dumps(grader)}\n"


def parsed(grader: object) -> AnyGrader:
    found = TuneSpec.parse(tune_yaml(grader), "tune.yaml").grader
    assert found is not None
    return found


def faults(grader: object) -> list[str]:
    with pytest.raises(Faults) as refused:
        parsed(grader)
    return [str(fault) for fault in refused.value.faults]


@pytest.mark.parametrize(
    "grader", [MEDMCQ, SIMILARITY, QUALITY, MATCH, multi("(similarity + label) / 2")], ids=lambda grader: grader["type"]
)
def test_every_documented_grader_is_sent_as_the_documentation_has_it(grader: dict[str, Any]) -> None:
    assert wire(parsed(grader)) == grader


def test_a_grader_is_written_in_camel_case_as_the_rest_of_the_file() -> None:
    written = {key: value for key, value in SIMILARITY.items() if key != "evaluation_metric"}

    assert wire(parsed(written | {"evaluationMetric": "fuzzy_match"})) == SIMILARITY


def test_references_are_the_paths_below_an_example() -> None:
    grader = parsed(multi("similarity * label * quality", similarity=SIMILARITY, label=MEDMCQ, quality=QUALITY))

    assert references(grader) == ("extracted_text", "reference_answer")
    assert sample_references(grader) == ("output_json.extracted_text", "output_text")
    assert references(parsed(MEDMCQ | {"reference": "{{  item.ground_truth.date  }} {{sample.output_text}}"})) == (
        "ground_truth.date",
        "reference_answer",
    )
    assert references(parsed(MATCH)) == ()


@pytest.mark.parametrize("value", ["2026-01-02", ".nan", "!!set {a}", "!!binary aGVsbG8=", r'"\ud800"'])
def test_a_response_format_that_json_cannot_hold_is_refused(value: str) -> None:
    form = f"responseFormat: {{type: json_schema, jsonSchema: {{name: n, schema: {{default: {value}}}}}}}\n"

    with pytest.raises(Faults) as refused:
        TuneSpec.parse(tune_yaml(MEDMCQ) + form, "tune.yaml")
    [fault] = refused.value.faults
    assert fault.key == "line 5: responseFormat.jsonSchema.schema"
    assert "JSON" in fault.message


@pytest.mark.parametrize(
    ("grader", "key", "words"),
    [
        (MEDMCQ | {"operation": "equals"}, "line 4: grader.operation", "'ilike'"),
        (MEDMCQ | {"colour": 1}, "line 4: grader.colour", "unknown key"),
        (MEDMCQ | {"reference": "{{ answer }}"}, "line 4: grader.reference", "item.…"),
        (MEDMCQ | {"reference": "{{ item }}"}, "line 4: grader.reference", "item.…"),
        (SIMILARITY | {"evaluation_metric": "cosine"}, "line 4: grader.evaluation_metric", "'fuzzy_match'"),
        (QUALITY | {"range": [1, 0]}, "line 4: grader.range", "the lower bound first"),
        (QUALITY | {"input": []}, "line 4: grader.input", "empty"),
        (QUALITY | {"sampling_params": {"top_p": 2}}, "line 4: grader.sampling_params.top_p", "at most 1"),
        (MATCH | {"source": "def score(): pass"}, "line 4: grader.source", "grade(sample, item)"),
        (MATCH | {"source": "#" * (256 * 1024) + "grade"}, "line 4: grader.source", "256 KB"),
        ({"type": "label_model", "name": "x"}, "line 4: grader", "string_check, text_similarity, score_model"),
        ({"name": "x"}, "line 4: grader", "`type` is none of"),
        ("exact", "line 4: grader", "`type` is none of"),
        (multi("similarity + lable"), "line 4: grader", "lable is no grader here (there are label, similarity)"),
        (multi("sin(label)"), "line 4: grader", "sin is no function here"),
        (multi("label +"), "line 4: grader", "is no formula"),
        (multi("label.real"), "line 4: grader", "label.real is none of"),
        (multi("a", **{"a-b": MEDMCQ}), "line 4: grader", "a-b cannot stand in calculateOutput"),
        (multi("a", a=multi("b", b=MEDMCQ)), "line 4: grader.graders.a", "`type` is none of"),
        (multi("python", python=MATCH | {"source": "x"}), "line 4: grader.graders.python.source", "grade"),
    ],
)
def test_what_the_service_could_not_use_is_refused_with_key_and_line(grader: object, key: str, words: str) -> None:
    [fault] = faults(grader)

    assert fault.startswith(f"{key}: ")
    assert words in fault
