"""What is sent is told while it goes: by a bar on a terminal, by a line every half minute without one."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from jobs.cli.training.sending_bar import SendingBar

MIB = 2**20


def told(at: list[float], total: int, console: Console | None = None) -> list[str]:
    """What is said when a tenth more is sent at each of these seconds."""
    said: list[str] = []
    clock = [0.0]
    with SendingBar("uploading t.jsonl", said.append, lambda: None, console=console, now=lambda: clock[0]) as bar:
        for number, clock[0] in enumerate(at, start=1):
            bar.show(number * total // 10, total)
    return said


def test_a_line_comes_every_half_minute() -> None:
    assert told([10.0, 31.0, 50.0, 62.0], 200 * MIB) == [
        "uploading t.jsonl: 40 of 200 MiB",
        "uploading t.jsonl: 80 of 200 MiB",
    ]


def test_of_what_is_small_nothing_is_said() -> None:
    assert told([10.0, 31.0, 90.0], 4 * MIB - 1) == []


def test_on_a_terminal_there_is_a_bar_and_no_line() -> None:
    out = io.StringIO()
    console = Console(file=out, width=100, force_terminal=True)

    assert told([0.5, 31.0], 200 * MIB, console) == []
    assert "uploading t.jsonl" in out.getvalue()
    assert "40.0/200.0 MiB" in out.getvalue()


def test_who_holds_the_run_is_heard_of_with_each_piece_however_small() -> None:
    class Gone(Exception):
        """The run is somebody else's by now."""

    def alive() -> None:
        raise Gone

    with pytest.raises(Gone), SendingBar("uploading t.jsonl", lambda _: None, alive) as bar:
        bar.show(1, 10)
