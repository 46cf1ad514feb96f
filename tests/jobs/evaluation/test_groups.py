"""The slices of the holdout."""

from __future__ import annotations

from jobs.evaluation.groups import MOST_VALUES, groups_of, last_words
from tests.jobs.evaluation.measured import question

GERMAN = "Wie lange ist es noch, und was ist mit dem Rest von der Lieferung?"


def test_slices_are_named_by_name_and_value_in_the_order_of_the_alphabet() -> None:
    groups = groups_of([question(0, label="b", tag="x"), question(1, label="a")], languages=False)

    assert groups.indices == {"label=a": (1,), "label=b": (0,), "tag=x": (0,)}
    assert list(groups.indices) == ["label=a", "label=b", "tag=x"]


def test_a_language_is_detected_where_the_line_declares_none() -> None:
    questions = [question(0, GERMAN), question(1, GERMAN, language="de"), question(2, "42?")]

    assert groups_of(questions, languages=True).indices == {"language=German": (0,), "language=de": (1,)}
    assert groups_of(questions, languages=False).indices == {"language=de": (1,)}


def test_of_more_values_than_are_groups_the_most_frequent_are_told() -> None:
    many = [question(index, id=f"{index:04}") for index in range(MOST_VALUES + 50)]
    again = question(9999, id="0240")
    groups = groups_of([*many, again], languages=False)

    assert len(groups.indices) == MOST_VALUES
    assert groups.indices["id=0240"] == (240, 9999)
    assert "id=0239" not in groups.indices


def test_the_last_words_of_a_question_with_parts_are_its_texts() -> None:
    parts = [{"type": "text", "text": "What is"}, {"type": "image_url", "image_url": {"url": "data:…"}}]
    asked = question(0)
    mixed = asked.messages[0] | {"content": parts} if isinstance(asked.messages[0], dict) else {}

    assert last_words(question(0, "Who?")) == "Who?"
    assert last_words(type(asked)(**{**vars(asked), "messages": (mixed,)})) == "What is\n(no text)"
    assert last_words(type(asked)(**{**vars(asked), "messages": ()})) == ""
