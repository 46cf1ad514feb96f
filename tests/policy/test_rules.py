"""Each rule, held against resources that pass it and resources that break it."""

from __future__ import annotations

from typing import Any

import pytest

from contract.release import ReleaseRecord
from policy.check import check
from policy.demands import Demands
from policy.resources import UNKNOWN
from tests.contract.specimens import record
from tests.policy.specimens import (
    ACCOUNT,
    ALERT,
    CONTAINER,
    DEPLOYMENT,
    GROUP,
    OVERRIDE,
    ROLE,
    STORAGE,
    STORE,
    VAULT,
    broken,
    loose,
    replaced,
    resource,
    stack,
    strictest,
    with_live,
)

TYPES = {
    "account": ("cognitiveservices:Account", ACCOUNT),
    "storage": ("storage:StorageAccount", STORAGE),
    "container": ("storage:BlobContainer", CONTAINER),
    "deployment": ("cognitiveservices:Deployment", DEPLOYMENT),
    "vault": ("keyvault:Vault", VAULT),
    "store": ("appconfiguration:ConfigurationStore", STORE),
    "role": ("authorization:RoleAssignment", ROLE),
}
OWNER = "/subscriptions/1/providers/Microsoft.Authorization/roleDefinitions/8E3AF657-A8FF-443C-A75C-2FE8C4BCB635"
CONTRIBUTOR = "/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c"

BREAKS: list[tuple[str, str, str, Any]] = [
    ("no-local-auth", "account", "properties.disableLocalAuth", False),
    ("no-local-auth", "account", "properties.disableLocalAuth", ...),
    ("no-local-auth", "storage", "allowSharedKeyAccess", True),
    ("no-local-auth", "storage", "allowSharedKeyAccess", ...),
    ("no-local-auth", "store", "disableLocalAuth", ...),
    ("no-public-network", "account", "properties.publicNetworkAccess", "Enabled"),
    ("no-public-network", "account", "properties.publicNetworkAccess", ...),
    ("no-public-network", "storage", "publicNetworkAccess", "Enabled"),
    ("no-public-network", "vault", "properties.publicNetworkAccess", "enabled"),
    ("no-public-network", "store", "publicNetworkAccess", "Enabled"),
    ("storage-closed", "storage", "enableHttpsTrafficOnly", False),
    ("storage-closed", "storage", "minimumTlsVersion", "TLS1_0"),
    ("storage-closed", "storage", "minimumTlsVersion", ...),
    ("storage-closed", "storage", "allowBlobPublicAccess", ...),
    ("storage-closed", "container", "publicAccess", "Blob"),
    ("own-keys", "account", "properties.encryption", ...),
    ("own-keys", "storage", "encryption.keySource", "Microsoft.Storage"),
    ("vaults-purge-protected", "vault", "properties.enablePurgeProtection", ...),
    ("vaults-purge-protected", "vault", "properties.enableSoftDelete", False),
    ("vaults-purge-protected", "vault", "properties.enableRbacAuthorization", ...),
    ("pinned-versions", "deployment", "properties.model.version", ...),
    ("pinned-versions", "deployment", "properties.versionUpgradeOption", "OnceNewDefaultVersionAvailable"),
    ("pinned-versions", "deployment", "properties.versionUpgradeOption", ...),
    ("data-stays", "deployment", "sku.name", "GlobalStandard"),
    ("data-stays", "deployment", "sku.name", "DataZoneStandard"),
    ("data-stays", "deployment", "sku.name", "DeveloperTier"),
    ("narrow-roles", "role", "scope", GROUP),
    ("narrow-roles", "role", "scope", "/subscriptions/11111111-2222-3333-4444-555555555555"),
    ("narrow-roles", "role", "scope", "/providers/Microsoft.Management/managementGroups/all"),
    ("narrow-roles", "role", "roleDefinitionId", OWNER),
    ("narrow-roles", "role", "roleDefinitionId", CONTRIBUTOR),
    ("tags-present", "account", "tags", {"environment": "prod", "owner": "us"}),
    ("tags-present", "deployment", "tags", ...),
]


def test_a_stack_as_it_should_be_breaks_no_rule_in_the_strictest_environment() -> None:
    assert broken(stack(), strictest()) == {}


@pytest.mark.parametrize(("rule", "which", "path", "value"), BREAKS)
def test_a_resource_that_is_not_as_it_should_be_breaks_one_rule_and_no_other(
    rule: str, which: str, path: str, value: Any
) -> None:
    type_, inputs = TYPES[which]
    whole = [each for each in stack() if each.type != f"azure-native:{type_}"]
    changed = resource(type_, replaced(inputs, path, value))

    assert broken([*whole, changed], strictest()) == {rule: [changed.name]}


@pytest.mark.parametrize(("rule", "which", "path", "value"), BREAKS)
def test_what_is_not_known_yet_breaks_no_rule(rule: str, which: str, path: str, value: Any) -> None:
    type_, inputs = TYPES[which]
    whole = [each for each in stack() if each.type != f"azure-native:{type_}"]

    assert broken([*whole, resource(type_, replaced(inputs, path, UNKNOWN))], strictest()) == {}


@pytest.mark.parametrize("which", ["account", "storage", "vault"])
def test_production_may_be_open_to_addresses_that_are_named(which: str) -> None:
    type_, inputs = TYPES[which]
    access, rules = {
        "account": ("properties.publicNetworkAccess", "properties.networkAcls.defaultAction"),
        "storage": ("publicNetworkAccess", "networkRuleSet.defaultAction"),
        "vault": ("properties.publicNetworkAccess", "properties.networkAcls.defaultAction"),
    }[which]
    restricted = replaced(replaced(inputs, access, "Enabled"), rules, "Deny")
    open_to_all = replaced(replaced(inputs, access, "Enabled"), rules, "Allow")
    whole = [each for each in stack() if each.type != f"azure-native:{type_}"]

    assert broken([*whole, resource(type_, restricted)], strictest()) == {}
    assert "no-public-network" in broken([*whole, resource(type_, open_to_all)], strictest())


def test_outside_production_everything_may_be_public_and_without_alerts_and_owner() -> None:
    account = replaced(ACCOUNT, "properties.publicNetworkAccess", "Enabled")
    resources = [resource("cognitiveservices:Account", account | {"tags": {"environment": "dev"}})]

    assert broken(resources, loose()) == {}
    assert set(broken(resources, strictest())) == {"no-public-network", "alerts-present", "tags-present"}


def test_the_environment_s_tag_is_wanted_everywhere() -> None:
    assert broken([resource("resources:ResourceGroup", {"tags": {}}, name="group")], loose()) == {
        "tags-present": ["group"]
    }


def test_own_keys_are_wanted_in_the_regions_that_have_them_only() -> None:
    """The region of the second account has no key."""
    elsewhere = replaced(ACCOUNT | {"location": "northcentralus"}, "properties.encryption", ...)

    assert broken([*stack(), resource("cognitiveservices:Account", elsewhere)], strictest()) == {}


@pytest.mark.parametrize("sku", ["Standard", "ProvisionedManaged", "DataZoneStandard", "DataZoneProvisionedManaged"])
def test_in_a_data_zone_the_zone_s_skus_keep_data_where_it_is(sku: str) -> None:
    deployment = resource("cognitiveservices:Deployment", replaced(DEPLOYMENT, "sku.name", sku))
    zone = strictest(environment={"production": True, "residency": "dataZone"})

    assert broken([deployment], zone) == {}
    assert ("data-stays" in broken([deployment], strictest())) is sku.startswith("DataZone")


def test_a_global_sku_is_no_fault_where_nobody_asked_for_residency() -> None:
    deployment = resource("cognitiveservices:Deployment", replaced(DEPLOYMENT, "sku.name", "GlobalStandard"))

    assert broken([deployment], loose()) == {}


def test_a_live_model_trained_globally_breaks_residency_and_one_trained_at_home_does_not() -> None:
    away = strictest(releases=with_live(trainingType="GlobalStandard"))
    home = strictest(releases=with_live())

    assert broken(stack(), away) == {"training-stays": [""]}
    assert broken(stack(), home) == {}


def test_an_account_that_trains_is_protected_unless_protection_is_off() -> None:
    bare = [resource("cognitiveservices:Account", ACCOUNT, protected=False, name="main"), *stack()[1:]]

    assert broken(bare, strictest()) == {"weights-protected": ["main"]}
    assert broken(bare, strictest(environment={"production": True, "protection": "off"})) == {}


def test_an_account_that_trains_nothing_need_not_be_protected() -> None:
    other = resource("cognitiveservices:Account", ACCOUNT | {"accountName": "other"}, protected=False)

    assert "weights-protected" not in broken([other], strictest())


@pytest.mark.parametrize(
    "alert",
    [
        None,
        replaced(ALERT, "enabled", False),
        replaced(ALERT, "actions", []),
        replaced(ALERT, "scopes", [f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/contoso2"]),
    ],
)
def test_in_production_an_alert_that_calls_somebody_watches_each_account_and_the_storage(alert: Any) -> None:
    others = [each for each in stack() if each.type != "azure-native:monitor:MetricAlert"]
    alerts = [] if alert is None else [resource("monitor:MetricAlert", alert)]

    assert broken([*others, *alerts], strictest()) == {"alerts-present": ["account", "storageaccount"]}


def test_an_alert_on_what_is_not_known_yet_counts() -> None:
    others = [each for each in stack() if each.type != "azure-native:monitor:MetricAlert"]

    assert broken([*others, resource("monitor:MetricAlert", ALERT | {"scopes": [UNKNOWN]})], strictest()) == {}


PERSON = "00000000-0000-0000-0000-0000000000D9"
DEPLOYERS = {
    "deployers": [{"principalId": PERSON, "principalType": "Group"}],
    "pipelines": {
        "release": {"github": {"repository": "contoso/models", "environment": "prod"}, "roles": ["deployer"]},
        "nightly": {"github": {"repository": "contoso/models", "environment": "night"}, "roles": ["trainer"]},
    },
}
BY_PERSON = ("access/deployers/resource-group/0d9", PERSON.lower())
BY_PIPELINE = ("access/pipelines/deployer/resource-group/release", UNKNOWN)


def _given(who: tuple[str, Any], **inputs: Any) -> list[str]:
    """What narrow-roles has against an assignment of a role on the group; as broad as it gets unless told otherwise."""
    name, principal = who
    given = ROLE | {"scope": GROUP, "roleDefinitionId": OWNER, "principalId": principal} | inputs
    found = check([resource("authorization:RoleAssignment", given, name=name)], strictest(access=DEPLOYERS))
    return [violation.what for violation in found]


@pytest.mark.parametrize("who", [BY_PERSON, BY_PIPELINE])
def test_deployers_may_manage_the_group_and_give_roles_under_a_condition(who: tuple[str, Any]) -> None:
    assert _given(who, roleDefinitionId=CONTRIBUTOR) == []
    assert _given(who, condition="only these roles") == []
    assert _given(who) == ["Owner may give any role: it has no condition"]
    assert len(_given(who, roleDefinitionId=CONTRIBUTOR, scope="/subscriptions/1")) == 1


@pytest.mark.parametrize(
    "who",
    [
        ("access/trainers/resource-group/0d1", "00000000-0000-0000-0000-0000000000d1"),
        ("access/pipelines/deployer/resource-group/nightly", UNKNOWN),
        ("release", UNKNOWN),
    ],
)
def test_nobody_else_may(who: tuple[str, Any]) -> None:
    """Not by the name alone either: the config has to say that the pipeline deploys."""
    assert len(_given(who, roleDefinitionId=CONTRIBUTOR)) == 2
    assert len(_given(who, condition="only these roles")) == 2


def test_operators_may_look_at_the_whole_group_and_no_further() -> None:
    """Reader shows no data."""
    reader = "/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"
    operator = ("access/operators/resource-group/0d3", "00000000-0000-0000-0000-0000000000d3")

    assert _given(operator, roleDefinitionId=reader) == []
    assert len(_given(operator, roleDefinitionId=reader, scope="/subscriptions/1")) == 1


def test_a_model_that_is_live_by_an_override_is_warned_of_with_who_and_why() -> None:
    demands = strictest(releases=with_live(evaluation=None, override=OVERRIDE))
    (found,) = check([], demands)

    assert (found.rule.name, found.rule.enforcement) == ("live-evaluated", "advisory")
    assert "by an override of Ada, 2026-11-20T12:00:00Z: the best there is" in str(found)
    assert "has not been evaluated" in str(found)
    assert broken([], strictest(releases=with_live())) == {}
    assert broken([], strictest()) == {}


def test_a_live_model_that_has_not_passed_is_told_where_nothing_refused_it() -> None:
    bare = ReleaseRecord.model_validate(record(evaluation=None))

    assert broken([], Demands(production=True, live={"clippy": bare})) == {"live-evaluated": [""]}


def test_a_config_with_faults_is_judged_as_production_s() -> None:
    assert Demands.of_pulumi({"other:key": "value"}) == Demands(production=True)
