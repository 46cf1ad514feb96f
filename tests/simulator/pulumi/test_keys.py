"""Vaults, keys and identities as azure-native's types, declared by a program and brought up in process."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from simulator.cloud import seeded_assignment
from simulator.entra.models import DEPLOYER, TENANT_ID
from simulator.pulumi.azure_native.keyvault import KEY
from simulator.pulumi.azure_native.managedidentity import USER_ASSIGNED_IDENTITY
from simulator.pulumi.summary import Failed, Summary
from simulator.roles import KEY_VAULT_CRYPTO_OFFICER, KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER
from tests.simulator.pulumi.conftest import Stage

ROLE = (
    "/subscriptions/7e57ab1e-0000-4000-8000-00000000005b/providers/Microsoft.Authorization/roleDefinitions/"
    f"{KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER}"
)


def encrypted() -> None:
    """Storage encrypted with a key that an identity may use, in an order that works on the first up."""
    import pulumi
    from pulumi_azure_native import authorization, managedidentity, resources, storage

    # Untyped: its properties are given as plain values here.
    keyvault: Any = importlib.import_module("pulumi_azure_native.keyvault")

    group = resources.ResourceGroup("group", resource_group_name="rg", location="swedencentral")
    identity = managedidentity.UserAssignedIdentity(
        "identity", resource_group_name=group.name, resource_name_="id-cmk", location="swedencentral"
    )
    managedidentity.FederatedIdentityCredential(
        "federated",
        resource_group_name=group.name,
        resource_name_=identity.name,
        federated_identity_credential_resource_name="github",
        issuer="https://token.actions.githubusercontent.com",
        subject="repo:contoso/models:environment:prod",
        audiences=["api://AzureADTokenExchange"],
    )
    vault = keyvault.Vault(
        "vault",
        resource_group_name=group.name,
        vault_name="kv-sketch",
        location="swedencentral",
        properties={
            "tenant_id": TENANT_ID,
            "sku": {"family": "A", "name": "standard"},
            "enable_rbac_authorization": True,
            "enable_purge_protection": True,
            "soft_delete_retention_in_days": 7,
        },
    )
    key = keyvault.Key(
        "key",
        resource_group_name=group.name,
        vault_name=vault.name,
        key_name="cmk",
        properties={
            "kty": "RSA",
            "key_size": 2048,
            "rotation_policy": {
                "attributes": {"expiry_time": "P90D"},
                "lifetime_actions": [{"action": {"type": "rotate"}, "trigger": {"time_after_create": "P60D"}}],
            },
        },
    )
    role = authorization.RoleAssignment(
        "role",
        scope=key.id,
        principal_id=identity.principal_id,
        principal_type="ServicePrincipal",
        role_definition_id=ROLE,
    )
    storage.StorageAccount(
        "storage",
        resource_group_name=group.name,
        account_name="stsketch",
        location="swedencentral",
        kind="StorageV2",
        sku={"name": "Standard_LRS"},
        identity={"type": "UserAssigned", "user_assigned_identities": [identity.id]},
        encryption={
            "key_source": "Microsoft.Keyvault",
            "key_vault_properties": {"key_vault_uri": vault.properties.vault_uri, "key_name": key.name},
            "encryption_identity": {"encryption_user_assigned_identity": identity.id},
        },
        opts=pulumi.ResourceOptions(depends_on=[role]),
    )
    pulumi.export("keyUri", key.key_uri)
    pulumi.export("clientId", identity.client_id)


def test_the_first_up_encrypts_and_the_second_changes_nothing(stage: Stage) -> None:
    first = stage.up(encrypted)

    assert first.summary == Summary(created=8)
    assert first.outputs["keyUri"] == f"{stage.simulator.url}/kv-sketch.vault.azure.net/keys/cmk"
    known = stage.simulator.cloud.state.entra.by_client_id(str(first.outputs["clientId"]))
    assert known is not None
    assert stage.up(encrypted).summary == Summary(unchanged=8)
    assert stage.writes == []


def test_a_rotation_is_no_change_of_the_program_s(stage: Stage) -> None:
    """The version in use is Azure's to choose: none is named."""
    stage.up(encrypted)
    stage.simulator.clock.advance(61 * 86400)

    assert stage.up(encrypted).summary == Summary(unchanged=8)


def test_a_key_is_deleted_at_its_vault_by_whoever_may(stage: Stage) -> None:
    """ARM has no DELETE for it, and the Owner of the subscription has no keys."""
    stage.up(encrypted)
    with pytest.raises(Failed, match="Caller is not authorized to perform action on resource"):
        stage.destroy()
    given = seeded_assignment(stage.simulator.cloud, DEPLOYER, KEY_VAULT_CRYPTO_OFFICER)
    stage.simulator.cloud.state.arm.resources[given.key] = given
    stage.destroy()

    assert stage.there() == set()
    (kept,) = stage.simulator.cloud.state.arm.soft_deleted
    assert kept.resource.name == "kv-sketch"


def test_a_key_s_answer_is_flattened_and_its_inputs_are_not() -> None:
    body: dict[str, Any] = {
        "id": "/…",
        "name": "cmk",
        "properties": {
            "kty": "RSA",
            "attributes": {"enabled": True, "exp": 1, "created": 2},
            "keyUri": "https://kv.vault.azure.net/keys/cmk",
        },
    }
    outputs = KEY.to_outputs(body)

    assert outputs["attributes"] == {"enabled": True, "expires": 1, "created": 2}
    assert outputs["keyUri"] == "https://kv.vault.azure.net/keys/cmk"
    path = "/subscriptions/7e57/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv/keys/cmk"
    imported = KEY.to_inputs(path, outputs)
    assert imported["vaultName"] == "kv"
    assert set(imported["properties"]) == {"kty", "attributes"}
    assert KEY.to_body(imported)["properties"]["attributes"]["exp"] == 1


def test_an_identity_tells_its_principal_as_outputs_of_their_own() -> None:
    told = USER_ASSIGNED_IDENTITY.to_outputs({"properties": {"principalId": "p", "clientId": "c"}})

    assert (told["principalId"], told["clientId"]) == ("p", "c")
