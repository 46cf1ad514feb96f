"""`jobs convert`: another form of dataset becomes chat JSONL, in a new file."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import typer

from jobs.cli.data.check_result import counted
from jobs.cli.program import say_next
from jobs.data.conversion import Conversion, NotKnown, Wish, convert
from jobs.data.reading.json_line import shortened
from jobs.errors import Refused, Unreadable, Usage

_SHOWN_FAULTS = 20
_ESCAPES = {"\\n": "\n", "\\t": "\t", "\\\\": "\\"}


def convert_file(source: Path, output: Path, wish: Wish, *, skip_faults: bool) -> None:
    """Says what became of the records. Raises Refused, with nothing written, where one cannot become an example.

    skip_faults   leave out such records, and say which
    """
    if not source.is_file():
        raise Unreadable(f"{source} is no file" if source.exists() else f"there is no {source}")
    try:
        target = output.open("xb")
    except FileExistsError:
        raise Refused(f"{output} exists already, and is not written over") from None
    kept = False
    try:
        with target:
            done = convert(lambda: source.open("rb"), source.name, wish, target.write)
        if done.fault_count and not skip_faults:
            what = f"{counted(done.fault_count, 'record')} of {source} cannot become an example; nothing was written"
            raise Refused(what, details=[*_faults(done), "--skip-faults leaves them out"])
        if not done.examples:
            raise Refused(f"{source} has no record that can become an example", details=list(_faults(done)))
        kept = True
    except NotKnown as error:
        raise Refused(f"{source} {error}") from None
    finally:
        if not kept:
            output.unlink()
    typer.echo(f"{output}: {counted(done.examples, 'example')} from {source}, read as {done.form}")
    for line in _particulars(done, wish):
        typer.echo(f"  {line}")
    say_next(shlex.join(["jobs", "check", "--file", str(output)]))


def system_message(text: str | None, file: Path | None) -> str | None:
    """The message as given, or as it stands in ``file`` but for its last line break. Raises Usage, Unreadable."""
    if file is None:
        if text is not None and not text.strip():
            raise Usage("--system has nothing in it: leave it out where no system message is wanted")
        return text
    if text is not None:
        raise Usage("give the system message by --system or by --system-file, not by both")
    try:
        found = file.read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise Unreadable(f"{file} is not UTF-8") from None
    if not found.strip():
        raise Unreadable(f"{file} has nothing in it")
    return found


def unescaped(text: str | None) -> str | None:
    r"""What is typed as ``\n``, ``\t`` or ``\\`` in a shell."""
    if text is None:
        return None
    pieces, rest = [], text
    while rest:
        size = 2 if rest[:2] in _ESCAPES else 1
        pieces.append(_ESCAPES.get(rest[:size], rest[:size]))
        rest = rest[size:]
    return "".join(pieces)


def _faults(done: Conversion) -> Iterator[str]:
    for fault in done.faults[:_SHOWN_FAULTS]:
        yield f"{fault.place} {fault.why}"
    if done.fault_count > _SHOWN_FAULTS:
        yield f"… and {done.fault_count - _SHOWN_FAULTS:,} more"


def _particulars(done: Conversion, wish: Wish) -> Iterator[str]:
    """What was changed and what was left out: nothing is, silently."""
    wrapping = done.wrapping
    if wrapping.separator:
        yield f"taken off the end of {_where(wish.separator)} prompt: {wrapping.separator!r}"
    if wrapping.blank:
        yield "taken off the beginning of every answer: the blank"
    if wrapping.stop:
        yield f"taken off the end of {_where(wish.stop)} answer: {wrapping.stop!r}"
    if done.replaced_system:
        yield f"the system message replaced that of {counted(done.replaced_system, 'example')}"
    for key, number in sorted(done.unused.items()):
        yield f"left out: {shortened(key)} of {counted(number, 'record')}"
    if done.blank:
        yield f"left out: {counted(done.blank, 'blank line')}"
    for fault in _faults(done):
        yield f"left out: {fault}"


def _where(asked: str | None) -> str:
    """What was found stands everywhere; what was asked for is taken off where it stands."""
    return "every" if asked is None else "each such"
