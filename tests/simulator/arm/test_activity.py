"""The activity log and the count of calls, held against azure-mgmt-monitor."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from simulator.arm.models import Resource, note_call
from simulator.entra.models import DEPLOYER, SEEDED
from simulator.faults.plan import Plan
from simulator.roles import MONITORING_READER, OPENAI_CONTRIBUTOR
from simulator.server import Simulator
from tests.simulator.arm.clients import (
    GROUP,
    Clients,
    add_tuned_model,
    deployment,
    name_of,
    refused,
    tuned_deployment,
)
from tests.simulator.arm.conftest import As

WRITE = "Microsoft.CognitiveServices/accounts/deployments/write"
DELETE = "Microsoft.CognitiveServices/accounts/deployments/delete"


def put(azure: Clients, account: Resource, name: str, body: Any) -> None:
    azure.cognitive.deployments.begin_create_or_update(*name_of(account), name, body).result()


def events(azure: Clients, simulator: Simulator, about: str, **back: int) -> list[tuple[str, str, datetime]]:
    """What was done, by whom and when, newest first; the last day's unless ``back`` says another time."""
    start = simulator.clock.now() - timedelta(**(back or {"days": 1}))
    found = azure.monitor.activity_logs.list(f"eventTimestamp ge '{start:%Y-%m-%dT%H:%M:%SZ}' and {about}")
    return [
        (str(each.operation_name and each.operation_name.value), str(each.caller), each.event_timestamp)
        for each in found
        if each.event_timestamp is not None
    ]


def of(account: Resource, name: str) -> str:
    return f"resourceUri eq '{account.id}/deployments/{name}'"


class TestActivity:
    def test_who_made_and_deleted_a_resource_is_kept(
        self, simulator: Simulator, azure: Clients, account: Resource
    ) -> None:
        put(azure, account, "base", deployment())
        azure.cognitive.deployments.begin_delete(*name_of(account), "base").result()

        found = [(done, by) for done, by, _ in events(azure, simulator, of(account, "base"))]

        assert sorted(found) == [(DELETE, DEPLOYER.object_id), (WRITE, DEPLOYER.object_id)]

    def test_what_azure_deletes_by_itself_was_deleted_by_the_platform_at_its_time(
        self, simulator: Simulator, azure: Clients, account: Resource
    ) -> None:
        """Fifteen days after its last call (fine-tune.md), or 24 hours as DeveloperTier, whoever looks when."""
        for number, sku in ((1, "GlobalStandard"), (2, "DeveloperTier")):
            put(azure, account, f"d{number}", tuned_deployment(add_tuned_model(simulator, account, number=number), sku))
        note_call(simulator.cloud, f"{account.id}/deployments/d1")
        called = simulator.clock.now()
        simulator.clock.advance(20 * 86400)

        (gone, by, at), (made, _, _) = events(azure, simulator, of(account, "d1"), days=30)
        assert (gone, made, at) == (DELETE, WRITE, called + timedelta(days=15))
        assert by == "Microsoft.CognitiveServices"
        (_, other, at), (_, _, made_at) = events(azure, simulator, of(account, "d2"), days=30)
        assert (other, at - made_at) == (by, timedelta(hours=24))

    def test_so_is_what_a_plan_of_faults_removes(self, simulator: Simulator, azure: Clients, account: Resource) -> None:
        put(azure, account, "d1", tuned_deployment(add_tuned_model(simulator, account)))
        simulator.cloud.faults.install(
            Plan.model_validate({"events": [{"event": "deploymentDeleted", "deployment": "d1"}]})
        )

        assert events(azure, simulator, of(account, "d1"))[0][:2] == (DELETE, "Microsoft.CognitiveServices")

    @pytest.mark.usefixtures("account")
    def test_a_group_s_and_a_provider_s_events_can_be_asked_for(self, simulator: Simulator, azure: Clients) -> None:
        of_group = {done for done, _, _ in events(azure, simulator, f"resourceGroupName eq '{GROUP}'")}
        of_provider = {done for done, _, _ in events(azure, simulator, "resourceProvider eq 'Microsoft.Resources'")}

        assert "Microsoft.CognitiveServices/accounts/write" in of_group
        assert of_provider == {"Microsoft.Resources/subscriptions/resourceGroups/write"}

    @pytest.mark.parametrize("about", ["status eq 'Succeeded'", "resourceUri eq 'a' or resourceUri eq 'b'"])
    def test_another_filter_than_those_of_the_specification_is_refused(
        self, simulator: Simulator, azure: Clients, about: str
    ) -> None:
        with refused(400, "BadRequest"):
            events(azure, simulator, about)

    def test_ninety_days_are_kept(self, simulator: Simulator, azure: Clients, account: Resource) -> None:
        with refused(400, "BadRequest", containing="90 days"):
            events(azure, simulator, of(account, "d1"), days=91)

    def test_who_has_no_role_to_read_it_is_refused(self, simulator: Simulator, as_: As, account: Resource) -> None:
        with refused(403, "AuthorizationFailed", containing="Microsoft.Insights/eventtypes/values/read"):
            events(as_("trainer"), simulator, of(account, "d1"))


def series(azure: Clients, account: Resource, **asked: Any) -> dict[str, list[float]]:
    """Calls by deployment, a number for each interval."""
    found = azure.monitor.metrics.list(
        account.id, metricnames="AzureOpenAIRequests", **{"filter": "ModelDeploymentName eq '*'", **asked}
    )
    (metric,) = found.value
    return {
        "".join(str(value.value) for value in each.metadatavalues or []): [
            point.total or 0.0 for point in each.data or []
        ]
        for each in metric.timeseries
    }


def granted(role: str) -> Any:
    """The trainer has it."""
    definition = f"/providers/Microsoft.Authorization/roleDefinitions/{role}"
    return {
        "properties": {
            "roleDefinitionId": definition,
            "principalId": SEEDED["trainer"].object_id,
            "principalType": "ServicePrincipal",
        }
    }


class TestMetrics:
    def test_calls_are_counted_by_deployment_and_hour(
        self, simulator: Simulator, azure: Clients, account: Resource
    ) -> None:
        put(azure, account, "base", deployment())
        simulator.clock.advance(3600 - simulator.clock.now().timestamp() % 3600)
        begun = simulator.clock.now()
        for seconds in (0, 60, 7200):
            simulator.clock.advance(seconds)
            note_call(simulator.cloud, f"{account.id}/deployments/base")
        span = f"{begun:%Y-%m-%dT%H:%M:%SZ}/{begun + timedelta(hours=4):%Y-%m-%dT%H:%M:%SZ}"

        assert series(azure, account, timespan=span, interval="PT1H") == {"base": [2, 0, 1, 0]}
        assert series(azure, account, timespan=span, interval="PT1H", filter=None) == {"": [2, 0, 1, 0]}
        other = "ModelDeploymentName eq 'another'"
        assert series(azure, account, timespan=span, interval="PT1H", filter=other) == {}
        later = span.replace(f"{begun:%Y-%m-%dT%H:%M:%SZ}", f"{begun + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}", 1)
        assert series(azure, account, timespan=later, interval="PT1H") == {"base": [0, 1, 0]}

    def test_a_metric_that_is_none_is_refused_with_those_that_are(self, azure: Clients, account: Resource) -> None:
        """Azure/azure-sdk-for-net#29584."""
        with refused(400, "BadRequest", containing="resource Type: accounts, metric: Nothing, Valid metrics: "):
            azure.monitor.metrics.list(account.id, metricnames="Nothing")

    @pytest.mark.parametrize(
        "asked", [{"interval": "PT7M"}, {"timespan": "yesterday"}, {"filter": "Region eq 'x' and Color eq 'y'"}]
    )
    def test_what_cannot_be_asked_is_refused(self, azure: Clients, account: Resource, asked: dict[str, str]) -> None:
        with refused(400, "BadRequest"):
            series(azure, account, **asked)

    def test_a_trainer_s_role_does_not_show_them_and_monitoring_reader_does(
        self, azure: Clients, as_: As, account: Resource
    ) -> None:
        """Azure's built-in roles: OpenAI Contributor has no action of Microsoft.Insights."""
        trainer = as_("trainer")
        for role, allowed in ((OPENAI_CONTRIBUTOR, False), (MONITORING_READER, True)):
            azure.authorization.role_assignments.create(
                account.id,
                role,
                granted(role),
            )
            if allowed:
                assert series(trainer, account) == {}
            else:
                with refused(403, "AuthorizationFailed", containing="Microsoft.Insights/metrics/read"):
                    series(trainer, account)
