"""Where ARM is found, by cloud; what is asked of it is shown by `jobs doctor` on a local Azure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from jobs.azure.control_plane import Arm, Cloud, find_cloud, offered
from jobs.azure.credentials import Credential
from jobs.doctor_ports import OfferedModel, StandingDeployment
from jobs.errors import ServiceRefused, Unavailable
from simulator.arm.models import ACCOUNTS, DEPLOYMENTS, Resource
from simulator.server import Simulator


@pytest.mark.parametrize(
    ("authority", "cloud"),
    [
        (None, Cloud("https://management.azure.com", "https://management.azure.com/.default")),
        ("login.microsoftonline.com", Cloud("https://management.azure.com", "https://management.azure.com/.default")),
        (
            "https://login.microsoftonline.us/",
            Cloud("https://management.usgovcloudapi.net", "https://management.core.usgovcloudapi.net/.default"),
        ),
        (
            "login.chinacloudapi.cn",
            Cloud("https://management.chinacloudapi.cn", "https://management.chinacloudapi.cn/.default"),
        ),
    ],
)
def test_of_microsoft_s_clouds_the_authority_says_which(
    monkeypatch: pytest.MonkeyPatch, authority: str | None, cloud: Cloud
) -> None:
    for name in ("ARM_METADATA_HOSTNAME", "AZURE_AUTHORITY_HOST"):
        monkeypatch.delenv(name, raising=False)

    assert find_cloud(authority) == cloud


def test_a_cloud_of_somebody_else_s_has_to_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARM_METADATA_HOSTNAME", raising=False)

    with pytest.raises(ServiceRefused, match="ARM_METADATA_HOSTNAME"):
        find_cloud("https://login.contoso.example")


def test_a_cloud_describes_itself_at_its_metadata_host(
    simulator: Simulator, environment: Callable[..., dict[str, str]]
) -> None:
    environment("trainer")

    assert find_cloud(None) == Cloud(simulator.url, "https://management.core.windows.net/.default")


def test_a_metadata_host_that_is_none_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARM_METADATA_HOSTNAME", "127.0.0.1:1")

    with pytest.raises(Unavailable, match=r"the cloud at 127\.0\.0\.1:1"):
        find_cloud(None)


def test_without_a_token_arm_tells_the_time_and_the_subscription_s_tenant(
    simulator: Simulator, environment: Callable[..., dict[str, str]]
) -> None:
    environment("trainer")
    credential = Credential(None)
    arm = Arm(simulator.cloud.subscription_id, None, credential)
    greeting = arm.greeting()
    arm.close()
    credential.close()

    assert greeting.tenant_id == simulator.cloud.tenant_id
    assert greeting.answered_at is not None
    assert greeting.answered_at.tzinfo is not None


@contextmanager
def _arm(simulator: Simulator) -> Iterator[Arm]:
    with closing(Credential(None)) as credential, closing(Arm(simulator.cloud.subscription_id, None, credential)) as it:
        yield it


@pytest.fixture
def arm(simulator: Simulator, environment: Callable[..., dict[str, str]]) -> Iterator[Arm]:
    """As somebody who may look at everything in the subscription."""
    environment("deployer")
    with _arm(simulator) as arm:
        yield arm


def test_a_region_s_models_say_until_when_they_are_trained_and_on_what_they_are_served(arm: Arm) -> None:
    """The days are those of the retirement schedule (2026-10-05)."""
    (mini,) = [each for each in arm.models("swedencentral") if (each.name, each.kind) == ("gpt-4.1-mini", "OpenAI")]

    assert (mini.version, mini.fine_tune, mini.lifecycle) == ("2025-04-14", True, "Deprecating")
    assert (mini.training_ends, mini.inference_ends) == (date(2027, 4, 14), date(2027, 4, 14))
    pools = {each.usage_name: each.ends for each in mini.skus}
    assert pools["OpenAI.DeveloperTier.gpt-4.1-mini-finetune"] == date(2027, 10, 14)


def test_a_region_that_serves_none_lists_none(arm: Arm) -> None:
    assert arm.models("antarctica") == []


def test_an_account_s_deployments_are_listed_with_their_models(arm: Arm, simulator: Simulator) -> None:
    group = f"/subscriptions/{simulator.cloud.subscription_id}/resourceGroups/g"
    account = f"{group}/providers/Microsoft.CognitiveServices/accounts/contoso"
    model = {"format": "OpenAI", "name": "gpt-4.1.ft-1", "version": "1"}
    sku = {"name": "GlobalStandard", "capacity": 10}
    _stands(simulator, group, "Microsoft.Resources/resourceGroups", {})
    _stands(simulator, account, ACCOUNTS, {"kind": "OpenAI"})
    _stands(simulator, f"{account}/deployments/clippy-1", DEPLOYMENTS, {"sku": sku, "properties": {"model": model}})
    (found,) = arm.deployments(account)

    made = simulator.clock.now()
    assert found == StandingDeployment("clippy-1", "gpt-4.1.ft-1", "GlobalStandard", 10, "Succeeded", made)
    assert found.tuned


def _stands(simulator: Simulator, resource_id: str, kind: str, body: dict[str, Any]) -> None:
    made = simulator.clock.now()
    resource = Resource(
        id=resource_id,
        type=kind,
        name=resource_id.rpartition("/")[2],
        body=body,
        etag="",
        created_at=made,
        changed_at=made,
        created_by="",
        changed_by="",
    )
    simulator.cloud.state.arm.resources[resource.key] = resource


def test_what_may_not_be_read_is_refused_with_what_it_was(
    simulator: Simulator, environment: Callable[..., dict[str, str]]
) -> None:
    environment("stranger")
    with _arm(simulator) as arm, pytest.raises(ServiceRefused, match="the models of swedencentral cannot be read"):
        arm.models("swedencentral")


@pytest.mark.parametrize(
    ("text", "day"),
    [("2027-04-14T00:00:00Z", date(2027, 4, 14)), ("2027-04-14", date(2027, 4, 14)), (None, None), ("soon", None)],
)
def test_a_day_is_read_from_a_moment_and_what_is_none_is_passed_over(text: str | None, day: date | None) -> None:
    model = SimpleNamespace(
        name="m",
        version=None,
        capabilities=None,
        lifecycle_status=None,
        deprecation=SimpleNamespace(fine_tune=text, inference=None),
        skus=None,
    )

    assert offered(SimpleNamespace(kind=None, model=model)) == OfferedModel("", "m", "", training_ends=day)


@pytest.mark.parametrize(
    "spoilt", [{"kind": "empty"}, {"kind": "notJson"}, {"kind": "answer", "status": 200, "body": 7}]
)
def test_an_answer_that_is_none_is_said(
    simulator: Simulator, environment: Callable[..., dict[str, str]], spoilt: dict[str, Any]
) -> None:
    """The library looks for members of what isn't there."""
    environment("deployer")
    plan = {"faults": [{"match": {"path": "*/usages"}, "does": spoilt}]}
    with (
        closing(Credential(None)) as credential,
        closing(Arm(simulator.cloud.subscription_id, None, credential)) as arm,
    ):
        arm.models("swedencentral")
        with simulator.cloud.faults.planned(plan), pytest.raises(ServiceRefused, match="swedencentral"):
            arm.usages("swedencentral")
