"""`jobs check --format json`: what was checked and found, as one JSON document whose shape is kept.

Its JSON Schema lies in docs/check.schema.json; ``python -m jobs.cli.check_document`` writes it. Keys are only ever
added: whatever else changes comes with another ``schemaVersion``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from contract.release import Method
from contract.shape import Sha256, Shape, Text
from jobs.cli.check_result import CheckResult, Group
from jobs.data.check import Report
from jobs.data.expected import Use
from jobs.data.findings import Finding
from jobs.data.kinds import Kind
from jobs.data.rules import Severity

PATH = Path(__file__).resolve().parents[2] / "docs" / "check.schema.json"


class HeldTo(Shape):
    """What the examples were held to. Null: not known, so not checked."""

    method: Method
    base: Text | None
    encoding: Text | None
    """The vocabulary by which tokens were counted."""
    tokens_per_example: int | None
    """The most that one example may have."""
    images: bool | None


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
    counts: Mapping[str, int]


class Found(Shape):
    """One finding. ``line`` from 1; null where the file as a whole is meant."""

    rule: Text
    severity: Severity
    file: Text
    line: int | None
    message: Text


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
    summary: Verdict


def document(result: CheckResult) -> CheckDocument:
    expected = result.expected
    return CheckDocument(
        subject=result.subject,
        held_to=HeldTo(
            method=expected.method,
            base=expected.base,
            encoding=expected.encoding,
            tokens_per_example=expected.tokens_per_example,
            images=expected.images,
        ),
        files=tuple(_file(report) for report in result.reports),
        findings=tuple(_found(finding, group) for group in result.groups for finding in group.findings),
        summary=Verdict(clean=not result.errors, errors=result.errors, warnings=result.warnings),
    )


def _file(report: Report) -> CheckedFile:
    return CheckedFile(
        file=report.file,
        use=report.use,
        sha256=report.sha256,
        size=report.size,
        examples=sum(report.kinds.values()),
        kinds=dict(report.kinds),
        roles=dict(report.summary.roles),
        counts=dict(report.counts),
    )


def _found(finding: Finding, group: Group) -> Found:
    return Found(
        rule=group.rule.id, severity=finding.severity, file=finding.file, line=finding.line, message=finding.message
    )


def schema_text() -> str:
    """The JSON Schema, as its file has it."""
    return json.dumps(CheckDocument.model_json_schema(by_alias=True, mode="serialization"), indent=2) + "\n"


if __name__ == "__main__":
    PATH.write_text(schema_text(), encoding="utf-8")
