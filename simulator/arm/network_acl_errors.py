"""How accounts, storage accounts and vaults refuse network rules. Certainty words as in errors.py."""

from __future__ import annotations

from ipaddress import IPv4Network

from simulator.arm.errors import SERVICE
from simulator.errors import ArmRefusal


def _service(status: int, code: str, message: str) -> ArmRefusal:
    return ArmRefusal(status, code, message, headers=SERVICE)


def account_ip_rule(value: str) -> ArmRefusal:
    """An IP rule of an account that is private, a /31 or /32, or no address: documented (Learn, "Configure Azure AI
    services virtual networks"; Azure/azure-powershell#25455 for the small ones); code and words are memory."""
    return _service(400, "BadRequest", f"The IP rule '{value}' in network ACLs is invalid.")


def storage_ip_rule() -> ArmRefusal:
    """The same for a storage account: words, status inferred (Azure/azure-cli#13828)."""
    return _service(
        400,
        "InvalidValuesForRequestParameters",
        "Values for request parameters are invalid: networkAcls.ipRule[*].value. For more information, see - "
        "https://aka.ms/storagenetworkruleset",
    )


def vault_private_ip_rule(index: int, value: str, within: IPv4Network) -> ArmRefusal:
    """The same for a vault: specimen (Azure/azure-powershell#11471)."""
    return _service(
        400,
        "BadRequest",
        f"Invalid value found at properties.networkAcls.ipRules[{index}].value: {value} belongs to forbidden range "
        f"{within[0]}\N{EN DASH}{within[-1]} (private IP addresses)",
    )


def vault_ip_rule(index: int, value: str) -> ArmRefusal:
    """No address at all: the words begin as above, the rest is memory."""
    return _service(
        400,
        "BadRequest",
        f"Invalid value found at properties.networkAcls.ipRules[{index}].value: {value} is not a valid IPv4 address "
        "or CIDR range",
    )


def no_service_endpoint(subnet: str, network_id: str, service: str) -> ArmRefusal:
    """A subnet without the service's endpoint: words (aztfmod/terraform-azurerm-caf#596 for accounts); the code was
    seen for vaults, where the status is too."""
    return _service(400, "SubnetsHaveNoServiceEndpointsConfigured", _without_endpoint(subnet, network_id, service))


def storage_no_service_endpoint(subnet: str, network_id: str, service: str) -> ArmRefusal:
    """The same for a storage account: specimen (hashicorp/terraform-provider-azurerm#16547), its two full stops too."""
    said = _without_endpoint(subnet, network_id, service)
    return _service(
        400,
        "NetworkAclsValidationFailure",
        f"Validation of network acls failure: SubnetsHaveNoServiceEndpointsConfigured:{said}.",
    )


def _without_endpoint(subnet: str, network_id: str, service: str) -> str:
    return (
        f"Subnets {subnet} of virtual network {network_id} do not have ServiceEndpoints for {service} resources "
        f"configured. Add {service} to subnet's ServiceEndpoints collection before trying to ACL {service} resources "
        "to these subnets."
    )
