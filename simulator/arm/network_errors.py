"""How Microsoft.Network refuses: one function a behaviour. Certainty words as in errors.py."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.arm.errors import SERVICE
from simulator.arm.ids import ResourceId
from simulator.errors import ArmRefusal


def _service(status: int, code: str, message: str) -> ArmRefusal:
    return ArmRefusal(status, code, message, headers=SERVICE)


# --- address ranges


def address_space_missing(network_id: str) -> ArmRefusal:
    """A virtual network without an address space: memory."""
    return _service(400, "InvalidRequestFormat", f"Resource {network_id} must have an address space.")


def prefix_missing(subnet: str) -> ArmRefusal:
    """A subnet without an address prefix: memory."""
    return _service(400, "InvalidRequestFormat", f"Subnet '{subnet}' must have an address prefix.")


def prefix_malformed(prefix: str, resource_id: str) -> ArmRefusal:
    """No address range at all: memory."""
    return _service(
        400,
        "InvalidAddressPrefixFormat",
        f"Address prefix {prefix} of resource {resource_id} is not formatted correctly.",
    )


def prefix_with_host_bits(prefix: str, resource_id: str, right: str) -> ArmRefusal:
    """A range that doesn't begin where its length says: code seen, words memory."""
    return _service(
        400,
        "InvalidCIDRNotation",
        f"The address prefix {prefix} in resource {resource_id} has an invalid CIDR notation. For the given prefix "
        f"length, the address prefix should be {right}.",
    )


def subnet_outside(subnet: str, network: str) -> ArmRefusal:
    """Specimen, status inferred (MicrosoftDocs/azure-docs#123869)."""
    return _service(
        400,
        "NetcfgSubnetRangeOutsideVnet",
        f"Subnet '{subnet}' is not valid because its IP address range is outside the IP address range of virtual "
        f"network '{network}'.",
    )


def subnets_overlap(subnet: str, network: str) -> ArmRefusal:
    """Specimen, status inferred (MicrosoftDocs/azure-docs#123869)."""
    return _service(
        400,
        "NetcfgSubnetRangesOverlap",
        f"Subnet '{subnet}' is not valid because its IP address range overlaps with that of an existing subnet in "
        f"virtual network '{network}'.",
    )


def subnet_too_small(subnet: str, network: str) -> ArmRefusal:
    """Smaller than /29: the rule is documented (Learn, Azure Virtual Network FAQ); words seen for another fault
    (Azure/azure-cli#10917), the code is memory."""
    return _service(400, "NetcfgInvalidSubnet", f"Subnet '{subnet}' is not valid in virtual network '{network}'.")


# --- what is in use


def subnet_in_use(subnet: str, user_id: str) -> ArmRefusal:
    """Specimen (kubernetes-sigs/cluster-api-provider-azure#172 with its 400; Azure/bicep#13267 for an endpoint)."""
    return _service(
        400,
        "InUseSubnetCannotBeDeleted",
        f"Subnet {subnet} is in use by {user_id} and cannot be deleted. In order to delete the subnet, delete all the "
        "resources within the subnet. See aka.ms/deletesubnet.",
    )


def prefix_in_use(prefix: str, subnet: str) -> ArmRefusal:
    """Another range for a subnet with endpoints in it: memory."""
    return _service(
        400,
        "InUsePrefixCannotBeDeleted",
        f"IpPrefix {prefix} on Subnet {subnet} has active allocations and cannot be deleted.",
    )


def subnet_full(subnet: str, prefix: str, wanted: int) -> ArmRefusal:
    """Specimen (MicrosoftDocs/azure-docs#88211)."""
    return _service(
        400,
        "SubnetIsFull",
        f"Subnet {subnet} with address prefix {prefix} does not have enough capacity for {wanted} IP addresses.",
    )


def nested_resources(nested: Sequence[str]) -> ArmRefusal:
    """A zone with links: specimen (learntocloud/networking-lab#8). IDs begin at the provider."""
    names = ", ".join(f"'{each.split('/providers/', 1)[-1]}'" for each in nested)
    return _service(
        409,
        "CannotDeleteResource",
        f"Cannot delete resource while nested resources exist. Some existing nested resource IDs include: {names}. "
        "Please delete all nested resources before deleting this resource.",
    )


def subnet_not_ready(subnet_id: str, used_by: str) -> ArmRefusal:
    """An endpoint for a subnet that is still being changed: specimen (hashicorp/terraform-provider-azurerm#21293)."""
    said = (
        f"Cannot proceed with operation because resource {subnet_id} used by resource {used_by} is not in Succeeded "
        "state. Resource is in Updating state and the last operation that updated/is updating the resource is "
        "PutSubnetOperation."
    )
    details = [{"code": "ReferencedResourceNotProvisioned", "message": said, "details": []}]
    return ArmRefusal(429, "RetryableError", "A retryable error occurred.", headers=SERVICE, details=details)


# --- what is referred to


def reference_not_found(resource_id: str, by: str) -> ArmRefusal:
    """Not there, or in another region: specimen (MicrosoftDocs/azure-docs#32363, Azure/azure-cli#13614)."""
    return _service(
        400,
        "InvalidResourceReference",
        f"Resource {resource_id} referenced by resource {by} was not found. Please make sure that the referenced "
        "resource exists, and that both resources are in the same region.",
    )


def child_not_found(identity: ResourceId) -> ArmRefusal:
    """A subnet or a zone group that isn't there: memory."""
    return _service(404, "NotFound", f"Resource {identity.text} not found.")


# --- private endpoints


def connection_parameter_missing(connection_id: str, parameter: str) -> ArmRefusal:
    """Words seen for 'group Id' (Azure/azure-cli#15136); status inferred, other parameters memory."""
    return _service(
        400,
        "MissingParameterOnPrivateLinkServiceConnection",
        f"Private link service connection {connection_id} is missing required parameter '{parameter}'.",
    )


def target_not_ready(type_: str, target_id: str) -> ArmRefusal:
    """A Cognitive Services account that is made or whose deployments are being changed: specimen
    (DefangLabs/pulumi-defang#274, Azure/bicep-registry-modules#7205). For other targets: memory."""
    return _service(
        400,
        "AccountProvisioningStateInvalid",
        f"Call to {type_} failed. Error message: Account {target_id} in state Accepted",
    )


def storage_not_ready(target_id: str) -> ArmRefusal:
    """A storage account that is still being made: memory."""
    return _service(
        409,
        "StorageAccountOperationInProgress",
        "Call to Microsoft.Storage/storageAccounts failed. Error message: An operation is currently performing on "
        f"storage account {target_id} that requires exclusive access.",
    )


def target_not_found(type_: str, target_id: str) -> ArmRefusal:
    """What the endpoint is for isn't there: memory."""
    return _service(
        404, "ResourceNotFound", f"Call to {type_} failed. Error message: The Resource '{target_id}' was not found."
    )


def group_id_invalid(type_: str) -> ArmRefusal:
    """Words seen for another service (hashicorp/terraform-provider-azurerm#11778); status and code are memory."""
    return _service(400, "BadRequest", f"Call to {type_} failed. Error message: Invalid groupId")


def target_without_subdomain(type_: str) -> ArmRefusal:
    """Documented (Learn, "Configure Azure AI services virtual networks"); code and words are memory."""
    return _service(
        400,
        "BadRequest",
        f"Call to {type_} failed. Error message: A custom subdomain is required for private endpoints.",
    )


def endpoint_immutable(endpoint_id: str) -> ArmRefusal:
    """Another subnet or target for an endpoint that is there: memory."""
    return _service(
        400,
        "PrivateEndpointCannotBeUpdated",
        f"Subnet and connection of private endpoint {endpoint_id} cannot be changed.",
    )


def second_zone_group(endpoint: str) -> ArmRefusal:
    """One group an endpoint: memory."""
    return _service(
        400,
        "MoreThanOnePrivateDnsZoneGroupPerPrivateEndpointNotAllowed",
        f"Private endpoint {endpoint} already has a private DNS zone group associated with it.",
    )


def connection_not_found(name: str) -> ArmRefusal:
    """A connection that the target doesn't have: memory."""
    return _service(404, "ResourceNotFound", f"The private endpoint connection '{name}' was not found.")


def connection_state_invalid() -> ArmRefusal:
    """Neither Approved nor Rejected: code and words are seen for Storage (Azure/azure-rest-api-specs#30308)."""
    return _service(
        400,
        "InvalidValuesForRequestParameters",
        "Values for request parameters are invalid: privateLinkServiceConnectionState.status.",
    )


# --- private DNS zones


def zone_name_invalid(zone: str) -> ArmRefusal:
    """Not a DNS name of 2 to 34 labels: the rule is documented (Learn, "Private DNS zones"); code and words memory."""
    return _service(
        400, "BadRequest", f"The domain name '{zone}' is invalid. The provided labels are not a DNS zone's."
    )


def network_id_missing() -> ArmRefusal:
    """A link without its network: memory."""
    return _service(400, "BadRequest", "The virtual network ID of the link is required.")


def overlapping_zones(zone: str, other: str) -> ArmRefusal:
    """A network linked to two zones of one name: specimen, status inferred (MicrosoftDocs/azure-aks-docs#212,
    microsoft-foundry/foundry-samples#214)."""
    return _service(
        400,
        "BadRequest",
        "A virtual network cannot be linked to multiple zones with overlapping namespaces. You tried to link virtual "
        f"network with '{zone}' and '{other}' zones.",
    )


def link_immutable() -> ArmRefusal:
    """Another network for a link that is there: memory."""
    return _service(400, "BadRequest", "The virtual network of a virtual network link can't be changed.")
