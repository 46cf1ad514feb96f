"""Graders through the openai client. Shapes and rules: Microsoft's pages on reinforcement fine-tuning, 2026."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest
from openai import APIStatusError, BadRequestError, OpenAI

from tests.simulator.openai.test_jobs import refusal

SAME = {
    "type": "string_check",
    "name": "same",
    "operation": "eq",
    "input": "{{sample.output_text}}",
    "reference": "{{item.reference_answer}}",
}
ALIKE = {
    "type": "text_similarity",
    "name": "alike",
    "evaluation_metric": "fuzzy_match",
    "input": "{{ sample.output_json.text }}",
    "reference": "{{ item.text }}",
}
MODEL = {
    "type": "score_model",
    "name": "judge",
    "model": "gpt-4o-2024-08-06",
    "input": [{"role": "user", "content": "Reference: {{item.reference_answer}}"}],
    "range": [0, 1],
}
PYTHON = {"type": "python", "name": "code", "source": "def grade(sample, item):\n    return 1.0\n"}
MULTI = {"type": "multi", "name": "both", "graders": {"a": SAME, "b": ALIKE}, "calculate_output": "(a + b) / 2"}


class TestValidation:
    @pytest.mark.parametrize("grader", [SAME, ALIKE, MODEL, PYTHON, MULTI], ids=lambda grader: str(grader["type"]))
    def test_answers_the_grader(self, client: OpenAI, grader: Any) -> None:
        answer = client.fine_tuning.alpha.graders.validate(grader=grader)

        assert answer.grader is not None
        assert answer.grader.to_dict() == grader

    @pytest.mark.parametrize(
        ("grader", "fault"),
        [
            ("same", "grader must be an object"),
            ({"type": "label_model"}, "grader.type must be one of"),
            ({"type": "string_check", "name": "x", "operation": "eq", "input": ""}, "grader.reference is missing"),
            (SAME | {"operation": "is"}, "grader.operation must be one of eq, ne, like, ilike"),
            (SAME | {"input": "{{sample}}"}, "'sample' names nothing in sample"),
            (SAME | {"input": "{{output.text}}"}, "grader.input: 'output.text' names neither sample nor item"),
            (ALIKE | {"evaluation_metric": "cosine"}, "grader.evaluation_metric must be one of fuzzy_match"),
            (MODEL | {"model": "gpt-4.1-2025-04-14"}, "grader.model must be one of gpt-4o-2024-08-06"),
            (MODEL | {"range": [1, 0]}, "grader.range must be two numbers"),
            (MODEL | {"input": "Judge."}, "grader.input must be a list of messages"),
            (PYTHON | {"source": "def grade(:"}, "grader.source is no Python"),
            (PYTHON | {"source": "def score(s, i): return 1"}, "grader.source must define grade(sample, item)"),
            (PYTHON | {"source": PYTHON["source"] + "#" * 256 * 1024}, "grader.source has more than 256 KB"),
            (MULTI | {"calculate_output": "a + c"}, "grader.calculate_output: 'c' is no grader"),
            (MULTI | {"graders": {"a": MULTI}}, "grader.graders.a must not be a multi grader itself"),
            (MULTI | {"graders": {"a": SAME | {"operation": "x"}}}, "grader.graders.a.operation must be one of"),
        ],
    )
    def test_refuses_what_is_malformed(self, client: OpenAI, grader: Any, fault: str) -> None:
        with pytest.raises(BadRequestError) as caught:
            client.fine_tuning.alpha.graders.validate(grader=grader)

        status, code, message = refusal(caught.value)
        assert (status, code) == (400, "invalidPayload")
        assert message.startswith("Invalid grader: ")
        assert fault in message

    @pytest.mark.parametrize("body", [b"[]", b"{", b"{}", b"[" * 100_000])
    def test_refuses_a_body_without_one(self, client: OpenAI, body: bytes) -> None:
        with pytest.raises(BadRequestError) as caught:
            client.post("/fine_tuning/alpha/graders/validate", cast_to=httpx2.Response, content=body)

        assert refusal(caught.value)[:2] == (400, "invalidPayload")


class TestARun:
    @pytest.mark.parametrize(
        ("operation", "answer", "reward"),
        [
            ("eq", "Paris", 1.0),
            ("eq", "paris", 0.0),
            ("ne", "Rome", 1.0),
            ("like", "It is Paris.", 1.0),
            ("like", "It is paris.", 0.0),
            ("ilike", "It is paris.", 1.0),
        ],
    )
    def test_compares_text(self, client: OpenAI, operation: str, answer: str, reward: float) -> None:
        grader: Any = SAME | {"operation": operation}

        found = client.fine_tuning.alpha.graders.run(
            grader=grader, model_sample=answer, item={"reference_answer": "Paris"}
        )

        assert found.reward == reward
        assert (found.metadata.name, found.metadata.type) == ("same", "string_check")
        assert not found.metadata.errors.invalid_variable_error

    @pytest.mark.parametrize(
        ("metric", "answer", "reward"),
        [
            ("fuzzy_match", "kitten", 8 / 13),
            ("rouge_1", "The sitting cat", 0.5),
            ("rouge_2", "sitting", 0.0),
            ("rouge_l", "a sitting", 2 / 3),
        ],
    )
    def test_measures_likeness(self, client: OpenAI, metric: str, answer: str, reward: float) -> None:
        """`fuzzy_match` as RapidFuzz documents its ratio: twice what both have in order, over both lengths."""
        grader: Any = ALIKE | {"evaluation_metric": metric, "input": "{{sample.output_text}}"}

        found = client.fine_tuning.alpha.graders.run(grader=grader, model_sample=answer, item={"text": "sitting"})

        assert found.reward == pytest.approx(reward)

    def test_combines_parts(self, client: OpenAI) -> None:
        """Each part's score stands beside the whole one; output_json is there where the answer is JSON."""
        grader: Any = MULTI | {"graders": {"a": SAME | {"operation": "like"}, "b": ALIKE}}

        found = client.fine_tuning.alpha.graders.run(
            grader=grader, model_sample=json.dumps({"text": "x"}), item={"reference_answer": "text", "text": "y"}
        )

        assert found.reward == 0.5
        assert found.sub_rewards == {"a": 1.0, "b": 0.0}

    @pytest.mark.parametrize("sample", ["no JSON", "{}"])
    def test_gives_nothing_for_what_is_not_there(self, client: OpenAI, sample: str) -> None:
        """And says so, as a job's error metrics do."""
        grader: Any = ALIKE

        found = client.fine_tuning.alpha.graders.run(grader=grader, model_sample=sample, item={"text": "y"})

        assert found.reward == 0.0
        assert found.metadata.errors.invalid_variable_error

    @pytest.mark.parametrize(
        "grader", [PYTHON, MODEL, ALIKE | {"evaluation_metric": "bleu"}, MULTI | {"graders": {"a": SAME, "b": PYTHON}}]
    )
    def test_says_aloud_what_it_can_not_do(self, client: OpenAI, grader: Any) -> None:
        with pytest.raises(APIStatusError) as caught:
            client.fine_tuning.alpha.graders.run(grader=grader, model_sample="", item={})

        assert refusal(caught.value)[:2] == (501, "NotSimulated")
