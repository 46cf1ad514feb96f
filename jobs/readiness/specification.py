"""What is to be said of a tune.yaml whose shape is sound: findings with its lines."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from contract.tune_spec import TuneSpec
from contract.yaml_lines import Lines
from jobs.data.findings import Finding
from jobs.data.rules import RULES, Severity
from jobs.readiness import evaluating
from jobs.readiness.answers import open_questions
from jobs.readiness.grading import doubts
from jobs.readiness.remark import Remark

Demand = Literal["warn", "require"]
"""What an environment makes of questions that are open: ``environment.readiness`` of its stack file."""


def findings(
    spec: TuneSpec, lines: Lines, file: Path, demand: Demand = "warn", scorecard: str | None = None
) -> tuple[Finding, ...]:
    """Open questions of readiness, which are errors where the environment demands answers; and doubts about graders
    and the evaluation.

    scorecard   why the one that tune.yaml names as its baseline does not count, where somebody has looked for it
    """
    demanded: Severity = "error" if demand == "require" else "warning"
    said = [(demanded, question) for question in open_questions(spec.use_case)]
    if scorecard is not None:
        said.append((demanded, Remark("readiness-baseline", "useCase.baseline.scorecard", scorecard)))
    if spec.grader is not None:
        said += [(RULES[doubt.rule].severity, doubt) for doubt in doubts(spec.grader, spec.response_format)]
    if spec.evaluation is not None:
        said += [(RULES[doubt.rule].severity, doubt) for doubt in evaluating.doubts(spec.evaluation, file.parent)]
    found = [
        Finding(remark.rule, severity, str(file), lines.of(remark.key), f"{remark.key}: {remark.message}")
        for severity, remark in said
    ]
    return tuple(sorted(found, key=lambda finding: finding.line or 0))
