"""A scorecard as people read it."""

from __future__ import annotations

import pytest
from rich.console import Console

from contract.evaluation import Preferences
from jobs.cli.evaluation.scorecard_text import print_scorecard
from jobs.evaluation.scorecard import Mean, Row, RowAnswer, Scorecard
from tests.jobs.evaluation.scorecards import card, label_scores, scorecard


def shown(of: Scorecard, width: int = 140) -> str:
    console = Console(width=width, highlight=False, markup=False, force_terminal=False)
    with console.capture() as captured:
        print_scorecard(of, console)
    return captured.get()


@pytest.mark.parametrize("width", [80, 140, 60])
def test_it_fits_into_the_window(width: int) -> None:
    assert max(len(line) for line in shown(scorecard(), width).splitlines()) <= width


def test_the_verdict_stands_before_the_figures_and_has_its_reasons() -> None:
    lines = shown(scorecard(verdict="failed", reasons=("It is worse.",))).splitlines()

    at = lines.index("Verdict: failed")
    assert lines[at + 1] == "  It is worse."
    assert at < next(number for number, line in enumerate(lines) if line.startswith("in style"))


def test_labels_are_told_with_what_they_were_taken_for() -> None:
    candidate = card("candidate", 0.85, classification={"in style": label_scores()})
    text = shown(scorecard(contenders=(candidate, card("prompted", 0.5))))

    assert "accuracy 0.850, macro F1 0.812" in text
    assert "refund was called other 4 times" in text


def test_of_one_no_more_is_said() -> None:
    once = label_scores().model_copy(update={"confusion": ((19, 1), (0, 20))})
    text = shown(scorecard(examples=1, contenders=(card("candidate", 0.9, classification={"in style": once}),)))

    assert "1 example of the holdout" in text
    assert "refund was called other 1 time\n" in text


def test_of_prompting_alone_nothing_is_decided() -> None:
    alone = scorecard(
        model_id=None, verdict=None, reasons=(), gate=None, comparisons=(), contenders=(card("prompted", 0.5),)
    )

    assert "Verdict" not in shown(alone)
    assert "of prompting alone, for clippy" in shown(alone)


def test_of_prompting_alone_the_labels_are_the_baseline_s() -> None:
    prompted = card("prompted", 0.5, classification={"in style": label_scores()})
    text = shown(scorecard(model_id=None, verdict=None, gate=None, comparisons=(), contenders=(prompted,)))

    assert "Labels of prompted, by in style" in text


def test_a_grader_that_does_not_decide_and_finds_the_candidate_worse_is_told() -> None:
    """Where its interval has 0 in it, it isn't."""
    [comparison] = scorecard().comparisons
    [decisive] = comparison.graders
    found = comparison.graders[decisive]
    others = {
        "short": found.model_copy(update={"difference": -0.4, "low": -0.6, "high": -0.2}),
        "polite": found.model_copy(update={"difference": -0.1, "low": -0.3, "high": 0.1}),
    }
    told = comparison.model_copy(update={"graders": {**comparison.graders, **others}})
    text = shown(scorecard(comparisons=(told,)))

    assert "short, against prompted: -0.400 (-0.600 to -0.200)" in text
    assert "polite, against" not in text


def test_what_people_preferred_is_told() -> None:
    preferred = Preferences(against="prompted", preferred=3, other=1, neither=2, reviewers=("Ada", "Eve"))

    assert "candidate 3, prompted 1, neither 2 (Ada, Eve)" in shown(scorecard(preferences=preferred))


def test_what_a_model_says_can_neither_move_the_cursor_nor_give_away_a_secret() -> None:
    said = "\x1b[2J sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ and ada.lovelace@example.com"
    rows = tuple(
        Row(index=each.index, line=each.line, question=said, expected=said, answers={"candidate": RowAnswer(text=said)})
        for each in scorecard().rows
    )
    text = shown(scorecard(rows=rows))

    assert "line 3" in text
    assert "\x1b" not in text
    assert "sk-proj-abcdefghij" not in text
    assert "ada.lovelace@" not in text


def test_the_cost_of_an_answer_is_told_to_the_digit_that_counts() -> None:
    costs = {"candidate": 0.0000345, "prompted": None}
    cards = [card(name, 0.5).model_copy(update={"cost_per_answer": usd}) for name, usd in costs.items()]
    told = shown(scorecard(contenders=tuple(cards)))

    assert next(line.split() for line in told.splitlines() if line.startswith("cost")) == (
        ["cost", "per", "answer", "$0.0000345", "not", "known"]
    )


def test_of_many_slices_those_of_most_lines_are_shown_and_the_others_counted() -> None:
    many = {f"customer={number}": {"in style": Mean(mean=0.5, count=number)} for number in range(50)}
    candidate = card("candidate", 0.9).model_copy(update={"slices": many})
    text = shown(scorecard(contenders=(candidate, card("prompted", 0.5).model_copy(update={"slices": {}}))))

    assert "customer=49" in text
    assert "customer=29" not in text
    assert "… and 30 more; --format json has all" in text
