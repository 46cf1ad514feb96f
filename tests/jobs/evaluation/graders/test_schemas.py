"""Answers that are JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jobs.errors import Refused
from tests.jobs.evaluation.graders.asked import given, grader

SCHEMA = {
    "type": "object",
    "properties": {"queue": {"enum": ["refund", "billing"]}, "amount": {"type": "number"}},
    "required": ["queue"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("said", "score", "words"),
    [
        ('{"queue": "refund", "amount": 1.5}', 1, None),
        ('{"queue": "other"}', 0, "'queue' is not one of"),
        ('{"amount": 1}', 0, "lacks"),
        ('{"queue": "refund", "note": 1}', 0, "no more is allowed"),
        ('```json\n{"queue": "refund"}\n```', 0, "no JSON"),
        ("refund", 0, "no JSON"),
        ("", 0, "no JSON"),
    ],
)
def test_an_answer_is_json_and_fits_the_schema(said: str, score: float, words: str | None) -> None:
    found = given(grader("json_schema", schema=SCHEMA), said)

    assert found.score == score
    assert (words or "") in (found.said or "")


def test_without_a_schema_any_json_will_do() -> None:
    assert given(grader("json_schema"), "[1, 2]").score == 1


@pytest.mark.parametrize(
    ("said", "score"),
    [
        ('{"a": 1.0, "b": {"c": [2]}, "z": 9}', 1),
        ('{"a": 2, "b": {"c": [2]}}', 0),
        ('{"a": 1, "b": {}}', 0),
        ('{"a": true, "b": {"c": [2]}}', 0),
    ],
)
def test_keys_that_are_named_have_to_be_as_expected(said: str, score: float) -> None:
    which = grader("json_schema", equal=["a", "b.c[0]"])

    found = given(which, said, '{"a": 1, "b": {"c": [2]}, "z": 3}')

    assert found.score == score
    assert given(which, said, "no JSON").said == "what is expected is no JSON"


def test_the_schema_may_lie_in_a_file_beside_tune_yaml(tmp_path: Path) -> None:
    (tmp_path / "answer.schema.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    which = grader("json_schema", schemaFile="answer.schema.json")

    assert given(which, '{"queue": "billing"}', folder=tmp_path).score == 1
    assert given(which, "{}", folder=tmp_path).score == 0


@pytest.mark.parametrize("content", [None, "[1]", "{", '{"type": 7}', '{"$ref": "https://example.com/s.json"}'])
def test_a_schema_that_is_none_is_refused(content: str | None, tmp_path: Path) -> None:
    """What it refers to is never fetched."""
    if content is not None:
        (tmp_path / "s.json").write_text(content, encoding="utf-8")

    with pytest.raises(Refused, match="schema"):
        given(grader("json_schema", schemaFile="s.json"), "{}", folder=tmp_path)


def test_a_pattern_of_the_schema_that_tries_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.evaluation.graders.patterns._SECONDS", 0.05)
    schema: dict[str, Any] = {"type": "string", "pattern": r"^(?:(a|aa)+b?)+$"}

    found = given(grader("json_schema", schema=schema), f'"{"a" * 60}!"')

    assert found.score == 0
    assert "0.05 s" in (found.said or "")


def test_json_nested_as_deep_as_it_can_be_read_has_a_score() -> None:
    nested: dict[str, Any] = {"$defs": {"n": {"type": "array", "items": {"$ref": "#/$defs/n"}}}, "$ref": "#/$defs/n"}

    assert given(grader("json_schema", schema=nested), "[" * 900 + "]" * 900).said == "the answer is nested too deeply"
    assert given(grader("json_schema", schema=nested), "[[[]]]").score == 1
