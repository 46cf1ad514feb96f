"""The search for secrets in what the tests show: it finds them however they are written, whichever way they come."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
import typer
from typer.testing import CliRunner

from jobs.ports import Secret
from simulator.arm.models import storage_keys
from simulator.entra.models import TRAINER
from simulator.entra.tokens import access_token
from simulator.server import Simulator
from tests.here import typed_here
from tests.leaks import LEAKS, Leaks, fail_where_shown, fresh_files

KEY = "MzVjYTk1/2R+Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZg=="


@pytest.mark.parametrize(
    "write", [str, quote, lambda key: quote(key, safe=""), repr, lambda key: f"AccountKey={key};x"]
)
def test_a_secret_is_found_as_it_stands_and_escaped(write: type[str]) -> None:
    leaks = Leaks()
    leaks.keep(KEY)
    leaks.heard("output", f"before {write(KEY)} after")
    [*shown] = leaks.taken()

    assert shown
    assert not any(KEY[9:] in each for each in shown), "what tells of a leak is none"
    assert leaks.taken() == []


@pytest.mark.parametrize(
    "text",
    [
        "Bearer eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL3MifQ.c2lnbmF0dXJlc2lnbmF0dXJl",
        "https://a.blob.core.windows.net/c/b?sv=2024&sig=c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJl%3D",
        "AccountName=a;AccountKey=c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJl==",
        TRAINER.secret,
    ],
)
def test_the_form_alone_tells_in_what_is_shown(text: str) -> None:
    leaks = Leaks()
    leaks.heard("output", text)

    assert len(leaks.taken()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://a.blob.core.windows.net/c/b has a query, such as a SAS (sig=…)",
        "6f1ed002ab5595859014ebf0951522d9a6f1ed002ab5595859014ebf0951522d.jsonl",
        "eyJ is how they begin",
    ],
)
def test_what_is_no_secret_is_let_pass(text: str) -> None:
    leaks = Leaks()
    leaks.keep(KEY)
    leaks.heard("output", text)

    assert leaks.taken() == []


@pytest.mark.parametrize("word", ["notasignature", "AAAAAAAAAAAAAAAA", "000000000000000000", "ab12ab12ab12ab12"])
def test_what_a_test_signs_with_may_be_a_word(word: str) -> None:
    leaks = Leaks()
    leaks.keep(word)
    leaks.heard("output", f"this is {word}, and known to all")

    assert leaks.taken() == []


def test_of_files_only_what_this_test_has_written_is_searched(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    written, older = tmp_path / "below" / "journal.json", tmp_path / "copied.json"
    for file in (written, older):
        file.write_text(KEY)
    began = written.stat().st_mtime - 1
    older.touch()
    os.utime(older, (began - 100, began - 100))
    (tmp_path / "link").symlink_to(written)

    assert list(fresh_files(tmp_path, began)) == [written]
    leaks = Leaks()
    leaks.keep(KEY)
    leaks.written(written)
    assert leaks.taken()


@pytest.mark.parametrize(("name", "fine"), [("state.json", True), ("journal.json", False)])
def test_the_secrets_of_its_directory_stand_in_a_simulators_state_alone(tmp_path: Path, name: str, fine: bool) -> None:
    leaks = Leaks()
    (tmp_path / name).write_text(f'{{"secret": "{TRAINER.secret}"}}')
    leaks.written(tmp_path / name)
    # Here and now, but not of this test: its own file would tell of it.
    (tmp_path / name).unlink()

    assert (leaks.taken() == []) is fine


def test_a_secret_across_two_pieces_of_a_large_file_is_found(tmp_path: Path) -> None:
    leaks, file = Leaks(), tmp_path / "blob"
    leaks.keep(KEY)
    file.write_bytes(b" " * (4 * 1024 * 1024 - 20) + KEY.encode())
    leaks.written(file)

    assert leaks.taken()


@pytest.mark.parametrize(
    ("shown", "meant", "outcome"), [(["x"], False, "failed"), (["x"], True, "passed"), ([], False, "passed")]
)
def test_who_shows_one_has_failed_unless_that_is_what_it_is_for(shown: list[str], meant: bool, outcome: str) -> None:
    report = pytest.TestReport("t", ("t", 1, "t"), {}, "passed", None, "teardown")
    fail_where_shown(report, shown, meant=meant)

    assert report.outcome == outcome


@pytest.mark.usefixtures("leaks")
class TestThisRun:
    """What is heard while these very tests run. Each takes back what it has shown on purpose."""

    @pytest.fixture
    def leaks(self, request: pytest.FixtureRequest) -> Iterator[Leaks]:
        found = request.config.stash[LEAKS]
        yield found
        assert found.taken(), "it was not heard"

    @pytest.fixture
    def token(self, simulator: Simulator) -> str:
        """Its signature alone: not its form, but where it came from, tells that it is one."""
        return access_token(simulator.cloud, TRAINER, "https://x").rpartition(".")[2]

    def test_a_command_in_this_process(self, token: str) -> None:
        app = typer.Typer()
        app.command()(lambda: typer.echo(token))

        assert CliRunner().invoke(app, []).exit_code == 0

    def test_a_program_in_this_process(self, token: str, tmp_path: Path) -> None:
        (tmp_path / "told.py").write_text(f"print('{token}')")

        typed_here(tmp_path, "told.py", environment={})
        (tmp_path / "told.py").unlink()

    def test_what_is_printed_and_read(self, token: str, capsys: pytest.CaptureFixture[str]) -> None:
        sys.stderr.write(token)

        assert capsys.readouterr().err

    def test_a_process(self, token: str) -> None:
        subprocess.run(
            [sys.executable, "-S", "-c", "print(input())"], input=token, text=True, capture_output=True, check=True
        )

    def test_the_arguments_of_a_process(self, token: str) -> None:
        subprocess.run(["/bin/true", f"--token={token}"], check=True)

    def test_a_signed_address(self, capsys: pytest.CaptureFixture[str]) -> None:
        secret = Secret("https://a.blob.core.windows.net/c/b?sv=1&sig=bm90Rm9yWW91ckV5ZXNBdEFsbA%3D%3D&se=2")
        sys.stdout.write(secret.value.rpartition("sig=")[2])

        assert capsys.readouterr().out

    def test_keys(self, leaks: Leaks, simulator: Simulator) -> None:
        account: Any = SimpleNamespace(key="/a", created_at=datetime(2026, 11, 20, tzinfo=UTC), facts={})
        leaks.heard("output", storage_keys(simulator.cloud, account)[1])
