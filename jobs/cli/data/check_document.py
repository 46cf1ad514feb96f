"""`jobs check --format json`: what was checked and found, as one JSON document whose shape is kept.

Its JSON Schema lies in docs/check.schema.json; ``python -m jobs.cli.data.check_document`` writes it. Keys are only ever
added: whatever else changes comes with another ``schemaVersion``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from contract.release import Method
from contract.shape import Sha256, Shape, Text
from jobs.cli.data.check_result import CheckResult, Group
from jobs.cli.data.mended_copies import MendedCopy
from jobs.data.balance.figures import BalanceSummary
from jobs.data.check import Report
from jobs.data.counting.token_summary import Bin, TokenSummary
from jobs.data.expected import Use
from jobs.data.findings import Finding
from jobs.data.kinds import Kind
from jobs.data.rules import Severity

PATH = Path(__file__).resolve().parents[3] / "docs" / "check.schema.json"


class HeldTo(Shape):
    """What the examples were held to. Null: not known, so not checked."""

    method: Method
    base: Text | None
    encoding: Text | None
    """The vocabulary by which tokens were counted."""
    tokens_per_example: int | None
    """The most that one example may have."""
    images: bool | None


class InBin(Shape):
    """So many are from ``low`` to ``high``, both included."""

    low: int
    high: int
    count: int


class Tokens(Shape):
    """Of the examples of the expected kind. ``exact``: no figure is an estimate."""

    encoding: Text
    exact: bool
    total: int
    """What is billed for one epoch."""
    prompt: int
    answers: int
    shortest: int
    """Of an example, as the following."""
    median: int
    p95: int
    longest: int
    longest_line: int
    per_example: tuple[InBin, ...]
    per_answer: tuple[InBin, ...]


class Counted(Shape):
    """A label, a language, and how often it is met."""

    name: str
    count: int


class Balance(Shape):
    """``labels`` is null where answers are no labels. Languages are those of a sample of prompts."""

    labels: tuple[Counted, ...] | None
    languages: tuple[Counted, ...]


class SystemMessageCounts(Shape):
    """How many different ones there are, and how many examples begin without one."""

    different: int
    without: int


class CheckedFile(Shape):
    """A file as it was read. ``counts`` has all findings in it by rule, those beyond the thousand kept included."""

    file: Text
    use: Use
    sha256: Sha256
    size: int
    """In bytes."""
    examples: int
    kinds: Mapping[Kind, int]
    roles: Mapping[str, int]
    """Messages by role."""
    system_messages: SystemMessageCounts
    tokens: Tokens | None
    """Null where there is no example of the expected kind."""
    balance: Balance | None
    counts: Mapping[str, int]


class Found(Shape):
    """One finding. ``line`` from 1; null where the file as a whole is meant."""

    rule: Text
    severity: Severity
    file: Text
    line: int | None
    message: Text


class MendedLines(Shape):
    """One kind of change. ``lines``: the first thousand; ``count``: of all."""

    what: Text
    count: int
    lines: tuple[int, ...]


class LeftLine(Shape):
    """A line of the original that was copied as it is."""

    line: int
    why: Text


class Mended(Shape):
    """What ``--fix`` did to a file. ``copiedTo`` is null where there was nothing to mend with certainty."""

    file: Text
    copied_to: Text | None
    changes: tuple[MendedLines, ...]
    left: tuple[LeftLine, ...]
    left_count: int


class Verdict(Shape):
    """``clean``: no errors, so that the data can be sent."""

    clean: bool
    errors: int
    warnings: int


class CheckDocument(Shape):
    """The document. Files in the order training, validation, holdout; findings by file, errors first."""

    schema_version: Literal[1] = 1
    subject: Text
    """The model's name, or the path of a file that was checked by itself."""
    held_to: HeldTo
    files: tuple[CheckedFile, ...]
    findings: tuple[Found, ...]
    mended: tuple[Mended, ...]
    """Empty without ``--fix``."""
    summary: Verdict


def document(result: CheckResult, copies: Sequence[MendedCopy] = ()) -> CheckDocument:
    expected = result.expected
    return CheckDocument(
        subject=_name(result.subject),
        held_to=HeldTo(
            method=expected.method,
            base=expected.base,
            encoding=expected.encoding,
            tokens_per_example=expected.tokens_per_example,
            images=expected.images,
        ),
        files=tuple(_file(report) for report in result.reports),
        findings=tuple(_found(finding, group) for group in result.groups for finding in group.findings),
        mended=tuple(_mended(copy) for copy in copies),
        summary=Verdict(clean=not result.errors, errors=result.errors, warnings=result.warnings),
    )


def _file(report: Report) -> CheckedFile:
    return CheckedFile(
        file=_name(report.file),
        use=report.use,
        sha256=report.sha256,
        size=report.size,
        examples=sum(report.kinds.values()),
        kinds=dict(report.kinds),
        roles=dict(report.summary.roles),
        system_messages=SystemMessageCounts(
            different=report.summary.system_messages.distinct, without=report.summary.system_messages.missing
        ),
        tokens=_tokens(report.tokens) if report.tokens is not None else None,
        balance=_balance(report.balance) if report.balance is not None else None,
        counts=dict(report.counts),
    )


def _tokens(tokens: TokenSummary) -> Tokens:
    return Tokens(
        encoding=tokens.encoding,
        exact=tokens.exact,
        total=tokens.total,
        prompt=tokens.prompt,
        answers=tokens.answers,
        shortest=tokens.shortest,
        median=tokens.median,
        p95=tokens.p95,
        longest=tokens.longest,
        longest_line=tokens.longest_line,
        per_example=_bins(tokens.per_example),
        per_answer=_bins(tokens.per_answer),
    )


def _bins(bins: Sequence[Bin]) -> tuple[InBin, ...]:
    return tuple(InBin(low=each.low, high=each.high, count=each.count) for each in bins)


def _balance(balance: BalanceSummary) -> Balance:
    return Balance(
        labels=_counted(balance.labels) if balance.labels is not None else None,
        languages=_counted(balance.languages),
    )


def _counted(counts: Sequence[tuple[str, int]]) -> tuple[Counted, ...]:
    return tuple(Counted(name=name, count=count) for name, count in counts)


def _found(finding: Finding, group: Group) -> Found:
    return Found(
        rule=group.rule.id,
        severity=finding.severity,
        file=_name(finding.file),
        line=finding.line,
        message=finding.message,
    )


def _mended(each: MendedCopy) -> Mended:
    done = each.mending
    return Mended(
        file=_name(str(each.file)),
        copied_to=_name(str(each.copy)) if each.copy is not None else None,
        changes=tuple(MendedLines(what=c.what, count=c.count, lines=c.lines) for c in done.changes),
        left=tuple(LeftLine(line=left.line, why=left.why) for left in done.left),
        left_count=done.left_count,
    )


def _name(path: str) -> str:
    """JSON has no place for the bytes of a file's name that are no UTF-8: they stand as ``\\xe9``."""
    return os.fsencode(path).decode(errors="backslashreplace")


def schema_text() -> str:
    """The JSON Schema, as its file has it."""
    return json.dumps(CheckDocument.model_json_schema(by_alias=True, mode="serialization"), indent=2) + "\n"


if __name__ == "__main__":
    PATH.write_text(schema_text(), encoding="utf-8")
