"""Chat examples that are plain: messages of a role and a text each, nothing else, and nothing to say about them.

Nearly all lines of most files are; for them everything is found out at a glance and many at a time, with the same
result as the long way has (a test holds both against each other). Which roles may follow each other is asked of the
formats, once for each row of roles that is met.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, compress, islice
from typing import Any

from jobs.data.expected import Expected
from jobs.data.fingerprints import LAST_MARKS, SMALL_AND_BLANK, Fingerprint, fingerprint_of, normal
from jobs.data.formats import example_faults
from jobs.data.formats.messages import SYSTEM_ROLES
from jobs.data.formats.texts import is_fine
from jobs.data.quick_json import objects, quotes_in
from jobs.data.tokens import Counter

_Found = tuple[tuple[str, ...], list[str]]

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
    fingerprints       of each
    """

    lines: list[int]
    rows: list[Row]
    texts: list[list[str]]
    prompts: list[int]
    answers: list[int]
    fingerprints: list[Fingerprint]

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
            self.fingerprints[start:end],
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

    def among(self, lines: Sequence[bytes], data: bytes, first: int) -> PlainExamples:
        """Those of the lines that are plain. ``data``: all lines together; ``first``: the number of the first one."""
        numbers: list[int] = []
        rows: list[Row] = []
        texts: list[list[str]] = []
        for number, found in enumerate(_accepted(lines, data), first):
            if found is not None and (row := self._row(found[0])) is not None:
                numbers.append(number)
                rows.append(row)
                texts.append(found[1])
        return self._counted(numbers, rows, texts)

    def _counted(self, numbers: list[int], rows: list[Row], texts: list[list[str]]) -> PlainExamples:
        normal_texts = _normal_texts(texts)
        if None in normal_texts:
            keep = [words is not None for words in normal_texts]
            numbers, rows = list(compress(numbers, keep)), list(compress(rows, keep))
            texts = list(compress(texts, keep))
            normal_texts = list(compress(normal_texts, keep))
        # All texts in a row: the vocabulary stays in the processor's cache, which halves the time.
        counts = iter(list(map(self._counter.text, chain.from_iterable(texts))))
        prompts, answers = [], []
        for row in rows:
            prompts.append(row.prompt + sum(islice(counts, len(row.roles) - 1)))
            answers.append(row.answer + next(counts))
        fingerprints = [
            fingerprint_of(row.roles, words) for row, words in zip(rows, normal_texts, strict=True) if words is not None
        ]
        return PlainExamples(numbers, rows, texts, prompts, answers, fingerprints)

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


def _accepted(lines: Sequence[bytes], data: bytes) -> list[_Found | None]:
    """Of each line the roles and texts, where there is nothing else, and no key that stands twice."""
    found = [_roles_and_texts(value) if value is not None else None for value in objects(lines)]
    if None not in found and sum(map(_quotes, found)) == quotes_in(data):
        # Each line has at least the marks that what was read takes: where the sum is the same, so is each.
        return found
    return [
        each if each is not None and _quotes(each) == quotes_in(line) else None
        for each, line in zip(found, lines, strict=True)
    ]


def _roles_and_texts(value: dict[str, Any]) -> _Found | None:
    messages = value.get("messages")
    if len(value) != 1 or type(messages) is not list or not messages:
        return None
    roles, texts = [], []
    for message in messages:
        if type(message) is not dict or len(message) != 2:
            return None
        role, text = message.get("role"), message.get("content")
        if type(role) is not str or type(text) is not str or not text or text.isspace():
            return None
        roles.append(role)
        texts.append(text)
    return tuple(roles), texts


def _quotes(found: _Found | None) -> int:
    """As many quotation marks as it takes to write such an example: of keys and texts, and those in the texts."""
    if found is None:
        return 0
    roles, texts = found
    return 2 + 8 * len(roles) + "".join(texts).count('"') + "".join(roles).count('"')


def _normal_texts(examples: list[list[str]]) -> list[list[bytes] | None]:
    """Of each example its texts as they are compared; None where there is something to say about them."""
    plain = [all(map(str.isascii, texts)) for texts in examples]
    quick = _normal_ascii(list(compress(examples, plain)))
    if quick is None:
        return list(map(_normal, examples))
    return [next(quick) if is_ascii else _normal(texts) for is_ascii, texts in zip(plain, examples, strict=True)]


def _normal(texts: list[str]) -> list[bytes] | None:
    return list(map(normal, texts)) if all(map(is_fine, texts)) else None


def _normal_ascii(examples: list[list[str]]) -> Iterator[list[bytes]] | None:
    """The same for texts in ASCII, together; None where there may be something to say about one of them."""
    seen = _BETWEEN.join(chain.from_iterable(examples)).encode().translate(_TABLE)
    numbers = list(map(len, examples))
    if _ODD in seen or seen.count(0) != max(sum(numbers) - 1, 0):
        return None
    words = iter(seen.split(_BETWEEN.encode()))
    if b"  " in seen:
        return ([b" ".join(text.split()).rstrip(LAST_MARKS) for text in islice(words, number)] for number in numbers)
    return ([text.lstrip(b" ").rstrip(LAST_MARKS) for text in islice(words, number)] for number in numbers)
