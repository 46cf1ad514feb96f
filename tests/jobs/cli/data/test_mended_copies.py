"""`jobs check --fix` writes mended copies beside the files, and never over one."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from jobs.cli.data import check_document, mended_copies
from jobs.cli.data.check_result import CheckResult
from jobs.cli.data.findings_told import tell
from jobs.cli.data.told import Told
from jobs.data.expected import Expected
from jobs.data.mending.mend import mend
from tests.jobs.cli.conftest import Project

FIX = ("check", "clippy", "--fix")


@pytest.fixture
def untidy(project: Project) -> Path:
    """The training file with a byte order mark, CRLF in line 2, curly quotes in line 3, and a broken last line."""
    path = project.folder / "models/clippy/t.jsonl"
    lines = path.read_text().splitlines()
    lines[1] += "\r"
    lines[2] = lines[2].replace('"', "”")
    lines.append('{"messages": ')
    path.write_bytes(b"\xef\xbb\xbf" + "\n".join(lines).encode() + b"\n")
    return path


def test_the_copy_is_mended_and_the_file_stays_as_it_was(project: Project, untidy: Path) -> None:
    before = untidy.read_bytes()
    done = project.jobs(*FIX)
    copy = untidy.with_name("t.mended.jsonl")

    assert untidy.read_bytes() == before
    assert copy.read_bytes().splitlines(keepends=True)[:60] == [
        json.dumps(json.loads(line)).encode() + b"\n"
        for line in before.decode("utf-8-sig").replace("”", '"').replace("\r\n", "\n").split("\n")[:60]
    ]
    assert done.code == 1, "what tune.yaml names is still broken"


def test_without_it_people_are_told_that_there_is_a_way(project: Project, untidy: Path) -> None:
    assert untidy.exists()
    words = "--fix writes a copy in which that is mended, where it is certain: syntax-json, syntax-bom, syntax-crlf"

    assert words in project.jobs("check", "clippy").out.splitlines()
    assert "--fix" not in project.jobs("check", "clippy", "--format", "lines").out


def test_each_change_is_listed_with_its_lines_and_what_is_left_too(project: Project, untidy: Path) -> None:
    out = project.jobs(*FIX).out.splitlines()
    start = out.index("models/clippy/t.jsonl: mended in models/clippy/t.mended.jsonl")

    assert out[start + 1 : start + 4] == [
        "  the byte order mark was removed: line 1",
        "  CR LF became LF: line 2",
        "  curly quotes became straight ones: line 3",
    ]
    assert out[start + 4].startswith("  left: line 61 ")
    assert "models/clippy/v.jsonl: there is nothing that could be mended with certainty" in out


def test_a_clean_file_gets_no_copy(project: Project) -> None:
    done = project.jobs(*FIX)

    assert done.code == 0
    assert list(project.folder.rglob("*mended*")) == []


def test_twice_is_as_once(project: Project, untidy: Path) -> None:
    project.jobs(*FIX)
    copy = untidy.with_name("t.mended.jsonl")
    before = copy.stat().st_mtime_ns, copy.read_bytes()
    done = project.jobs(*FIX)

    assert "mended in" in done.out
    assert (copy.stat().st_mtime_ns, copy.read_bytes()) == before


@pytest.mark.parametrize("content", [b"mine", b""])
def test_another_file_of_that_name_is_not_written_over(project: Project, untidy: Path, content: bytes) -> None:
    copy = untidy.with_name("t.mended.jsonl")
    copy.write_bytes(content)
    done = project.jobs(*FIX)

    assert done.code == 1
    assert "models/clippy/t.mended.jsonl" in done.err
    assert copy.read_bytes() == content


def test_a_copy_that_could_not_be_finished_is_removed(
    project: Project, untidy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: object, write: object) -> object:
        if write is len:
            return mend(source, write)  # type: ignore[arg-type] # as they came
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(mended_copies, "mend", full)
    done = project.jobs(*FIX)

    assert done.code == 1
    assert "No space left" in done.err
    assert not untidy.with_name("t.mended.jsonl").exists()


def test_the_document_lists_it_too(project: Project, untidy: Path) -> None:
    found = json.loads(project.jobs(*FIX, "--format", "json").out)
    jsonschema.validate(found, json.loads(check_document.PATH.read_text()))
    training, validation = found["mended"]

    assert training["copiedTo"] == "models/clippy/t.mended.jsonl"
    assert {"what": "CR LF became LF", "count": 1, "lines": [2]} in training["changes"]
    assert [left["line"] for left in training["left"]] == [61]
    assert (validation["copiedTo"], validation["changes"]) == (None, [])


def test_a_single_file_is_mended_too(project: Project, untidy: Path) -> None:
    project.jobs("check", "--file", "models/clippy/t.jsonl", "--fix")

    assert untidy.with_name("t.mended.jsonl").exists()


def test_what_lies_elsewhere_is_said_to_stay_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """Data by reference is never on this disk."""
    tell(CheckResult("m", Expected(), ()), Told(fix=True), summary=False, files=["https://st.example/data/t.jsonl"])

    assert "https://st.example/data/t.jsonl: is not mended" in capsys.readouterr().out
