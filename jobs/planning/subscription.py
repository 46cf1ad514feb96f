"""What the subscription itself answers about a run: its models, quotas, deployments, files and jobs.

Whatever can't be read is left out, and said: an identity that trains needn't be allowed to look at everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

from contract.outputs import AccountOutput
from jobs.doctor_ports import ControlPlane, OfferedModel, StandingDeployment, Usage
from jobs.errors import JobsError
from jobs.ports import FineTuning, Job, StoredFile

T = TypeVar("T")
OFFLINE = "nobody was asked (--offline)"


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What was found, or why it wasn't and what would help."""

    found: T | None = None
    why_not: str = OFFLINE
    mend: tuple[str, ...] = ()


@dataclass(frozen=True)
class Subscription:
    """What was asked, by region and by account key."""

    models: Mapping[str, Answer[Sequence[OfferedModel]]] = field(default_factory=dict)
    usages: Mapping[str, Answer[Sequence[Usage]]] = field(default_factory=dict)
    deployments: Mapping[str, Answer[Sequence[StandingDeployment]]] = field(default_factory=dict)
    files: Answer[Sequence[StoredFile]] = Answer()
    jobs: Answer[Sequence[Job]] = Answer()

    def models_in(self, location: str) -> Answer[Sequence[OfferedModel]]:
        return self.models.get(location, Answer())

    def usages_in(self, location: str) -> Answer[Sequence[Usage]]:
        return self.usages.get(location, Answer())

    def deployments_of(self, key: str) -> Answer[Sequence[StandingDeployment]]:
        return self.deployments.get(key, Answer())


def ask(
    plane: ControlPlane,
    service: FineTuning,
    trained_in: AccountOutput,
    served_in: Mapping[str, AccountOutput],
) -> Subscription:
    """Everything; nothing is raised."""
    regions = sorted({trained_in.location, *(account.location for account in served_in.values())})
    return Subscription(
        models={
            region: _answer(
                partial(plane.models, region),
                "Who has Reader on the subscription can look: az cognitiveservices model list --location " + region,
            )
            for region in regions
        },
        usages={
            region: _answer(
                partial(plane.usages, region),
                "Who has Cognitive Services Usages Reader on the subscription can look: "
                f"az cognitiveservices usage list --location {region}",
            )
            for region in sorted({account.location for account in served_in.values()})
        },
        deployments={key: _answer(partial(plane.deployments, account.id)) for key, account in served_in.items()},
        files=_answer(lambda: list(service.files())),
        jobs=_answer(lambda: list(service.jobs())),
    )


def _answer(look: Callable[[], T], *mend: str) -> Answer[T]:
    try:
        return Answer(look())
    except JobsError as error:
        return Answer(None, f"{error.what}{f' ({error.code})' if error.code else ''}", mend)
