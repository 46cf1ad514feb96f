"""Classifications: which label an answer has."""

from __future__ import annotations

from typing import Any

import pytest

from jobs.evaluation.grading import graded, right
from tests.jobs.evaluation.graders.asked import answer, given, grader, question

LABELS = ["Refund", "Billing", "Other"]


def test_the_whole_text_is_the_label_and_case_does_not_count() -> None:
    found = given(grader("classification", labels=LABELS), " refund\n", "Refund")

    assert (found.score, found.label, found.expected_label) == (1, "Refund", "Refund")


def test_what_is_not_declared_is_no_label_and_counts_as_wrong() -> None:
    found = given(grader("classification", labels=LABELS), "Complaint", "Refund")

    assert (found.score, found.label, found.expected_label) == (0, None, "Refund")
    assert found.said == "no label can be read from the answer"


def test_where_none_are_declared_labels_are_told_in_lower_case() -> None:
    found = given(grader("classification"), "BILLING", "Refund")

    assert (found.score, found.label, found.expected_label) == (0, "billing", "refund")
    assert given(grader("classification", caseSensitive=True), "refund", "Refund").score == 0


@pytest.mark.parametrize(
    "pattern", [r"queue:\s*(\w+)", r"(?<label>\w+)$", r"(?<=: )\w+", r"(?:in the )?(queue): (?<label>\w+)"]
)
def test_a_pattern_finds_it_by_the_group_label_else_the_first_group_else_all_it_matches(pattern: str) -> None:
    found = given(grader("classification", pattern=pattern, labels=LABELS), "It goes to queue: billing", "queue: Other")

    assert (found.label, found.expected_label) == ("Billing", "Other")


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ('{"out": {"queue": "Refund"}}', "refund"),
        ('{"out": {"queue": true}}', "true"),
        ('{"out": {"queue": ["Refund"]}}', None),
        ('{"out": {}}', None),
        ("Refund", None),
    ],
)
def test_a_key_of_an_answer_that_is_json(said: str, label: str | None) -> None:
    found = given(grader("classification", key="out.queue"), said, '{"out": {"queue": "Billing"}}')

    assert (found.label, found.expected_label) == (label, "billing")


@pytest.mark.parametrize("keys", [{"key": "queue"}, {"pattern": r"queue\W+(\w+)"}, {}])
@pytest.mark.parametrize("labels", [None, LABELS])
def test_the_expected_label_may_be_the_whole_reference_whatever_the_answers_look_like(
    keys: dict[str, str], labels: list[str] | None
) -> None:
    which = grader("classification", labels=labels, reference="{{ item.slices.label }}", **keys)
    said = '{"queue": "refund"}' if keys else "refund"

    assert given(which, said, item={"slices": {"label": "Refund"}}).score == 1
    assert given(which, said, item={"slices": {"label": "Billing"}}).score == 0


def test_a_reference_that_is_json_without_the_key_has_no_label() -> None:
    found = given(grader("classification", key="queue"), '{"queue": "refund"}', '{"team": "refund"}')

    assert (found.expected_label, found.said) == (None, "the example has no label")


def test_the_expected_label_may_stand_in_the_line() -> None:
    which = grader("classification", reference="{{ item.slices.label }}")

    assert given(which, "Refund", item={"slices": {"label": "refund"}}).score == 1
    assert given(which, "Refund", item={}).said == "the example has no label"


def test_of_an_answer_that_the_service_refused_the_expected_label_is_told() -> None:
    which = grader("classification", labels=LABELS, passThreshold=0)
    refused = answer(None, failed="content_filter")

    found = graded(which, question("Billing"), refused)

    assert (found.score, found.label, found.expected_label) == (0, None, "Billing")
    assert not right(which, found, refused)


@pytest.mark.parametrize("keys", [{"pattern": "a", "key": "b"}, {"labels": ["a", "A"]}, {"labels": ["a"]}])
def test_what_cannot_be_meant_is_refused(keys: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="classification"):
        grader("classification", **keys)


def test_a_long_text_is_no_label() -> None:
    assert given(grader("classification"), "word " * 100, "a").label is None
