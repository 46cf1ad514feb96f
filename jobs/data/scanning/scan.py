"""What is found in one piece of a file, and its tallies; those of all pieces are merged in the order of the file.

Everything here is made where the piece is scanned, in another process as a rule, and sent to the main one: it can be
pickled, and is small. What needs the lines before (repeats) is left to the main process.
"""

from __future__ import annotations

from array import array
from bisect import bisect
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from jobs.data.counting.token_summary import TokenTally
from jobs.data.counting.tokens import Count
from jobs.data.counting.tokens import Counter as TokenCounter
from jobs.data.expected import Expected
from jobs.data.findings import Faults
from jobs.data.formats import example_faults, parts_of
from jobs.data.kinds import KIND_OF_METHOD, Kind
from jobs.data.leaks.fingerprints import fingerprint
from jobs.data.privacy import sensitive
from jobs.data.reading.json_line import BadLine, parse_object
from jobs.data.reading.lines import Piece, RawLine, clean_lines, lines_of
from jobs.data.reading.quick_json import accepted
from jobs.data.rules import MAX_LINE_BYTES
from jobs.data.scanning.observers import Beside, observers
from jobs.data.scanning.plain_chat import PlainChat, PlainExamples
from jobs.data.summary import Tally

BOM = b"\xef\xbb\xbf"


class Prompts:
    """Digests of prompts, and of prompts with their answers, of the examples on ``lines``; in their order."""

    def __init__(self) -> None:
        self.lines = array("I")
        self.prompts = array("Q")
        self.wholes = array("Q")


class Scanned:
    """What was found in a piece, or in all pieces so far."""

    def __init__(self, expected: Expected, known: Beside | None) -> None:
        self.faults = Faults()
        self.kinds: Counter[Kind] = Counter()
        self.crlf = 0
        self.first_crlf: int | None = None
        self.tally = Tally()
        self.tokens = TokenTally()
        self.observers = observers(expected, known)

    def merge(self, later: Scanned) -> None:
        """Takes in what was found further down in the same file."""
        self.faults.merge(later.faults)
        self.kinds.update(later.kinds)
        self.crlf += later.crlf
        self.first_crlf = self.first_crlf or later.first_crlf
        self.tally.merge(later.tally)
        self.tokens.merge(later.tokens)
        for ours, theirs in zip(self.observers, later.observers, strict=True):
            ours.merge(theirs)


class Scan(NamedTuple):
    """What is known of one piece of ``size`` bytes."""

    size: int
    scanned: Scanned
    prompts: Prompts


class Scanner:
    """Scans pieces of one file, whichever it is given."""

    def __init__(self, expected: Expected, known: Beside | None = None) -> None:
        self._expected = expected
        self._known = known
        self._kind = KIND_OF_METHOD[expected.method]
        self._counter = TokenCounter(expected.encoding)
        self._plain_chat = PlainChat(expected, self._counter)
        self._limit = expected.tokens_per_example

    def scan(self, piece: Piece) -> Scan:
        """Total: whatever bytes there are."""
        scanned, prompts = Scanned(self._expected, self._known), Prompts()
        lines = clean_lines(piece) if self._kind == "chat" else None
        if lines is None:
            for line in lines_of(piece):
                self._line(line, scanned, prompts)
        else:
            self._clean_lines(lines, piece, scanned, prompts)
        return Scan(len(piece.data) + piece.too_long, scanned, prompts)

    def _clean_lines(self, lines: list[bytes], piece: Piece, scanned: Scanned, prompts: Prompts) -> None:
        """Plain examples at a glance, and the others as they are anywhere; in their order."""
        marked = sensitive.marked_lines(piece.data)
        unmarked = [b"" if index in marked else data for index, data in enumerate(lines)] if marked else lines
        plain = self._plain_chat.among(unmarked, piece.first)
        ends = piece.data.endswith(b"\n")
        taken = 0
        others = set(range(piece.first, piece.first + len(lines))).difference(plain.lines)
        for number in sorted(others):
            before = bisect(plain.lines, number)
            self._take(plain.part(taken, before), scanned, prompts)
            taken, index = before, number - piece.first
            self._line(RawLine(number, lines[index], ends or index < len(lines) - 1), scanned, prompts)
        self._take(plain.part(taken, len(plain)), scanned, prompts)

    def _take(self, plain: PlainExamples, scanned: Scanned, prompts: Prompts) -> None:
        if not plain:
            return
        scanned.kinds["chat"] += len(plain)
        scanned.tokens.add_plain(plain)
        scanned.tally.add_plain(plain)
        prompts.lines.extend(plain.lines)
        prompts.prompts.extend(plain.digests)
        prompts.wholes.extend(plain.wholes)
        for observer in scanned.observers:
            observer.add_plain(plain)
        if self._limit is not None:
            for line, prompt, answer in zip(plain.lines, plain.prompts, plain.answers, strict=True):
                if prompt + answer > self._limit:
                    scanned.faults.add("size-tokens-example", line, self._too_long(Count(prompt, answer)))

    def _line(self, line: RawLine, scanned: Scanned, prompts: Prompts) -> None:
        number, data = line.number, line.data
        if line.crlf:
            scanned.crlf += 1
            scanned.first_crlf = scanned.first_crlf or number
        if number == 1 and data.startswith(BOM):
            scanned.faults.add("syntax-bom", 1, "begins with a byte order mark (EF BB BF)")
            data = data.removeprefix(BOM)
        if line.too_long:
            mib = line.too_long / 2**20
            message = f"is {mib:.0f} MiB long, and was not read: at most {MAX_LINE_BYTES // 2**20} MiB are"
            scanned.faults.add("syntax-line-size", number, message)
        elif not data.strip(b" \t\r"):
            if number > 1 or line.ended:
                scanned.faults.add("syntax-blank-line", number, "is blank")
        else:
            self._content(data, line, scanned, prompts)

    def _content(self, data: bytes, line: RawLine, scanned: Scanned, prompts: Prompts) -> None:
        number = line.number
        example = accepted(data)
        if example is None:
            try:
                example = parse_object(data, last=not line.ended)
            except BadLine as bad:
                scanned.faults.add(bad.rule, number, bad.message)
        if example is not None:
            self._example(example, number, scanned, prompts)
        for rule, message in sensitive.faults(data, example):
            scanned.faults.add(rule, number, message)

    def _example(self, example: Mapping[str, Any], line: int, scanned: Scanned, prompts: Prompts) -> None:
        for rule, message in example_faults(example, self._expected):
            scanned.faults.add(rule, line, message)
        parts = parts_of(example, self._expected.method)
        scanned.kinds[parts.kind] += 1
        if parts.kind != self._kind:
            return
        count = self._counter.example(parts)
        scanned.tokens.add(count.prompt, count.answers, line, estimated=count.estimated)
        if self._limit is not None and count.total - count.images > self._limit:
            scanned.faults.add("size-tokens-example", line, self._too_long(count))
        scanned.tally.add(example, parts, line)
        found = fingerprint(parts, example)
        if found is not None:
            prompts.lines.append(line)
            prompts.prompts.append(found.prompt)
            prompts.wholes.append(found.whole)
        for observer in scanned.observers:
            observer.add(parts, example, line)

    def _too_long(self, count: Count) -> str:
        base = self._expected.base or "the base model"
        about = "" if self._expected.encoding and not count.estimated else "about "
        return f"has {about}{count.total:,} tokens, and {base} takes {self._limit:,} of an example"
