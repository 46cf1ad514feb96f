"""Budgets."""

from __future__ import annotations

from simulator.pulumi.resource_types import ResourceType

BUDGET = ResourceType(
    token="azure-native:consumption:Budget",
    kind="Microsoft.Consumption/budgets",
    path="/{scope}/providers/Microsoft.Consumption/budgets/{budgetName}",
    api_version="2024-08-01",
    top=("eTag",),
    properties=("amount", "category", "filter", "notifications", "timeGrain", "timePeriod"),
)

TYPES = (BUDGET,)
