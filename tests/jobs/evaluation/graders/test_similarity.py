"""Likeness of texts, against published examples."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as each
from hypothesis import settings
from hypothesis import strategies as st

from simulator.openai.graders import scores
from tests.jobs.evaluation.graders.asked import given, grader

GUIDE = "It is a guide to action which ensures that the military always obeys the commands of the party"
GUIDE_A = "It is a guide to action that ensures that the military will forever heed Party commands"
READ = "he read the book because he was interested in world history"
READ_A = "he was interested in world history because he read the book"


def score(metric: str, said: str, expected: str) -> float:
    return given(grader("text_similarity", evaluationMetric=metric), said, expected).score


@pytest.mark.parametrize(
    ("metric", "said", "value"),
    [
        ("rouge_l", "police kill the gunman", 3 / 4),
        ("rouge_l", "the gunman kill police", 2 / 4),
        ("rouge_l", "the gunman police killed", 2 / 4),
        ("rouge_2", "police kill the gunman", 1 / 3),
        ("rouge_2", "the gunman kill police", 1 / 3),
        ("rouge_2", "the gunman police killed", 2 / 3),
        ("rouge_1", "the gunman kill police", 3 / 4),
        ("rouge_4", "police kill the gunman", 0),
    ],
)
def test_rouge_of_the_sentences_of_lin_2004(metric: str, said: str, value: float) -> None:
    """Lin, "ROUGE: a package for automatic evaluation of summaries", 2004, section 3: the reference is S1."""
    assert score(metric, said, "police killed the gunman") == pytest.approx(value)


def test_bleu_of_one_sentence_of_papineni_2002() -> None:
    """0.41180376356915777 is what mteval's reimplementations publish for it; a text is like itself, short ones too."""
    assert score("bleu", GUIDE, GUIDE_A) == pytest.approx(0.41180376356915777)
    assert score("bleu", "a b", "a b") == pytest.approx(1)


def test_gleu_of_the_two_sentences_in_the_documentation_of_nltk() -> None:
    """0.6144… is the mean of both there."""
    assert (score("gleu", GUIDE, GUIDE_A) + score("gleu", READ, READ_A)) / 2 == pytest.approx(0.6144, abs=1e-4)


def test_the_edit_distance_of_kitten_and_sitting_is_3_of_7() -> None:
    """Levenshtein's distance as every textbook has it."""
    assert score("edit_distance", "kitten", "sitting") == pytest.approx(1 - 3 / 7)


def test_a_fuzzy_match_is_the_ratio_that_rapidfuzz_documents() -> None:
    """Its README: ratio("this is a test", "this is a test!") is 96.55…"""
    assert score("fuzzy_match", "this is a test", "this is a test!") == pytest.approx(0.9655172413793103)


@pytest.mark.parametrize("metric", ["fuzzy_match", "rouge_1", "rouge_l"])
def test_letters_beyond_ascii_are_letters(metric: str) -> None:
    assert score(metric, "Grüße aus Köln", "Grüße aus Köln") == 1
    assert score(metric, "привет", "привет") == 1


ASCII = st.text(st.characters(max_codepoint=126), max_size=40) | st.lists(
    st.sampled_from(["the", "Gunman", "police", "killed.", "42", ""]), max_size=12
).map(" ".join)


@pytest.mark.parametrize("metric", ["fuzzy_match", "rouge_1", "rouge_2", "rouge_3", "rouge_4", "rouge_5", "rouge_l"])
@settings(max_examples=25)
@each(said=ASCII, expected=ASCII)
def test_the_local_azure_gives_the_same_number(metric: str, said: str, expected: str) -> None:
    """It measures rewards by other code; of texts in ASCII, beyond which ROUGE has no words there."""
    both: dict[str, Any] = {"input": "{{ sample.output_text }}", "reference": "{{ item.reference }}"}
    azure = {"type": "text_similarity", "name": "g", "evaluation_metric": metric} | both

    theirs = scores.graded(azure, said, {"reference": expected})

    assert score(metric, said, expected) == pytest.approx(theirs.reward)
