"""`jobs check`: tune.yaml and the datasets it names, before anything is spent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typer

from contract import catalog
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
    folder = open_model(models, model)
    checked_or_refused(folder, None, _tuning_faults(folder))


def _tuning_faults(folder: ModelFolder) -> list[str]:
    """What no account and no day would let pass: a base that nobody knows, or that isn't tuned so. `run` knows more."""
    spec = folder.spec
    return catalog.training_faults(spec.base, spec.method, spec.training_type, on=date.min)


def checked_or_refused(folder: ModelFolder, next_command: str | None, faults: Sequence[str] = ()) -> Checked:
    """The findings in every dataset, said; then the model. Raises Refused where one of them is an error.

    faults    of tune.yaml, which are said and count as errors too
    """
    for fault in faults:
        typer.echo(f"{folder.tune_yaml}: error: {fault} [tune-yaml]")
    report = check_datasets(folder.train, folder.validation, folder.holdout)
    for each in report.reports:
        _say(each.findings, each.counts)
    _say(report.crossing, {})
    sizes = ", ".join(f"{examples(each)} {each.use}" for each in report.reports)
    errors = report.errors + len(faults)
    found = f"{_counted(errors, 'error')}, {_counted(report.warnings, 'warning')}"
    if errors:
        raise Refused(f"{folder.name} cannot be trained like this: {found}", next_command=next_command)
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
