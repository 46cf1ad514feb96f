"""The check of datasets: what is wrong with a file, and with files beside each other.

Each file is read once, in memory that grows with the number of examples (by some 50 bytes each), not with their size;
a large one is scanned by two processes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from jobs.data.balance.figures import BalanceSummary
from jobs.data.counting.token_summary import TokenSummary
from jobs.data.expected import Expected, Use
from jobs.data.findings import Finding
from jobs.data.kinds import Kind
from jobs.data.reading.lines import PieceReader, Source
from jobs.data.rules import MAX_ACCOUNT_BYTES, RULES, Severity
from jobs.data.scanning.observers import Beside, balance_of, beside, slices_of
from jobs.data.scanning.scans import Scans, scanning
from jobs.data.scanning.whole_file import Seen, WholeFile
from jobs.data.slices import SliceSummary
from jobs.data.summary import Summary

Progress = Callable[[int, int], None]
"""Told how many bytes have been checked, of how many in all files together."""

_SUPERVISED = Expected()


@dataclass(frozen=True)
class Report:
    """What one file is, and what was found in it.

    file       a path, or an address
    sha256     of the bytes that were checked
    size       of the file, in bytes
    kinds      examples by kind, those of other kinds than chat included
    tokens     of the examples of the expected kind; None where there is none
    findings   in the order of the file; of each rule at most KEPT_PER_RULE
    counts     how many findings there were of each rule, kept or not
    balance    of answers and prompts, in figures
    slices     of a holdout, how many lines there are in each
    """

    file: str
    use: Use
    sha256: str
    size: int
    kinds: Mapping[Kind, int]
    summary: Summary
    tokens: TokenSummary | None
    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    balance: BalanceSummary | None = None
    slices: SliceSummary = ()

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


def check_file(
    source: Path | Source,
    expected: Expected = _SUPERVISED,
    *,
    epochs: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """The report on one file. Raises Unreadable where there is no file to read; bad content is never raised.

    epochs    of the training, where they are known
    """
    with scanning(size := _size(source), expected.encoding) as scans:
        check = _Check(scans, size, epochs, progress)
        return check.report(check.read(source, expected))


def check_datasets(
    train: Path | Source,
    validation: Path | Source | None,
    holdout: Path | Source | None,
    expected: Expected = _SUPERVISED,
    *,
    epochs: int | None = None,
    progress: Progress | None = None,
) -> DatasetsReport:
    """The reports on a model's files, each also held against the training file. Raises as ``check_file``.

    expected    of the training file; of the others it is the same but for their use
    """
    size = sum(_size(source) for source in (train, validation, holdout) if source is not None)
    with scanning(size, expected.encoding) as scans:
        check = _Check(scans, size, epochs, progress)
        others = {use: check.read(source, replace(expected, use=use)) for use, source in _others(validation, holdout)}
        known = beside({use: read.whole.seen.observers for use, read in others.items()}) if others else None
        first = check.read(train, replace(expected, use="training"), known)
    training = check.report(first)
    reports = {use: check.report(read, first.whole.seen) for use, read in others.items()}
    checked, held_out = reports.get("validation"), reports.get("holdout")
    crossing = [finding for other in (checked, held_out) if other is not None for finding in _crossing(training, other)]
    if checked is not None:
        crossing += _account(training, checked)
        if held_out is not None:
            crossing += _same_file(checked, held_out)
    return DatasetsReport(training, checked, held_out, tuple(crossing))


def _others(validation: Path | Source | None, holdout: Path | Source | None) -> Iterator[tuple[Use, Path | Source]]:
    """What is held against the training file; read before it, since the observers of that one look out for it."""
    if validation is not None:
        yield "validation", validation
    if holdout is not None:
        yield "holdout", holdout


def _size(source: Path | Source) -> int:
    """In bytes; 0 where there is nothing to be read, which reading it will say."""
    try:
        return source.stat().st_size if isinstance(source, Path) else source.size
    except (OSError, ValueError):  # ValueError: a NUL in the path.
        return 0


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


def _account(training: Report, validation: Report) -> list[Finding]:
    if (size := training.size + validation.size) <= MAX_ACCOUNT_BYTES:
        return []
    given = f"{size / 2**20:.0f} MiB; an account holds {MAX_ACCOUNT_BYTES // 2**20} for fine-tuning in all"
    return [_of_file("size-account", training.file, f"has together with {validation.file} {given}")]


def _of_file(rule: str, file: str, message: str) -> Finding:
    return Finding(rule, RULES[rule].severity, file, None, message)


@dataclass(frozen=True)
class _Read:
    """A file that was read to its end."""

    name: str
    use: Use
    whole: WholeFile
    sha256: str
    size: int
    changed: bool


class _Check:
    """One check, of one file or of several after each other.

    size    of all files together, in bytes
    """

    def __init__(self, scans: Scans, size: int, epochs: int | None, progress: Progress | None) -> None:
        self._scans = scans
        self._size = size
        self._epochs = epochs
        self._progress = progress
        self._done = 0

    def read(self, source: Path | Source, expected: Expected, known: Beside | None = None) -> _Read:
        """The file, read to its end. ``known``: as of ``observers``."""
        whole = WholeFile(expected, known)
        with PieceReader(source) as reader:
            for size, scanned, prompts in self._scans(reader, expected, known):
                whole.add(scanned, prompts)
                self._done += size
                if self._progress is not None:
                    self._progress(self._done, max(self._size, self._done))
            return _Read(str(source), expected.use, whole, reader.sha256, reader.size, reader.changed)

    def report(self, read: _Read, training: Seen | None = None) -> Report:
        """``training``: what was seen in the training file, if this is another."""
        end = read.whole.conclude(read.size, self._epochs, training)
        if read.changed:
            end.faults.add("file-changed", None, "changed while it was read: check it again")
        return Report(
            file=read.name,
            use=read.use,
            sha256=read.sha256,
            size=read.size,
            kinds=dict(end.kinds),
            summary=end.summary,
            tokens=end.tokens,
            findings=end.faults.findings(read.name),
            counts=dict(end.faults.counts),
            balance=balance_of(read.whole.seen.observers),
            slices=slices_of(read.whole.seen.observers),
        )
