"""Deletes what was decided, kind by kind, and looks again before each: what somebody needs by now stays.

What was begun and interrupted is gone on with by the same command: nothing is kept of how far it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from jobs.cleaning.deciding import ORDER, Decision, Item
from jobs.cleaning.looking import Reach
from jobs.tuning.patience import ANSWERING


@dataclass(frozen=True)
class Deleted:
    """What went, and what was spared since it is needed, or another, by now."""

    gone: tuple[Item, ...]
    spared: tuple[Item, ...]


def delete(decision: Decision, again: Callable[[], Decision], reach: Reach, tell: Callable[[Item], None]) -> Deleted:
    """``again`` looks anew; ``tell`` is told of each that went. Raises CloudFailed; what went then stays gone."""
    gone: list[Item] = []
    spared: list[Item] = []
    for kind in ORDER:
        wanted = [item for item in decision.items if item.kind == kind]
        now = set(again().items) if wanted else set()
        for item in wanted:
            if item in now and _delete(item, reach):
                gone.append(item)
                tell(item)
            else:
                spared.append(item)
    return Deleted(tuple(gone), tuple(spared))


def _delete(item: Item, reach: Reach) -> bool:
    """Whether it went now: a blob goes only as it was seen."""
    asking = reach.patience.within(ANSWERING)
    if item.account is not None:
        asking(partial(reach.services(item.account).delete_file, item.key))
        return True
    container = reach.blobs("datasets" if item.kind == "dataset" else "runs")
    return asking(partial(container.delete, item.name, item.key))
