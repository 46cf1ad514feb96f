"""What ``jobs status`` needs of Azure Monitor, beyond ``jobs.doctor_ports``.

Every method may raise a ``jobs.errors.JobsError``: who trains need not have a role that reads these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Deletion:
    """That a resource was deleted. ``caller``: a user's sign-in name, or what names an application or a service."""

    at: datetime
    caller: str


class Monitor(Protocol):
    """Azure Monitor, for one subscription."""

    def last_calls(self, account_id: str, since: datetime, until: datetime) -> Mapping[str, datetime]:
        """By deployment, in lower case, when it was called last, to the hour; without those that were not called."""
        ...

    def deletions(self, resource_id: str, since: datetime) -> Sequence[Deletion]:
        """Those of the resource that the activity log has, newest first."""
        ...
