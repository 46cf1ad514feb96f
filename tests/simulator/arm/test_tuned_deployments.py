"""Deployments of tuned models: they take their time, hold their account meanwhile, and go when they are not used."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from simulator.arm.models import Resource, deployments_of, find, note_call
from simulator.entra.models import SEEDED
from simulator.server import Simulator
from tests.simulator.arm.clients import (
    Clients,
    add_tuned_model,
    deployment,
    make_account,
    name_of,
    refused,
    tuned_deployment,
)
from tests.simulator.arm.conftest import As, Wire

V = "api-version=2025-06-01"
FOUNDRY_OWNER = "c883944f-8b7b-4483-af10-35834be79c4a"


def put(azure: Clients, account: Resource, name: str, body: Any, *, polling: bool = True) -> Any:
    more: dict[str, Any] = {} if polling else {"polling": False}
    return azure.cognitive.deployments.begin_create_or_update(*name_of(account), name, body, **more).result()


def test_it_is_creating_for_two_minutes(simulator: Simulator, wire: Wire, account: Resource) -> None:
    simulator.clock.step_on_poll = False
    model = add_tuned_model(simulator, account)
    answer = wire("PUT", f"{account.id}/deployments/d1?{V}", tuned_deployment(model).serialize())
    assert answer.status_code == 201
    assert answer.json()["properties"]["provisioningState"] == "Creating"
    assert "/operationResults/" in answer.headers["azure-asyncoperation"]
    simulator.clock.advance(119)
    assert wire("GET", f"{account.id}/deployments/d1?{V}").json()["properties"]["provisioningState"] == "Creating"
    simulator.clock.advance(1)
    assert wire("GET", f"{account.id}/deployments/d1?{V}").json()["properties"]["provisioningState"] == "Succeeded"


def test_the_library_waits_for_it_in_simulated_time(simulator: Simulator, azure: Clients, account: Resource) -> None:
    model = add_tuned_model(simulator, account)
    before = simulator.clock.now()
    made = put(azure, account, "d1", tuned_deployment(model))
    assert made.properties.provisioning_state == "Succeeded"
    assert made.properties.model.name == model
    assert (simulator.clock.now() - before).total_seconds() >= 120


def test_a_poll_hint_is_compressed_and_never_a_fraction_in_retry_after(
    simulator: Simulator, wire: Wire, account: Resource
) -> None:
    """The management libraries parse Retry-After as a whole number, and fall back to 30 s where a hint is 0."""
    model = add_tuned_model(simulator, account)
    simulator.clock.rate = 600
    answer = wire("PUT", f"{account.id}/deployments/d1?{V}", tuned_deployment(model).serialize())
    assert "retry-after" not in answer.headers
    assert float(answer.headers["x-ms-retry-after-ms"]) == 50  # 30 simulated seconds


def test_in_real_time_the_hint_is_azures_own(simulator: Simulator, wire: Wire, account: Resource) -> None:
    model = add_tuned_model(simulator, account)
    simulator.clock.rate = 1
    answer = wire("PUT", f"{account.id}/deployments/d1?{V}", tuned_deployment(model).serialize())
    assert answer.headers["retry-after"] == "30"


def test_siblings_wait_until_it_is_done(simulator: Simulator, azure: Clients, account: Resource) -> None:
    model = add_tuned_model(simulator, account)
    put(azure, account, "base", deployment())
    put(azure, account, "d1", tuned_deployment(model), polling=False)
    conflict = (
        409,
        "RequestConflict",
        f"Another operation is being performed on the parent resource '{account.id}'. Please try again later.",
    )
    with refused(*conflict):
        put(azure, account, "d2", deployment("gpt-4.1"))
    with refused(*conflict):
        azure.cognitive.deployments.begin_delete(*name_of(account), "base")
    with refused(*conflict):
        azure.cognitive.accounts.begin_delete(*name_of(account))
    simulator.clock.advance(120)
    put(azure, account, "d2", deployment("gpt-4.1"))


def test_a_conflict_says_nothing_of_when_to_try_again(simulator: Simulator, wire: Wire, account: Resource) -> None:
    model = add_tuned_model(simulator, account)
    simulator.clock.step_on_poll = False
    wire("PUT", f"{account.id}/deployments/d1?{V}", tuned_deployment(model).serialize())
    answer = wire("PUT", f"{account.id}/deployments/d2?{V}", deployment().serialize())
    assert answer.status_code == 409
    assert not [name for name in answer.headers if "retry-after" in name]


def test_deleting_one_takes_a_while_and_holds_the_account(
    simulator: Simulator, wire: Wire, azure: Clients, account: Resource
) -> None:
    model = add_tuned_model(simulator, account)
    put(azure, account, "d1", tuned_deployment(model))
    simulator.clock.step_on_poll = False
    answer = wire("DELETE", f"{account.id}/deployments/d1?{V}")
    assert answer.status_code == 202
    assert wire("GET", answer.headers["Location"]).status_code == 202
    with refused(409, "RequestConflict"):
        put(azure, account, "d2", deployment())
    simulator.clock.advance(15)
    assert wire("GET", answer.headers["Location"]).status_code == 200
    assert deployments_of(simulator.cloud, account.id) == []


def test_the_library_waits_for_the_delete(simulator: Simulator, azure: Clients, account: Resource) -> None:
    model = add_tuned_model(simulator, account)
    put(azure, account, "d1", tuned_deployment(model))
    azure.cognitive.deployments.begin_delete(*name_of(account), "d1").result()
    assert list(azure.cognitive.deployments.list(*name_of(account))) == []


def test_another_tuned_model_needs_another_deployment(simulator: Simulator, azure: Clients, account: Resource) -> None:
    first, second = add_tuned_model(simulator, account), add_tuned_model(simulator, account, number=2)
    put(azure, account, "d1", tuned_deployment(first))
    with refused(400, "CannotChangeDeploymentModel", "The model of deployment cannot be changed."):
        put(azure, account, "d1", tuned_deployment(second))


def test_tuned_models_have_a_quota_of_their_own(simulator: Simulator, azure: Clients, account: Resource) -> None:
    model = add_tuned_model(simulator, account)
    put(azure, account, "base", deployment(sku="Standard", capacity=450))
    with refused(
        400,
        "InsufficientQuota",
        "This operation require 251 new capacity in quota Tokens Per Minute (thousands) - gpt-4.1-mini-finetune, "
        "which is bigger than the current available capacity 250. The current quota usage is 0 and the quota limit is "
        "250 for quota Tokens Per Minute (thousands) - gpt-4.1-mini-finetune.",
    ):
        put(azure, account, "d1", tuned_deployment(model, "Standard", 251))
    put(azure, account, "d1", tuned_deployment(model, "Standard", 250))


def test_an_account_has_ten_at_most(simulator: Simulator, azure: Clients, account: Resource) -> None:
    for number in range(10):
        model = add_tuned_model(simulator, account, number=number)
        put(azure, account, f"d{number}", tuned_deployment(model, capacity=1))
    with refused(400, "DeploymentLimitReached"):
        put(azure, account, "d10", tuned_deployment(add_tuned_model(simulator, account, number=10), capacity=1))


def test_a_developer_deployment_goes_after_24_hours(simulator: Simulator, azure: Clients, account: Resource) -> None:
    model = add_tuned_model(simulator, account)
    put(azure, account, "d1", tuned_deployment(model, "DeveloperTier"))
    (made,) = deployments_of(simulator.cloud, account.id)
    simulator.clock.advance(23 * 3600)
    note_call(simulator.cloud, made.id)
    assert find(simulator.cloud, made.id) is not None
    simulator.clock.advance(3600)
    with refused(404, "ResourceNotFound"):
        azure.cognitive.deployments.get(*name_of(account), "d1")


def test_an_idle_deployment_goes_after_15_days(simulator: Simulator, azure: Clients, account: Resource) -> None:
    model = add_tuned_model(simulator, account)
    put(azure, account, "d1", tuned_deployment(model))
    put(azure, account, "base", deployment())
    simulator.clock.advance(14 * 86400)
    (tuned,) = (each for each in deployments_of(simulator.cloud, account.id) if each.tuned)
    note_call(simulator.cloud, tuned.id)
    simulator.clock.advance(14 * 86400)
    assert find(simulator.cloud, tuned.id) is not None
    simulator.clock.advance(86400)
    assert [each.name for each in azure.cognitive.deployments.list(*name_of(account))] == ["base"]


def test_a_retired_base_ends_its_tuned_models_on_a_day_of_their_own(
    simulator: Simulator, azure: Clients, account: Resource
) -> None:
    """Retirement schedule of 2026-10-05, gpt-4.1-mini: the base ends on 2027-04-14, tuned models on 2027-10-14."""
    model = add_tuned_model(simulator, account)
    simulator.clock.advance((datetime(2027, 5, 1, tzinfo=UTC) - simulator.clock.now()).total_seconds())
    put(azure, account, "d1", tuned_deployment(model))
    simulator.clock.advance((datetime(2027, 10, 14, tzinfo=UTC) - simulator.clock.now()).total_seconds())
    with refused(
        400,
        "ServiceModelDeprecated",
        f"The model 'Format:OpenAI,Name:{model},Version:1' has been deprecated since 10/14/2027 00:00:00.",
    ):
        put(azure, account, "d2", tuned_deployment(model))


@pytest.fixture
def second(simulator: Simulator, azure: Clients, account: Resource, group: str) -> Resource:
    """Another account, where a model of the first one is to be served."""
    made = make_account(azure, group, "aoai-serving")
    found = find(simulator.cloud, str(made.id))
    assert found is not None
    return found


def test_a_model_of_another_account_needs_its_source(
    simulator: Simulator, azure: Clients, account: Resource, second: Resource
) -> None:
    model = add_tuned_model(simulator, account)
    with refused(400, "DeploymentModelNotSupported"):
        put(azure, second, "d1", tuned_deployment(model))
    body: Any = tuned_deployment(model)
    body.properties.model.source = account.id
    made = put(azure, second, "d1", body)
    assert made.properties.model.source == account.id


def test_a_source_that_cannot_be_read_is_refused(
    simulator: Simulator, azure: Clients, as_: As, account: Resource, second: Resource
) -> None:
    model = add_tuned_model(simulator, account)
    trainer = SEEDED["trainer"]
    role = f"/subscriptions/{simulator.cloud.subscription_id}/providers/Microsoft.Authorization/roleDefinitions/"
    owner: Any = {"properties": {"roleDefinitionId": role + FOUNDRY_OWNER, "principalId": trainer.object_id}}
    azure.authorization.role_assignments.create(second.id, "11111111-1111-4111-8111-111111111111", owner)
    body: Any = tuned_deployment(model)
    body.properties.model.source = account.id
    with refused(
        403,
        "LinkedAuthorizationFailed",
        f"The client '{trainer.client_id}' with object id '{trainer.object_id}' has permission to perform action "
        f"'Microsoft.CognitiveServices/accounts/deployments/write' on scope '{second.id}/deployments/d1'; however, it "
        "does not have permission to perform action 'Microsoft.CognitiveServices/accounts/models/read' on the linked "
        f"scope(s) '{account.id}' or the linked scope(s) are invalid.",
    ):
        put(as_("trainer"), second, "d1", body)


def test_an_account_lists_the_models_tuned_in_it(simulator: Simulator, azure: Clients, account: Resource) -> None:
    model = add_tuned_model(simulator, account)
    (tuned,) = [each for each in azure.cognitive.accounts.list_models(*name_of(account)) if each.name == model]
    assert tuned.base_model is not None
    assert (tuned.base_model.name, tuned.base_model.version) == ("gpt-4.1-mini", "2025-04-14")
