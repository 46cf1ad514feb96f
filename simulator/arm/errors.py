"""How ARM itself, Storage and Authorization refuse: one function a behaviour, with where its words were seen.

Certainty, as each docstring has it:
  specimen        status, code and words were captured from Azure
  specimen, status inferred    code and words were
  memory          nothing was found; a recollection, to be taken as a guess
Cognitive Services' own refusals are in cognitive_errors.py.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from datetime import datetime

from simulator.arm.ids import ResourceId
from simulator.errors import ArmRefusal

# The header is seen in an Azure SDK readme; that its values are these two is memory.
GATEWAY = {"x-ms-failure-cause": "gateway"}
SERVICE = {"x-ms-failure-cause": "service"}

AUDIENCES = (
    "https://management.core.windows.net/",
    "https://management.core.windows.net",
    "https://management.azure.com/",
    "https://management.azure.com",
)


def _gateway(status: int, code: str, message: str, **headers: str) -> ArmRefusal:
    return ArmRefusal(status, code, message, headers={**GATEWAY, **headers})


# --- who asks


def authorization_missing(tenant_id: str) -> ArmRefusal:
    """No Authorization header: memory."""
    said = "The authentication failed because of missing 'Authorization' header."
    return _gateway(
        401,
        "AuthenticationFailed",
        "Authentication failed. The 'Authorization' header is missing.",
        **_challenge(tenant_id, said),
    )


def token_garbage(tenant_id: str) -> ArmRefusal:
    """A token that is none: memory."""
    said = "The access token is invalid."
    return _gateway(401, "InvalidAuthenticationToken", said, **_challenge(tenant_id, said))


def token_audience(tenant_id: str, audience: str) -> ArmRefusal:
    """For something else: specimen (Azure-Samples/active-directory-dotnetcore-daemon-v2#145); header memory."""
    allowed = ",".join(f"'{one}'" for one in AUDIENCES)
    said = (
        f"The access token has been obtained for wrong audience or resource '{audience}'. "
        f"It should exactly match with one of the allowed audiences {allowed}."
    )
    return _gateway(401, "InvalidAuthenticationTokenAudience", said, **_challenge(tenant_id, said))


def token_expired(tenant_id: str, expired: datetime, now: datetime) -> ArmRefusal:
    """An old token: specimen (a 401 in a public issue, 2025-11), with dates as en-US writes them."""
    said = f"The access token expiry UTC time '{_us(expired)}' is earlier than current UTC time '{_us(now)}'."
    return _gateway(401, "ExpiredAuthenticationToken", said, **_challenge(tenant_id, said))


def token_tenant(tenant_id: str, issuer_tenant: str) -> ArmRefusal:
    """A token of another tenant: memory."""
    said = (
        f"The access token is from the wrong issuer 'https://sts.windows.net/{issuer_tenant}/'. It must match the "
        f"tenant 'https://sts.windows.net/{tenant_id}/' associated with this subscription. Please use the authority "
        f"(URL) 'https://login.windows.net/{tenant_id}' to get the token."
    )
    return _gateway(401, "InvalidAuthenticationTokenTenant", said, **_challenge(tenant_id, said))


def authorization_failed(client_id: str, object_id: str, action: str, scope: str) -> ArmRefusal:
    """A role is missing: specimen, status inferred (microsoft/foundry-dev-tools#407, #555, #711)."""
    return _gateway(
        403,
        "AuthorizationFailed",
        f"The client '{client_id}' with object id '{object_id}' does not have authorization to perform action "
        f"'{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your "
        "credentials.",
    )


def condition_unfulfilled(client_id: str, object_id: str, action: str, scope: str) -> ArmRefusal:
    """A role that would do, but for the condition on it: specimen up to the scope, the end is memory.

    Azure/enterprise-azure-policy-as-code tells it by these words; quoted in public troubleshooting pages.
    """
    return _gateway(
        403,
        "AuthorizationFailed",
        f"The client '{client_id}' with object id '{object_id}' has an authorization with ABAC condition that is not "
        f"fulfilled to perform action '{action}' over scope '{scope}' or the scope is invalid. If access was recently "
        "granted, please refresh your credentials.",
    )


def linked_authorization_failed(  # noqa: PLR0917 - six things the sentence names
    client_id: str, object_id: str, action: str, scope: str, linked_action: str, linked_scope: str
) -> ArmRefusal:
    """Rights here but not on what is referred to: specimen (kubernetes-sigs/cloud-provider-azure#1999)."""
    return _gateway(
        403,
        "LinkedAuthorizationFailed",
        f"The client '{client_id}' with object id '{object_id}' has permission to perform action '{action}' on scope "
        f"'{scope}'; however, it does not have permission to perform action '{linked_action}' on the linked scope(s) "
        f"'{linked_scope}' or the linked scope(s) are invalid.",
    )


def linked_tenant_unauthorized(action: str, scope: str, tenant: str, subscription: str) -> ArmRefusal:
    """What is referred to is in a subscription that this tenant has no part in: words (Azure/OpenShift#41); the status
    is that of the other form."""
    return _gateway(
        403,
        "LinkedAuthorizationFailed",
        f"The client has permission to perform action '{action}' on scope '{scope}', however the current tenant "
        f"'{tenant}' is not authorized to access linked subscription '{subscription}'.",
    )


# --- what is asked


def api_version_missing() -> ArmRefusal:
    """Specimen (MicrosoftDocs/feedback#2279, cloudquery/cloudquery#6626)."""
    return _gateway(
        400,
        "MissingApiVersionParameter",
        "The api-version query parameter (?api-version=) is required for all requests.",
    )


def api_version_malformed(version: str, supported: Sequence[str]) -> ArmRefusal:
    """An api-version that is no date: memory."""
    known = ", ".join(supported)
    return _gateway(
        400,
        "InvalidApiVersionParameter",
        f"The api-version '{version}' is invalid. The supported versions are '{known}'.",
    )


def api_version_unknown(
    location: str, version: str, type_: str, supported: Sequence[str], locations: Sequence[str]
) -> ArmRefusal:
    """Specimen, status inferred (Azure/azure-cli#28952, #28496). `type_` is the last segment of the type."""
    return _gateway(
        400,
        "NoRegisteredProviderFound",
        f"No registered resource provider found for location '{location}' and API version '{version}' for type "
        f"'{type_}'. The supported api-versions are '{', '.join(supported)}'. The supported locations are "
        f"'{', '.join(locations)}'.",
    )


def unknown_member(member: str, position: int) -> ArmRefusal:
    """A top-level member no resource has: specimen (Azure/azure-sdk-for-net#3487)."""
    return request_content(
        f"Could not find member '{member}' on object of type 'ResourceDefinition'. "
        f"Path '{member}', line 1, position {position}."
    )


def request_content(said: str) -> ArmRefusal:
    """Any body that can't be read: specimen, status inferred (Azure/acs-engine#2938)."""
    return _gateway(
        400, "InvalidRequestContent", f"The request content was invalid and could not be deserialized: '{said}'."
    )


def sku_tier() -> ArmRefusal:
    """`sku.tier` in a body for Cognitive Services: that it is refused is reported, its words are memory."""
    return request_content(
        "Could not find member 'tier' on object of type 'ResourceSku'. Path 'sku.tier', line 1, position 1."
    )


def location_required() -> ArmRefusal:
    """Memory."""
    return _gateway(400, "LocationRequired", "The location property is required for this definition.")


def location_not_available(location: str, type_: str, locations: Sequence[str]) -> ArmRefusal:
    """A region where the type is not offered: memory."""
    return _gateway(
        400,
        "LocationNotAvailableForResourceType",
        f"The provided location '{location}' is not available for resource type '{type_}'. "
        f"List of available regions for the resource type is '{','.join(locations)}'.",
    )


def location_changed(name: str, location: str, group: str, wanted: str) -> ArmRefusal:
    """Memory."""
    return _gateway(
        409,
        "InvalidResourceLocation",
        f"The resource '{name}' already exists in location '{location}' in resource group '{group}'. A resource with "
        f"the same name cannot be created in location '{wanted}'. Please select a new resource name.",
    )


def requests_throttled(
    kind: str, subscription: str, object_id: str, seconds: float, headers: Mapping[str, str]
) -> ArmRefusal:
    """More than a principal may ask: specimen (velero-io/velero#9171, 2025-08); that Retry-After says the same: doc
    (request-limits-and-throttling.md)."""
    return _gateway(
        429,
        "SubscriptionRequestsThrottled",
        f"Number of '{kind}' requests for subscription '{subscription}' actor '{object_id}' exceeded. Please try again "
        f"after '{math.ceil(seconds)}' seconds after additional tokens are available. Refer to "
        "https://aka.ms/arm-throttling for additional information.",
        **headers,
    )


# --- what isn't there


def resource_not_found(identity: ResourceId) -> ArmRefusal:
    """Memory; strong for a top-level resource, weak for a nested one."""
    pairs = zip(identity.types, identity.names, strict=True)
    path = "/".join((identity.namespace, *(part for pair in pairs for part in pair)))
    return _gateway(
        404,
        "ResourceNotFound",
        f"The Resource '{path}' under resource group '{identity.group or '<null>'}' was not found. "
        "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    )


def group_not_found(group: str) -> ArmRefusal:
    """Specimen, status inferred."""
    return _gateway(404, "ResourceGroupNotFound", f"Resource group '{group}' could not be found.")


def parent_not_found(type_: str, parent_id: str) -> ArmRefusal:
    """Specimen, status inferred."""
    return _gateway(
        404,
        "ParentResourceNotFound",
        f"Failed to perform 'write' on resource(s) of type '{type_}', because the parent resource '{parent_id}' could "
        "not be found.",
    )


def subscription_not_found(subscription: str) -> ArmRefusal:
    """Memory, and a test fixture."""
    return _gateway(404, "SubscriptionNotFound", f"The subscription '{subscription}' could not be found.")


def subscription_malformed(subscription: str) -> ArmRefusal:
    """Memory."""
    return _gateway(
        400,
        "InvalidSubscriptionId",
        f"The provided subscription identifier '{subscription}' is malformed or invalid.",
    )


def operation_not_found() -> ArmRefusal:
    """An operation nobody started: memory."""
    return ArmRefusal(404, "NotFound", "The entity was not found in this Azure location.", headers=SERVICE)


# --- locks


def scope_locked(scope: str, doing: str, locked: Sequence[str]) -> ArmRefusal:
    """A lock is in the way: specimen (hashicorp/terraform-provider-azurerm#17478 with the status, Azure/apiops#606).

    `doing` is write or delete; write also for POST actions. How several scopes are parted: memory.
    """
    named = ",".join(f"'{one}'" for one in locked)
    return _gateway(
        409,
        "ScopeLocked",
        f"The scope '{scope}' cannot perform {doing} operation because following scope(s) are locked: {named}. "
        "Please remove the lock and try again.",
    )


def lock_invalid(said: str) -> ArmRefusal:
    """A lock's level, notes or name: memory."""
    return _gateway(400, "InvalidLock", said)


# --- resource groups


def group_being_deleted(group: str) -> ArmRefusal:
    """Memory."""
    return _gateway(
        409,
        "ResourceGroupBeingDeleted",
        f"The resource group '{group}' is in deprovisioning state and cannot perform this operation.",
    )


def group_name_invalid(group: str) -> ArmRefusal:
    """Memory."""
    return _gateway(
        400,
        "InvalidResourceGroup",
        f"The provided resource group name '{group}' has these invalid characters or an invalid length. The name can "
        "only be a letter, digit, '-', '.', '(', ')' or '_', at most 90 of them, and can't end with '.'.",
    )


def resource_group_deletion_blocked(group: str, account_ids: Sequence[str]) -> ArmRefusal:
    """Specimen (Azure/azure-dev#4210). What the details say of the account: memory."""
    names = [account_id.split("/providers/", 1)[-1] for account_id in account_ids]
    tracking = hashlib.sha256("|".join(account_ids).encode()).hexdigest()[:32]
    details = [
        {
            "code": "Conflict",
            "target": account_id,
            "message": json.dumps(
                {
                    "error": {
                        "code": "RequestConflict",
                        "message": f"Another operation is being performed on the parent resource '{account_id}'. "
                        "Please try again later.",
                    }
                }
            ),
        }
        for account_id in account_ids
    ]
    return ArmRefusal(
        409,
        "ResourceGroupDeletionBlocked",
        f"Deletion of resource group '{group}' failed as resources with identifiers '{','.join(names)}' could not be "
        f"deleted. The provisioning state of the resource group will be rolled back. The tracking Id is '{tracking}'. "
        "Please check audit logs for more details.",
        headers=GATEWAY,
        details=details,
    )


def _challenge(tenant_id: str, said: str) -> dict[str, str]:
    """WWW-Authenticate as ARM sends it with 401: memory."""
    return {
        "WWW-Authenticate": f'Bearer authorization_uri="https://login.windows.net/{tenant_id}", '
        f'error="invalid_token", error_description="{said}"'
    }


def _us(when: datetime) -> str:
    hour = when.hour % 12 or 12
    return f"{when.month}/{when.day}/{when.year} {hour}:{when:%M:%S} {'AM' if when.hour < 12 else 'PM'}"
