"""A bar shows where checking takes over a second, and leaves nothing behind."""

from __future__ import annotations

import io

from rich.console import Console

from jobs.cli.data.reading_bar import ReadingBar


def _shown(seconds: list[float]) -> str:
    """What is drawn when bytes are told at these seconds after the start."""
    out = io.StringIO()
    clock = iter([0.0, *seconds])
    with ReadingBar(Console(file=out, width=80, force_terminal=True), lambda: next(clock)) as bar:
        for number, _ in enumerate(seconds, start=1):
            bar.show(number * 2**20, 4 * 2**20)
    return out.getvalue()


def test_nothing_is_drawn_in_the_first_second() -> None:
    assert _shown([0.1, 0.5, 0.99]) == ""


def test_afterwards_it_says_how_much_is_done() -> None:
    assert "2.0/4.0 MiB" in _shown([0.5, 1.5])


def test_it_is_not_drawn_more_often_than_eyes_can_follow() -> None:
    assert "3.0/4.0 MiB" not in _shown([0.5, 1.5, 1.51])


def test_where_there_is_no_terminal_nothing_is_drawn() -> None:
    clock = iter([0.0, 5.0])
    with ReadingBar(now=lambda: next(clock)) as bar:
        bar.show(1, 2)

        assert bar._bar is None
