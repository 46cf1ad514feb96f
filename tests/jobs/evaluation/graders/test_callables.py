"""Graders that people write in Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.errors import Refused
from tests.jobs.evaluation.graders.asked import given, grader

ENDS = "def ends(question, answer):\n    return answer.text.endswith(question.expected)\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """models/m of a project."""
    made = tmp_path / "models" / "m"
    made.mkdir(parents=True)
    return made


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("beneath", ["models/m/own.py", "models/own.py", "own.py"])
def test_a_function_is_found_beside_tune_yaml_among_the_models_or_in_the_project(beneath: str, folder: Path) -> None:
    write(folder.parents[1] / beneath, ENDS)

    assert given(grader("callable", function="own:ends"), "So it is Paris", "Paris", folder=folder).score == 1
    assert given(grader("callable", function="own:ends"), "Paris it is", "Paris", folder=folder).score == 0


def test_the_nearest_one_is_taken_and_two_models_may_have_modules_of_one_name(tmp_path: Path) -> None:
    for model, value in (("a", 1), ("b", 2)):
        write(tmp_path / "models" / model / "own.py", f"def f(question, answer):\n    return {value}\n")
    write(tmp_path / "own.py", "def f(question, answer):\n    return 3\n")

    which = grader("callable", function="own:f")

    assert [given(which, "x", folder=tmp_path / "models" / model).score for model in "ab"] == [1, 2]


def test_else_it_is_imported_from_what_is_installed(folder: Path) -> None:
    assert given(grader("callable", function="operator:is_not"), "x", folder=folder).score == 1


@pytest.mark.parametrize(
    ("body", "score", "said", "label"),
    [
        ("return True", 1, None, None),
        ("return 0.25", 0.25, None, None),
        ("return {'score': False, 'reason': 'too long', 'label': 'rude'}", 0, "too long", "rude"),
    ],
)
def test_it_gives_a_number_or_true_or_a_mapping(
    body: str, score: float, said: str | None, label: str | None, folder: Path
) -> None:
    write(folder / "g.py", f"def f(question, answer):\n    {body}\n")

    found = given(grader("callable", function="g:f"), "x", folder=folder)

    assert (found.score, found.said, found.label) == (score, said, label)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def f(question, answer):\n    return 1 / 0\n", "g.py, line 2: ZeroDivisionError"),
        ("def f(question):\n    return 1\n", "TypeError"),
        ("def f(question, answer):\n    raise SystemExit\n", "g.py, line 2: SystemExit"),
        ("def f(question, answer)\n    return 1\n", "g.py, line 1: SyntaxError"),
        ("import nothing_of_this_name\n", "g.py, line 1: ModuleNotFoundError"),
        ("f = 3\n", "g has no function f"),
        ("def f(question, answer):\n    return 'good'\n", "'good'"),
        ("def f(question, answer):\n    return None\n", "a number, true or false"),
        ("def f(question, answer):\n    return float('nan')\n", "nan"),
        ("def f(question, answer):\n    return {'points': 1}\n", "a mapping with a `score`"),
    ],
)
def test_its_faults_are_named_with_file_and_line(text: str, words: str, folder: Path) -> None:
    write(folder / "g.py", text)

    with pytest.raises(Refused) as refused:
        given(grader("callable", function="g:f"), "x", folder=folder)

    assert "g:f" in refused.value.what
    assert words in refused.value.what
    assert "Traceback" not in refused.value.what


def test_a_module_that_is_nowhere_is_named(folder: Path) -> None:
    with pytest.raises(Refused, match=r"there is no nothing_of_this_name\.py beside tune\.yaml"):
        given(grader("callable", function="nothing_of_this_name:f"), "x", folder=folder)


def test_what_an_error_shows_of_an_answer_is_masked(folder: Path) -> None:
    write(folder / "g.py", "def f(question, answer):\n    return {}[answer.text]\n")

    with pytest.raises(Refused) as refused:
        given(grader("callable", function="g:f"), "jane.doe@contoso.com", folder=folder)

    assert "jane.doe" not in refused.value.what
