"""`jobs history`: what became of a model in each stack, by git and by the records."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import typer

from contract.evaluation import VERDICTS
from contract.release import Releases
from jobs.cli.columns import NOTHING, say_table
from jobs.cli.others import others
from jobs.cli.outcomes import complain
from jobs.errors import Refused
from jobs.releases.moves import Move, common, moves, told_by_records
from jobs.stacks.file_history import FileChange, FileHistory, committed_content, history_of
from jobs.stacks.git import contents
from jobs.stacks.outputs import short_name
from jobs.stacks.release_edit import Misrecorded, recorded
from jobs.stacks.release_lines import KEY
from jobs.stacks.stack_file import StackFileRefused, content_of, stack_file, stack_files, stack_of
from jobs.stacks.written_records import WrittenRecords
from jobs.stacks.yaml_span import Document, Unwritable

_HEADINGS = ("WHEN", "STACK", "WHAT", "MODEL ID", "VERDICT", "BY", "COMMIT", "WHY")
_WORDS = {"rolledBack": "rolled back"}
_SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Event:
    """A move, where it happened. ``commit`` is None for what is not committed, and for what only the record says."""

    stack: str
    move: Move
    at: str | None
    by: str | None
    commit: str | None
    is_pending: bool = False
    """Whether it stands in the file alone, and is to be committed yet."""


@dataclass
class _Told:
    events: list[Event] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    models: set[str] = field(default_factory=set)


def show_history(model: str, stacks: Sequence[str], project: Path | None, *, as_json: bool) -> None:
    """The oldest first. Nothing is changed, nothing asked of any network."""
    folder = project or Path()
    told = _Told()
    for stack, path in _files(folder, stacks):
        _of_stack(model, stack, path, told)
    told.events.sort(key=_order(told.events))
    if not told.events and model not in told.models:
        for remark in told.remarks:
            complain(f"mind: {remark}")
        raise Refused(f"no stack file records anything of a model {model}{others(model, told.models)}")
    if as_json:
        typer.echo(json.dumps(_document(model, told), indent=2, ensure_ascii=False))
        return
    say_table(_HEADINGS, [_cells(event) for event in told.events], title=3)
    for remark in told.remarks:
        complain(f"mind: {remark}")


def _order(events: Sequence[Event]) -> Callable[[Event], tuple[str, bool]]:
    """By time; of what one commit did to several stacks, where a model was promoted to after where it came from. In a
    stack the order stays."""
    promoted = {(event.at, event.stack) for event in events if event.move.what == "promoted"}
    return lambda event: (event.at or "~", (event.at, event.stack) in promoted)


def _files(project: Path, stacks: Sequence[str]) -> list[tuple[str, Path]]:
    if stacks:
        return [(short_name(stack), stack_file(project, stack)) for stack in dict.fromkeys(stacks)]
    return [(stack_of(path), path) for path in stack_files(project)]


def _of_stack(model: str, stack: str, path: Path, told: _Told) -> None:
    try:
        known = history_of(path)
    except Refused as refused:
        known = FileHistory((), (f"{refused.what}, so only what the records say is told",))
    events = len(told.events)
    versions = _Versions(model, path, known.changes, told)
    for change in known.changes:
        told.events += versions.events(stack, change)
    now = _now(model, path, told)
    if now is not None and known.changes:
        before = versions.committed()
        told.events += [Event(stack, move, None, move.by, None, is_pending=True) for move in moves(before, now)]
    elif now is not None:
        told.events += [Event(stack, move, move.at, move.by, None) for move in told_by_records(now)]
    if known.changes or len(told.events) > events:
        # Of a file that was never committed, such as the local stack's, only where it has something to tell.
        told.remarks += [f"{stack}: {remark}" for remark in known.remarks]


class _Versions:
    """What each version of the file records of the model."""

    def __init__(self, model: str, path: Path, changes: Sequence[FileChange], told: _Told) -> None:
        self._model = model
        self._path = path
        self._told = told
        names = [name for change in changes for name in (*change.before, change.after) if name is not None]
        newest = committed_content(path) if changes else None
        self._newest = newest
        self._contents = contents(path.parent, [*names, *([newest] if newest else [])]) if names else {}
        self._quick = WrittenRecords(model)
        self._read: dict[str, Releases | None] = {}
        self._last = Releases()

    def events(self, stack: str, change: FileChange) -> Iterator[Event]:
        after = self._releases(change.after, change.commit)
        if after is None:
            return
        # What a broken version recorded nobody knows: the last one that could be read counts.
        befores = [self._releases(name, change.commit) for name in change.before]
        found = common([moves(self._last if before is None else before, after) for before in befores])
        self._last = after
        for move in found:
            yield Event(stack, move, change.at, move.by or change.by, change.commit)

    def committed(self) -> Releases:
        found = self._releases(self._newest, "HEAD")
        return self._last if found is None else found

    def _releases(self, name: str | None, commit: str) -> Releases | None:
        if name is None:
            return Releases()
        if name not in self._read:
            content = self._contents.get(name)
            if content is None:
                self._told.remarks.append(f"{self._path} at {commit[:8]}: git doesn't have its content here")
                self._read[name] = None
            else:
                self._read[name] = self._parsed(content, commit)
        return self._read[name]

    def _parsed(self, content: bytes, commit: str) -> Releases | None:
        quick = self._quick.of(content)
        if quick is not None:
            return quick
        try:
            return recorded(Document.parse(content, KEY)).get(self._model, Releases())
        except (Unwritable, Misrecorded) as error:
            why = error.problem if isinstance(error, Unwritable) else error.faults[0]
            self._told.remarks.append(f"{self._path} could not be read as {commit[:8]} left it: {why}")
            return None


def _now(model: str, path: Path, told: _Told) -> Releases | None:
    """What the file on disk says; None where it says nothing that can be read."""
    if not path.exists():
        told.remarks.append(f"{path} is not there")
        return None
    try:
        found = recorded(Document.parse(content_of(path), KEY))
    except (StackFileRefused, Unwritable, Misrecorded) as error:
        why = error.faults[0] if isinstance(error, Misrecorded) else error.problem
        told.remarks.append(f"{path} cannot be read: {why}")
        return None
    told.models |= set(found)
    return found.get(model, Releases())


def _cells(event: Event) -> tuple[str, ...]:
    move = event.move
    return (
        event.at or ("not committed" if event.is_pending else NOTHING),
        event.stack,
        _WORDS.get(move.what, move.what),
        move.model_id,
        VERDICTS[move.verdict] if move.verdict else NOTHING,
        event.by or NOTHING,
        event.commit[:8] if event.commit else NOTHING,
        move.why or NOTHING,
    )


def _document(model: str, told: _Told) -> dict[str, object]:
    return {
        "schemaVersion": _SCHEMA_VERSION,
        "model": model,
        "events": [
            {
                "at": event.at,
                "stack": event.stack,
                "what": event.move.what,
                "modelId": event.move.model_id,
                "runKey": event.move.run_key,
                "verdict": event.move.verdict,
                "by": event.by,
                "commit": event.commit,
                "why": event.move.why,
            }
            for event in told.events
        ],
        "remarks": told.remarks,
    }
