"""Microsoft.CognitiveServices/accounts/raiPolicies: content filters, which deployments name.

The filters' names and what they look at: Microsoft Learn, "Rai Policies - Create Or Update" (2024-10-01), its sample;
Indirect Attack stands in none of the samples, and is seen in templates only. Names are compared without case, which an
older api-version wrote otherwise (Azure/terraform-azurerm-openai#28).
"""

from __future__ import annotations

from typing import Any

from simulator.arm import rai_errors as refuse
from simulator.arm import versions
from simulator.arm.descriptors import Body, Call, Descriptor, Move, Write
from simulator.arm.ids import ResourceId, within
from simulator.arm.models import RAI_BLOCKLISTS, RAI_POLICIES, Resource, deployments_of, resources_of
from simulator.arm.passing import GONE
from simulator.arm.regions import normalised
from simulator.cloud import Cloud

DELETION = 2.0
"""Simulated seconds until a policy or a blocklist is gone: that it takes time is the specification's (202), how long is
invented."""
MICROSOFTS = ("Microsoft.Default", "Microsoft.DefaultV2")
"""The policies that every account has."""
MODES = ("Default", "Deferred", "Blocking", "Asynchronous_filter")
HARMS = ("hate", "sexual", "violence", "selfharm")
THRESHOLDS = ("low", "medium", "high")
_BOTH = ("prompt", "completion")
SOURCES = {
    **dict.fromkeys(HARMS, _BOTH),
    "profanity": _BOTH,
    "jailbreak": ("prompt",),
    "indirect attack": ("prompt",),
    "protected material text": ("completion",),
    "protected material code": ("completion",),
}
"""Filter → where it looks; both in lower case."""


def exists(cloud: Cloud, account: Resource, name: str) -> bool:
    """Whether a deployment of this account may name the policy."""
    if name.lower() in {each.lower() for each in MICROSOFTS}:
        return True
    return any(each.name.lower() == name.lower() for each in resources_of(cloud, RAI_POLICIES, account.id))


def _check(write: Write) -> None:
    if write.id.name.lower().startswith("microsoft."):
        raise refuse.name_reserved(write.id.name)
    sent = write.properties
    base, mode = sent.get("basePolicyName"), sent.get("mode")
    if base is not None and str(base).lower() not in {each.lower() for each in MICROSOFTS}:
        raise refuse.base_policy_unknown(str(base))
    if mode is not None and mode not in MODES:
        raise refuse.mode_invalid(str(mode))
    seen: set[tuple[str, str]] = set()
    for each in sent.get("contentFilters") or []:
        _check_filter(each, seen)
    lists = {each.name.lower() for each in resources_of(write.cloud, RAI_BLOCKLISTS, _account(write.id))}
    for each in sent.get("customBlocklists") or []:
        if str(each.get("blocklistName", "")).lower() not in lists:
            raise refuse.blocklist_unknown(str(each.get("blocklistName", "")))


def _check_filter(sent: dict[str, Any], seen: set[tuple[str, str]]) -> None:
    shown, looks_at = str(sent.get("name") or ""), str(sent.get("source") or "")
    name, source = shown.lower(), looks_at.lower()
    if name not in SOURCES:
        raise refuse.invalid_content_filter(f"There is no content filter '{shown}'.")
    if source not in SOURCES[name]:
        raise refuse.invalid_content_filter(f"The content filter '{shown}' has no source '{looks_at}'.")
    if (name, source) in seen:
        raise refuse.invalid_content_filter(f"The content filter '{shown}' stands twice for '{looks_at}'.")
    seen.add((name, source))
    threshold = str(sent.get("severityThreshold") or "")
    if name in HARMS:
        if not sent.get("enabled", True) or not sent.get("blocking", True):
            raise refuse.filters_need_approval(shown)
        if threshold.lower() not in THRESHOLDS:
            raise refuse.invalid_content_filter(f"The content filter '{shown}' has no threshold '{threshold}'.")


def _complete(write: Write) -> Body:
    """What is sent, and who made it: the type is UserManaged for all that aren't Microsoft's."""
    kept = {name: value for name, value in write.body.items() if name != "properties"}
    return kept | {"properties": {"mode": "Default"} | write.properties | {"type": "UserManaged"}}


def _deletes(call: Call, policy: Resource) -> None:
    named = [
        each.name
        for each in deployments_of(call.cloud, _account(call.id))
        if str(each.properties.get("raiPolicyName", "")).lower() == policy.name.lower()
    ]
    if named:
        raise refuse.policy_in_use(policy.name, named)


def note_location(write: Write, resource: Resource) -> None:
    """What is deleted in time is asked for in the account's region."""
    account = write.cloud.state.arm.resources[resource.key.partition("/rai")[0]]
    resource.facts["location"] = normalised(account.location)


def deleted_in_time(event: str, _: Resource) -> Move | None:
    """The transitions of policies and blocklists."""
    return Move("Deleting", DELETION, GONE, wait=DELETION) if event == "delete" else None


def policies_with(cloud: Cloud, blocklist: Resource) -> list[str]:
    """The names of the policies that use a blocklist."""
    wanted = blocklist.name.lower()
    return [
        policy.name
        for policy in resources_of(cloud, RAI_POLICIES)
        if within(blocklist.key, policy.key.rpartition("/raipolicies/")[0])
        and any(
            str(each.get("blocklistName", "")).lower() == wanted
            for each in policy.properties.get("customBlocklists") or []
        )
    ]


def _account(identity: ResourceId) -> str:
    return identity.parent.text if identity.parent is not None else ""


def _account_key(identity: ResourceId) -> str | None:
    """That a policy is written under its account's lock, as deployments are: memory."""
    return identity.parent.key if identity.parent is not None else None


POLICIES = Descriptor(
    type=RAI_POLICIES,
    api_versions=versions.COGNITIVE_SERVICES,
    members=frozenset({"properties", "tags"}),
    read_only=("properties.type",),
    check=_check,
    complete=_complete,
    stored=note_location,
    deletes=_deletes,
    moves=deleted_in_time,
    lock=_account_key,
    shows=frozenset({"systemData", "etag"}),
)
