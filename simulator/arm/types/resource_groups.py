"""Microsoft.Resources: resource groups, and the subscription and providers around them."""

from __future__ import annotations

import re
from typing import Any

from simulator.access import allowed
from simulator.arm import errors, versions
from simulator.arm.descriptors import Answer, Body, Call, Descriptor, Move, Special, Write
from simulator.arm.ids import GROUPS, within
from simulator.arm.models import Resource
from simulator.arm.passing import GONE
from simulator.arm.regions import NAMES, display_name
from simulator.cloud import Cloud
from simulator.errors import NotSimulated

DELETION = 15.0
"""Simulated seconds until a group is gone: invented."""

# Azure's rule: letters of any language, digits and these, not ending in a full stop.
_NAME = re.compile(r"[-\w._()]{1,90}(?<!\.)")


def _check_name(name: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise errors.group_name_invalid(name)


def _complete(write: Write) -> Body:
    kept = {name: value for name, value in write.body.items() if name in ("location", "tags", "managedBy")}
    return kept | {"properties": {}}


def _moves(event: str, _: Resource) -> Move | None:
    return Move("Deleting", DELETION, GONE, wait=DELETION) if event == "delete" else None


RESOURCE_GROUPS = Descriptor(
    type=GROUPS,
    api_versions=versions.RESOURCES,
    members=frozenset({"location", "tags", "managedBy", "properties"}),
    patchable=frozenset({"tags", "managedBy", "properties"}),
    locations=NAMES,
    read_only=("properties.provisioningState",),
    check_name=_check_name,
    complete=_complete,
    moves=_moves,
    not_found=lambda identity: errors.group_not_found(identity.name),
)


# --- what is no resource


def _subscription(cloud: Cloud, subscription_id: str) -> dict[str, Any]:
    is_first = subscription_id == cloud.subscription_id
    return {
        "id": f"/subscriptions/{subscription_id}",
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionId": subscription_id,
        "tenantId": cloud.tenant_id,
        "displayName": "Local subscription" if is_first else "Other local subscription",
        "state": "Enabled",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
    }


def _subscriptions(call: Call, _: Body) -> Answer:
    """Those the caller may read; an empty list for one without any role, as Azure answers."""
    action, caller = "Microsoft.Resources/subscriptions/read", call.caller.object_id
    return Answer(
        body=[
            _subscription(call.cloud, each)
            for each in call.cloud.subscriptions
            if allowed(call.cloud, caller, action, f"/subscriptions/{each}", data=False)
        ]
    )


def _tenants(call: Call, _: Body) -> Answer:
    tenant = call.cloud.tenant_id
    return Answer(body=[{"id": f"/tenants/{tenant}", "tenantId": tenant, "tenantCategory": "Home"}])


def _locations(call: Call, _: Body) -> Answer:
    base = f"/subscriptions/{call.subscription}/locations"
    return Answer(
        body=[
            {"id": f"{base}/{name}", "type": "Region", "name": name, "displayName": display_name(name)}
            for name in NAMES
        ]
    )


def _resources(call: Call, _: Body) -> Answer:
    """Tracked resources of a group or the subscription: those with a location of their own, groups left out."""
    wanted = call.query.get("$filter", "")
    type_ = re.fullmatch(r"resourceType\s+eq\s+'([^']*)'", wanted.strip(), re.IGNORECASE)
    if wanted and type_ is None:
        raise NotSimulated("GET", f"{call.id.bare.text}/resources with the filter {wanted}")
    found = [
        {"id": r.id, "name": r.name, "type": r.type}
        | {member: r.body[member] for member in ("location", "kind", "sku", "tags", "identity") if member in r.body}
        for r in sorted(call.cloud.state.arm.resources.values(), key=lambda r: r.key)
        if (type_ is None or type_[1].lower() == r.type.lower())
        and r.location
        and r.type != GROUPS
        and within(r.key, call.id.bare.text)
    ]
    return Answer(body=found)


def _provider(call: Call, namespace: str) -> dict[str, Any]:
    return {
        "id": f"/subscriptions/{call.subscription}/providers/{namespace}",
        "namespace": namespace,
        "registrationPolicy": "RegistrationRequired",
        "registrationState": "Registered",
        "resourceTypes": [
            {
                "resourceType": type_,
                "locations": [display_name(name) for name in NAMES],
                "apiVersions": list(reversed(known)),
            }
            for type_, known in versions.BY_TYPE.get(namespace, {}).items()
        ],
    }


def _providers(call: Call, _: Body) -> Answer:
    return Answer(body=[_provider(call, namespace) for namespace in versions.BY_TYPE])


def _one_provider(call: Call, _: Body) -> Answer:
    wanted = (call.id.names[0] if call.id.names else call.id.namespace).lower()
    for namespace in versions.BY_TYPE:
        if namespace.lower() == wanted:
            return Answer(body=_provider(call, namespace))
    raise NotSimulated("GET", f"/providers/{wanted}")


_READ = "Microsoft.Resources/subscriptions/read"
_GROUP_READ = "Microsoft.Resources/subscriptions/resources/read"

SPECIALS = (
    Special("GET", "microsoft.resources/subscriptions", versions.RESOURCES, _subscriptions),
    Special(
        "GET",
        "microsoft.resources/subscriptions/*",
        versions.RESOURCES,
        lambda call, _: Answer(body=_subscription(call.cloud, call.subscription)),
        _READ,
        lambda identity: identity.text,
    ),
    Special(
        "GET",
        "microsoft.resources/subscriptions/*/locations",
        versions.RESOURCES,
        _locations,
        _READ,
        lambda identity: f"/subscriptions/{identity.names[0]}",
    ),
    Special("GET", "microsoft.resources/tenants", versions.RESOURCES, _tenants),
    Special(
        "GET",
        "microsoft.resources/subscriptions/*/resources",
        versions.RESOURCES,
        _resources,
        _GROUP_READ,
        lambda identity: identity.bare.text,
    ),
    Special(
        "GET",
        "microsoft.resources/subscriptions/*/resourcegroups/*/resources",
        versions.RESOURCES,
        _resources,
        _GROUP_READ,
        lambda identity: identity.bare.text,
    ),
    Special("GET", "microsoft.resources/providers", versions.RESOURCES, _providers),
    Special("GET", "microsoft.resources/providers/*", versions.RESOURCES, _one_provider),
    *(
        Special(
            "POST", f"{namespace.lower()}/register", versions.RESOURCES, _one_provider, f"{namespace}/register/action"
        )
        for namespace in versions.BY_TYPE
    ),
)
