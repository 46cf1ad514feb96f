"""A remark: what is said of one key of a tune.yaml."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Remark:
    """``rule`` is its ID, ``key`` where it belongs: ``useCase.goal``."""

    rule: str
    key: str
    message: str
