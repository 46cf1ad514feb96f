"""How Azure Monitor, Log Analytics and Cost Management refuse, one function a behaviour; certainty as in errors.py.

Azure Monitor's own errors come without ARM's envelope (hashicorp/terraform-provider-azurerm#21161,
Azure/terraform-azurerm-avm-ptn-aiml-landing-zone#19).
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator.arm.errors import SERVICE
from simulator.errors import ArmRefusal, FlatRefusal


def _flat(status: int, code: str, message: str) -> FlatRefusal:
    return FlatRefusal(status, code, message, headers=SERVICE)


def _service(status: int, code: str, message: str) -> ArmRefusal:
    return ArmRefusal(status, code, message, headers=SERVICE)


# --- diagnostic settings


def target_not_supported(type_: str) -> FlatRefusal:
    """Specimen, status inferred: a captured body in the tests of a public Go client."""
    return _flat(
        400, "ResourceTypeNotSupported", f"The resource type '{type_.lower()}' does not support diagnostic settings."
    )


def category_not_supported(category: str) -> FlatRefusal:
    """Specimen (Azure/azure-powershell#9863)."""
    return _flat(400, "BadRequest", f"Category '{category}' is not supported.")


def category_unclear() -> FlatRefusal:
    """Neither a category nor a group, or both: memory."""
    return _flat(400, "BadRequest", "Each log needs either a category or a category group.")


def no_data_sink() -> FlatRefusal:
    """Words seen in several public Bicep repositories; status and code inferred."""
    return _flat(400, "BadRequest", "At least one data sink needs to be specified.")


def data_sink_used(sink: str, other: str, category: str) -> FlatRefusal:
    """Specimen (Azure/terraform-azurerm-avm-ptn-aiml-landing-zone#19)."""
    return _flat(
        409,
        "Conflict",
        f"Data sink '{sink}' is already used in diagnostic setting '{other}' for category '{category}'. Data sinks "
        "can't be reused in different settings on the same category for the same resource.",
    )


def too_many_settings() -> FlatRefusal:
    """The number is Microsoft Learn's (azure-monitor, diagnostic settings); code and words are memory."""
    return _flat(409, "Conflict", "The limit of '5' diagnostic settings was reached.")


def linked_resource_not_found(resource_id: str) -> FlatRefusal:
    """A workspace, storage account, scope or action group that isn't there.

    Code and status of a metric alert were seen (hashicorp/terraform#26547); the words are memory.
    """
    return _flat(400, "ResourceNotFound", f"The resource '{resource_id}' was not found.")


# --- metric alerts and action groups


def metric_not_found(name: str) -> FlatRefusal:
    """Beginning seen (Azure/azure-cli, test_monitor_metric_alert.py); the rest is memory."""
    return _flat(400, "BadRequest", f"Couldn't find a metric named {name}.")


def metric_namespace_wrong(given: str, right: str) -> FlatRefusal:
    """Specimen (hashicorp/terraform-provider-azurerm#2470)."""
    return _flat(
        400,
        "BadRequest",
        f"Detect invalid value: {given} for query parameter: 'metricnamespace', the value must be: {right} if the "
        "query parameter is provided, you can also skip this optional query parameter.",
    )


def alert_invalid(said: str) -> FlatRefusal:
    """Anything else that a metric alert or an action group can't be: memory."""
    return _flat(400, "BadRequest", said)


def query_rule_invalid(said: str) -> ArmRefusal:
    """A log alert that can't be: memory; the rules are Microsoft Learn's (azure-monitor, log search alert rules)."""
    return _service(400, "BadRequest", said)


# --- metrics and the activity log


def metric_unknown(namespace: str, type_: str, name: str, valid: Sequence[str]) -> FlatRefusal:
    """Specimen (Azure/azure-sdk-for-net#29584)."""
    return _flat(
        400,
        "BadRequest",
        f"Failed to find metric configuration for provider: {namespace}, resource Type: {type_}, metric: {name}, "
        f"Valid metrics: {','.join(valid)}",
    )


def metric_query_invalid(said: str) -> FlatRefusal:
    """A time, an interval or a filter that can't be: memory."""
    return _flat(400, "BadRequest", said)


def activity_filter_invalid(said: str) -> FlatRefusal:
    """Another filter than the few that the specification lists: memory."""
    return _flat(400, "BadRequest", f"The filter '{said}' is not supported.")


def activity_too_old() -> FlatRefusal:
    """A start more than 90 days ago: the status was seen (Azure/azure-cli#4885), the rest is memory."""
    return _flat(400, "BadRequest", "The start time cannot be more than 90 days in the past.")


# --- workspaces


def workspace_invalid(said: str) -> ArmRefusal:
    """Name, sku or retention: memory; the rules are those of Azure's types (2023-09-01) and of Microsoft Learn."""
    return _service(400, "InvalidParameter", said)


def workspace_recovered_elsewhere(name: str, location: str) -> ArmRefusal:
    """Another region than the soft-deleted namesake's: memory."""
    return _service(
        409,
        "Conflict",
        f"The workspace name '{name}' is held by a soft-deleted workspace in '{location}'. Recover it by creating it "
        "there, or delete it permanently.",
    )


# --- budgets


def budget_invalid(said: str) -> ArmRefusal:
    """The rules are those of Azure's types (2024-08-01); the code is the status as text, words memory."""
    return _service(400, "400", said)


def budget_start_fixed() -> ArmRefusal:
    """Specimen (Azure/CanadaPubSecALZ#317), its status and code seen in a public deployment log."""
    return _service(400, "400", "Start date of budgets cannot be updated. Please delete and create a new budget.")


def budget_changed() -> ArmRefusal:
    """Another eTag than the latest: that it is refused is documented (REST API, Budgets); the rest memory."""
    return _service(412, "412", "The eTag of the budget is not the latest. Get the budget and try again.")
