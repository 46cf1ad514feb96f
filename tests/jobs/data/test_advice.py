"""What a finding tells people to type becomes a command that can be copied."""

from __future__ import annotations

import shlex

import pytest

from jobs.data.advice import convert_command, converting


@pytest.mark.parametrize("file", ["old.jsonl", "my data/old set.csv", "a'b.json"])
def test_the_file_stands_in_the_command_as_a_shell_reads_it(file: str) -> None:
    command = convert_command(f"is another form; {converting(' --from prompt-completion')} makes it chat", file)

    assert command is not None
    words = shlex.split(command)
    assert words[:4] == ["jobs", "convert", file, "--output"]
    assert words[4].endswith(".chat.jsonl")
    assert words[5:] == ["--from", "prompt-completion"]


def test_words_without_one_give_none() -> None:
    assert convert_command("is blank", "old.jsonl") is None
