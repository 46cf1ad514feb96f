"""Each tuned model of a stack in each role and account: what is recorded, what stands, since when, at what price."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from contract.catalog.prices import Prices
from contract.evaluation import lack
from contract.hosting import HostingCost, hosting_cost
from contract.release import ReleaseRecord, Sku
from contract.serving import Role
from jobs.overview.seen import Seen
from jobs.releases.status import Standing, StatusRow, status_rows

Verdict = Literal["passed", "failed", "notShown", "notEvaluated", "ofAnother"]
"""``ofAnother``: the evaluation is that of another model or holdout."""


@dataclass(frozen=True)
class Place:
    """One record in one account, or in none.

    account, deployment   None where nothing is deployed
    there       whether ARM has the deployment; None where that isn't known
    readiness   its provisioningState, as ARM has it; None where that isn't known
    called      whether it is known when it was called last; ``last_call`` then is None where it wasn't in 16 days
    hosting     None where nothing stands, and so nothing is paid
    command     what to type so that stack and file agree
    """

    model: str
    role: Role | None
    model_id: str | None
    standing: Standing
    record: ReleaseRecord | None = None
    deployed_as: Role | None = None
    account: str | None = None
    deployment: str | None = None
    sku: Sku | None = None
    there: bool | None = None
    readiness: str | None = None
    made_at: datetime | None = None
    called: bool = False
    last_call: datetime | None = None
    hosting: HostingCost | None = None
    command: str | None = None

    @property
    def verdict(self) -> Verdict | None:
        """None where there is no record."""
        if self.record is None:
            return None
        evaluation = self.record.evaluation
        if evaluation is None:
            return "notEvaluated"
        if lack(self.record) is not None and evaluation.verdict == "passed":
            return "ofAnother"
        return evaluation.verdict


def places(seen: Seen) -> tuple[Place, ...]:
    """Sorted as ``status_rows`` are; the account's name decides among those of one record."""
    return tuple(
        place for row in status_rows(seen.releases, seen.outputs, stack=seen.stack) for place in _of_row(row, seen)
    )


def _of_row(row: StatusRow, seen: Seen) -> Iterator[Place]:
    blank = Place(
        row.model, row.role, row.model_id, row.standing, row.record, row.deployed_as, sku=row.sku, command=row.command
    )
    if not row.deployments:
        yield blank
    for account, name in sorted(row.deployments.items()):
        yield _stands(blank, account, name, row.sku, seen)
    output = seen.outputs.models.get(row.model)
    if row.deployed_as == "live" and output is not None and output.live is not None:
        for account, name in sorted(output.live.spillover.items()):
            spilled = Place(row.model, "spillover", row.model_id, row.standing, row.record, "spillover")
            yield _stands(spilled, account, name, output.skus.spillover, seen)


def _stands(blank: Place, account: str, name: str, sku: Sku | None, seen: Seen) -> Place:
    told = seen.deployments_of(account).found
    found = told.get(name.lower()) if told is not None else None
    there = None if told is None else found is not None
    calls = seen.calls_of(account).found
    prices = Prices(seen.outputs.environment.prices)
    return Place(
        model=blank.model,
        role=blank.role,
        model_id=blank.model_id,
        standing=blank.standing,
        record=blank.record,
        deployed_as=blank.deployed_as,
        account=account,
        deployment=name,
        sku=sku,
        there=there,
        readiness=found.state if found is not None else None,
        made_at=found.made_at if found is not None else None,
        called=calls is not None,
        last_call=calls.get(name.lower()) if calls is not None else None,
        hosting=hosting_cost(sku, prices) if sku is not None and there is not False else None,
        command=blank.command,
    )
