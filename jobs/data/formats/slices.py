"""slices: what a line of the holdout says of itself (label, language, group), so that scores can be told apart.

The holdout is not sent to the service. A file that is sent goes byte for byte, so that its digest is that of what was
checked: slices in it would be sent along, and are refused rather than taken out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobs.data.expected import Expected
from jobs.data.findings import Fault
from jobs.data.reading.json_line import shortened, type_word


def slices_faults(example: Mapping[str, Any], expected: Expected) -> Iterator[Fault]:
    """What is wrong with the slices of ``example``, and with there being any."""
    if "slices" not in example:
        return
    if expected.use != "holdout":
        yield "slices-in-training", f"has slices, which belong to the holdout: a {expected.use} file is sent as it is"
        return
    slices = example["slices"]
    if not isinstance(slices, dict):
        yield "schema-slices", f"slices is {type_word(slices)}, an object such as {{label: …, language: …}} is expected"
        return
    for name, value in slices.items():
        if not isinstance(value, str) or not value.strip():
            given = "an empty text" if isinstance(value, str) else type_word(value)
            yield "schema-slices", f"the slice {shortened(name)} is {given}, a text is expected"
