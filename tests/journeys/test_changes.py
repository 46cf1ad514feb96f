"""Changes on a running stack: what each creates, updates, replaces and deletes, and what an up asks consent for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.pulumi.summary import Failed
from simulator.pulumi.ways_out import ways_out
from simulator.server import Simulator
from tests.journeys.stack import Changes, Config, Stack, environment_config

pytestmark = pytest.mark.slow

GLOBAL: Config = {"name": "GlobalStandard", "capacity": 10}
LIVE, CANDIDATE = "Deployment main/clippy-36de8107", "Deployment main/clippy-c59c6c8b"
"""Named by the digests of the two model IDs of `trained` and their SKUs; taken with sha256sum."""
NEWCOMER = "00000000-0000-0000-0000-0000000000d9"


@pytest.fixture(scope="module")
def running(running_simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Stack]:
    """dev, with a live model and a candidate."""
    folder = tmp_path_factory.mktemp("changes") / "dev"
    stack = Stack.fresh(running_simulator, folder, "dev", environment_config("dev", folder))
    live, candidate = stack.trained(1, servedWith=GLOBAL), stack.trained(2)
    stack.config["releases"] = {"clippy": {"live": live, "candidate": candidate}}
    stack.bring()
    return stack.saved()


@pytest.fixture
def stack(running: Callable[[Path], Stack], tmp_path: Path) -> Stack:
    return running(tmp_path / "stack")


def test_public_becomes_private_by_updates(stack: Stack) -> None:
    """As its preview says."""
    stack.config["network"] = {"mode": "private", "virtualNetwork": {"addressSpace": "10.40.0.0/24"}}
    planned = Changes.of(stack.bring("preview"))

    changes = stack.changes()

    assert planned == changes
    assert changes.types_created == {
        "VirtualNetwork",
        "Subnet",
        "PrivateZone",
        "VirtualNetworkLink",
        "PrivateEndpoint",
        "PrivateDnsZoneGroup",
    }
    assert changes.updated == {
        "Account main-account": (
            "properties.publicNetworkAccess",
            "properties.networkAcls.defaultAction",
            "properties.networkAcls.bypass",
        ),
        "StorageAccount storage-account": ("networkRuleSet.defaultAction", "publicNetworkAccess"),
    }
    assert (changes.replaced, changes.deleted) == ({}, frozenset())
    assert stack.settled()


def test_keys_of_ones_own_come_by_updates(stack: Stack) -> None:
    stack.config["encryption"] = {"swedencentral": {"vault": "contoso-tuned-keys"}}

    assert stack.changes() == Changes(
        created=frozenset(
            {
                "Vault encryption-swedencentral-vault",
                "Key encryption-swedencentral-key",
                "UserAssignedIdentity encryption-swedencentral-identity",
                "RoleAssignment encryption-swedencentral/encryption/key/identity",
            }
        ),
        updated={
            "Account main-account": ("identity.type", "identity.userAssignedIdentities", "properties.encryption"),
            "StorageAccount storage-account": (
                "encryption.keySource",
                "encryption.keyVaultProperties",
                "encryption.encryptionIdentity",
                "identity",
            ),
        },
    )
    assert stack.settled()


def _second_region(config: Config) -> None:
    """The lines that a second region takes: the account, who is where, and where the group stays."""
    config["accounts"]["east"] = {"name": "contoso-tuned-models-east", "location": "northcentralus"}
    config["baseDeployments"]["gpt-4.1-mini"]["account"] = "main"
    config["models"]["clippy"] |= {"trainIn": "main", "servedIn": ["main", "east"]}
    config["resourceGroup"]["location"] = "swedencentral"


def test_a_second_region_takes_a_few_lines_and_touches_nothing_that_stands(stack: Stack) -> None:
    _second_region(stack.config)

    changes = stack.changes()

    assert changes == Changes(created=changes.created)
    assert changes.types_created == {"Account", "RoleAssignment", "Deployment"}
    deployments = {what.replace("main/", "east/") for what in (LIVE, CANDIDATE)}
    assert {what for what in changes.created if what.startswith("Deployment")} == deployments


def test_a_second_region_that_would_move_the_group_is_refused_with_the_line_that_is_missing(stack: Stack) -> None:
    """Its key comes before the first one's: the group would follow it, and everything in it be made anew."""
    _second_region(stack.config)
    del stack.config["resourceGroup"]["location"]

    with pytest.raises(Failed, match=r"resourceGroup\.location: is missing: .*northcentralus and swedencentral"):
        stack.bring("preview")


def test_more_capacity_is_an_update(stack: Stack) -> None:
    stack.config["baseDeployments"]["gpt-4.1-mini"]["sku"]["capacity"] = 20
    stack.config["models"]["clippy"]["skus"]["live"]["capacity"] = 30

    capacity = ("sku.capacity",)
    assert stack.changes() == Changes(updated={"Deployment main/gpt-4.1-mini": capacity, LIVE: capacity})


def test_a_renamed_model_is_deployed_under_its_new_name_before_the_old_one_goes(stack: Stack) -> None:
    for section in ("models", "releases"):
        stack.config[section]["paperclip"] = stack.config[section].pop("clippy")

    planned = Changes.of(stack.bring("preview"))
    result = stack.bring()

    assert planned == Changes.of(result)
    renamed = frozenset(what.replace("/clippy-", "/paperclip-") for what in (LIVE, CANDIDATE))
    assert Changes.of(result) == Changes(created=renamed, deleted=frozenset({LIVE, CANDIDATE}))
    order = [step.did for step in result.steps if step.did in ("created", "deleted")]
    assert order == ["created", "created", "deleted", "deleted"]


def test_a_removed_model_takes_its_records_along_or_is_refused(stack: Stack) -> None:
    del stack.config["models"]["clippy"]
    with pytest.raises(Failed, match=r"releases\.clippy: models has no 'clippy'.*remove these records"):
        stack.bring()

    del stack.config["releases"]["clippy"]
    assert stack.changes() == Changes(deleted=frozenset({LIVE, CANDIDATE}))


def test_monitoring_comes_and_goes_beside_what_is_watched(stack: Stack) -> None:
    stack.config["monitoring"] = {
        "workspace": {"name": "contoso-tuned-logs"},
        "alerts": {"emails": ["oncall@contoso.com"]},
    }

    changes = stack.changes()

    assert changes == Changes(created=changes.created)
    assert changes.types_created == {
        "Workspace",
        "DiagnosticSetting",
        "ActionGroup",
        "MetricAlert",
        "ScheduledQueryRule",
    }
    del stack.config["monitoring"]
    assert stack.changes() == Changes(deleted=changes.created)


def test_a_content_filter_is_made_before_deployments_name_it_changed_in_place_and_deleted_after(stack: Stack) -> None:
    model = stack.config["models"]["clippy"]
    stack.config["contentFilters"] = {"house": {"prompt": {"hate": "low"}}}
    model["contentFilter"] = "house"
    named = {LIVE: ("properties.raiPolicyName",), CANDIDATE: ("properties.raiPolicyName",)}
    assert Changes.of(stack.bring()) == Changes(created=frozenset({"RaiPolicy main/house"}), updated=named)

    stack.config["contentFilters"]["house"]["prompt"]["hate"] = "high"
    changed = {"RaiPolicy main/house": ("properties.contentFilters[0].severityThreshold",)}
    assert Changes.of(stack.bring()) == Changes(updated=changed)

    del stack.config["contentFilters"], model["contentFilter"]
    assert stack.changes() == Changes(updated=named, deleted=frozenset({"RaiPolicy main/house"}))
    assert stack.settled()


def test_another_repository_changes_whom_a_pipelines_identity_trusts(stack: Stack) -> None:
    """The identity, and with it every role, stays."""
    github = {"repository": "contoso/tuned-models", "environment": "dev"}
    stack.config["access"]["pipelines"] = {"release": {"github": github}}
    assert Changes.of(stack.bring()).types_created == {
        "UserAssignedIdentity",
        "FederatedIdentityCredential",
        "RoleAssignment",
    }

    github["repository"] = "contoso/models"

    assert stack.changes() == Changes(updated={"FederatedIdentityCredential pipelines/release": ("subject",)})


ROLES = frozenset(f"RoleAssignment access/trainers/{scope}/{NEWCOMER}" for scope in ("account-main", "storage"))
LOCK = frozenset({"ManagementLockByScope locks/storage"})


def _hire(stack: Stack) -> None:
    stack.config["access"]["trainers"].append({"principalId": NEWCOMER, "principalType": "User"})


def test_a_trainer_comes_under_locks_and_goes_in_the_up_that_takes_them(stack: Stack) -> None:
    stack.config["environment"] = {"locks": True}
    stack.bring()
    _hire(stack)
    assert stack.changes() == Changes(created=ROLES)

    stack.config["access"]["trainers"].pop()
    stack.config["environment"]["locks"] = False
    assert Changes.of(stack.bring()) == Changes(deleted=LOCK | ROLES)

    stack.config["environment"]["locks"] = True
    assert stack.changes() == Changes(created=LOCK)


def test_who_forgets_the_locks_is_told_and_can_still_take_them(stack: Stack) -> None:
    """The role is younger than the lock, and the refused up has forgotten that the one holds the other."""
    stack.config["environment"] = {"locks": True}
    stack.bring()
    _hire(stack)
    stack.bring()
    stack.config["access"]["trainers"].pop()
    with pytest.raises(Failed, match="ScopeLocked") as refused:
        stack.bring()
    assert "`environment.locks: false`" in ways_out(str(refused.value))[0]

    stack.config["environment"]["locks"] = False
    with pytest.raises(Failed, match="ScopeLocked"):
        stack.bring()

    # The lock went beside it, as under the CLI, which deletes at once what does not depend on each other.
    assert stack.changes() == Changes(deleted=frozenset({f"RoleAssignment access/trainers/storage/{NEWCOMER}"}))


def test_what_would_be_replaced_is_named_in_the_preview_and_done_on_request_only(stack: Stack) -> None:
    """Another base model under the same name: calls to it would fail meanwhile."""
    stack.config["baseDeployments"]["gpt-4.1-mini"]["model"] = "gpt-4.1-nano"
    before = stack.standing()

    assert Changes.of(stack.bring("preview")).replaced == {"Deployment main/gpt-4.1-mini": ("properties.model.name",)}
    assert any("an up wants --replace" in said for said in stack.said)
    with pytest.raises(Failed, match=r"Deployment main/gpt-4\.1-mini would be replaced.*calls to it fail"):
        stack.bring()
    assert stack.standing() == before

    assert stack.changes(replacing=True).replaced == {"Deployment main/gpt-4.1-mini": ("properties.model.name",)}


@pytest.mark.parametrize(
    ("section", "key", "value", "said"),
    [
        ("storage", "name", "contosotunedother", "its datasets and the journal of runs go with it"),
        ("storage", "location", "northcentralus", "its datasets and the journal of runs go with it"),
        ("resourceGroup", "name", "tuned-models-other", "main-account can't be replaced"),
        ("resourceGroup", "location", "northcentralus", "main-account can't be replaced"),
    ],
)
def test_a_name_or_a_place_that_takes_data_along_is_refused(
    stack: Stack, section: str, key: str, value: str, said: str
) -> None:
    stack.config[section][key] = value
    before = stack.standing()

    with pytest.raises(Failed, match=said):
        stack.bring()

    assert stack.standing() == before


@pytest.mark.parametrize(
    ("key", "value", "forcing"),
    [
        ("location", "northcentralus", "location"),
        ("name", "contoso-others", "accountName"),
        ("subdomain", "contoso-others", "customSubDomainName"),
    ],
)
def test_an_account_that_trains_is_never_replaced(stack: Stack, key: str, value: str, forcing: str) -> None:
    """Asked to or not: the weights of its models live there."""
    stack.config["resourceGroup"]["location"] = "swedencentral"
    stack.config["accounts"]["main"][key] = value
    before = stack.standing()

    for replacing in (False, True):
        with pytest.raises(
            Failed, match=rf"main-account can't be replaced \(forced by .*{forcing}.*it is protec"
        ) as said:
            stack.bring(replacing=replacing)
        assert "take back what asks for another one" in str(said.value)

    assert stack.standing() == before


def test_whoever_may_not_write_pointers_is_told_who_may(stack: Stack) -> None:
    """The pipeline could: whoever brings the stack up here has no role on the store's data, Owner or not."""
    github = {"repository": "contoso/tuned-models", "environment": "dev"}
    stack.config["access"]["pipelines"] = {"release": {"github": github, "roles": ["deployer"]}}
    stack.config["pointers"] = {"appConfiguration": "contoso-tuned-dev"}

    with pytest.raises(Failed, match="403 Forbidden") as refused:
        stack.bring()

    assert "access.deployers" in ways_out(str(refused.value))[0]
