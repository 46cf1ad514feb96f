"""The report: what stands in it is what the record and the scorecard say, and nothing is fetched or run."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.release import Cost, Signed
from jobs.evaluation.reporting.page import SHOWN, page
from jobs.evaluation.reporting.scale import around
from jobs.evaluation.scorecard import Mean
from jobs.tuning.curves.learning_curve import from_results
from tests.jobs.evaluation.reporting.pages import Seen, evaluated, reported, seen
from tests.jobs.evaluation.scorecards import row, scorecard


def test_the_numbers_of_the_decision_are_those_of_the_record() -> None:
    evaluation = evaluated().evaluation
    assert evaluation is not None
    [against] = evaluation.against
    found = seen().values

    assert {evaluation.mean, float(evaluation.examples)} <= set(found["header"])
    shown = found["scores"]
    difference = against.difference
    assert [against.mean, difference.difference, difference.low, difference.high] == shown[:4]
    assert [difference.wins, difference.losses, difference.ties, against.regressions] == shown[4:8]


def test_every_number_of_the_scorecard_stands_on_the_page_with_all_its_digits() -> None:
    found = [value for values in seen().values.values() for value in values]

    for card in scorecard().contenders:
        for mean in card.scores.values():
            assert {mean.mean, mean.low, mean.high} <= set(found)
        assert {card.cost_per_answer, card.prompt_tokens, card.completion_tokens} <= set(found)
        for labels in card.classification.values():
            assert {labels.accuracy, labels.macro_f1} <= set(found)
            assert {count for line in labels.confusion for count in line} <= set(found)


def test_many_graders_make_the_page_longer_and_not_wider() -> None:
    """Paper can't be scrolled."""

    def widest(graders: int) -> int:
        scores = {f"grader {number}": Mean(mean=0.5, count=40) for number in range(graders)}
        cards = tuple(each.model_copy(update={"scores": scores}) for each in scorecard().contenders)
        html = page(reported(scorecard=scorecard(contenders=cards)))
        return max(len(re.findall("<t[hd]", row)) for row in html.split("<tr>"))

    assert widest(20) == widest(1)


def test_costs_are_the_record_s_and_the_catalog_s() -> None:
    assert seen().values["cost"] == [1.25, 1.3125, 1224.0, 0.0000345]


def test_what_is_not_known_is_said_and_is_no_number() -> None:
    record = evaluated().model_copy(update={"cost": Cost()})
    told = seen(
        record=record, scorecard=None, why_no_scorecard="the scorecard: gone", curve=None, why_no_curve="no job"
    )

    assert told.text.count("not known") == 2
    assert "the scorecard: gone" in told.text
    assert "no job" in told.text


def test_words_of_models_and_people_are_text_and_never_markup() -> None:
    html = page(reported())

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "You are &lt;brief&gt; &amp; kind." in html


HOSTILE = st.text(alphabet=st.sampled_from("<>&'\"/{}%#ab \n"), min_size=1, max_size=40)


@given(words=HOSTILE)
def test_no_text_makes_a_tag_of_its_own(words: str) -> None:
    plain = [tag for tag, _ in Seen(page(reported(scorecard=scorecard(rows=(row(2, "Why?"),))))).tags]
    signed = Signed(by="Ada", at="2026-11-20T09:00:00Z", reason="x")
    record = evaluated().model_copy(
        update={"system_message": words, "override": signed.model_copy(update={"reason": words})}
    )
    found = [tag for tag, _ in Seen(page(reported(record=record, scorecard=scorecard(rows=(row(2, words),))))).tags]

    assert found.count("script") == 0
    assert len(found) == len(plain) + 1  # The paragraph of the override.


def test_nothing_is_fetched_and_nothing_can_be() -> None:
    told = seen()
    html = page(reported())

    policy = next(attrs for tag, attrs in told.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy["content"] == "default-src 'none'; style-src 'unsafe-inline'"
    assert not [attrs for _, attrs in told.tags if {"src", "href", "onclick", "action"} & attrs.keys()]
    assert not re.search(r"url\(|@import|<script|<link|https?://", html)


def test_regressions_stand_side_by_side_with_what_was_expected() -> None:
    words = seen().text.split("Regressions")[1].split("Training")[0].splitlines()
    lines = [line.strip() for line in words if line.strip()]

    assert lines[1].startswith("Line 3")
    assert lines[2:4] == ["Is <b>this</b> right?", "Expected: Yes & no."]
    assert lines[4:6] == ["prompted", "Yes & no.in style 1.000"]
    assert lines[6:8] == ["candidate", '<script>alert(1)</script>look({"up": 1})in style 0.000']


def test_of_many_regressions_the_first_are_shown_and_all_are_counted() -> None:
    card = scorecard()
    many = card.comparisons[0].model_copy(update={"regressions": tuple(range(SHOWN + 30))})
    rows = tuple(row(number, f"Question {number}?") for number in range(SHOWN + 30))
    told = seen(scorecard=card.model_copy(update={"comparisons": (many,), "rows": rows, "examples": 400}))

    assert told.values["regressions"][0] == SHOWN + 30
    assert told.text.count("Expected:") == SHOWN


def test_the_curve_s_last_and_best_values_are_told_in_words() -> None:
    text = " ".join(seen().text.split())

    assert "validation loss, of the whole file: 1.8000 at the end" in text
    assert "Best by the validation loss, of the whole file: step 2, 1.7000." in text


@pytest.mark.parametrize("steps", [1, 2, 5000])
def test_a_curve_of_any_length_is_drawn_within_its_frame(steps: int) -> None:
    rows = "".join(f"{step},{2.0 / step}\n" for step in range(1, steps + 1))
    told = seen(curve=from_results(f"step,train_loss\n{rows}".encode(), []))

    [points] = [str(attrs["points"]) for tag, attrs in told.tags if tag == "polyline"]
    pairs = [tuple(map(float, pair.split(","))) for pair in points.split()]
    assert all(0 <= x <= 720 and 0 <= y <= 260 for x, y in pairs)
    assert len(pairs) <= 601


@given(low=st.floats(-1e6, 1e6), span=st.floats(0, 1e6))
def test_an_axis_names_few_round_values_within_its_bounds(low: float, span: float) -> None:
    scale = around(low, low + span, 0, 100)

    ticks = scale.ticks()
    assert len(ticks) <= 7
    assert all(scale.low - 1e-6 * abs(scale.low) <= tick <= scale.high + 1e-6 * abs(scale.high) for tick in ticks)
    assert list(ticks) == sorted(set(ticks))
