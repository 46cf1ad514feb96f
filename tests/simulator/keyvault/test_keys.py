"""Keys in a vault, held against azure-keyvault-keys."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceNotFoundError
from azure.identity import ClientSecretCredential
from azure.keyvault.keys import (
    KeyClient,
    KeyRotationLifetimeAction,
    KeyRotationPolicy,
    KeyRotationPolicyAction,
)
from azure.keyvault.keys.crypto import KeyWrapAlgorithm

from simulator.arm.models import Resource, find_vault
from simulator.cloud import State, seeded_assignment
from simulator.entra.models import SEEDED
from simulator.roles import KEY_VAULT_CRYPTO_OFFICER, KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER, KEY_VAULT_READER
from simulator.server import Simulator
from tests.simulator.arm.clients import GROUP, LOCATION
from tests.simulator.arm.conftest import Wire, as_, azure, group, opened, trusting, wire
from tests.simulator.arm.key_vault_clients import ROTATION, RSA, key_clients, vault_body

__all__ = ["as_", "azure", "group", "opened", "trusting", "wire"]  # fixtures

VAULT = "kv-tuned"


class Vault:
    """A vault with a key that rotates, and its clients in the name of principals."""

    def __init__(self, simulator: Simulator, opened: ExitStack) -> None:
        self.simulator, self.opened = simulator, opened
        with key_clients(simulator) as arm:
            made = arm.vaults.vaults.begin_create_or_update(GROUP, VAULT, vault_body(simulator)).result()
            body: Any = {"properties": RSA["properties"] | {"keySize": 2048, "rotationPolicy": ROTATION}}
            self.key = arm.vaults.keys.create_if_not_exist(GROUP, VAULT, "cmk", body)
        self.uri = str(made.properties.vault_uri)

    @property
    def resource(self) -> Resource:
        found = find_vault(self.simulator.cloud, VAULT)
        assert found is not None
        return found

    def grant(self, principal: str, role: str) -> None:
        given = seeded_assignment(self.simulator.cloud, SEEDED[principal], role)
        self.simulator.cloud.state.arm.resources[given.key] = given

    def client(self, principal: str = "trainer") -> KeyClient:
        """The name in the challenge is Azure's, the address is not: the client is told not to compare them."""
        who = SEEDED[principal]
        credential = ClientSecretCredential(
            self.simulator.cloud.tenant_id,
            who.client_id,
            who.secret or "",
            authority=self.simulator.url,
            disable_instance_discovery=True,
        )
        self.opened.enter_context(credential)
        made = KeyClient(self.uri, credential, verify_challenge_resource=False)
        return self.opened.enter_context(made)


@pytest.fixture
def vault(simulator: Simulator, group: str) -> Iterator[Vault]:
    with ExitStack() as opened:
        yield Vault(simulator, opened)


@pytest.fixture
def officer(vault: Vault) -> KeyClient:
    vault.grant("trainer", KEY_VAULT_CRYPTO_OFFICER)
    return vault.client()


def test_a_key_made_through_arm_is_read(vault: Vault, officer: KeyClient) -> None:
    key: Any = officer.get_key("cmk")
    version = vault.key.key_uri_with_version.rsplit("/", 1)[-1]
    assert (key.name, key.properties.version) == ("cmk", version)
    assert key.id == f"https://{VAULT}.vault.azure.net/keys/cmk/{version}"
    assert (key.key_type, len(key.key.n), key.key.e) == ("RSA", 256, b"\x01\x00\x01")
    assert key.properties.recovery_level == "CustomizedRecoverable"
    again: Any = officer.get_key("cmk", version)
    assert again.key.n == key.key.n


def test_an_elliptic_key_is_read_too(simulator: Simulator, vault: Vault, officer: KeyClient) -> None:
    with key_clients(simulator) as arm:
        curve: Any = {"properties": {"kty": "EC", "curveName": "P-384"}}
        arm.vaults.keys.create_if_not_exist(GROUP, VAULT, "curve", curve)
    key: Any = officer.get_key("curve")
    assert (key.key_type, key.key.crv, len(key.key.x), len(key.key.y)) == ("EC", "P-384", 48, 48)


def test_the_challenge_is_as_recorded(vault: Vault, wire: Wire) -> None:
    """Azure/azure-cli, test_keyvault_key_rotation.yaml, 2023-11-06."""
    answer = wire("GET", f"/{VAULT}.vault.azure.net/keys/cmk?api-version=7.5", headers={})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == (
        f'Bearer authorization="{vault.simulator.url}/{vault.simulator.cloud.tenant_id}", '
        'resource="https://vault.azure.net"'
    )
    assert answer.json() == {
        "error": {"code": "Unauthorized", "message": "AKV10000: Request is missing a Bearer or PoP token."}
    }


def test_another_services_token_is_not_taken(vault: Vault, wire: Wire) -> None:
    answer = wire("GET", f"/{VAULT}.vault.azure.net/keys/cmk?api-version=7.5")
    assert answer.status_code == 401
    assert answer.json()["error"]["message"].startswith("AKV10022: Invalid audience. Expected https://vault.azure.net")


def test_versions_are_listed_and_a_rotation_adds_one(vault: Vault, officer: KeyClient) -> None:
    first = officer.get_key("cmk")
    vault.simulator.clock.advance(60)
    second = officer.rotate_key("cmk")
    assert second.properties.version != first.properties.version
    assert officer.get_key("cmk").id == second.id
    versions = [each.version for each in officer.list_properties_of_key_versions("cmk")]
    assert versions == [first.properties.version, second.properties.version]
    assert [each.name for each in officer.list_properties_of_keys()] == ["cmk"]


def test_a_version_expires_as_the_policy_says(vault: Vault, officer: KeyClient) -> None:
    """Two calendar years."""
    made = officer.get_key("cmk").properties
    assert made.created_on is not None
    assert made.expires_on == made.created_on.replace(year=made.created_on.year + 2)


def test_a_policy_is_read_and_set(vault: Vault, officer: KeyClient) -> None:
    known = officer.get_key_rotation_policy("cmk")
    assert known.expires_in == "P2Y"
    assert [each.action for each in known.lifetime_actions] == ["Rotate", "Notify"]
    wanted = KeyRotationPolicy(
        expires_in="P90D",
        lifetime_actions=[KeyRotationLifetimeAction(KeyRotationPolicyAction.rotate, time_before_expiry="P30D")],
    )
    assert officer.update_key_rotation_policy("cmk", wanted).expires_in == "P90D"
    first = officer.get_key("cmk").id
    vault.simulator.clock.advance(59 * 86400)
    assert officer.get_key("cmk").id == first
    vault.simulator.clock.advance(2 * 86400)
    second = officer.get_key("cmk").properties
    assert second.id != first
    assert second.expires_on is not None
    assert second.created_on is not None
    assert second.expires_on - second.created_on == timedelta(days=90)


def test_a_policy_out_of_its_limits_is_refused(officer: KeyClient) -> None:
    too_soon = KeyRotationPolicy(
        expires_in="P90D",
        lifetime_actions=[KeyRotationLifetimeAction(KeyRotationPolicyAction.rotate, time_after_create="P3D")],
    )
    with pytest.raises(HttpResponseError) as caught:
        officer.update_key_rotation_policy("cmk", too_soon)
    assert (caught.value.status_code, _code(caught.value)) == (400, "BadParameter")


def test_a_key_that_is_not_there_is_not_found(officer: KeyClient) -> None:
    with pytest.raises(ResourceNotFoundError) as caught:
        officer.get_key("other")
    assert _code(caught.value) == "KeyNotFound"


# --- who may


def test_the_subscriptions_owner_has_no_keys(vault: Vault) -> None:
    """The refusal's form: hashicorp/terraform-provider-azurerm#27817."""
    with pytest.raises(HttpResponseError) as caught:
        vault.client("deployer").get_key("cmk")
    assert caught.value.status_code == 403
    error = _error(caught.value)
    assert (error["code"], error["innererror"]) == ("Forbidden", {"code": "ForbiddenByRbac"})
    lines = error["message"].split("\r\n")
    assert "Action: 'Microsoft.KeyVault/vaults/keys/read'" in lines
    assert f"Vault: {VAULT};location={LOCATION}" in lines


Action = Callable[[KeyClient], Any]


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (KEY_VAULT_READER, lambda c: c.get_key("cmk"), lambda c: c.rotate_key("cmk")),
        (
            KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER,
            lambda c: c.get_key("cmk"),
            lambda c: c.get_key_rotation_policy("cmk"),
        ),
    ],
)
def test_a_role_lets_do_what_it_says(vault: Vault, role: str, may: Action, may_not: Action) -> None:
    vault.grant("caller", role)
    client = vault.client("caller")
    may(client)
    with pytest.raises(HttpResponseError, match="not authorized to perform action"):
        may_not(client)


def test_a_wrong_secret_stays_entras_matter(vault: Vault) -> None:
    who = SEEDED["trainer"]
    credential = ClientSecretCredential(
        vault.simulator.cloud.tenant_id,
        who.client_id,
        "wrong",
        authority=vault.simulator.url,
        disable_instance_discovery=True,
    )
    with (
        credential,
        KeyClient(vault.uri, credential, verify_challenge_resource=False) as client,
        pytest.raises(ClientAuthenticationError, match="AADSTS7000215"),
    ):
        client.get_key("cmk")


@pytest.mark.parametrize(
    ("settings", "inner"),
    [
        ({"publicNetworkAccess": "Disabled"}, "ForbiddenByConnection"),
        ({"networkAcls": {"defaultAction": "Deny"}}, "ForbiddenByFirewall"),
    ],
)
def test_a_closed_vault_refuses_from_outside(
    vault: Vault, officer: KeyClient, settings: dict[str, Any], inner: str
) -> None:
    vault.resource.properties.update(settings)
    with pytest.raises(HttpResponseError) as caught:
        officer.get_key("cmk")
    assert (caught.value.status_code, _error(caught.value)["innererror"]["code"]) == (403, inner)


def test_a_vault_behind_its_network_is_managed_through_arm_all_the_same(simulator: Simulator, vault: Vault) -> None:
    vault.resource.properties["publicNetworkAccess"] = "Disabled"
    with key_clients(simulator) as arm:
        assert arm.vaults.keys.get(GROUP, VAULT, "cmk").name == "cmk"
        arm.vaults.keys.create_if_not_exist(GROUP, VAULT, "second", RSA)


def test_access_policies_decide_where_the_vault_has_them(vault: Vault) -> None:
    vault.grant("trainer", KEY_VAULT_CRYPTO_OFFICER)
    policy = {"objectId": SEEDED["caller"].object_id, "permissions": {"keys": ["get", "list"]}}
    vault.resource.properties.update({"enableRbacAuthorization": False, "accessPolicies": [policy]})
    assert vault.client("caller").get_key("cmk").name == "cmk"
    for principal in ("trainer", "caller"):
        with pytest.raises(HttpResponseError) as caught:
            vault.client(principal).rotate_key("cmk")
        assert _error(caught.value)["innererror"] == {"code": "AccessDenied"}


# --- deletion


def test_a_deleted_key_is_kept_and_comes_back(vault: Vault, officer: KeyClient) -> None:
    before = officer.get_key("cmk").id
    gone = officer.begin_delete_key("cmk").result()
    assert gone.deleted_date is not None
    assert gone.scheduled_purge_date is not None
    assert gone.scheduled_purge_date - gone.deleted_date == timedelta(days=7)
    with pytest.raises(ResourceNotFoundError):
        officer.get_key("cmk")
    assert [each.name for each in officer.list_deleted_keys()] == ["cmk"]
    assert officer.begin_recover_deleted_key("cmk").result().name == "cmk"
    assert officer.get_key("cmk").id == before


def test_the_name_of_a_deleted_key_is_kept(simulator: Simulator, vault: Vault, officer: KeyClient) -> None:
    officer.begin_delete_key("cmk").result()
    with key_clients(simulator) as arm, pytest.raises(HttpResponseError, match="can only be recovered or purged"):
        arm.vaults.keys.create_if_not_exist(GROUP, VAULT, "cmk", RSA)
    simulator.clock.advance(7 * 86400)
    with key_clients(simulator) as arm:
        arm.vaults.keys.create_if_not_exist(GROUP, VAULT, "cmk", RSA)


def test_a_protected_vaults_keys_are_not_purged(vault: Vault, officer: KeyClient) -> None:
    officer.begin_delete_key("cmk").result()
    with pytest.raises(HttpResponseError, match='Operation "purge" is not allowed because purge protection'):
        officer.purge_deleted_key("cmk")
    del vault.resource.properties["enablePurgeProtection"]
    officer.purge_deleted_key("cmk")
    assert list(officer.list_deleted_keys()) == []


def test_nothing_is_encrypted_here_and_that_is_said(officer: KeyClient, vault: Vault) -> None:
    key = officer.get_key("cmk")
    crypto = officer.get_cryptography_client("cmk")
    with crypto, pytest.raises(HttpResponseError) as caught:
        crypto.unwrap_key(KeyWrapAlgorithm.rsa_oaep, b"0" * 256)
    assert (caught.value.status_code, key.name) == (501, "cmk")


def test_what_a_vault_knows_outlives_a_restart(vault: Vault, officer: KeyClient) -> None:
    """Versions, public halves, policies and deleted keys are all in the state that is kept."""
    officer.rotate_key("cmk")
    known: Any = officer.get_key("cmk")
    policy = officer.get_key_rotation_policy("cmk")
    with key_clients(vault.simulator) as arm:
        arm.vaults.keys.create_if_not_exist(GROUP, VAULT, "gone", RSA)
    officer.begin_delete_key("gone").result()
    cloud = vault.simulator.cloud
    cloud.state = State.model_validate_json(cloud.state.model_dump_json())
    again: Any = officer.get_key("cmk")
    assert (again.id, again.key.n) == (known.id, known.key.n)
    assert officer.get_key_rotation_policy("cmk").expires_in == policy.expires_in
    assert officer.get_deleted_key("gone").name == "gone"


def test_a_disabled_version_says_so(officer: KeyClient) -> None:
    assert officer.update_key_properties("cmk", enabled=False).properties.enabled is False
    assert officer.get_key("cmk").properties.enabled is False


def _error(problem: HttpResponseError) -> dict[str, Any]:
    assert problem.response is not None
    error: dict[str, Any] = json.loads(problem.response.text())["error"]
    return error


def _code(problem: HttpResponseError) -> str:
    return str(_error(problem)["code"])
