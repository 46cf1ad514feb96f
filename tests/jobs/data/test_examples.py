"""Examples, read one at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.data.examples import read_examples
from jobs.data.reading import lines
from jobs.errors import Unreadable
from tests.jobs.data.specimens import SYSTEM, chat, jsonl, many, written


def test_examples_come_with_their_lines(tmp_path: Path) -> None:
    """A byte order mark and blank lines are read over, and counted."""
    path = written(tmp_path / "set.jsonl", b"\xef\xbb\xbf" + jsonl(many(1)) + b"\r\n" + jsonl([chat("Why?", "So.")]))
    first, second = read_examples(path)

    assert (first.line, second.line) == (1, 3)
    assert first.value == many(1)[0]
    assert second.prompt == [SYSTEM, {"role": "user", "content": "Why?"}]


def test_the_prompt_is_what_stands_before_the_last_answer(tmp_path: Path) -> None:
    """Earlier answers belong to it; without any messages there is none."""
    turns = [*chat("One?", "1")["messages"], *chat("Two?", "2")["messages"][1:]]
    asked, bare = read_examples(written(tmp_path / "set.jsonl", [{"messages": turns}, {"slices": ["x"]}]))

    assert asked.prompt == turns[:-1]
    assert (bare.messages, bare.prompt) == ([], [])


def test_a_broken_line_is_refused_where_it_stands(tmp_path: Path) -> None:
    """The examples before it have been given by then."""
    reading = read_examples(written(tmp_path / "set.jsonl", jsonl(many(2)) + b"{\n"))

    assert [next(reading).line, next(reading).line] == [1, 2]
    with pytest.raises(Unreadable) as caught:
        next(reading)
    assert caught.value.line == 3


def test_a_line_beyond_reason_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not held in memory."""
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 100)
    with pytest.raises(Unreadable, match="too long"):
        list(read_examples(written(tmp_path / "set.jsonl", b" " * 1000)))
