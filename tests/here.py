"""A command that somebody types, run in this process: what it imports is imported once for all tests.

`tests.checkout.typed` runs the real thing; the demo and the commands of README.md do.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest import mock

LISTENERS: list[Callable[[str], None]] = []
"""Who else hears what is said."""


def typed_here(folder: Path, module: str, *arguments: str, environment: Mapping[str, str], code: int = 0) -> str:
    """What `python -m MODULE ARGUMENTS` says in `folder`, errors last. It ends with `code`, never in a traceback.

    A module that ends in .py is a script: `python MODULE ARGUMENTS`.
    """
    said, complained = StringIO(), StringIO()
    with _standing_in(folder, environment), redirect_stdout(said), redirect_stderr(complained):
        ended = _ended_with(module, arguments)
    text = said.getvalue() + complained.getvalue()
    for listener in LISTENERS:
        listener(text)
    assert ended == code, f"$ python -m {module} {' '.join(arguments)}\n{text}"
    assert "Traceback" not in text
    return text


def _ended_with(module: str, arguments: tuple[str, ...]) -> int:
    # As in a process of its own: whoever has imported it before would be warned of.
    main = f"{module}.__main__"
    imported = {main: sys.modules.pop(main)} if main in sys.modules else {}
    with mock.patch.object(sys, "argv", [module, *arguments]):
        try:
            if module.endswith(".py"):
                runpy.run_path(module, run_name="__main__")
            else:
                runpy.run_module(module, run_name="__main__", alter_sys=True)
        except SystemExit as ended:
            return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
        finally:
            sys.modules.update(imported)
    return 0


@contextmanager
def _standing_in(folder: Path, environment: Mapping[str, str]) -> Iterator[None]:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    with chdir(folder), mock.patch.dict(os.environ, environment, clear=True):
        try:
            yield
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
