"""`jobs convert` writes a new file, or nothing at all, and says what became of each record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jobs.cli.data.convert import unescaped
from tests.jobs.cli.conftest import Done, Project

PAIRS = (
    '{"prompt": "lime ->", "completion": " green\\n"}\n{"prompt": "banana ->", "completion": " yellow\\n", "id": 1}\n'
)


def _convert(project: Project, content: str, *words: str, name: str = "old.jsonl") -> Done:
    (project.folder / name).write_text(content)
    return project.jobs("convert", name, "--output", "new.jsonl", *words)


def _new(project: Project) -> Path:
    return project.folder / "new.jsonl"


def test_what_was_taken_off_and_left_out_is_said(project: Project) -> None:
    done = _convert(project, PAIRS + "\n", "--system", "Name the colour.")

    assert done.code == 0
    assert done.out.splitlines() == [
        "new.jsonl: 2 examples from old.jsonl, read as prompt-completion",
        "  taken off the end of every prompt: ' ->'",
        "  taken off the beginning of every answer: the blank",
        "  taken off the end of every answer: '\\n'",
        "  left out: 'id' of 1 record",
        "  left out: 1 blank line",
        "Next: jobs check --file new.jsonl",
    ]
    assert [json.loads(line)["messages"][2]["content"] for line in _new(project).read_text().splitlines()] == [
        "green",
        "yellow",
    ]


def test_what_it_writes_passes_the_check(project: Project) -> None:
    _convert(project, "".join(json.dumps({"prompt": f"Q{n}", "completion": f"A{n}"}) + "\n" for n in range(60)))

    assert project.jobs("check", "--file", "new.jsonl").code == 0


def test_a_file_is_never_written_over(project: Project) -> None:
    _new(project).write_text("mine")
    done = _convert(project, PAIRS)

    assert done.code == 1
    assert "new.jsonl exists" in done.err
    assert _new(project).read_text() == "mine"


def test_with_a_fault_nothing_is_written_and_all_are_told(project: Project) -> None:
    done = _convert(project, PAIRS + '{"prompt": "a"}\n' * 30)

    assert done.code == 1
    assert not _new(project).exists()
    assert "line 3 has no completion" in done.err
    assert "… and 10 more" in done.err
    assert "--skip-faults" in done.err


def test_faults_are_left_out_and_listed_where_that_is_asked_for(project: Project) -> None:
    done = _convert(project, PAIRS + '{"prompt": "a"}\n', "--skip-faults")

    assert done.code == 0
    assert "  left out: line 3 has no completion" in done.out.splitlines()
    assert len(_new(project).read_text().splitlines()) == 2


@pytest.mark.parametrize("content", ["", '{"messages": []}\n', '{"prompt": "", "completion": ""}\n'])
def test_what_has_no_example_leaves_no_file(project: Project, content: str) -> None:
    done = _convert(project, content, "--skip-faults")

    assert done.code == 1
    assert not _new(project).exists()


def test_the_system_message_may_stand_in_a_file(project: Project) -> None:
    (project.folder / "system.txt").write_text("Two\nlines.\n")
    _convert(project, PAIRS, "--system-file", "system.txt")

    assert json.loads(_new(project).read_text().splitlines()[0])["messages"][0]["content"] == "Two\nlines."


@pytest.mark.parametrize("words", [("--system", "a", "--system-file", "b"), ("--system", " "), ("--from", "xml")])
def test_options_that_cannot_be_meant_are_usage(project: Project, words: tuple[str, ...]) -> None:
    assert _convert(project, PAIRS, *words).code == 2


def test_a_file_that_is_not_there_is_refused(project: Project) -> None:
    done = project.jobs("convert", "nowhere.csv", "--output", "new.jsonl")

    assert done.code == 1
    assert "there is no nowhere.csv" in done.err
    assert not _new(project).exists()


@pytest.mark.parametrize(
    ("typed", "meant"), [(None, None), ("", ""), (r"\n\n###\n\n", "\n\n###\n\n"), (r"\\n", r"\n"), (r"a\d", r"a\d")]
)
def test_line_breaks_can_be_typed_in_a_shell(typed: str | None, meant: str | None) -> None:
    assert unescaped(typed) == meant


SECRET = "ghp_" + "Zq7LmXv9RtB4cWk2KdYs3NpFj6GaQe5UoTiH"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a column that is not known", f"question,{SECRET}\na,b\n"),
        ("a column twice", f"{SECRET},{SECRET}\na,b\n"),
        ("a column that is left out", f"question,answer,{SECRET}\na,b,c\n"),
        ("a row that does not fit", f"question,answer\n{SECRET}\n"),
        ("no known form", json.dumps({SECRET: 1})),
        ("a key that is left out", json.dumps({"prompt": "a", "completion": "b", SECRET: 1})),
        ("a turn from nobody", json.dumps({"conversations": [{"from": SECRET, "value": "x"}]})),
        ("no JSON", f'{PAIRS}{{"prompt": "{SECRET}", }}'),
    ],
)
def test_no_message_shows_a_secret(project: Project, name: str, content: str) -> None:
    done = _convert(project, content, name="old.csv" if "column" in name or "row" in name else "old.jsonl")

    assert SECRET[4:12] not in done.out + done.err
    assert done.out + done.err


def test_an_interruption_leaves_no_file_and_speaks_of_no_cloud(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("jobs.cli.data.convert.convert", interrupted)
    done = _convert(project, PAIRS)

    assert (done.code, done.err.strip()) == (130, "jobs: interrupted")
    assert not _new(project).exists()
