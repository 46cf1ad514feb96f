"""SHA-256 of datasets, read in pieces: a file of any size takes the same memory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DatasetDigests:
    """In hex, of the files' bytes as they are."""

    train: str
    validation: str | None = None
    holdout: str | None = None


def sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
