"""The api-versions each provider answers to. All versions of a type behave alike here.

Sources: the versions azure-native 3.29 and the azure-mgmt libraries of 2026-11 can ask for, and
Azure/azure-rest-api-specs.
"""

from __future__ import annotations

RESOURCES = (
    "2014-04-01", "2016-06-01", "2018-05-01", "2019-05-01", "2019-06-01", "2019-10-01", "2019-11-01", "2020-01-01",
    "2020-06-01", "2020-10-01", "2021-01-01", "2021-04-01", "2022-09-01", "2022-12-01", "2023-07-01", "2024-03-01",
    "2024-07-01", "2024-11-01", "2025-03-01", "2025-04-01",
)  # fmt: skip
COGNITIVE_SERVICES = (
    "2023-05-01", "2023-10-01-preview", "2024-04-01-preview", "2024-06-01-preview", "2024-10-01", "2025-04-01-preview",
    "2025-06-01", "2025-07-01-preview", "2025-09-01", "2025-10-01-preview", "2025-12-01", "2026-01-15-preview",
    "2026-03-01", "2026-03-15-preview", "2026-05-01", "2026-05-15-preview", "2026-07-01", "2026-09-01",
    "2026-09-15-preview",
)  # fmt: skip
STORAGE = (
    "2022-09-01", "2023-01-01", "2023-04-01", "2023-05-01", "2024-01-01", "2025-01-01", "2025-06-01", "2025-08-01",
    "2026-04-01", "2026-09-01",
)  # fmt: skip
AUTHORIZATION = (
    "2015-07-01", "2018-01-01-preview", "2020-04-01-preview", "2020-08-01-preview", "2020-10-01-preview", "2022-04-01",
    "2022-05-01-preview",
)  # fmt: skip
KEY_VAULT = (
    "2019-09-01", "2020-04-01-preview", "2021-04-01-preview", "2021-06-01-preview", "2021-10-01", "2021-11-01-preview",
    "2022-02-01-preview", "2022-07-01", "2022-11-01", "2023-02-01", "2023-07-01", "2024-04-01-preview", "2024-11-01",
    "2024-12-01-preview", "2025-05-01", "2026-02-01", "2026-03-01-preview", "2026-05-15",
)  # fmt: skip
MANAGED_IDENTITY = (
    "2018-11-30", "2021-09-30-preview", "2022-01-31-preview", "2023-01-31", "2023-07-31-preview", "2024-11-30",
    "2025-01-31-preview", "2025-05-31-preview",
)  # fmt: skip
LOCKS = ("2015-01-01", "2016-09-01", "2017-04-01", "2020-05-01")
WORKSPACES = (
    "2020-08-01", "2020-10-01", "2021-06-01", "2021-12-01-preview", "2022-10-01", "2023-09-01", "2025-02-01",
    "2025-07-01",
)  # fmt: skip
DIAGNOSTIC_SETTINGS = ("2017-05-01-preview", "2021-05-01-preview")
ACTIVITY_LOG = ("2014-04-01", "2015-04-01")
METRICS = ("2018-01-01", "2019-07-01", "2021-05-01", "2023-10-01", "2024-02-01")
METRIC_ALERTS = ("2018-03-01", "2024-03-01-preview")
QUERY_RULES = (
    "2021-08-01", "2022-06-15", "2022-08-01-preview", "2023-03-15-preview", "2023-12-01", "2024-01-01-preview",
    "2025-01-01-preview", "2026-03-01",
)  # fmt: skip
ACTION_GROUPS = (
    "2018-03-01", "2019-06-01", "2021-09-01", "2022-06-01", "2023-01-01", "2023-09-01-preview", "2024-10-01-preview",
)  # fmt: skip
APP_CONFIGURATION = (
    "2022-05-01", "2023-03-01", "2023-08-01-preview", "2023-09-01-preview", "2024-05-01", "2024-06-01",
    "2024-06-15-preview", "2025-02-01-preview", "2025-06-01-preview",
)  # fmt: skip
BUDGETS = ("2019-10-01", "2021-10-01", "2023-03-01", "2023-05-01", "2023-11-01", "2024-08-01")
NETWORK = (
    "2022-07-01", "2022-09-01", "2022-11-01", "2023-02-01", "2023-04-01", "2023-05-01", "2023-06-01", "2023-09-01",
    "2023-11-01", "2024-01-01", "2024-03-01", "2024-05-01", "2024-07-01", "2024-10-01", "2025-01-01", "2025-03-01",
    "2025-05-01", "2025-07-01", "2026-01-01", "2026-03-01",
)  # fmt: skip
PRIVATE_DNS = ("2018-09-01", "2020-01-01", "2020-06-01", "2024-06-01")
OPERATIONS = ("2017-04-18",)
"""What the address of a Cognitive Services operation carries, whatever the request's own version was."""

BY_TYPE: dict[str, dict[str, tuple[str, ...]]] = {
    "Microsoft.Resources": {"subscriptions/resourceGroups": RESOURCES},
    "Microsoft.CognitiveServices": {
        "accounts": COGNITIVE_SERVICES,
        "accounts/deployments": COGNITIVE_SERVICES,
        "accounts/projects": COGNITIVE_SERVICES,
        "accounts/raiBlocklists": COGNITIVE_SERVICES,
        "accounts/raiBlocklists/raiBlocklistItems": COGNITIVE_SERVICES,
        "accounts/raiPolicies": COGNITIVE_SERVICES,
        "deletedAccounts": COGNITIVE_SERVICES,
        "locations/models": COGNITIVE_SERVICES,
        "locations/usages": COGNITIVE_SERVICES,
    },
    "Microsoft.Storage": {
        "storageAccounts": STORAGE,
        "storageAccounts/blobServices": STORAGE,
        "storageAccounts/blobServices/containers": STORAGE,
    },
    "Microsoft.Authorization": {
        "locks": LOCKS,
        "roleAssignments": AUTHORIZATION,
        "roleDefinitions": AUTHORIZATION,
    },
    "Microsoft.OperationalInsights": {"workspaces": WORKSPACES, "deletedWorkspaces": WORKSPACES},
    "Microsoft.Insights": {
        "diagnosticSettings": DIAGNOSTIC_SETTINGS,
        "metricAlerts": METRIC_ALERTS,
        "scheduledQueryRules": QUERY_RULES,
        "actionGroups": ACTION_GROUPS,
    },
    "Microsoft.Consumption": {"budgets": BUDGETS},
    "Microsoft.AppConfiguration": {
        "configurationStores": APP_CONFIGURATION,
        "configurationStores/keyValues": APP_CONFIGURATION,
        "deletedConfigurationStores": APP_CONFIGURATION,
    },
    "Microsoft.KeyVault": {"vaults": KEY_VAULT, "vaults/keys": KEY_VAULT, "deletedVaults": KEY_VAULT},
    "Microsoft.ManagedIdentity": {
        "userAssignedIdentities": MANAGED_IDENTITY,
        "userAssignedIdentities/federatedIdentityCredentials": MANAGED_IDENTITY,
    },
    "Microsoft.Network": {
        "virtualNetworks": NETWORK,
        "virtualNetworks/subnets": NETWORK,
        "privateEndpoints": NETWORK,
        "privateEndpoints/privateDnsZoneGroups": NETWORK,
        "privateDnsZones": PRIVATE_DNS,
        "privateDnsZones/virtualNetworkLinks": PRIVATE_DNS,
    },
}


def of(type_: str) -> tuple[str, ...]:
    """Those of a type such as `Microsoft.Storage/storageAccounts`; none for one that isn't here."""
    namespace, _, kind = type_.partition("/")
    return BY_TYPE.get(namespace, {}).get(kind, ())
