"""Few-shot examples and contexts, from files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jobs.errors import Unreadable
from jobs.evaluation.prompt_files import contexts, few_shot


def test_messages_of_examples_are_sent_in_their_order_without_system_messages(tmp_path: Path) -> None:
    said = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello.", "weight": 1}]
    line = json.dumps({"messages": [{"role": "system", "content": "s"}, *said]})
    (tmp_path / "shots.jsonl").write_text(f"{line}\n{line}\n", encoding="utf-8")

    assert few_shot(tmp_path / "shots.jsonl") == (said[0], {"role": "assistant", "content": "Hello."}) * 2


def test_a_text_file_is_one_context_for_all(tmp_path: Path) -> None:
    (tmp_path / "facts.md").write_text("\ufeffFuji.\n\nEtna.\n", encoding="utf-8")

    assert contexts(tmp_path / "facts.md") == ("Fuji.\n\nEtna.",)


def test_a_jsonl_file_has_a_context_in_each_line(tmp_path: Path) -> None:
    """A text or an object; what JSON lets stand in a text ends no line."""
    lines = [json.dumps("Fuji.\u2028Etna.", ensure_ascii=False), "", json.dumps({"context": "Two.", "source": 1})]
    (tmp_path / "facts.jsonl").write_text("\r\n".join(lines), encoding="utf-8")

    assert contexts(tmp_path / "facts.jsonl") == ("Fuji.\u2028Etna.", "Two.")


@pytest.mark.parametrize("line", ["{", "7", '{"text": "x"}', '{"context": 7}', "[" * 100_000])
def test_a_line_that_is_no_context_is_told(tmp_path: Path, line: str) -> None:
    (tmp_path / "facts.jsonl").write_text(f'"One."\n{line}\n', encoding="utf-8")
    with pytest.raises(Unreadable) as caught:
        contexts(tmp_path / "facts.jsonl")

    assert caught.value.line == 2


def test_what_is_empty_or_not_there_is_refused(tmp_path: Path) -> None:
    for name in ("a.txt", "a.jsonl"):
        (tmp_path / name).write_text(" \n", encoding="utf-8")
        with pytest.raises(Unreadable, match="empty"):
            contexts(tmp_path / name)
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    for name, words in (("none.txt", "No such file"), ("latin.txt", "UTF-8")):
        with pytest.raises(Unreadable, match=words):
            contexts(tmp_path / name)
    (tmp_path / "shots.jsonl").write_text('{"messages": []}\n', encoding="utf-8")
    with pytest.raises(Unreadable, match="no example"):
        few_shot(tmp_path / "shots.jsonl")
