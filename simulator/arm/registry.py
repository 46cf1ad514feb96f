"""Every resource type and every read beside them, found by path."""

from __future__ import annotations

from simulator.arm.descriptors import Descriptor, Special
from simulator.arm.ids import ResourceId
from simulator.arm.types import (
    action_groups,
    activity_log,
    blob_containers,
    blob_services,
    budgets,
    cognitive_accounts,
    cognitive_catalog,
    configuration_stores,
    deleted_accounts,
    deleted_stores,
    deleted_vaults,
    deployments,
    diagnostic_settings,
    federated_credentials,
    key_values,
    locks,
    metric_alerts,
    metrics,
    operations,
    permissions,
    private_dns_zone_groups,
    private_dns_zones,
    private_endpoint_connections,
    private_endpoints,
    projects,
    query_rules,
    rai_blocklists,
    rai_policies,
    resource_groups,
    role_assignments,
    storage_accounts,
    subnets,
    user_identities,
    vault_keys,
    vaults,
    virtual_networks,
    workspaces,
)

DESCRIPTORS = (
    resource_groups.RESOURCE_GROUPS,
    cognitive_accounts.COGNITIVE_ACCOUNTS,
    deployments.COGNITIVE_DEPLOYMENTS,
    rai_policies.POLICIES,
    rai_blocklists.BLOCKLISTS,
    rai_blocklists.BLOCKLIST_ITEMS,
    projects.COGNITIVE_PROJECTS,
    storage_accounts.STORAGE,
    blob_services.BLOB_SERVICE,
    blob_containers.BLOB_CONTAINERS,
    role_assignments.ASSIGNMENTS,
    locks.MANAGEMENT_LOCKS,
    workspaces.LOG_WORKSPACES,
    diagnostic_settings.SETTINGS,
    metric_alerts.ALERTS,
    query_rules.RULES,
    action_groups.GROUPS_OF_ACTIONS,
    budgets.COST_BUDGETS,
    configuration_stores.STORES,
    key_values.STORE_KEY_VALUES,
    vaults.KEY_VAULTS,
    vault_keys.KEYS,
    user_identities.IDENTITIES,
    federated_credentials.CREDENTIALS,
    virtual_networks.NETWORKS,
    subnets.VIRTUAL_SUBNETS,
    private_endpoints.ENDPOINTS,
    private_dns_zone_groups.GROUPS_OF_ZONES,
    private_dns_zones.PRIVATE_DNS_ZONES,
    private_dns_zones.LINKS,
)
_SPECIALS: tuple[Special, ...] = (
    *resource_groups.SPECIALS,
    *cognitive_accounts.SPECIALS,
    *cognitive_catalog.SPECIALS,
    *deleted_accounts.SPECIALS,
    *storage_accounts.SPECIALS,
    *role_assignments.SPECIALS,
    *permissions.SPECIALS,
    *activity_log.SPECIALS,
    *metrics.SPECIALS,
    *vaults.SPECIALS,
    *vault_keys.SPECIALS,
    *deleted_vaults.SPECIALS,
    *private_dns_zones.SPECIALS,
    *private_endpoint_connections.SPECIALS,
    *workspaces.SPECIALS,
    *configuration_stores.SPECIALS,
    *deleted_stores.SPECIALS,
    *operations.SPECIALS,
)

_BY_TYPE = {kind.type.lower(): kind for kind in DESCRIPTORS}
_BY_SHAPE = {(each.method, each.shape): each for each in _SPECIALS}


def descriptor(type_: str) -> Descriptor | None:
    """The descriptor of a type, in any case."""
    return _BY_TYPE.get(type_.lower())


def special(identity: ResourceId, method: str) -> Special | None:
    """What answers a path that is no resource."""
    return _BY_SHAPE.get((method, identity.shape))
