"""Other forms of datasets become chat JSONL: prompt and completion, CSV, Alpaca, ShareGPT, lists of examples.

A file is read record by record, twice where a look at all of it decides what is taken off its texts; memory is that of
one record. Each record that cannot become an example is told with its place, and nothing is left out without being
counted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from jobs.data.conversion import alpaca, csv_records, examples, json_records, prompt_completion, sharegpt
from jobs.data.conversion.prompt_completion import Wrapping, certain_wrapping, pair_of
from jobs.data.conversion.record import Chat, Record, Unconvertible
from jobs.data.conversion.wish import Form, NotKnown, Settled, Wish, settled

__all__ = ["Conversion", "Form", "NotKnown", "Unread", "Wish", "convert"]

KEPT_FAULTS = 1000
Opened = Callable[[], BinaryIO]
"""Gives the source from its beginning, each time; it can be sought."""


@dataclass(frozen=True)
class Unread:
    """A record of which no example could be made."""

    place: str
    why: str


@dataclass
class Conversion:
    """What came of it.

    wrapping           what was taken off the texts
    replaced_system    examples whose own system message gave way to the one that was asked for
    blank              lines or rows with nothing in them
    unused             in how many records each key stood that has no place in an example
    faults             the first KEPT_FAULTS; ``fault_count`` counts all
    """

    form: Form
    wrapping: Wrapping
    examples: int = 0
    replaced_system: int = 0
    blank: int = 0
    unused: Counter[str] = field(default_factory=Counter)
    faults: list[Unread] = field(default_factory=list)
    fault_count: int = 0


def convert(opened: Opened, name: str, wish: Wish, write: Callable[[bytes], object]) -> Conversion:
    """Writes a line for each record that becomes an example. Raises NotKnown, and what ``opened`` and ``write`` raise.

    name     of the source: one that ends in .csv or .tsv is taken for a table
    """
    source = _settled(opened, name, wish)
    done = Conversion(source.form, _wrapping(opened, source, wish))
    for record in _records(opened, source.form):
        if record.value is None and record.fault is None:
            done.blank += 1
            continue
        try:
            line = _line(record, source, wish.system, done)
        except Unconvertible as error:
            done.fault_count += 1
            if done.fault_count <= KEPT_FAULTS:
                done.faults.append(Unread(record.place, str(error)))
            continue
        done.examples += 1
        write(line)
    return done


def _settled(opened: Opened, name: str, wish: Wish) -> Settled:
    form: Form | None = wish.form or ("csv" if name.lower().endswith((".csv", ".tsv")) else None)
    why = None
    for record in _records(opened, form):
        if record.value is not None:
            if form is None and examples.is_example(record.value) and not _is_lines(opened):
                form = "examples"
            return settled(wish, form, record.value)
        if why is None and record.fault is not None:
            why = f"{record.place} {record.fault}"
    raise NotKnown(f"has no record that could be read: {why or 'it is empty'}")


def _records(opened: Opened, form: Form | None) -> Iterator[Record]:
    with closing(opened()) as source:
        yield from csv_records.records(source) if form == "csv" else json_records.records(source)


def _wrapping(opened: Opened, source: Settled, wish: Wish) -> Wrapping:
    found = Wrapping()
    # The models that wanted separators took no tables: what looks like one in a table may be meant.
    if source.form == "prompt-completion":
        found = certain_wrapping(_pairs(opened, source))
    return replace(
        found,
        separator=found.separator if wish.separator is None else wish.separator,
        stop=found.stop if wish.stop is None else wish.stop,
    )


def _pairs(opened: Opened, source: Settled) -> Iterator[tuple[str, str]]:
    for record in _records(opened, source.form):
        if record.value is not None:
            try:
                yield pair_of(record.value, source.prompt, source.answer)
            except Unconvertible:
                continue


def _is_lines(opened: Opened) -> bool:
    with closing(opened()) as source:
        return json_records.is_lines(source)


def _line(record: Record, source: Settled, system: str | None, done: Conversion) -> bytes:
    """The record's line; what was left out of it or replaced is counted in ``done``. Raises Unconvertible."""
    if record.value is None:
        raise Unconvertible(record.fault)
    if source.form == "examples":
        example, replaced = examples.with_system(record.value, system)
    else:
        chat = _chat(record.value, source, done.wrapping)
        replaced = None not in (chat.system, system) and chat.system != system
        done.unused.update(chat.unused)
        example = _example(chat, system if system is not None else chat.system)
    done.replaced_system += replaced
    return json.dumps(example, ensure_ascii=False).encode() + b"\n"


def _chat(value: Mapping[str, Any], source: Settled, wrapping: Wrapping) -> Chat:
    match source.form:
        case "alpaca":
            return alpaca.chat_of(value)
        case "sharegpt":
            return sharegpt.chat_of(value)
        case _:
            return prompt_completion.chat_of(value, source.prompt, source.answer, wrapping)


def _example(chat: Chat, system: str | None) -> Mapping[str, Any]:
    messages = chat.messages if system is None else [{"role": "system", "content": system}, *chat.messages]
    return {"messages": messages} | ({"tools": chat.tools} if chat.tools is not None else {})
