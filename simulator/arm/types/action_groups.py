"""Microsoft.Insights/actionGroups: whom an alert or a budget tells. Nobody is told anything.

Rules: Azure's types of 2024-10-01-preview (the short name has 12 characters at most, names of receivers are unique in
the group); regions: Microsoft Learn, azure-monitor/alerts/action-groups.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from typing import Any

from simulator.arm import monitor_errors as refuse
from simulator.arm import versions
from simulator.arm.descriptors import Body, Descriptor, Write
from simulator.arm.models import ACTION_GROUPS

LONGEST_SHORT_NAME = 12
_LOCATIONS = ("global", "swedencentral", "germanywestcentral", "northcentralus", "southcentralus", "eastus2euap")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_RECEIVERS = (
    "emailReceivers", "smsReceivers", "webhookReceivers", "eventHubReceivers", "itsmReceivers", "azureAppPushReceivers",
    "automationRunbookReceivers", "voiceReceivers", "logicAppReceivers", "azureFunctionReceivers", "armRoleReceivers",
)  # fmt: skip


def _check(write: Write) -> None:
    short = str(write.properties.get("groupShortName") or "")
    if not 1 <= len(short) <= LONGEST_SHORT_NAME:
        raise refuse.alert_invalid(f"The group short name '{short}' must have 1 to {LONGEST_SHORT_NAME} characters.")
    names = Counter(str(each.get("name", "")).lower() for each in _receivers(write.properties))
    twice = sorted(name for name, times in names.items() if times > 1)
    if "" in names or twice:
        raise refuse.alert_invalid(f"Every receiver needs a name of its own; twice: {', '.join(twice) or 'none'}.")
    for email in write.properties.get("emailReceivers") or []:
        if _ADDRESS.fullmatch(str(email.get("emailAddress") or "")) is None:
            raise refuse.alert_invalid(f"The email address '{email.get('emailAddress')}' is not valid.")


def _receivers(properties: Body) -> list[dict[str, Any]]:
    return [each for kind in _RECEIVERS for each in properties.get(kind) or []]


def _complete(write: Write) -> Body:
    """Kinds of receivers that aren't named are empty lists; a new address is asked for no consent, and is enabled."""
    properties: Body = {"enabled": True} | {kind: [] for kind in _RECEIVERS} | copy.deepcopy(write.properties)
    for email in properties["emailReceivers"]:
        email |= {"status": "Enabled", "useCommonAlertSchema": bool(email.get("useCommonAlertSchema"))}
    return {name: value for name, value in write.body.items() if name != "properties"} | {"properties": properties}


GROUPS_OF_ACTIONS = Descriptor(
    type=ACTION_GROUPS,
    api_versions=versions.ACTION_GROUPS,
    members=frozenset({"location", "tags", "identity", "properties"}),
    patchable=frozenset({"tags", "identity", "properties"}),
    locations=_LOCATIONS,
    check=_check,
    complete=_complete,
    shows=frozenset(),
)
