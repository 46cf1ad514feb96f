"""Commands of the simulator, in this process."""

from __future__ import annotations

import shlex
import signal
import sys
from collections.abc import Callable, Iterator

import pytest

from simulator.__main__ import main

Running = Callable[[str], int]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """Runs `.venv/bin/python -m simulator …` as the page has it, and says its exit code."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)}

    def running(command: str) -> int:
        words = shlex.split(command)
        assert words[:3] == [".venv/bin/python", "-m", "simulator"]
        monkeypatch.setattr(sys, "argv", words[2:])
        with pytest.raises(SystemExit) as left:
            main()
        return int(left.value.code or 0)

    yield running
    for number, handler in handlers.items():
        signal.signal(number, handler)
