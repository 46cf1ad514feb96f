"""Faults that people write into a stack file: prod's with one thing changed, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from tests.contract.specimens import record

Config = dict[str, Any]
GONE = object()
"""In place of a value: the key is taken out."""

_HUB = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/hub/providers"
_IDENTITY = f"{_HUB}/Microsoft.ManagedIdentity/userAssignedIdentities/ours"
_NETWORK = f"{_HUB}/Microsoft.Network/virtualNetworks/hub"
_ZONE = f"{_HUB}/Microsoft.Network/privateDnsZones/privatelink.openai.azure.com"
_GROUP = {"principalId": "00000000-0000-0000-0000-0000000000f2", "principalType": "Group"}
_GITHUB = {"repository": "contoso/tuned-models", "environment": "prod"}
_MINI = {
    "account": "europe",
    "model": "gpt-4.1-mini",
    "version": "2025-04-14",
    "sku": {"name": "Standard", "capacity": 10},
    "contentFilter": "house",
}
_DEVELOPER = {"name": "DeveloperTier", "capacity": 10}

# Where the change is, what stands there from then on, the key that is named, and part of the reason. The key is the
# place itself where None stands.
Row = tuple[str, Any, str | None, str]

SHAPES: tuple[Row, ...] = (
    ("environmnt", {}, None, "did you mean 'environment'?"),
    ("environment.prodution", True, None, "did you mean 'production'?"),
    ("environment.production", "yes", None, "neither true nor false"),
    ("environment.protection", False, None, "false is not one of 'on' or 'off'"),
    ("environment.residency", "eu", None, "'region' or 'dataZone'"),
    ("environment.tags.team", 7, None, "write it in quotes"),
    ("environment.tags.a<b", "x", None, "none of <>"),
    ("environment.asOf", "tomorrow", None, '"2026-11-20", in quotes'),
    ("environment.owner", "", None, "is empty"),
    ("resourceGroup.name", "tuned.", None, "not ending in '.'"),
    ("resourceGroup.location", "Sweden Central", None, "such as swedencentral"),
    ("accounts.europe.name", "contoso_openai", None, "2-64 letters, digits and '-'"),
    ("accounts.europe.locatoin", "swedencentral", None, "did you mean 'location'?"),
    ("accounts.europe.kind", "Foundry", None, "'OpenAI' or 'AIServices'"),
    ("accounts.europe.limits", {"tunedDeployments": 0}, "accounts.europe.limits.tunedDeployments", "at least 1"),
    ("accounts.Asia", {"name": "contoso-asia", "location": "japaneast"}, None, "lower-case letters"),
    ("accounts.america.existing", "contoso", None, "/subscriptions/…/resourceGroups/…"),
    ("storage.name", "Contoso-Data", None, "3-24 lower-case letters and digits"),
    ("storage.redundancy", "GZRS", None, "'Standard_GZRS'"),
    ("storage.softDeleteDays", "7", None, "write it without quotes"),
    ("network.mode", "privat", None, "'public', 'restricted' or 'private'"),
    ("network.virtualNetwork.adressSpace", "10.40.0.0/24", None, "did you mean 'addressSpace'?"),
    ("network.ipRules", ["example.com"], "network.ipRules[0]", "an IPv4 address or range"),
    ("encryption.swedencentral.vault", "this-vault-name-is-far-too-long", None, "31 characters, at most 24"),
    ("encryption.northcentralus.vault", "contoso--keys", None, "without '--'"),
    ("encryption.swedencentral.rotateEveryDays", 7, None, "at least 28"),
    ("access.callers", [_GROUP | {"principalId": "ml-team"}], "access.callers[0].principalId", "is not a GUID"),
    ("access.operators", _GROUP, None, "begin each entry with '- '"),
    ("access.trainer", [], None, "did you mean 'trainers'?"),
    ("access.pipelines.release.roles", ["admin"], "access.pipelines.release.roles[0]", "'operator' or 'deployer'"),
    ("access.pipelines.release.github.repository", "tuned-models", None, "owner/name"),
    ("contentFilters.house.prompt.insults", "low", None, "known here: hate, selfharm, sexual, violence"),
    ("contentFilters.house.completion.hate", "strict", None, "'low', 'medium', 'high' or 'off'"),
    ("contentFilters.house.jailbrake", "block", None, "did you mean 'jailbreak'?"),
    ("blocklists.names.terms.fabrikam.patern", "x", None, "did you mean 'pattern'?"),
    ("pointers.appConfiguration", "abc", None, "3 characters, at least 5"),
    ("pointers.store", "x", None, "known here: appConfiguration, location, sku"),
    ("monitoring.workspace.retentionDays", 7, None, "at least 30"),
    ("monitoring.alerts.emails", ["oncall"], "monitoring.alerts.emails[0]", "a mail address"),
    ("monitoring.alerts.latencySeconds", 20, None, "did you mean 'latencyMilliseconds'?"),
    ("monitoring.alerts.tokensPercent", 180, None, "at most 100"),
    ("budget.since", 202611, None, "write it in quotes"),
    ("budget.amount", "5000", None, "without quotes"),
    ("budget.thresholds", [10, 20, 30, 40, 50, 60], None, "6 entries, at most 5"),
    ("environment.readiness", "demand", None, "'warn' or 'require'"),
    ("environment.runBudget", "250", None, "without quotes"),
    ("environment.hostingBudget", -1, None, "at least 0"),
    ("environment.dataSources", ["contoso"], "environment.dataSources[0]", "https://<account>.blob.core.windows.net/"),
    ("prices.hosting/Standard", "dear", None, "is not a number"),
    ("prices.hosting/DeveloperTier", 1e10, None, "at most 1000000000"),
    ("prices.hosting/GlobalStandard", float("nan"), None, "nan is not a number"),
    ("models.clippy.budget.runs", 100, None, "did you mean 'run'?"),
    ("baseDeployments.gpt-4.1-mini.version", 20250414, None, "write it in quotes"),
    ("baseDeployments.gpt-4.1-mini.sku.name", "Standrd", None, "'Standard', 'GlobalStandard'"),
    ("baseDeployments.gpt-4.1-mini.sku.capacity", 1.5, None, "not a whole number"),
    ("baseDeployments.x", _MINI, None, "2-64 letters"),
    ("models.clippy.servedIn", "europe", None, "a list is expected"),
    ("models.clippy.skus.live", GONE, None, "is missing"),
    ("models.clippy.keepPrevious", 10, None, "at most 9"),
    ("models.clippy.keepPrevius", 1, None, "did you mean 'keepPrevious'?"),
    ("models.Clippy", {"skus": {"live": _DEVELOPER}}, None, "lower-case letters"),
)
"""What one value shows by itself."""

RULES: tuple[Row, ...] = (
    ("environment.tags.managedBy", "me", None, "given already"),
    ("environment.tags.microsoft-team", "me", None, "Azure keeps names for itself"),
    ("resourceGroup.location", GONE, None, "the accounts are in northcentralus and swedencentral"),
    ("resourceGroup.location", "swedencentrl", None, "did you mean 'swedencentral'?"),
    ("accounts.america.name", GONE, None, "give it, or existing"),
    ("accounts.europe.projects", {"support": {}}, None, "need kind: AIServices (Foundry)"),
    ("accounts.europe.identityId", _IDENTITY, None, "needs identity: user"),
    ("accounts.america.name", "Contoso-Tuned-Models-Prod-EU", None, "the name of accounts.europe too"),
    ("accounts.america.subdomain", "contoso-tuned-models-prod-eu", None, "the subdomain of accounts.europe too"),
    ("accounts.america.limits", {"deployments": 5}, None, "tunedDeployments (10) is more than deployments (5)"),
    ("network.virtualNetwork", GONE, "network", "no network for the private endpoints"),
    ("network", {"mode": "private", "subnet": _NETWORK}, "network.subnet", "virtualNetworks/subnets is wanted"),
    ("network.ipRules", ["203.0.113.7"], None, "it is for mode restricted"),
    ("network", {"mode": "restricted"}, None, "nobody is let in"),
    ("network", {"mode": "restricted", "ipRules": ["10.1.0.0/16"]}, "network.ipRules[0]", "isn't public"),
    ("network.virtualNetwork.addressSpace", "10.40.0.0/29", None, "has 3 addresses to give"),
    ("network.virtualNetwork.addressSpace", "10.40.0.7/24", None, "write 10.40.0.0/24"),
    (
        "network.dnsZones",
        {"privatelink.openai.azure.co": _ZONE},
        "network.dnsZones.privatelink.openai.azure.co",
        "did you mean",
    ),
    ("encryption.northcentralus", GONE, None, "accounts.america is in northcentralus"),
    ("encryption.westeurope", {"vault": "contoso-west"}, None, "neither an account nor the storage"),
    ("encryption.swedencentral.key", f"{_HUB}/Microsoft.KeyVault/vaults/a/keys/b", None, "not both"),
    ("encryption.swedencentral", {}, None, "names no key: give vault"),
    ("access.callers", [_GROUP, _GROUP], "access.callers[1].principalId", "stands in access.callers[0] already"),
    ("access.operators", [_GROUP | {"principalType": "User"}], "access.operators[0].principalType", "it is Group"),
    ("access.pipelines.second", {"github": _GITHUB}, None, "the same tokens as access.pipelines.release"),
    ("access.pipelines.third", {}, None, "either github or azureDevOps"),
    ("access.pipelines.release.github.ownerId", 7, "access.pipelines.release.github", "both ownerId and repositoryId"),
    ("access.pipelines.release.roles", ["trainer"], "pointers", "nobody may write them"),
    ("contentFilters.house.completionBlocklists", ["nams"], "contentFilters.house.completionBlocklists[0]", "'names'?"),
    ("contentFilters.Microsoft.House", {}, None, "Azure's own"),
    ("pointers.sku", "free", None, "not in production"),
    ("monitoring.workspace.name", GONE, "monitoring.workspace", "either name"),
    ("monitoring.alerts.emails", [], "monitoring.alerts", "either emails or actionGroup"),
    ("budget.thresholds", [50, 50], None, "names 50 twice"),
    ("prices.hosting/Standrd", 1.7, None, "one of Standard, GlobalStandard"),
    ("prices.hostng/Standard", 1.7, None, "is no price"),
    ("prices.training/gpt-4o", 25, None, "no training type at its end"),
    ("prices.input/gpt-4o/Standard", 2.5, None, "too many parts"),
    ("prices.output/gpt-4o-mni-2024-07-18", 0.6, None, "did you mean gpt-4o-mini-2024-07-18?"),
    ("baseDeployments.gpt-4.1-mini.account", "europa", None, "did you mean 'europe'?"),
    ("baseDeployments.gpt-4.1-mini.account", GONE, None, "there are 2 accounts, name one"),
    ("baseDeployments.gpt-4.1-mini.sku.name", "GlobalStandard", "baseDeployments.gpt-4.1-mini.sku", "residency"),
    ("baseDeployments.gpt-4.1-mini.contentFilter", GONE, None, "environment.contentFilters is required"),
    ("baseDeployments.gpt-4.1-mini.contentFilter", "hous", None, "did you mean 'house'?"),
    ("baseDeployments.gpt-4.1-mini.spillover", "gpt-4.1-mini", None, "only a provisioned deployment spills over"),
    ("models.clippy.trainIn", "europa", None, "did you mean 'europe'?"),
    ("models.clippy.servedIn", ["europe", "europe"], None, "names an account twice"),
    ("models.clippy.skus.live", _DEVELOPER, None, "gone after 24 hours: not for a live model in production"),
    ("models.clippy.skus.candidate", _DEVELOPER, None, "use Standard or ProvisionedManaged"),
    ("models.clippy.skus.spillover", {"name": "Standard", "capacity": 10}, None, "only a provisioned deployment"),
    ("releases", {"clipy": {}}, "releases.clipy", "declare it, or remove these records; did you mean 'clippy'?"),
    ("releases", {"clippy": {"live": record(trainedIn="asia")}}, "releases.clippy.live", "add its ID as source"),
)
"""What only shows between keys."""

CATALOG: tuple[Row, ...] = (
    ("baseDeployments.gpt-4.1-mini.model", "gpt-4.1-mni", "baseDeployments.gpt-4.1-mini", "did you mean gpt-4.1-mini-"),
    ("baseDeployments.gpt-4.1-mini.format", "Microsoft", None, "is of the format OpenAI"),
    ("baseDeployments.old", _MINI | {"model": "gpt-4", "version": "0613"}, None, "was retired on"),
    ("baseDeployments.small", _MINI | {"model": "Ministral-3B", "version": "2411"}, None, "kind AIServices"),
)
"""What Azure's offer shows."""


def changed(config: Mapping[str, Any], *rows: Row) -> Config:
    """The config with these faults in it."""
    copy: Config = deepcopy(dict(config))
    for place, value, _, _ in rows:
        *sections, last = _parts(place)
        inner = copy
        for section in sections:
            inner = inner.setdefault(section, {})
        if value is GONE:
            del inner[last]
        else:
            inner[last] = deepcopy(value)
    return copy


def key_of(row: Row) -> str:
    return row[2] or row[0]


def apart(rows: tuple[Row, ...]) -> list[Row]:
    """Those of them that can stand in one file: none at or below another one's place, each under a key of its own."""
    chosen: list[Row] = []
    for row in rows:
        places = {place for place, *_ in chosen}
        meets = any(each == row[0] or each.startswith(f"{row[0]}.") or row[0].startswith(f"{each}.") for each in places)
        if not meets and key_of(row) not in map(key_of, chosen):
            chosen.append(row)
    return chosen


def _parts(place: str) -> list[str]:
    """The keys of a place; names such as gpt-4.1-mini and Microsoft.House have dots of their own."""
    for dotted in ("gpt-4.1-mini", "Microsoft.House"):
        place = place.replace(dotted, dotted.replace(".", "·"))
    return [part.replace("·", ".") for part in place.split(".")]
