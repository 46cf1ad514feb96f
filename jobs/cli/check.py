"""`jobs check`: tune.yaml and the datasets it names, before anything is spent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import typer

from jobs.data.check import DatasetsReport, Report, check_datasets
from jobs.data.findings import Finding
from jobs.errors import Refused
from jobs.tuning.digests import DatasetDigests
from jobs.tuning.model_folder import ModelFolder, open_model

_SHOWN_PER_RULE = 10
"""So many findings of a rule are shown for a file; the others are counted."""


@dataclass(frozen=True)
class Checked:
    """A model whose data can be sent.

    digests          of the bytes that were checked
    system_message   what all training examples share, else None
    """

    folder: ModelFolder
    digests: DatasetDigests
    training_examples: int
    system_message: str | None


def check_model(model: str, models: Path) -> None:
    """Says what was found. Raises Refused where there are errors."""
    checked_or_refused(open_model(models, model), None)


def checked_or_refused(folder: ModelFolder, next_command: str | None) -> Checked:
    """The findings in every dataset, said; then the model. Raises Refused where one of them is an error."""
    report = check_datasets(folder.train, folder.validation, folder.holdout)
    for each in report.reports:
        _say(each.findings, each.counts)
    _say(report.crossing, {})
    sizes = ", ".join(f"{examples(each)} {each.use}" for each in report.reports)
    found = f"{_counted(report.errors, 'error')}, {_counted(report.warnings, 'warning')}"
    if report.errors:
        raise Refused(f"{folder.name} cannot be trained on these data: {found}", next_command=next_command)
    typer.echo(f"{folder.name}: {sizes} examples; {found}")
    return Checked(folder, _digests(report), examples(report.training), report.system_message)


def examples(report: Report) -> int:
    return sum(report.kinds.values())


def _digests(report: DatasetsReport) -> DatasetDigests:
    def of(each: Report | None) -> str | None:
        return each.sha256 if each is not None else None

    return DatasetDigests(report.training.sha256, of(report.validation), of(report.holdout))


def _say(findings: tuple[Finding, ...], counts: Mapping[str, int]) -> None:
    """A line each, ``file:line: error: words [rule]``, as editors and CI read them."""
    shown: dict[str, int] = defaultdict(int)
    for finding in findings:
        shown[finding.rule] += 1
        if shown[finding.rule] <= _SHOWN_PER_RULE:
            typer.echo(f"{_place(finding)}: {finding.severity}: {finding.message} [{finding.rule}]")

    for rule, number in shown.items():
        hidden = max(number, counts.get(rule, 0)) - _SHOWN_PER_RULE
        if hidden > 0:
            file = next(finding.file for finding in findings if finding.rule == rule)
            typer.echo(f"{file}: … and {hidden} more [{rule}]")


def _place(finding: Finding) -> str:
    return f"{finding.file}:{finding.line}" if finding.line is not None else str(finding.file)


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
