"""The check of datasets for supervised chat: what is wrong with a file, and with files beside each other.

One pass over each file, in memory that grows with the number of examples (by some 50 bytes each), not with their size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jobs.data import sensitive
from jobs.data.expected import Expected, Use
from jobs.data.findings import Finding, Findings
from jobs.data.fingerprints import FirstLines, fingerprint
from jobs.data.formats import example_faults, parts_of
from jobs.data.json_line import BadLine, parse_object
from jobs.data.kinds import KIND_OF_METHOD, Kind, kind_remarks
from jobs.data.lines import LineReader, RawLine
from jobs.data.observers import Observer, observers
from jobs.data.rules import FEW_EXAMPLES, MAX_FILE_BYTES, MAX_LINE_BYTES, MIN_EXAMPLES, RULES, Severity
from jobs.data.summary import Summary, Tally

_SUPERVISED = Expected()
_BOM = b"\xef\xbb\xbf"
_LEAKS: Mapping[Use, str] = {"validation": "leak-validation", "holdout": "leak-holdout"}


@dataclass(frozen=True)
class Report:
    """What one file is, and what was found in it.

    file       a path, or an address
    sha256     of the bytes that were checked
    size       of the file, in bytes
    kinds      examples by kind, those of other kinds than chat included
    findings   in the order of the file; of each rule at most KEPT_PER_RULE
    counts     how many findings there were of each rule, kept or not
    """

    file: str
    use: Use
    sha256: str
    size: int
    kinds: Mapping[Kind, int]
    summary: Summary
    findings: tuple[Finding, ...]
    counts: Mapping[str, int]

    @property
    def system_message(self) -> str | None:
        """The system message that every example has; None where they differ, or have none."""
        return self.summary.system_messages.common

    @property
    def errors(self) -> int:
        return number_of(self.counts, "error")

    @property
    def warnings(self) -> int:
        return number_of(self.counts, "warning")


@dataclass(frozen=True)
class DatasetsReport:
    """The reports of a model's files. ``crossing``: what only shows in files beside each other; it is counted here.

    Leaks stand in the report of the file that they make worthless, on its lines.
    """

    training: Report
    validation: Report | None
    holdout: Report | None
    crossing: tuple[Finding, ...]

    @property
    def reports(self) -> tuple[Report, ...]:
        return tuple(report for report in (self.training, self.validation, self.holdout) if report is not None)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that were kept: training, validation, holdout, then the crossing ones."""
        return tuple(finding for report in self.reports for finding in report.findings) + self.crossing

    @property
    def counts(self) -> Mapping[str, int]:
        total = Counter(finding.rule for finding in self.crossing)
        for report in self.reports:
            total.update(report.counts)
        return dict(total)

    @property
    def errors(self) -> int:
        return number_of(self.counts, "error")

    @property
    def warnings(self) -> int:
        return number_of(self.counts, "warning")

    @property
    def system_message(self) -> str | None:
        """What the tuned model must be sent: the common system message of its training file."""
        return self.training.system_message


def number_of(counts: Mapping[str, int], severity: Severity) -> int:
    return sum(count for rule, count in counts.items() if RULES[rule].severity == severity)


def check_file(path: Path, expected: Expected = _SUPERVISED) -> Report:
    """The report on one file. Raises Unreadable where there is no file to read; bad content is never raised."""
    return _checked(path, expected, None).report


def check_datasets(
    train: Path, validation: Path | None, holdout: Path | None, expected: Expected = _SUPERVISED
) -> DatasetsReport:
    """The reports on a model's files, each also held against the training file. Raises as ``check_file``.

    expected    of the training file; of the others it is the same but for their use
    """
    scan = _checked(train, replace(expected, use="training"), None)

    def beside(path: Path | None, use: Use) -> Report | None:
        return None if path is None else _checked(path, replace(expected, use=use), scan).report

    checked, held_out = beside(validation, "validation"), beside(holdout, "holdout")
    crossing = [
        finding for other in (checked, held_out) if other is not None for finding in _crossing(scan.report, other)
    ]
    if checked is not None and held_out is not None:
        crossing += _same_file(checked, held_out)
    return DatasetsReport(scan.report, checked, held_out, tuple(crossing))


def _crossing(training: Report, other: Report) -> list[Finding]:
    found = _same_file(training, other)
    ours, theirs = training.system_message, other.system_message
    if ours != theirs and (ours is not None or theirs is not None):
        given = [_system_words(report) for report in (training, other)]
        message = f"its examples have {given[1]}; those for training have {given[0]}"
        found.append(_of_file("system-differs-between-files", other.file, message))
    return found


def _system_words(report: Report) -> str:
    messages = report.summary.system_messages
    if report.system_message is not None:
        return f"the system message {messages.previews[0][0]!r}"
    return "differing system messages" if messages.distinct else "no system message"


def _same_file(one: Report, other: Report) -> list[Finding]:
    if one.sha256 != other.sha256:
        return []
    return [_of_file("leak-same-file", other.file, f"is byte for byte {one.file}, the {one.use} file")]


def _of_file(rule: str, file: str, message: str) -> Finding:
    return Finding(rule, RULES[rule].severity, file, None, message)


@dataclass(frozen=True)
class _Scanned:
    report: Report
    prompts: FirstLines
    observers: list[Observer]


def _checked(path: Path, expected: Expected, training: _Scanned | None) -> _Scanned:
    scan = _Scan(str(path), expected, training)
    with LineReader(path) as reader:
        for line in reader:
            scan.line(line)
        if reader.changed:
            scan.findings.add("file-changed", None, "changed while it was read: check it again")
        return _Scanned(scan.report(reader.sha256, reader.size), scan.prompts, scan.observers)


class _Scan:
    """One pass over one file."""

    def __init__(self, name: str, expected: Expected, training: _Scanned | None) -> None:
        self.findings = Findings(name)
        self.prompts = FirstLines()
        self.observers = observers(expected)
        self._name = name
        self._expected = expected
        self._use = expected.use
        self._training = training
        self._wholes = FirstLines()
        self._tally = Tally()
        self._kinds: Counter[Kind] = Counter()
        self._crlf = 0
        self._first_crlf: int | None = None

    def line(self, line: RawLine) -> None:
        data = line.data
        if line.crlf:
            self._crlf += 1
            self._first_crlf = self._first_crlf or line.number
        if line.number == 1 and data.startswith(_BOM):
            self.findings.add("syntax-bom", 1, "begins with a byte order mark (EF BB BF)")
            data = data.removeprefix(_BOM)
        if line.too_long:
            mib = line.size / 2**20
            message = f"is {mib:.0f} MiB long, and was not read: at most {MAX_LINE_BYTES // 2**20} MiB are"
            self.findings.add("syntax-line-size", line.number, message)
        elif not data.strip(b" \t\r"):
            if line.number > 1 or line.ended:
                self.findings.add("syntax-blank-line", line.number, "is blank")
        else:
            self._content(data, line)

    def _content(self, data: bytes, line: RawLine) -> None:
        example = None
        try:
            example = parse_object(data, last=not line.ended)
        except BadLine as bad:
            self.findings.add(bad.rule, line.number, bad.message)
        else:
            self._example(example, line.number)
        for rule, message in sensitive.faults(data, example):
            self.findings.add(rule, line.number, message)

    def _example(self, example: dict[str, Any], line: int) -> None:
        for rule, message in example_faults(example, self._expected):
            self.findings.add(rule, line, message)
        parts = parts_of(example, self._expected.method)
        self._kinds[parts.kind] += 1
        if parts.kind != KIND_OF_METHOD[self._expected.method]:
            return
        self._tally.add(example, line)
        self._repeats(example, line)
        for observer in self.observers:
            observer.add(parts, example, line)

    def _repeats(self, example: dict[str, Any], line: int) -> None:
        found = fingerprint(example)
        if found is None:
            return
        twin = self._wholes.meet(found.whole, line)
        rival = self.prompts.meet(found.prompt, line)
        if twin is not None:
            self.findings.add("repeat-example", line, f"is the example of line {twin} again")
        elif rival is not None:
            self.findings.add("repeat-contradiction", line, f"answers the prompt of line {rival} in another way")
        leak = self._training.prompts.met(found.prompt) if self._training is not None else None
        if leak is not None:
            self.findings.add(_LEAKS[self._use], line, f"has the prompt of line {leak} of the training file")

    def report(self, sha256: str, size: int) -> Report:
        summary = self._tally.summary()
        self._about_size(sum(self._kinds.values()), size)
        self._about_system(summary)
        if self._first_crlf is not None:
            self.findings.add("syntax-crlf", self._first_crlf, f"ends in CRLF, as {_lines(self._crlf)} of the file")
        for rule, words in kind_remarks(self._kinds, self._expected.method):
            self.findings.add(rule, None, words)
        beside = [None] * len(self.observers) if self._training is None else self._training.observers
        for observer, seen in zip(self.observers, beside, strict=True):
            for rule, line, message in observer.findings(seen):
                self.findings.add(rule, line, message)
        return Report(
            file=self._name,
            use=self._use,
            sha256=sha256,
            size=size,
            kinds=dict(self._kinds),
            summary=summary,
            findings=self.findings.kept,
            counts=self.findings.counts,
        )

    def _about_size(self, examples: int, size: int) -> None:
        if size > MAX_FILE_BYTES:
            message = f"has {size / 2**20:.0f} MiB; the service takes {MAX_FILE_BYTES // 2**20}"
            self.findings.add("size-file", None, message)
        if not examples:
            self.findings.add("size-empty", None, "has no example" if size else "is empty")
        elif examples < MIN_EXAMPLES and self._use == "training":
            message = f"has {_examples(examples)}; at least {MIN_EXAMPLES} are needed to train"
            self.findings.add("size-too-few", None, message)
        elif examples < (FEW_EXAMPLES if self._use == "training" else MIN_EXAMPLES):
            purpose = (
                "begin with 50, well chosen" if self._use == "training" else "what is measured on so few is chance"
            )
            self.findings.add("size-few", None, f"has {_examples(examples)}: {purpose}")

    def _about_system(self, summary: Summary) -> None:
        messages = summary.system_messages
        if messages.distinct > 1:
            number = f"{messages.distinct}{' or more' if messages.more else ''}"
            shown = ", ".join(f"{count} × {preview!r}" for preview, count in messages.previews[:3])
            more = ", …" if messages.distinct > 3 else ""
            self.findings.add("system-differs", None, f"has {number} different system messages: {shown}{more}")
        if messages.distinct and messages.missing:
            message = f"has {messages.missing} of {_examples(summary.examples)} without a system message"
            self.findings.add("system-missing", None, message)


def _examples(number: int) -> str:
    return f"{number} example{'' if number == 1 else 's'}"


def _lines(number: int) -> str:
    return "this line alone" if number == 1 else f"{number} lines"
