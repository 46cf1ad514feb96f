"""Chat examples that are plain: messages of a role and a text each, nothing else, and nothing to say about them.

Nearly all lines of most files are; for them everything is found out at a glance and many at a time, with the same
result as the long way has (a test holds both against each other). Which roles may follow each other is asked of the
formats, once for each row of roles that is met.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, compress, islice
from operator import itemgetter
from typing import Any, TypeVar

import orjson

from jobs.data.counting.tokens import Counter
from jobs.data.expected import Expected
from jobs.data.formats import example_faults
from jobs.data.formats.messages import SYSTEM_ROLES
from jobs.data.formats.texts import is_fine
from jobs.data.leaks.fingerprints import LAST_MARKS, SMALL_AND_BLANK, fingerprints_of, normal
from jobs.data.reading.quick_json import quotes_in

_T = TypeVar("_T")
_Found = tuple[tuple[str, ...], tuple[str, ...]]
"""The roles and the texts of an example."""

_ODD = b"\x01"
"""What all control characters are made that no text should have."""
_BETWEEN = "\x00"
_TABLE = bytes(
    SMALL_AND_BLANK[code] if code in b"\t\n\r" or (code >= 32 and code != 127) else code and _ODD[0]
    for code in range(256)
)
_MOST_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """A row of roles that a plain example may have; the last is the assistant's.

    system          how many messages at the beginning are the system's
    asked           which message is the last of a user; None where there is none
    prompt, answer  tokens of the frame
    """

    roles: tuple[str, ...]
    system: int
    asked: int | None
    prompt: int
    answer: int


@dataclass(slots=True)
class PlainExamples:
    """Some plain examples, in the order of their lines: the number of each line, its roles, and the texts beside them.

    prompts, answers   tokens of each
    digests, wholes    as ``Fingerprint`` has them, of each
    """

    lines: list[int]
    rows: list[Row]
    texts: list[tuple[str, ...]]
    prompts: list[int]
    answers: list[int]
    digests: list[int]
    wholes: list[int]

    def __len__(self) -> int:
        return len(self.lines)

    def part(self, start: int, end: int) -> PlainExamples:
        """Those from ``start`` up to ``end``, as in slices."""
        if (start, end) == (0, len(self)):
            return self
        return PlainExamples(
            self.lines[start:end],
            self.rows[start:end],
            self.texts[start:end],
            self.prompts[start:end],
            self.answers[start:end],
            self.digests[start:end],
            self.wholes[start:end],
        )

    def asked(self) -> list[str]:
        """Of each the last text of a user; empty where there is none."""
        return [
            texts[row.asked] if row.asked is not None else "" for row, texts in zip(self.rows, self.texts, strict=True)
        ]

    def answered(self) -> list[str]:
        """Of each the last text, which is the assistant's."""
        return [texts[-1] for texts in self.texts]

    def prompt_messages(self) -> Iterator[list[dict[str, Any]]]:
        """Of each the messages before the last."""
        for row, texts in zip(self.rows, self.texts, strict=True):
            yield [{"role": role, "content": text} for role, text in zip(row.roles[:-1], texts[:-1], strict=True)]


class PlainChat:
    """Tells plain examples by the rows of roles that ``expected`` allows."""

    def __init__(self, expected: Expected, counter: Counter) -> None:
        self._expected = expected
        self._counter = counter
        self._rows: dict[tuple[str, ...], Row | None] = {}

    def among(self, lines: Sequence[bytes], first: int) -> PlainExamples:
        """Those of the lines that are plain; ``first``: the number of the first one. An empty one is left out."""
        given = list(filter(None, lines))
        found = _found(given)
        numbers = list(compress(range(first, first + len(lines)), lines))
        rows = [self._row(each[0]) if each is not None else None for each in found]
        return self._counted(
            list(compress(numbers, rows)),
            [row for row in rows if row is not None],
            [each[1] for each, row in zip(found, rows, strict=True) if each is not None and row is not None],
        )

    def _counted(self, numbers: list[int], rows: list[Row], texts: list[tuple[str, ...]]) -> PlainExamples:
        words = _parted(_normal_texts(list(chain.from_iterable(texts))), texts)
        fine = [None not in each for each in words]
        if not all(fine):
            numbers, rows = list(compress(numbers, fine)), list(compress(rows, fine))
            texts, words = list(compress(texts, fine)), list(compress(words, fine))
        # All texts in a row: the vocabulary stays in the processor's cache, which halves the time.
        counts = _parted(list(map(self._counter.text, chain.from_iterable(texts))), texts)
        prompts = [row.prompt + sum(count[:-1]) for row, count in zip(rows, counts, strict=True)]
        answers = [row.answer + count[-1] for row, count in zip(rows, counts, strict=True)]
        return PlainExamples(
            numbers, rows, texts, prompts, answers, *fingerprints_of([row.roles for row in rows], words)
        )

    def _row(self, roles: tuple[str, ...]) -> Row | None:
        """The row; None where these roles in this order take a closer look."""
        try:
            return self._rows[roles]
        except KeyError:
            row = self._new_row(roles)
            if len(self._rows) < _MOST_ROWS:
                self._rows[roles] = row
            return row

    def _new_row(self, roles: tuple[str, ...]) -> Row | None:
        example = {"messages": [{"role": role, "content": "Why?"} for role in roles]}
        if roles[-1] != "assistant" or len(roles) < 2 or any(example_faults(example, self._expected)):
            return None
        asked = [number for number, role in enumerate(roles) if role == "user"]
        return Row(
            roles,
            system=next(number for number, role in enumerate(roles) if role not in SYSTEM_ROLES),
            asked=asked[-1] if asked else None,
            prompt=self._counter.frame(roles[:-1]),
            answer=self._counter.frame(roles[-1:], priming=False),
        )


def _found(lines: Sequence[bytes]) -> Sequence[_Found | None]:
    """Of each line the roles and texts, where there is nothing else, and no key that stands twice."""
    found = _at_once(lines)
    if found is not None or len(lines) < 2:
        return found or [None] * len(lines)
    # One of them may be another; in the others there are as many lines at once as can be.
    step = max(len(lines) // 16, 1)
    return [each for begin in range(0, len(lines), step) for each in _found(lines[begin : begin + step])]


def _at_once(lines: Sequence[bytes]) -> list[_Found] | None:
    """The same where it is so of all lines; else None.

    They are read as one list of lists. Where none of these has more than one object, and there is no list in a list of
    an object, no object goes beyond its line; and as many as there are lines are then one in each.
    """
    data = b"[[" + b"],\n[".join(lines) + b"]]"
    try:
        values = orjson.loads(data)
        if len(values) != len(lines) or not _are(list, values, 1):
            return None
        objects = list(chain.from_iterable(values))
        if not _are(dict, objects, 1):
            return None
        conversations = list(map(itemgetter("messages"), objects))
        if set(map(type, conversations)) != {list} or not all(conversations):
            return None
        messages = list(chain.from_iterable(conversations))
        if not _are(dict, messages, 2):
            return None
        roles, texts = list(map(itemgetter("role"), messages)), list(map(itemgetter("content"), messages))
    except (orjson.JSONDecodeError, KeyError):
        return None
    if {*map(type, roles), *map(type, texts)} != {str} or not all(texts) or any(map(str.isspace, texts)):
        return None
    if _quotes(len(lines), roles, texts) != quotes_in(data):
        # Each line has at least the marks that what was read takes: where the sum is the same, so is each.
        return None
    return list(zip(_parted(roles, conversations), _parted(texts, conversations), strict=True))


def _are(kind: type, values: Sequence[Any], length: int) -> bool:
    return set(map(type, values)) == {kind} and set(map(len, values)) == {length}


def _quotes(examples: int, roles: Sequence[str], texts: Sequence[str]) -> int:
    """As many quotation marks as it takes to write such examples: of keys and texts, and those in the texts."""
    return 2 * examples + 8 * len(roles) + "".join(texts).count('"') + "".join(roles).count('"')


def _parted(values: list[_T], like: Sequence[Sequence[object]]) -> list[tuple[_T, ...]]:
    """One after the other as many of the values as each of ``like`` has."""
    sizes = set(map(len, like))
    if len(sizes) == 1:
        return list(zip(*[iter(values)] * sizes.pop(), strict=True))
    rest = iter(values)
    return [tuple(islice(rest, len(each))) for each in like]


def _normal_texts(texts: list[str]) -> list[bytes | None]:
    """The texts as they are compared; None where there is something to say about one."""
    plain = list(map(str.isascii, texts))
    quick = _normal_ascii(list(compress(texts, plain)))
    if quick is None:
        return list(map(_normal, texts))
    return [next(quick) if is_ascii else _normal(text) for is_ascii, text in zip(plain, texts, strict=True)]


def _normal(text: str) -> bytes | None:
    return normal(text) if is_fine(text) else None


def _normal_ascii(texts: list[str]) -> Iterator[bytes] | None:
    """The same for texts in ASCII, together; None where there may be something to say about one of them."""
    seen = _BETWEEN.join(texts).encode().translate(_TABLE)
    if _ODD in seen or seen.count(0) != max(len(texts) - 1, 0):
        return None
    words = seen.split(_BETWEEN.encode())
    if b"  " in seen:
        words = [b" ".join(text.split()) if b"  " in text else text for text in words]
    return (text.lstrip(b" ").rstrip(LAST_MARKS) for text in words)
