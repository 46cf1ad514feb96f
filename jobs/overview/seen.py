"""What was found of one stack when everybody had been asked; what nobody told says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from contract.outputs import StackOutputs
from contract.release import Releases
from jobs.doctor_ports import StandingDeployment, Usage
from jobs.errors import JobsError, NeverUp
from jobs.monitor_ports import Deletion

T = TypeVar("T")
OFFLINE = "nobody was asked (--offline)"


@dataclass(frozen=True)
class Told(Generic[T]):
    """An answer, or why there is none, and the role that would show it.

    ``blind``: no role would, for there is no sign-in, no answer, or nothing there any more.
    """

    found: T | None = None
    why_not: str = OFFLINE
    mend: str | None = None
    blind: bool = False


@dataclass(frozen=True)
class Seen:
    """One stack at the moment ``at``. Accounts by their key in the outputs, deployments by their names in lower case.

    asked      whether somebody named that moment
    calls      when deployments were called last, of those that were called since ``calls_since``
    deletions  of deployments that the outputs have and the account has not: by account and name
    """

    stack: str
    at: datetime
    releases: Mapping[str, Releases]
    outputs: StackOutputs
    asked: bool = False
    deployments: Mapping[str, Told[Mapping[str, StandingDeployment]]] = field(default_factory=dict)
    usages: Mapping[str, Told[Sequence[Usage]]] = field(default_factory=dict)
    calls: Mapping[str, Told[Mapping[str, datetime]]] = field(default_factory=dict)
    calls_since: datetime | None = None
    deletions: Mapping[tuple[str, str], Told[Sequence[Deletion]]] = field(default_factory=dict)

    def deployments_of(self, account: str) -> Told[Mapping[str, StandingDeployment]]:
        return self.deployments.get(account, Told())

    def usages_in(self, location: str) -> Told[Sequence[Usage]]:
        return self.usages.get(location, Told())

    def calls_of(self, account: str) -> Told[Mapping[str, datetime]]:
        return self.calls.get(account, Told())

    def deletions_of(self, account: str, name: str) -> Told[Sequence[Deletion]]:
        return self.deletions.get((account, name.lower()), Told())


@dataclass(frozen=True)
class Unseen:
    """A stack that could not be looked at, and why. ``recorded``: its file has records, or none can tell."""

    stack: str
    error: JobsError
    recorded: bool = False

    @property
    def why(self) -> str:
        return self.error.in_a_line

    @property
    def never_up(self) -> bool:
        """It has no outputs yet, and nothing to serve, which need be no fault."""
        return isinstance(self.error, NeverUp) and not self.recorded
