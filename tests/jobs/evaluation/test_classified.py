"""Labels that were answered, beside those that were expected."""

from __future__ import annotations

import pytest

from jobs.evaluation.classified import MOST_LABELS, OTHER, classification
from jobs.evaluation.grading import Graded


def graded(expected: str | None, label: str | None) -> Graded:
    return Graded(float(expected == label), label=label, expected_label=expected)


def test_a_published_example() -> None:
    """scikit-learn's documentation of confusion_matrix: a bird is taken for a cat, and a cat for an ant."""
    truth = ["cat", "ant", "cat", "cat", "ant", "bird"]
    answered = ["ant", "ant", "cat", "cat", "ant", "cat"]
    found = classification([graded(*pair) for pair in zip(truth, answered, strict=True)])

    assert found is not None
    assert found.labels == ("ant", "bird", "cat")
    assert found.confusion == ((2, 0, 0), (0, 0, 1), (1, 0, 2))
    assert found.accuracy == pytest.approx(4 / 6, abs=1e-6)
    # ant: precision 2/3, recall 1; bird: nothing; cat: 2/3 and 2/3.
    assert found.per_label["ant"].f1 == pytest.approx(0.8)
    assert (found.per_label["bird"].f1, found.per_label["bird"].support) == (0.0, 1)
    assert found.per_label["cat"].precision == pytest.approx(2 / 3, abs=1e-6)
    assert found.macro_f1 == pytest.approx((0.8 + 0 + 2 / 3) / 3, abs=1e-6)


def test_what_is_no_label_or_was_never_expected_is_another() -> None:
    found = classification([graded("yes", "yes"), graded("no", None), graded("no", "maybe"), graded("no", "no")])

    assert found is not None
    assert found.labels == ("no", "yes", OTHER)
    assert found.confusion == ((1, 0, 2), (0, 1, 0), (0, 0, 0))
    assert found.accuracy == 0.5
    assert set(found.per_label) == {"no", "yes"}


def test_a_label_may_be_called_as_the_rest_is() -> None:
    found = classification([graded(OTHER, OTHER), graded("yes", "maybe")])

    assert found is not None
    assert found.labels == (OTHER, "yes")
    assert found.confusion == ((1, 0), (1, 0))
    assert found.accuracy == 0.5


def test_a_grader_without_labels_classifies_nothing() -> None:
    assert classification([Graded(1.0), Graded(0.0, label="x")]) is None


def test_of_very_many_labels_the_most_frequent_are_told_apart() -> None:
    labels = [f"{number:03}" for number in range(MOST_LABELS + 5)]
    found = classification([graded(label, label) for label in [*labels, *labels[5:]]])

    assert found is not None
    assert found.labels == (*labels[5:], OTHER)
    assert found.confusion[-1][-1] == 5
    assert found.accuracy == 1.0
