"""`jobs check`: tune.yaml and the datasets it names, before anything is spent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from contract import catalog
from contract.release import Method, TrainingType
from jobs.cli.asked import Asked
from jobs.cli.data.baseline_scorecard import unfit
from jobs.cli.data.check_result import CheckResult, examples
from jobs.cli.data.findings_told import tell
from jobs.cli.data.reading_bar import ReadingBar
from jobs.cli.data.told import Told
from jobs.data.advice import convert_command
from jobs.data.check import DatasetsReport, Report, check_datasets, check_file
from jobs.data.expected import Expected
from jobs.data.findings import Finding
from jobs.errors import Refused, Usage
from jobs.readiness import specification
from jobs.readiness.specification import Demand
from jobs.tuning.digests import DatasetDigests
from jobs.tuning.expectations import expected_of
from jobs.tuning.files.referenced import digest_faults
from jobs.tuning.model_folder import ModelFolder, open_model

_READING = timedelta(hours=24)
"""A reference is read for so long at most; how long one answer may take is its own."""


@dataclass(frozen=True)
class Checked:
    """A model whose data can be sent.

    digests          of the bytes that were checked
    system_message   what all training examples share, else None
    reports          of each file, training first
    """

    folder: ModelFolder
    digests: DatasetDigests
    training_examples: int
    system_message: str | None
    reports: tuple[Report, ...]


def check_model(model: str, models: Path, told: Told) -> None:
    """Says what was found, and what the datasets are. Raises Refused where there are errors."""
    _check(open_model(models, model), told)


def check_with_stack(model: str, asked: Asked, told: Told) -> None:
    """The same where data may lie in storage that the stack approves, and the environment may demand answers."""
    from jobs.cli.surroundings import surroundings
    from jobs.cli.trouble import say_trouble
    from jobs.tuning.patience import Patience

    with surroundings(asked) as around:
        patience = Patience(around.clock, around.clock.now() + _READING, say_trouble)
        folder = open_model(asked.models_folder, model, around.referring(patience))
        readiness = around.stack.outputs().environment.readiness
        scorecard = unfit(model, folder.spec.use_case, around, patience, readiness)
        _check(folder, told, readiness, scorecard)


def _check(folder: ModelFolder, told: Told, readiness: Demand = "warn", scorecard: str | None = None) -> None:
    result, _ = _result(folder, _tuning_faults(folder), readiness, scorecard)
    tell(result, told, summary=True, files=folder.sources)
    _refuse_errors(result)


def check_one(file: Path, expected: Expected, told: Told) -> None:
    """The same of a file that no tune.yaml names. Raises Usage where the base is not tuned so."""
    if expected.base is not None and (faults := _base_faults(expected.base, expected.method)):
        raise Usage(f"--base {expected.base} cannot be meant", details=faults)
    with ReadingBar() as bar:
        report = check_file(file, expected, progress=bar.show)
    result = CheckResult(str(file), expected, (report,))
    tell(result, told, summary=True, files=[file])
    _refuse_errors(result)


def _tuning_faults(folder: ModelFolder) -> list[str]:
    """What no account and no day would let pass: a base that nobody knows, or that isn't tuned so. `run` knows more."""
    spec = folder.spec
    return catalog.training_faults(spec.base, spec.method, spec.training_type, on=date.min)


def _base_faults(base: str, method: Method) -> list[str]:
    """The same where no training type is asked for: any that is offered will do."""
    facts = catalog.find(base)
    offered: TrainingType = next(iter(facts.training), "Standard") if facts is not None else "Standard"
    return catalog.training_faults(base, method, offered, on=date.min)


def checked_or_refused(
    folder: ModelFolder, next_command: str | None, readiness: Demand, scorecard: str | None = None
) -> Checked:
    """The findings in tune.yaml and every dataset, said; then the model. Raises Refused where one of them is an error.

    readiness    whether questions that tune.yaml leaves open are errors
    scorecard    why the baseline's does not count, where somebody has looked for it
    """
    result, report = _result(folder, (), readiness, scorecard)
    tell(result, Told(), summary=False)
    _refuse_errors(result, next_command)
    return Checked(folder, _digests(report), examples(report.training), report.system_message, report.reports)


def _result(
    folder: ModelFolder, faults: Sequence[str], readiness: Demand, scorecard: str | None
) -> tuple[CheckResult, DatasetsReport]:
    expected = expected_of(
        folder.spec.base, folder.spec.method, grader=folder.spec.grader, evaluation=folder.spec.evaluation
    )
    epochs = folder.spec.hyperparameters.epochs
    with ReadingBar() as bar:
        report = check_datasets(
            folder.train,
            folder.validation,
            folder.holdout,
            expected,
            epochs=epochs if epochs != "auto" else None,
            progress=bar.show,
        )
    digests = ((source, each.sha256) for source, each in zip(folder.sources, report.reports, strict=True))
    placed: list[tuple[int | None, str]] = [(None, fault) for fault in faults]
    placed += [(folder.lines.of(key), fault) for key, fault in digest_faults(digests)]
    of_tuning = tuple(Finding("tune-yaml", "error", str(folder.tune_yaml), line, fault) for line, fault in placed)
    of_tuning += specification.findings(folder.spec, folder.lines, folder.tune_yaml, readiness, scorecard)
    return CheckResult(folder.name, expected, report.reports, of_tuning + report.crossing), report


def _refuse_errors(result: CheckResult, next_command: str | None = None) -> None:
    if result.errors:
        what = f"{result.subject} cannot be trained like this: {result.verdict}"
        raise Refused(what, next_command=next_command or _converting(result))


def _converting(result: CheckResult) -> str | None:
    """The command that helps where a file is of another form, as its first line tells; None where none does."""
    findings = (each for group in result.groups for each in group.findings if each.line in (None, 1))
    return next(filter(None, (convert_command(each.message, each.file) for each in findings)), None)


def _digests(report: DatasetsReport) -> DatasetDigests:
    def of(each: Report | None) -> str | None:
        return each.sha256 if each is not None else None

    return DatasetDigests(report.training.sha256, of(report.validation), of(report.holdout))
