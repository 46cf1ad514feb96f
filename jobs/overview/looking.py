"""Asks about one stack: its outputs and its file, then Azure Resource Manager and Azure Monitor.

Who may not read something is told nothing of it: that is an answer too, and never an error. What has no outputs
can't be looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from contract.outputs import ModelOutput, StackOutputs
from jobs.doctor_ports import ControlPlane, StandingDeployment
from jobs.errors import JobsError, SignInFailed, Unavailable
from jobs.monitor_ports import Monitor
from jobs.overview.seen import Seen, Told, Unseen
from jobs.ports import Stack
from jobs.releases.recorded import records_any

T = TypeVar("T")
LOOKED_BACK = timedelta(days=16)
"""For calls: a deployment that had none for 15 days is gone."""
_LOG = timedelta(days=89)
"""The activity log keeps 90 days."""
_GONE = 404
"""Azure Resource Manager tells whoever may not look so, 403, before it tells what is there."""
_NO_ACCOUNT = "ParentResourceNotFound"
"""Of what is asked of an account alone: Azure Resource Manager has no such account."""
_READER = "Who has Reader or Monitoring Reader on the {of} can look."


def look(
    stack: Stack,
    planes: Callable[[StackOutputs], tuple[ControlPlane, Monitor]] | None,
    *,
    now: datetime,
    at: datetime,
) -> Seen | Unseen:
    """``planes``: None where nobody is to be asked. ``at``: the moment that the answer is for; ``now``: the clock's."""
    try:
        outputs = stack.outputs()
        seen = Seen(stack.name, at, stack.releases(), outputs, asked=at != now)
    except JobsError as error:
        return Unseen(stack.name, error, records_any(stack))
    if planes is None or not outputs.accounts:
        return seen
    plane, monitor = planes(outputs)
    since = min(now, at) - LOOKED_BACK
    seen = replace(
        seen,
        deployments={
            key: _told(partial(_deployments, plane, account.id), _READER.format(of="account"))
            for key, account in sorted(outputs.accounts.items())
        },
        usages={
            location: _told(
                partial(plane.usages, location),
                "Who has Cognitive Services Usages Reader on the subscription can look.",
            )
            for location in sorted({account.location for account in outputs.accounts.values()})
        },
        calls={
            key: _told(partial(monitor.last_calls, account.id, since, at), _READER.format(of="account"))
            for key, account in sorted(outputs.accounts.items())
        },
        calls_since=since,
    )
    missing = [
        (account, name)
        for account, name in expected(outputs)
        if (there := seen.deployments_of(account).found) is not None and name.lower() not in there
    ]
    # By the log's own clock, where that is another; and never from a day that is yet to come.
    logged = min(at - _LOG, now - timedelta(days=1))
    deletions = {
        (account, name.lower()): _told(
            partial(monitor.deletions, f"{outputs.accounts[account].id}/deployments/{name}", logged),
            _READER.format(of="subscription"),
        )
        for account, name in missing
    }
    return replace(seen, deletions=deletions)


def expected(outputs: StackOutputs) -> Iterator[tuple[str, str]]:
    """Account and name of every tuned deployment that the outputs have."""
    for output in outputs.models.values():
        for deployments in _of_model(output):
            yield from ((account, name) for account, name in deployments.items() if account in outputs.accounts)


def _of_model(output: ModelOutput) -> Iterator[Mapping[str, str]]:
    for served in (output.live, output.candidate, *output.previous):
        if served is not None:
            yield served.deployments
            yield served.spillover


def _deployments(plane: ControlPlane, account_id: str) -> Mapping[str, StandingDeployment]:
    return {each.name.lower(): each for each in plane.deployments(account_id)}


def _told(look: Callable[[], T], mend: str) -> Told[T]:
    try:
        return Told(look())
    except JobsError as error:
        what = "the account is gone" if error.code == _NO_ACCOUNT else error.what
        why = f"{what}{f' ({error.code})' if error.code else ''}"
        blind = isinstance(error, (SignInFailed, Unavailable)) or error.status == _GONE
        return Told(None, why, None if blind else mend, blind)
