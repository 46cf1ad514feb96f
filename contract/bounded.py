"""Files from outside are read as far as one of their kind can go: a wrong one must not take all memory, or hours.

A parser of YAML reads some 100 kB a second. ``jobs`` and ``infra`` read nothing of these kinds by another way.
"""

from __future__ import annotations

from pathlib import Path

TUNE_YAML = 1024 * 1024
"""Bytes. Graders with their source are the largest part of one."""
PROJECT_YAML = 256 * 1024
"""Of Pulumi.yaml."""
STACK_OUTPUTS = 16 * 1024 * 1024
"""Of a stack's outputs as JSON: 1 kB for each deployment, and system messages."""


class TooLarge(ValueError):
    """A file is larger than any of its kind."""

    def __init__(self, most: int) -> None:
        size = f"{most // 1024 // 1024} MiB" if most >= 1024 * 1024 else f"{most // 1024} KiB"
        super().__init__(f"is larger than {size}: that is none")


def read_at_most(path: Path, most: int) -> bytes:
    """The file's bytes; of one without end, such as a device, no more than ``most``. Raises TooLarge, and OSError."""
    with path.open("rb") as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise TooLarge(most)
    return content
