"""Paths as people type them."""

from __future__ import annotations

from pathlib import Path


def shown(path: Path) -> str:
    """`path` from the folder we are in, where it lies below that; else as it is."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
