"""SHA-256 of what a run is made from; in hex, of the files' bytes as they are."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DatasetDigests:
    """Of each dataset there is."""

    train: str
    validation: str | None = None
    holdout: str | None = None


def sha256(path: Path) -> str:
    """Read in pieces: a file of any size takes the same memory."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
