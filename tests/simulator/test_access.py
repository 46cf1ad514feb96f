"""Role assignments decide, by role GUID; expectations from Microsoft's role pages."""

from __future__ import annotations

import uuid

import pytest

from simulator import roles
from simulator.access import allowed
from simulator.cloud import Cloud, seeded_assignment
from simulator.entra.models import CALLER, DEPLOYER, STRANGER, TRAINER, ServicePrincipal

WRITE_DEPLOYMENT = "Microsoft.CognitiveServices/accounts/deployments/write"
FINE_TUNE = "Microsoft.CognitiveServices/accounts/OpenAI/fine-tunes/write"
CHAT = "Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/completions/action"
READ_BLOB = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
WRITE_BLOB = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write"
ASSIGN = "Microsoft.Authorization/roleAssignments/write"


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


def group(cloud: Cloud, name: str = "rg-one") -> str:
    return f"/subscriptions/{cloud.subscription_id}/resourceGroups/{name}"


def account(cloud: Cloud, name: str = "aoai") -> str:
    return f"{group(cloud)}/providers/Microsoft.CognitiveServices/accounts/{name}"


def assign(cloud: Cloud, principal: ServicePrincipal, role: str, scope: str) -> None:
    made = seeded_assignment(cloud, principal, role)
    made.id = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
    made.properties["scope"] = scope
    cloud.state.arm.resources[made.key] = made


def test_the_deployer_owns_the_subscription_from_the_start(cloud: Cloud) -> None:
    assert allowed(cloud, DEPLOYER.object_id, WRITE_DEPLOYMENT, account(cloud), data=False)
    assert allowed(cloud, DEPLOYER.object_id, ASSIGN, group(cloud), data=False)


def test_an_owner_has_no_data_actions(cloud: Cloud) -> None:
    assert not allowed(cloud, DEPLOYER.object_id, CHAT, account(cloud), data=True)
    assert not allowed(cloud, DEPLOYER.object_id, READ_BLOB, group(cloud), data=True)


@pytest.mark.parametrize("principal", [TRAINER, CALLER, STRANGER], ids=lambda each: each.name)
def test_nobody_else_has_a_role_from_the_start(cloud: Cloud, principal: ServicePrincipal) -> None:
    assert not allowed(cloud, principal.object_id, f"{WRITE_DEPLOYMENT[:-5]}read", account(cloud), data=False)
    assert not allowed(cloud, principal.object_id, CHAT, account(cloud), data=True)


def test_a_role_counts_at_its_scope_and_below_only(cloud: Cloud) -> None:
    assign(cloud, TRAINER, roles.OPENAI_CONTRIBUTOR, account(cloud))
    assert allowed(cloud, TRAINER.object_id, FINE_TUNE, account(cloud), data=True)
    assert allowed(cloud, TRAINER.object_id, WRITE_DEPLOYMENT, f"{account(cloud)}/deployments/one", data=False)
    assert not allowed(cloud, TRAINER.object_id, FINE_TUNE, account(cloud, "aoai2"), data=True)
    assert not allowed(cloud, TRAINER.object_id, WRITE_DEPLOYMENT, group(cloud), data=False)


def test_ids_and_actions_are_compared_without_case(cloud: Cloud) -> None:
    assign(cloud, TRAINER, roles.OPENAI_CONTRIBUTOR.upper(), account(cloud).upper())
    assert allowed(cloud, TRAINER.object_id.upper(), FINE_TUNE.lower(), account(cloud), data=True)


def test_a_caller_asks_models_and_cannot_tune(cloud: Cloud) -> None:
    assign(cloud, CALLER, roles.OPENAI_USER, account(cloud))
    assert allowed(cloud, CALLER.object_id, CHAT, account(cloud), data=True)
    assert allowed(cloud, CALLER.object_id, CHAT.rsplit("/", 3)[0] + "/read", account(cloud), data=True)
    assert not allowed(cloud, CALLER.object_id, FINE_TUNE, account(cloud), data=True)
    assert not allowed(cloud, CALLER.object_id, WRITE_DEPLOYMENT, account(cloud), data=False)


def test_a_contributor_manages_everything_but_access(cloud: Cloud) -> None:
    assign(cloud, TRAINER, roles.CONTRIBUTOR, group(cloud))
    assert allowed(cloud, TRAINER.object_id, WRITE_DEPLOYMENT, account(cloud), data=False)
    assert not allowed(cloud, TRAINER.object_id, ASSIGN, group(cloud), data=False)
    assert not allowed(cloud, TRAINER.object_id, ASSIGN.replace("write", "delete"), group(cloud), data=False)


def test_what_one_role_takes_away_another_may_give(cloud: Cloud) -> None:
    assign(cloud, TRAINER, roles.CONTRIBUTOR, group(cloud))
    assign(cloud, TRAINER, roles.RBAC_ADMINISTRATOR, group(cloud))
    assert allowed(cloud, TRAINER.object_id, ASSIGN, group(cloud), data=False)


def test_a_foundry_user_trains_and_cannot_deploy(cloud: Cloud) -> None:
    assign(cloud, TRAINER, roles.FOUNDRY_USER, account(cloud))
    assert allowed(cloud, TRAINER.object_id, FINE_TUNE, account(cloud), data=True)
    assert not allowed(cloud, TRAINER.object_id, WRITE_DEPLOYMENT, account(cloud), data=False)


def test_a_foundry_owner_trains_and_deploys(cloud: Cloud) -> None:
    assign(cloud, TRAINER, roles.FOUNDRY_OWNER, account(cloud))
    assert allowed(cloud, TRAINER.object_id, FINE_TUNE, account(cloud), data=True)
    assert allowed(cloud, TRAINER.object_id, WRITE_DEPLOYMENT, account(cloud), data=False)


def test_a_cognitive_services_contributor_manages_accounts_and_calls_no_model(cloud: Cloud) -> None:
    assign(cloud, TRAINER, roles.COGNITIVE_CONTRIBUTOR, account(cloud))
    assert allowed(cloud, TRAINER.object_id, WRITE_DEPLOYMENT, account(cloud), data=False)
    assert not allowed(cloud, TRAINER.object_id, CHAT, account(cloud), data=True)


def test_a_blob_reader_reads_and_a_blob_contributor_writes_as_well(cloud: Cloud) -> None:
    storage = f"{group(cloud)}/providers/Microsoft.Storage/storageAccounts/one"
    assign(cloud, CALLER, roles.BLOB_READER, storage)
    assign(cloud, TRAINER, roles.BLOB_CONTRIBUTOR, f"{storage}/blobServices/default/containers/runs")
    assert allowed(cloud, CALLER.object_id, READ_BLOB, f"{storage}/blobServices/default/containers/runs", data=True)
    assert not allowed(cloud, CALLER.object_id, WRITE_BLOB, storage, data=True)
    assert allowed(cloud, TRAINER.object_id, WRITE_BLOB, f"{storage}/blobServices/default/containers/runs", data=True)
    assert not allowed(cloud, TRAINER.object_id, WRITE_BLOB, storage, data=True)


def test_a_role_nobody_knows_grants_nothing(cloud: Cloud) -> None:
    assign(cloud, STRANGER, "00000000-0000-4000-8000-000000000000", group(cloud))
    assert not allowed(cloud, STRANGER.object_id, "Microsoft.CognitiveServices/accounts/read", group(cloud), data=False)


def test_a_role_that_was_taken_away_grants_nothing(cloud: Cloud) -> None:
    owner = next(iter(cloud.state.arm.resources))
    del cloud.state.arm.resources[owner]
    assert not allowed(cloud, DEPLOYER.object_id, WRITE_DEPLOYMENT, account(cloud), data=False)
