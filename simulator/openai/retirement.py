"""Until when a base may be used in this cloud: as the documents have it, or sooner because a plan's event says so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from simulator.openai.bases import Base

if TYPE_CHECKING:
    from simulator.cloud import Cloud

_ENDS = {"training": "training_ends", "inference": "inference_retires", "tuned": "tuned_ends"}


def as_of_now(cloud: Cloud, base: Base) -> Base:
    """The base with the dates that count now."""
    retired = cloud.faults.conduct.retired(base.id, cloud.clock.now())
    if not retired:
        return base
    sooner = {}
    for what, at in retired.items():
        day = getattr(base.lifecycle, _ENDS[what])
        sooner[_ENDS[what]] = at.date() if day is None else min(day, at.date())
    return replace(base, lifecycle=replace(base.lifecycle, **sooner))
