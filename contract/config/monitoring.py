"""What is logged, what raises an alert, and what money may be spent."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contract import naming
from contract.shape import ResourceId, Shape


class Workspace(Shape):
    """The Log Analytics workspace that gets the logs."""

    existing: ResourceId | None = Field(default=None, description="The resource ID of a workspace of yours.")
    name: naming.WorkspaceName | None = Field(default=None, description="The name of one to make, in its place.")
    location: naming.Location | None = Field(default=None, description="Default: the resource group's.")
    retention_days: int = Field(default=30, ge=30, le=730, description="Logs are kept for so long; of one made here.")


class Alerts(Shape):
    """When somebody is called. Shares are in percent."""

    emails: Annotated[tuple[naming.Email, ...], Field(strict=False)] = Field(
        default=(), description="Who gets a mail; at least one, or actionGroup."
    )
    action_group: ResourceId | None = Field(default=None, description="An action group of yours, in place of emails.")
    server_errors: int = Field(
        default=5, ge=1, description="Server errors of an account with one status code within 5 minutes."
    )
    throttled_percent: int = Field(default=10, ge=1, le=100, description="Share of calls that were refused with 429.")
    latency_milliseconds: int = Field(default=30_000, ge=100, description="Average time of a call to a model.")
    tokens_percent: int = Field(default=80, ge=1, le=100, description="Tokens per minute, of a deployment's capacity.")
    availability_percent: int = Field(default=99, ge=1, le=100, description="Share of blob requests that succeed.")
    idle_days: int = Field(
        default=2,
        ge=1,
        le=2,
        description="No call of a tuned deployment for so long; Azure deletes it after 15. No alert rule of Azure "
        "looks back more than two days.",
    )


class Monitoring(Shape):
    """Logs and alerts. Nothing is watched where this is absent."""

    workspace: Workspace
    alerts: Alerts | None = Field(default=None, description="No alerts where absent.")


class Budget(Shape):
    """The month's money for the resource group: mails at each threshold; it stops nothing."""

    amount: int = Field(ge=1, description="Per month, in the subscription's currency.")
    since: naming.Month = Field(description='The month it begins with, quoted: "2026-11". Azure refuses past ones.')
    thresholds: Annotated[tuple[Annotated[int, Field(ge=1, le=1000)], ...], Field(strict=False)] = Field(
        default=(50, 80, 100), min_length=1, max_length=5, description="Percent of the amount, at most five."
    )
    emails: Annotated[tuple[naming.Email, ...], Field(strict=False)] = Field(
        min_length=1, description="Who gets a mail."
    )
