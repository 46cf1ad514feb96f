"""The life of each environment that teams start from: up, up again, kept from a slip of the hand, and taken down."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from simulator.entra.models import SEEDED
from simulator.entra.tokens import access_token
from simulator.pulumi.summary import Failed, UpResult
from simulator.server import Simulator
from tests.journeys.stack import ENVIRONMENTS, Changes, Config, Stack, environment_config

pytestmark = pytest.mark.slow

PROTECTED = {
    "dev": {"Account main-account"},
    "staging": {"Account main-account", "Vault encryption-swedencentral-vault"},
    "prod": {
        "Account america-account",
        "Account europe-account",
        "StorageAccount storage-account",
        "Vault encryption-northcentralus-vault",
        "Vault encryption-swedencentral-vault",
    },
    # The simulator writes it to be thrown away.
    "local": set(),
}
"""Accounts that train, the vaults whose keys they need, and in production everything that keeps data."""
LOCKS = {"storage", "vault-northcentralus", "vault-swedencentral", "workspace"}
"""Of prod; no other environment has any."""


@dataclass
class Life:
    """What happened to one environment, step by step."""

    name: str
    config: Config
    first: UpResult
    second: UpResult
    refused: str
    before: dict[str, str]
    after: dict[str, str]
    unprotected: Changes | None
    destroyed: UpResult
    left: dict[str, str]
    kept: dict[str, list[str]]


@pytest.fixture(scope="module", params=["dev", "staging", "prod", "local"])
def life(
    request: pytest.FixtureRequest, running_simulator: Simulator, tmp_path_factory: pytest.TempPathFactory
) -> Life:
    name: str = request.param
    folder = tmp_path_factory.mktemp(name)
    stack = Stack.fresh(running_simulator, folder, name, environment_config(name, folder))
    first = stack.bring()
    second = stack.bring()
    before, refused, unprotected = stack.standing(), "", None
    if PROTECTED[name]:
        with pytest.raises(Failed) as failed:
            stack.bring("destroy")
        refused = str(failed.value)
    after = stack.standing()
    if PROTECTED[name]:
        stack.config.setdefault("environment", {})["protection"] = "off"
        unprotected = Changes.of(stack.bring())
    destroyed = stack.bring("destroy")
    left = stack.standing()
    kept = _kept(stack)
    return Life(name, stack.config, first, second, refused, before, after, unprotected, destroyed, left, kept)


KEPT = {
    "accounts": ("Microsoft.CognitiveServices/deletedAccounts", "2024-10-01"),
    "vaults": ("Microsoft.KeyVault/deletedVaults", "2024-11-01"),
    "stores": ("Microsoft.AppConfiguration/deletedConfigurationStores", "2024-05-01"),
    "workspaces": ("Microsoft.OperationalInsights/deletedWorkspaces", "2023-09-01"),
}
"""Azure's own lists of what it keeps after deletion."""


def _kept(stack: Stack) -> dict[str, list[str]]:
    """What these lists hold: names, with their resource groups where they have some."""
    cloud = stack.simulator.cloud
    token = access_token(cloud, SEEDED["deployer"], "https://management.azure.com")
    trusting = ssl.create_default_context(cafile=stack.simulator.ca_file)
    found: dict[str, list[str]] = {}
    with httpx2.Client(base_url=stack.simulator.url, verify=trusting, trust_env=False) as client:
        for kind, (path, version) in KEPT.items():
            url = f"/subscriptions/{cloud.subscription_id}/providers/{path}?api-version={version}"
            answer = client.get(url, headers={"Authorization": f"Bearer {token}"}).raise_for_status()
            found[kind] = sorted(str(each["name"]) for each in answer.json()["value"])
    return found


def test_the_first_up_creates_everything_and_the_second_changes_nothing(life: Life) -> None:
    assert {step.did for step in life.first.steps} == {"created"}
    assert Changes.of(life.second) == Changes()
    assert life.second.summary.unchanged == life.first.summary.created
    assert life.second.outputs == life.first.outputs


def test_a_destroy_is_refused_while_protection_is_on_and_touches_nothing(life: Life) -> None:
    """It names everything that is protected, and what to write to go on."""
    lines = [line for line in life.refused.splitlines() if line.endswith("can't be deleted: it is protected")]
    named = {line.split(" ")[0] for line in lines}

    assert {_what(urn) for urn in named} == PROTECTED[life.name]
    assert ("environment.protection: off" in life.refused) is bool(PROTECTED[life.name])
    assert life.after == life.before


def test_turning_protection_off_changes_nothing_in_azure_but_locks(life: Life) -> None:
    if life.unprotected is None:
        assert life.name == "local"
        return
    locks = {f"ManagementLockByScope locks/{scope}" for scope in LOCKS} if life.name == "prod" else set()

    assert life.unprotected == Changes(deleted=frozenset(locks))


def test_a_destroy_then_leaves_nothing_but_what_azure_keeps_of_its_own_accord(life: Life) -> None:
    """Accounts for 48 hours, vaults for as long as they say, App Configuration stores for 7 days, workspaces for 14.

    What stands is what stood before: the role of whoever brought it up, on each of the two subscriptions.
    """
    config = life.config
    pointers, monitoring = config.get("pointers"), config.get("monitoring")

    assert {step.did for step in life.destroyed.steps} == {"deleted"}
    assert {left.partition("/role")[0] for left in life.left} == {
        f"/subscriptions/7e57ab1e-0000-4000-8000-00000000005{number}/providers/microsoft.authorization"
        for number in "bc"
    }
    assert len(life.left) == 2
    assert life.kept == {
        "accounts": sorted(account["name"] for account in config["accounts"].values()),
        "vaults": sorted(key["vault"] for key in config.get("encryption", {}).values()),
        "stores": [pointers["appConfiguration"]] if pointers else [],
        "workspaces": [monitoring["workspace"]["name"]] if monitoring else [],
    }


def _what(urn: str) -> str:
    """Type and name, as steps have them."""
    type_, _, name = urn.rpartition("::")
    return f"{type_.rpartition(':')[2]} {name}"


def test_protection_off_may_stand_without_quotes(running_simulator: Simulator, tmp_path: Path) -> None:
    """YAML 1.1 took it for a boolean; the CLI, and so what runs in process, takes it for a text."""
    stack = Stack.fresh(running_simulator, tmp_path, "dev", environment_config("dev", tmp_path))
    stack.bring()
    text = (ENVIRONMENTS / "Pulumi.dev.yaml").read_text()
    stack.file.write_text(text.replace("config:\n", "config:\n  tuned-models:environment: {protection: off}\n"))

    assert stack.run("up").summary.changed == 0
    assert stack.run("destroy").summary.deleted
