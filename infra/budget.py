"""The month's money of the resource group: mails at each threshold. It stops nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import consumption

BUDGET = "tuned-models"
"""Its name, in the resource group."""


@dataclass(frozen=True)
class BudgetArgs:
    resource_group_id: pulumi.Input[str]
    amount: int
    """Per month, in the subscription's currency."""
    since: str
    """The month it begins with, ``2026-11``."""
    thresholds: Sequence[int]
    """Percent of the amount, of what was spent."""
    emails: Sequence[str]


class Budget(pulumi.ComponentResource):
    """One budget. Its first month can't be changed: Azure wants another one made in its place, and the former gone."""

    def __init__(self, name: str, args: BudgetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tuned-models:index:Budget", name, None, opts)
        consumption.Budget(
            f"{name}-budget",
            budget_name=BUDGET,
            scope=args.resource_group_id,
            amount=args.amount,
            category=consumption.CategoryType.COST,
            time_grain=consumption.TimeGrainType.MONTHLY,
            time_period=consumption.BudgetTimePeriodArgs(start_date=f"{args.since}-01T00:00:00Z"),
            notifications={
                f"actual-{threshold}": consumption.NotificationArgs(
                    enabled=True,
                    operator=consumption.OperatorType.GREATER_THAN_OR_EQUAL_TO,
                    threshold=threshold,
                    threshold_type=consumption.ThresholdType.ACTUAL,
                    contact_emails=list(args.emails),
                )
                for threshold in args.thresholds
            },
            opts=pulumi.ResourceOptions(
                parent=self, replace_on_changes=["timePeriod.startDate"], delete_before_replace=True
            ),
        )
        self.register_outputs({})
