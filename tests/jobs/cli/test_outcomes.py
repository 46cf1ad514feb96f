"""What a verb says at its end: nothing secret, and nothing that a terminal obeys, whoever's error it is."""

from __future__ import annotations

import pytest
import typer

from jobs.cli.asked import Asked
from jobs.cli.outcomes import FAULT, outcome

ADDRESS = "https://a.blob.core.windows.net/c/b?sig=Zm9vYmFyYmF6Zm9vYmFyYmF6"


@pytest.mark.parametrize("trains", [False, True])
def test_who_interrupts_is_told_of_runs_where_there_may_be_any(
    trains: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit), outcome(debug=False, asked=Asked("dev"), again="jobs again", trains=trains):
        raise KeyboardInterrupt
    said = capsys.readouterr().err

    assert said == f"\njobs: interrupted{'; what runs in Azure goes on' if trains else ''}\nNext: jobs again\n"


@pytest.mark.parametrize("debug", [False, True])
def test_the_words_of_a_librarys_error_are_shown_without_its_secrets(
    debug: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    def library() -> None:
        try:
            raise KeyError(f"{ADDRESS} was asked\x1b[2J")
        except KeyError as error:
            raise LookupError(f"not found: {ADDRESS}") from error

    with pytest.raises(typer.Exit) as ended, outcome(debug=debug):
        library()
    said = capsys.readouterr().err

    assert ended.value.exit_code == FAULT
    assert "a.blob.core.windows.net" in said
    assert "Zm9v" not in said
    assert "\x1b" not in said
    assert ("KeyError" in said) is debug
