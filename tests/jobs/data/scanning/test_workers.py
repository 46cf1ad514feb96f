"""Two processes that scan: the same report as one gives, and nothing left of them whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from jobs.data import check
from jobs.data.check import check_file
from jobs.data.expected import Expected
from jobs.data.reading.lines import Piece, PieceReader
from jobs.data.scanning import scans, workers
from jobs.data.scanning.workers import Workers
from jobs.errors import Refused
from tests.jobs.data.specimens import chat, jsonl, many, written

EXPECTED = Expected(encoding="o200k_base")
FAULTY = (
    jsonl(many(300)) + b'{"a": 1, "a": 2}\n{"messages": []}\n\xff\n' + jsonl([*many(3), chat("Question 7?", "No.")])
)


def test_two_processes_find_what_one_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Line for line, in the same order; and say how far they are."""
    path = written(tmp_path / "set.jsonl", FAULTY)
    monkeypatch.setattr(check, "PieceReader", lambda source: PieceReader(source, 2000))
    alone = check_file(path, EXPECTED)
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(scans, "LARGE", 0)
    monkeypatch.setattr(scans, "_processors", lambda: 2)

    assert check_file(path, EXPECTED, progress=lambda done, total: told.append((done, total))) == alone
    assert {"syntax-duplicate-key", "syntax-encoding", "schema-messages", "repeat-example"} <= set(alone.counts)
    assert told[-1] == (len(FAULTY), len(FAULTY))
    assert told == sorted(told)


def test_a_piece_that_all_others_wait_for_holds_nothing_up_once_it_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """However far ahead the other process is by then: it is given more to do, and nobody waits for nobody."""
    ours: list[Any] = ["slow", "quick"]
    given: dict[Any, Any] = {}

    def answered(busy: Mapping[Any, int]) -> list[Any]:
        assert busy, "nobody is busy, and is waited for"
        return [each for each in busy if busy[each] != 0] or list(busy)

    crew = Workers(None)
    monkeypatch.setattr(crew, "_connections", ours)
    monkeypatch.setattr(crew, "_send", given.__setitem__)
    monkeypatch.setattr(crew, "_received", given.__getitem__)
    monkeypatch.setattr(workers, "_readable", answered)
    pieces: Any = range(40)

    assert list(crew.scans(pieces, EXPECTED, None)) == list(pieces)


def _children(of: int) -> list[int]:
    listed = Path(f"/proc/{of}/task/{of}/children").read_text(encoding="ascii")
    return [int(child) for child in listed.split()]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are looked up in /proc")
class TestEnd:
    """However it ends."""

    def test_nothing_is_left_where_scanning_is_given_up(self) -> None:
        """By an error, or by Ctrl-C."""
        with Workers("o200k_base") as crew, pytest.raises(KeyboardInterrupt):
            list(crew.scans(_pieces(interrupt=True), EXPECTED, None))
        assert crew._process is not None

        assert crew._process.returncode == 0
        assert not Path(f"/proc/{crew._process.pid}").exists()

    @pytest.mark.parametrize("which", ["first", "second"])
    def test_a_process_that_is_killed_is_told(self, which: str) -> None:
        """As memory that runs out does; and the other one ends too."""
        with Workers("o200k_base") as crew:
            scans = crew.scans(_pieces(), EXPECTED, None)
            next(scans)
            assert crew._process is not None
            pids = [crew._process.pid, *_children(crew._process.pid)]
            os.kill(pids[0 if which == "first" else 1], signal.SIGKILL)
            with pytest.raises(Refused, match="ended"):
                list(scans)
        assert len(pids) == 2
        assert crew._process.returncode == (-signal.SIGKILL if which == "first" else 0)
        subprocess.run(["tail", f"--pid={pids[1]}", "-f", "/dev/null"], timeout=10, check=True)


def _pieces(*, interrupt: bool = False) -> Iterator[Piece]:
    data = jsonl(many(100))
    for number in range(10_000):
        if interrupt and number == 5:
            raise KeyboardInterrupt
        yield Piece(1 + 100 * number, data)
