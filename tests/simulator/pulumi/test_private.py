"""A private and encrypted stack in process: the first up, the next, and the ways from and to others."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from simulator.environment import reaching
from simulator.pulumi.local_stack import content
from simulator.pulumi.summary import Failed, UpResult
from simulator.pulumi.up import Verb, bring
from simulator.server import Simulator
from tests.simulator.arm.clients import Clients
from tests.simulator.arm.key_vault_clients import RSA, key_clients, vault_body
from tests.simulator.pulumi.standing import FirstUps

pytestmark = pytest.mark.slow

PRIVATE = {"mode": "private", "virtualNetwork": {"addressSpace": "10.40.0.0/24"}}
VAULT = {"swedencentral": {"vault": "contoso-keys"}}
NOTHING_LOST = {"created", "updated", "unchanged"}


@dataclass
class Stage:
    """The local stack, with sections put beside what its file says."""

    stack_file: Path
    text: str
    run: Callable[[Verb], UpResult]
    first: Callable[[], UpResult]
    stands: bool = False

    def write(self, **sections: Any) -> None:
        added = (f"  tuned-models:{key}: {json.dumps(value)}\n" for key, value in sections.items())
        self.stack_file.write_text(self.text + "\n" + "".join(added))

    def up(self, **sections: Any) -> UpResult:
        self.write(**sections)
        stood, self.stands = self.stands, True
        return self.run("up") if stood else self.first()


@pytest.fixture
def stage(simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first_ups: FirstUps) -> Stage:
    """Before its first up, with names that are the same in every test."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(simulator.ca_file))
    environment = reaching(simulator, ambient={"PATH": "/nowhere"})
    environment["JOBS_OUTPUTS"] = str(tmp_path / "home" / "outputs")

    def run(verb: Verb) -> UpResult:
        return bring(verb, tmp_path, "local", environment)

    stack_file = tmp_path / "environments" / "Pulumi.local.yaml"
    stack_file.parent.mkdir()
    return Stage(
        stack_file,
        content(Path("/environments")),
        run,
        lambda: first_ups.up(simulator, tmp_path, stack_file, lambda: run("up")),
    )


def _changed(result: UpResult, did: str) -> set[str]:
    """The types of what became of resources, components left out."""
    azure = (step for step in result.steps if step.did == did and step.type.startswith("azure-native:"))
    return {step.type.rpartition(":")[2] for step in azure}


def test_the_first_up_of_a_private_and_encrypted_stack_works_and_the_second_changes_nothing(stage: Stage) -> None:
    """Identity, role, vault, key, account, endpoint and deployment come in an order that Azure takes."""
    first = stage.up(network=PRIVATE, encryption=VAULT)

    assert {step.did for step in first.steps} == {"created"}
    assert first.outputs["network"] == {"mode": "private"}
    assert first.outputs["keys"]["swedencentral"]["keyId"].endswith("/vaults/contoso-keys/keys/tuned-models")

    assert {step.did for step in stage.run("up").steps} == {"unchanged"}


def test_keys_are_added_to_a_running_stack_by_updates(stage: Stage) -> None:
    stage.up(network=PRIVATE)

    result = stage.up(network=PRIVATE, encryption=VAULT)

    assert {step.did for step in result.steps} == NOTHING_LOST
    assert _changed(result, "updated") == {"Account", "StorageAccount"}
    assert _changed(result, "created") >= {"UserAssignedIdentity", "Vault", "Key", "RoleAssignment"}
    assert {step.did for step in stage.run("up").steps} == {"unchanged"}


def test_a_restricted_stack_lets_in_whom_it_names_and_can_be_opened_again(stage: Stage) -> None:
    rules = {"mode": "restricted", "ipRules": ["203.0.113.7", "198.51.100.0/24"]}
    stage.up(network=rules, encryption=VAULT)

    assert {step.did for step in stage.run("up").steps} == {"unchanged"}
    opened = stage.up(encryption=VAULT)

    assert {step.did for step in opened.steps} == {"updated", "unchanged"}
    assert _changed(opened, "updated") == {"Account", "StorageAccount", "Vault"}
    assert {step.did for step in stage.run("up").steps} == {"unchanged"}


def test_a_second_region_brings_its_key_and_its_endpoints(stage: Stage) -> None:
    """What is there already stays as it is, in the subnet too."""
    stage.up(network=PRIVATE, encryption=VAULT)
    with_second = "\n  tuned-models:accounts:\n    second: {name: contoso-second, location: northcentralus}\n"
    stage.text = stage.text.replace("\n  tuned-models:accounts:\n", with_second)
    # With more than one account, whatever is deployed says where.
    stage.text = stage.text.replace("      model: gpt-4.1-mini\n", "      account: main\n      model: gpt-4.1-mini\n")
    stage.text = stage.text.replace("      skus:\n", "      trainIn: main\n      skus:\n")

    # The resource group and the storage stay where they are.
    result = stage.up(
        resourceGroup={"location": "swedencentral"},
        network=PRIVATE,
        encryption=VAULT | {"northcentralus": {"vault": "contoso-keys-us"}},
    )

    assert {step.did for step in result.steps} == {"created", "unchanged"}
    assert {step.name for step in result.steps if step.did == "created"} >= {
        "second-account",
        "encryption-northcentralus-vault",
        "network/account-second",
        "network/vault-northcentralus",
    }
    assert {step.did for step in stage.run("up").steps} == {"unchanged"}


def test_a_vault_that_was_deleted_comes_back_with_its_key_where_the_config_says_so(stage: Stage) -> None:
    """The second up changes nothing, though the file still says so."""
    first = stage.up(encryption=VAULT)
    stage.run("destroy")
    stage.text = stage.text.replace(
        "      location: swedencentral\n", "      location: swedencentral\n      restore: true\n"
    )

    result = stage.up(encryption={"swedencentral": {"vault": "contoso-keys", "restore": True}})

    assert result.outputs["keys"] == first.outputs["keys"]
    assert {step.did for step in stage.run("up").steps} == {"unchanged"}


def test_to_say_restore_of_a_vault_that_stands_changes_nothing_in_azure(stage: Stage) -> None:
    """Its key is from then on read, and no longer this stack's to make."""
    stage.up(encryption=VAULT)

    result = stage.up(encryption={"swedencentral": {"vault": "contoso-keys", "restore": True}})

    (step,) = (step for step in result.steps if step.did != "unchanged")
    assert (step.did, step.type, step.note) == ("deleted", "azure-native:keyvault:Key", "retained in Azure")


def test_a_key_of_the_team_s_own_encrypts_from_another_vault(stage: Stage, simulator: Simulator) -> None:
    """It is read and used, and neither made nor changed; one that isn't there stops the up."""
    stage.stands = True  # Something does: this first up is no other test's.
    clients = Clients(simulator, "deployer")
    with clients.open, key_clients(simulator) as keys:
        clients.resources.resource_groups.create_or_update("corporate", {"location": "swedencentral"})
        keys.vaults.vaults.begin_create_or_update("corporate", "corporate-keys", vault_body(simulator)).result()
        key = keys.vaults.keys.create_if_not_exist("corporate", "corporate-keys", "models", RSA)

    result = stage.up(encryption={"swedencentral": {"key": key.id}})

    assert {step.did for step in result.steps} == {"created"}
    assert _changed(result, "created") >= {"UserAssignedIdentity", "RoleAssignment"}
    assert not _changed(result, "created") & {"Vault", "Key"}
    assert {step.did for step in stage.run("up").steps} == {"unchanged"}
    with pytest.raises(Failed, match="does not exist"):
        stage.up(encryption={"swedencentral": {"key": f"{key.id}-2"}})
