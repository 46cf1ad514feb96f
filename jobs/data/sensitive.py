"""Secrets and personal data in a line."""

from __future__ import annotations

from collections.abc import Iterator

from jobs.data.findings import Fault


def faults(text: str) -> Iterator[Fault]:
    """What should not stand in ``text``, a line as it stands in the file, with every value masked."""
    del text
    yield from ()
