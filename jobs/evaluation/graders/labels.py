"""Classification: the label that stands in a text, and whether it is the expected one."""

from __future__ import annotations

import json
from typing import Any

from contract.evaluation_graders import Classification
from contract.reference_path import at
from jobs.evaluation.graders.graded import Graded
from jobs.evaluation.graders.namespaces import parsed
from jobs.evaluation.graders.patterns import TooSlow, search

_LONGEST = 200
"""What is longer is a text, and no label."""


def classified(grader: Classification, given: str | None, wanted: str | None) -> Graded:
    """``given`` and ``wanted`` are None where there is no answer, or nothing expected."""
    label = _known(grader, _written(grader, given)) if given is not None else None
    expected = _expected(grader, wanted) if wanted is not None else None
    if expected is None:
        return Graded(0.0, "the example has no label", label)
    said = "no label can be read from the answer" if label is None else None
    return Graded(float(label == expected), said, label, expected)


def _expected(grader: Classification, wanted: str) -> str | None:
    """A reference that has no label at the place where answers have theirs is one, unless it is JSON."""
    found = _written(grader, wanted)
    if found is None and not isinstance(parsed(wanted), dict | list):
        found = wanted
    return _known(grader, found)


def _known(grader: Classification, found: str | None) -> str | None:
    """As it is spelt among the declared labels; case folded where none are declared and case does not count."""
    if found is None or not (label := found.strip()) or len(label) > _LONGEST:
        return None
    if grader.case_sensitive:
        return label if grader.labels is None or label in grader.labels else None
    folded = label.casefold()
    if grader.labels is None:
        return folded
    return next((declared for declared in grader.labels if declared.casefold() == folded), None)


def _written(grader: Classification, text: str) -> str | None:
    if grader.key is not None:
        return _text(at(parsed(text), grader.key))
    if grader.pattern is None:
        return text
    try:
        match = search(grader.pattern, text, ignore_case=not grader.case_sensitive)
    except TooSlow:
        return None
    if match is None:
        return None
    groups = match.groupdict()
    found: str | None = groups["label"] if "label" in groups else match[1] if match.re.groups else match[0]
    return found


def _text(value: Any) -> str | None:
    """What stands in JSON as a label: true, 3 and "refund" are labels, lists and null are none."""
    if isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, bool | int | float) else None
