"""Reinforcement examples: a question, and keys for the grader (reinforcement-fine-tuning.md)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.jobs.data.formats.broken import rules, words
from tests.jobs.data.specimens import ANSWER, ASK, SYSTEM, WEATHER, chat

DEVELOPER = {"role": "developer", "content": "Solve it."}


@pytest.mark.parametrize(
    "example",
    [
        {"messages": [DEVELOPER, ASK], "solution": "1 + 2"},
        {"messages": [SYSTEM, ASK]},
        {"messages": [ASK, ANSWER, ASK], "truth": {"date": "2026-01-02"}},
        {"messages": [DEVELOPER, ASK], "tools": [WEATHER], "reference_answer": None},
        {"messages": [ASK], "slices": "for the grader"},
    ],
)
def test_what_is_documented_passes(example: Any) -> None:
    assert rules(example, "reinforcement") == []


@pytest.mark.parametrize(
    ("example", "broken"),
    [
        ({}, ["schema-messages"]),
        ({"item": {"target": 5}}, ["schema-messages"]),
        ({"messages": []}, ["schema-messages"]),
        ({"messages": [ASK, DEVELOPER], "a": 1}, ["schema-order", "schema-last-user"]),
        ({"messages": [ASK, ANSWER], "a": 1}, ["schema-last-user"]),
        ({"messages": [DEVELOPER], "a": 1}, ["schema-last-user"]),
        ({"messages": [{"role": "user", "content": ""}], "a": 1}, ["content-empty"]),
        ({"messages": [SYSTEM, DEVELOPER, ASK]}, ["schema-system-developer"]),
        ({"messages": [ASK], "tools": 5}, ["schema-tools"]),
        (chat(), ["kind-chat"]),
    ],
)
def test_a_fault_breaks_its_rule(example: Any, broken: list[str]) -> None:
    assert rules(example, "reinforcement") == broken


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("answer", None),
        ("truth.date", None),
        ("choices[1].text", None),
        ("choices[0]['text']", None),
        ("messages[0].content", None),
        ("truth['date']", None),
        ("zero", None),
        ("reference_answer", "and the example lacks 'reference_answer'"),
        ("truth.day", "and item.truth lacks 'day'"),
        ("answer.text", "and item.answer is a text"),
        ("choices[2].text", "and item.choices lacks 2"),
        ("none", "which is null"),
    ],
)
def test_what_the_grader_refers_to_stands_in_the_example(reference: str, said: str | None) -> None:
    """As in ``{{ item.ground_truth.date }}``; a path as of JSON for what is nested."""
    example = {
        "messages": [ASK],
        "answer": "42",
        "zero": 0,
        "none": None,
        "truth": {"date": "2026-01-02"},
        "choices": [{"text": "a"}, {"text": "b"}],
    }
    found = rules(example, "reinforcement", grader_references=(reference,))

    assert found == ([] if said is None else ["grader-reference"])
    assert said is None or said in words(example, "reinforcement", grader_references=(reference,))


@pytest.mark.parametrize(
    ("slices", "use", "broken"),
    [
        ({"language": "de", "label": "refund"}, "holdout", []),
        ({}, "holdout", []),
        (["de"], "holdout", ["schema-slices"]),
        ({"language": ""}, "holdout", ["schema-slices"]),
        ({"language": 5}, "holdout", ["schema-slices"]),
        ({"language": "de"}, "training", ["slices-in-training"]),
        ({"language": "de"}, "validation", ["slices-in-training"]),
    ],
)
def test_slices_are_texts_of_the_holdout(slices: Any, use: str, broken: list[str]) -> None:
    """The other files are sent as they are."""
    pair = {
        "input": {"messages": [ASK]},
        "preferred_output": [ANSWER],
        "non_preferred_output": [{**ANSWER, "content": "?"}],
    }

    assert rules(chat(slices=slices), use=use) == broken
    assert rules(pair | {"slices": slices}, "dpo", use=use) == broken
