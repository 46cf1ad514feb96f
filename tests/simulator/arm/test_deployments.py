"""Deployments of base models, held against azure-mgmt-cognitiveservices and the refusals that were captured."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.cognitiveservices.models import PatchResourceTagsAndSku, Sku

from simulator.arm import responses
from simulator.arm.models import Resource, deployments_of
from simulator.clock import Clock
from simulator.cloud import Cloud
from simulator.server import Simulator
from tests.simulator.arm.clients import Clients, deployment, make_account, name_of, refused
from tests.simulator.arm.conftest import Wire

V = "api-version=2025-06-01"


def put(azure: Clients, account: Resource, name: str, body: Any) -> Any:
    return azure.cognitive.deployments.begin_create_or_update(*name_of(account), name, body).result()


def test_the_answer_has_the_recorded_form(simulator: Simulator, wire: Wire, account: Resource) -> None:
    """Azure/azure-cli, test_cognitiveservices_deployment.yaml, 2025-10-28: 201, Succeeded at once, no operation."""
    sent = {
        "sku": {"name": "Standard", "capacity": 1},
        "properties": {"model": {"format": "OpenAI", "name": "gpt-4o-mini", "version": "2024-07-18"}},
    }
    answer = wire("PUT", f"{account.id}/deployments/dpy?{V}", sent)
    assert answer.status_code == 201
    assert "azure-asyncoperation" not in answer.headers
    body = answer.json()
    assert list(body) == ["id", "type", "name", "sku", "properties", "systemData", "etag"]
    assert body["id"] == f"{account.id}/deployments/dpy"
    assert body["type"] == "Microsoft.CognitiveServices/accounts/deployments"
    assert body["sku"] == {"name": "Standard", "capacity": 1}
    properties = body["properties"]
    assert properties["model"] == {"format": "OpenAI", "name": "gpt-4o-mini", "version": "2024-07-18"}
    assert properties["versionUpgradeOption"] == "OnceNewDefaultVersionAvailable"
    assert properties["currentCapacity"] == 1
    assert properties["provisioningState"] == "Succeeded"
    assert properties["rateLimits"] == [
        {"key": "request", "renewalPeriod": 10, "count": 1},
        {"key": "token", "renewalPeriod": 60, "count": 1000},
    ]
    assert all(isinstance(value, str) for value in properties["capabilities"].values())
    assert body["etag"].startswith('"')
    assert wire("GET", f"{account.id}/deployments/dpy?{V}").json() == body
    assert wire("GET", f"{account.id}/deployments?{V}").json() == {"value": [body]}


def test_a_newer_model_has_a_request_a_minute_for_a_unit(azure: Clients, account: Resource) -> None:
    """1,000 requests for 1 million tokens: quotas-limits, GPT-4.1 series; six of older models, as above."""
    limits = put(azure, account, "base", deployment(capacity=10)).properties.rate_limits
    assert [(each.key, each.count / each.renewal_period * 60) for each in limits] == [
        ("request", 10),
        ("token", 10_000),
    ]


def test_a_deleted_one_answers_200_and_is_gone_at_once(wire: Wire, azure: Clients, account: Resource) -> None:
    put(azure, account, "base", deployment())
    answer = wire("DELETE", f"{account.id}/deployments/base?{V}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert wire("GET", f"{account.id}/deployments?{V}").json() == {"value": []}


def test_capacity_is_changed_in_place(simulator: Simulator, azure: Clients, account: Resource) -> None:
    put(azure, account, "base", deployment(capacity=10))
    assert put(azure, account, "base", deployment(capacity=20)).sku.capacity == 20
    change = PatchResourceTagsAndSku(tags={"a": "1"}, sku=Sku(name="GlobalStandard", capacity=30))
    patched: Any = azure.cognitive.deployments.begin_update(*name_of(account), "base", change).result()
    assert (patched.sku.capacity, patched.tags) == (30, {"a": "1"})
    assert patched.properties.rate_limits[1].count == 30_000
    assert len(deployments_of(simulator.cloud, account.id)) == 1


def test_a_patch_takes_tags_and_sku_only(wire: Wire, azure: Clients, account: Resource) -> None:
    put(azure, account, "base", deployment())
    answer = wire("PATCH", f"{account.id}/deployments/base?{V}", {"properties": {"raiPolicyName": "x"}})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidRequestContent")


def test_the_model_of_a_deployment_cannot_be_changed(azure: Clients, account: Resource) -> None:
    put(azure, account, "base", deployment())
    with refused(400, "CannotChangeDeploymentModel", "The model of deployment cannot be changed."):
        put(azure, account, "base", deployment("gpt-4.1"))


def test_capacity_and_model_are_not_changed_together(azure: Clients, account: Resource) -> None:
    put(azure, account, "base", deployment(capacity=10))
    message = "Cannot change capacity and model at the same time for deployment"
    with refused(400, "CannotChangeDeploymentModel", message):
        put(azure, account, "base", deployment("gpt-4.1", capacity=20))


@pytest.mark.parametrize(
    "name", ["gpt-99", "gpt-4.1-mini-2025-04-14.ft-00000000000000000000000000000000"], ids=["base", "tuned"]
)
def test_an_unknown_model_is_not_supported(azure: Clients, account: Resource, name: str) -> None:
    with refused(
        400,
        "DeploymentModelNotSupported",
        f"The model 'Format:OpenAI,Name:{name},Version:1' of account deployment is not supported.",
    ):
        put(azure, account, "base", deployment(name, "1"))


def test_a_retired_model_is_deprecated_since_its_day(simulator: Simulator, azure: Clients, account: Resource) -> None:
    """microsoft-foundry-for-vscode#491; the day is that of the retirement schedule of 2026-10-05."""
    put(azure, account, "before", deployment("gpt-4o", "2024-05-13"))
    simulator.clock.advance((datetime(2026, 12, 9, tzinfo=UTC) - simulator.clock.now()).total_seconds())
    with refused(
        400,
        "ServiceModelDeprecated",
        "The model 'Format:OpenAI,Name:gpt-4o,Version:2024-05-13' has been deprecated since 12/09/2026 00:00:00.",
    ):
        put(azure, account, "after", deployment("gpt-4o", "2024-05-13"))
    assert put(azure, account, "before", deployment("gpt-4o", "2024-05-13", capacity=5)).sku.capacity == 5


def test_a_new_subscription_may_not_deploy_what_is_in_deprecation(simulator: Simulator, as_: Any) -> None:
    """microsoft-foundry-for-vscode#557; gpt-4.1-mini is deprecated in the schedule of 2026-10-05, gpt-5 is not."""
    simulator.replace_cloud(Cloud(Clock(step_on_poll=True), new_subscription=True))
    azure: Clients = as_("deployer")
    azure.resources.resource_groups.create_or_update("rg-tuned", {"location": "swedencentral"})
    make_account(azure, "rg-tuned", "aoai-new")
    account = deploy_to(simulator)
    with refused(
        400,
        "ServiceModelDeprecating",
        "The model 'Format:OpenAI,Name:gpt-4.1-mini,Version:2025-04-14' is in deprecating state and cannot be used for "
        "new deployments.",
    ):
        put(azure, account, "base", deployment())
    assert put(azure, account, "base", deployment("gpt-5", "2025-08-07")).properties.provisioning_state == "Succeeded"


def deploy_to(simulator: Simulator) -> Resource:
    (account,) = (r for r in simulator.cloud.state.arm.resources.values() if r.name == "aoai-new")
    return account


def test_an_sku_that_is_not_offered_is_refused(azure: Clients, account: Resource) -> None:
    """Azure/azure-dev#6727: DeveloperTier serves tuned models only."""
    with refused(
        400,
        "InvalidResourceProperties",
        "The specified SKU 'DeveloperTier' of account deployment is not supported by the model 'gpt-4.1-mini' version: "
        "'2025-04-14'.",
    ):
        put(azure, account, "base", deployment(sku="DeveloperTier"))


def test_scale_settings_are_of_the_past(wire: Wire, account: Resource) -> None:
    body = {"sku": {"name": "Standard"}, "properties": {"scaleSettings": {"scaleType": "Standard"}}}
    answer = wire("PUT", f"{account.id}/deployments/base?{V}", body)
    assert answer.status_code == 400
    assert answer.json()["error"] == {
        "code": "InvalidResourceProperties",
        "message": "The scale settings of account deployment is deprecated since API version '2023-05-01', please use "
        "'sku' instead.",
    }


@pytest.mark.parametrize("capacity", [-1780, 0, 1_000_001])
def test_a_capacity_out_of_range_is_invalid(azure: Clients, account: Resource, capacity: int) -> None:
    with refused(
        400,
        "InvalidCapacity",
        f"The specified capacity '{capacity}' of account deployment should be at least 1 and no more than 1000000.",
    ):
        put(azure, account, "base", deployment(capacity=capacity))


def test_a_capacity_above_the_quota_is_refused_in_azures_grammar(azure: Clients, account: Resource) -> None:
    """microsoft/PubSec-Info-Assistant#880."""
    put(azure, account, "first", deployment(sku="Standard", capacity=400))
    with refused(
        400,
        "InsufficientQuota",
        "This operation require 240 new capacity in quota Tokens Per Minute (thousands) - gpt-4.1-mini, which is "
        "bigger than the current available capacity 50. The current quota usage is 400 and the quota limit is 450 for "
        "quota Tokens Per Minute (thousands) - gpt-4.1-mini.",
    ):
        put(azure, account, "second", deployment(sku="Standard", capacity=240))
    assert put(azure, account, "first", deployment(sku="Standard", capacity=450)).sku.capacity == 450


def test_quota_is_held_until_a_deleted_account_is_purged(azure: Clients, account: Resource, group: str) -> None:
    """MicrosoftDocs azure-ai-docs, openai/how-to/quota.md: deleting by API keeps the quota until the purge."""
    put(azure, account, "first", deployment(sku="Standard", capacity=450))
    azure.cognitive.accounts.begin_delete(*name_of(account)).result()
    make_account(azure, group, "second-account")
    with refused(400, "InsufficientQuota"):
        azure.cognitive.deployments.begin_create_or_update(
            group, "second-account", "d", deployment(sku="Standard", capacity=1)
        )
    azure.cognitive.deleted_accounts.begin_purge("swedencentral", group, account.name).result()
    azure.cognitive.deployments.begin_create_or_update(
        group, "second-account", "d", deployment(sku="Standard", capacity=1)
    ).result()


def test_siblings_sent_together_meet_a_conflict(
    azure: Clients, account: Resource, monkeypatch: pytest.MonkeyPatch
) -> None:
    """hashicorp/terraform-provider-azurerm#22607. The first write is held long enough here for the second to arrive."""
    monkeypatch.setattr(responses, "IN_FLIGHT", 0.5)
    azure.cognitive.accounts.get(*name_of(account))  # The token and the connection are there before the race.
    together = threading.Barrier(2)
    outcomes: list[str] = []

    def create(name: str) -> None:
        together.wait()
        try:
            put(azure, account, name, deployment())
            outcomes.append("created")
        except HttpResponseError as problem:
            outcomes.append(f"{problem.status_code} {problem.error.code if problem.error else None}")

    racers = [threading.Thread(target=create, args=(name,)) for name in ("d1", "d2")]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(outcomes) == ["409 RequestConflict", "created"]


def test_open_weights_want_their_own_format(wire: Wire, azure: Clients, account: Resource) -> None:
    """The library would try a 500 again and again, so the wire is asked."""
    body: Any = deployment("gpt-oss-20b", "11")
    answer = wire("PUT", f"{account.id}/deployments/oss?{V}", body.serialize())
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "InternalServerError")
    body.properties.model.format = "Microsoft"
    assert put(azure, account, "oss", body).properties.provisioning_state == "Succeeded"


def test_the_models_of_a_region_tell_their_lifecycle(azure: Clients, account: Resource) -> None:
    models = {
        (each.model.name, each.model.version): each.model
        for each in azure.cognitive.models.list("swedencentral")
        if each.model is not None and each.kind == "OpenAI"
    }
    mini = models["gpt-4.1-mini", "2025-04-14"]
    assert mini.lifecycle_status == "Deprecating"
    assert mini.deprecation is not None
    assert mini.deprecation.inference == "2027-04-14T00:00:00Z"
    assert {sku.usage_name for sku in mini.skus or [] if sku.name == "Standard"} == {
        "OpenAI.Standard.gpt-4.1-mini",
        "OpenAI.Standard.gpt-4.1-mini-finetune",
    }
    assert models["gpt-4", "0613"].lifecycle_status == "Deprecated"
    assert (mini.capabilities or {})["FineTuneTokensMaxValue"] == "2000000000"
    assert "fineTune" not in (models["gpt-4", "0613"].capabilities or {})
    listed = [each.name for each in azure.cognitive.accounts.list_models(*name_of(account))]
    assert "gpt-oss-20b" in listed


def test_usages_count_what_is_deployed(azure: Clients, account: Resource) -> None:
    put(azure, account, "base", deployment(capacity=70))
    usages = {each.name.value: each for each in azure.cognitive.usages.list("swedencentral") if each.name is not None}
    assert usages["OpenAI.GlobalStandard.gpt-4.1-mini"].current_value == 70
    assert usages["OpenAI.GlobalStandard.gpt-4.1-mini-finetune"].current_value == 0
    left = azure.cognitive.location_based_model_capacities.list("swedencentral", "OpenAI", "gpt-4.1-mini", "2025-04-14")
    by_sku = {each.name: each.properties for each in left}
    standard = by_sku["GlobalStandard"]
    assert standard is not None
    assert standard.available_capacity == 930
    assert standard.available_finetune_capacity == 500
    assert list(azure.cognitive.location_based_model_capacities.list("swedencentral", "OpenAI", "none", "1")) == []


def test_a_model_says_where_it_is_trained(simulator: Simulator, azure: Clients) -> None:
    """As the jobs have it: gpt-4.1-nano everywhere but in polandcentral, and no longer after its last training day."""

    def trained(location: str) -> set[str]:
        listed = (each.model for each in azure.cognitive.models.list(location))
        return {str(each.name) for each in listed if each is not None and "fineTune" in (each.capabilities or {})}

    assert "gpt-4.1-nano" in trained("norwayeast")
    assert "gpt-4.1-nano" not in trained("polandcentral")
    assert "gpt-4.1-mini" in trained("polandcentral")
    simulator.clock.advance(86_400 * 200)
    assert "gpt-4.1-nano" not in trained("norwayeast")
