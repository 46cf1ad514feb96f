"""Nothing secret is shown: what each test's commands say, start and write is searched for every secret there is.

Secrets are learnt where they arise: tokens as the simulator signs them, keys as it makes them, signatures as requests
come in with them. What a process of its own shows is known by its form: it has a simulator, and secrets, of its own.
Of a secret its longer runs of letters and digits are kept, which survive quoting and percent-encoding.
"""

from __future__ import annotations

import base64
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator
from functools import partial, wraps
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

_RUN = re.compile(r"[A-Za-z0-9]{12,}")
_FORMS = re.compile(
    r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}"  # a JSON web token
    r"|[?&]sig=[\w%+/=-]{20,}"  # a shared access signature
    r"|AccountKey=[\w+/=]{20,}"
    r"|local-secret-of-the-\w+"
)
_SEEDED = re.compile(r"local-secret-of-the-\w+")
_OF_THE_DIRECTORY = frozenset({"state.json", "state.json.new"})
"""What a simulator keeps of itself, the secrets of its principals among it."""
_LARGEST = 2 * 1024 * 1024
"""Bytes of a file that is searched: what jobs and the simulator write is smaller, datasets may be larger."""
_LARGEST_OF_BLOBS = 64 * 1024 * 1024
"""Of the files in which Azurite keeps blobs, several in one."""
_MOST_FILES = 400
_PIECE = 4 * 1024 * 1024
_OVERLAP = 256
"""Bytes: more than a secret's longest run."""


class Leaks:
    """What is secret by now, and what a test has shown of it."""

    def __init__(self) -> None:
        self._runs: set[str] = set()
        self._shown: list[str] = []

    def keep(self, secret: str) -> None:
        """``secret`` must not be seen from now on, nor percent-encoded, nor as it stands in base64 with other signs."""
        for form in {secret, unquote(secret), quote(unquote(secret), safe="")}:
            # No word and no row of noughts, which a test may show as it may sign with one.
            self._runs.update(run for run in _RUN.findall(form) if len(set(run)) > 5 and len(_kinds(run)) > 1)

    def heard(self, where: str, text: str | bytes | None) -> None:
        """Searches what was shown, whoever showed it."""
        if text:
            words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
            self._found(where, words, [found.group() for found in _FORMS.finditer(words)])

    def written(self, file: Path) -> None:
        """Searches a file for what is known to be secret. By its form alone a token may be a test's own specimen."""
        with file.open("rb") as stream:
            before = b""
            while piece := stream.read(_PIECE):
                # One that lies across two pieces is found in the second.
                text = (before + piece).decode("latin-1")
                self._found(str(file), text, () if file.name in _OF_THE_DIRECTORY else _SEEDED.findall(text))
                before = piece[-_OVERLAP:]

    def taken(self) -> list[str]:
        """What was shown since this was asked last, without the secrets themselves."""
        shown, self._shown = self._shown, []
        return shown

    def _found(self, where: str, text: str, forms: Iterable[str]) -> None:
        known = [] if self._runs.isdisjoint(runs := _RUN.findall(text)) else [r for r in runs if r in self._runs]
        self._shown += [f"{where}: {each[:6]}…, {len(each)} characters" for each in dict.fromkeys([*known, *forms])]


LEAKS = pytest.StashKey[Leaks]()


def fail_where_shown(report: pytest.TestReport, shown: Iterable[str], *, meant: bool) -> None:
    """Unless it is ``meant``, a test that has shown a secret has failed, whatever it was about."""
    told = list(shown)
    if told and report.passed and not meant:
        report.outcome = "failed"
        report.longrepr = "\n".join(["secrets were shown:", *told])


def blob_files(home: Path) -> Iterator[Path]:
    """Where Azurite keeps blobs, in a simulator's folder."""
    return fresh_files(home / "azurite", 0, largest=_LARGEST_OF_BLOBS)


def fresh_files(folder: Path, since: float, *, largest: int = _LARGEST) -> Iterator[Path]:
    """What was written in ``folder`` since that moment; links lead elsewhere, and what was copied is older."""
    count = 0
    waiting = [folder]
    while waiting:
        for each in waiting.pop().iterdir():
            if each.is_symlink():
                continue
            if each.is_dir():
                waiting.append(each)
            elif each.is_file() and since <= (found := each.stat()).st_mtime and found.st_size <= largest:
                count += 1
                if count <= _MOST_FILES:
                    yield each


def listen(leaks: Leaks) -> None:
    """From now on, and in this process, secrets are learnt as they arise, and commands are heard."""
    import jwt
    import typer.testing
    from _pytest.capture import CaptureFixture

    from jobs.ports import Secret
    from simulator.arm import models
    from simulator.record import Recorder
    from tests import here

    def signed(token: str) -> None:
        leaks.keep(token.rpartition(".")[2])

    def made(secret: bytes) -> None:
        leaks.keep(base64.b64encode(secret).decode())
        leaks.keep(secret.hex()[:32])

    def captured(found: Any) -> None:
        leaks.heard("what is printed", found.out)
        leaks.heard("what is printed as an error", found.err)

    def ended(result: Any) -> None:
        leaks.heard("what a command says", result.stdout)
        leaks.heard("what a command says as an error", result.stderr)

    def communicated(said: Any) -> None:
        for each in said:
            leaks.heard("what a process says", each)

    _after(jwt, "encode", signed)
    _after(models, "_secret", made)
    here.LISTENERS.append(partial(leaks.heard, "what a program says"))
    _after(typer.testing.CliRunner, "invoke", ended)
    _after(CaptureFixture, "readouterr", captured)
    _after(subprocess.Popen, "communicate", communicated)

    process_type: Any = subprocess.Popen
    start = process_type.__init__

    @wraps(start)
    def started(process: Any, args: Any, *rest: Any, **options: Any) -> None:
        words = [args] if isinstance(args, str | bytes | Path) else args
        for word in words:
            leaks.heard("the arguments of a process", word if isinstance(word, bytes) else str(word))
        start(process, args, *rest, **options)

    process_type.__init__ = started

    secret_type: Any = Secret
    make = secret_type.__init__

    @wraps(make)
    def kept(secret: Any, value: str) -> None:
        make(secret, value)
        for found in re.finditer(r"[?&]sig=([^&]+)", value):
            leaks.keep(found[1])

    secret_type.__init__ = kept

    recorder_type: Any = Recorder
    receive = recorder_type.__call__

    @wraps(receive)
    async def received(recorder: Any, scope: Any, *rest: Any) -> None:
        for found in re.finditer(rb"(?:^|&)sig=([^&]+)", scope.get("query_string", b"")):
            leaks.keep(found[1].decode("latin-1"))
        await receive(recorder, scope, *rest)

    recorder_type.__call__ = received


def _after(owner: Any, name: str, heard: Callable[[Any], None]) -> None:
    original = getattr(owner, name)

    @wraps(original)
    def wrapped(*args: Any, **options: Any) -> Any:
        result = original(*args, **options)
        heard(result)
        return result

    setattr(owner, name, wrapped)


def _kinds(run: str) -> set[str]:
    """Of characters in it."""
    return {"upper" if each.isupper() else "lower" if each.islower() else "digit" for each in run}
