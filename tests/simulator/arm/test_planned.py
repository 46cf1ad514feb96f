"""What a plan does to the control plane: throttling, conflicts, operations that fail, lists and roles that lag."""

from __future__ import annotations

import pytest
from azure.core.exceptions import HttpResponseError, ODataV4Format
from azure.mgmt.cognitiveservices.models import Sku

from simulator.arm.models import Resource
from simulator.entra.models import SEEDED
from simulator.server import Simulator
from tests.simulator.arm.clients import (
    GROUP,
    LOCATION,
    Clients,
    add_tuned_model,
    deployment,
    make_account,
    name_of,
    refused,
    tuned_deployment,
)
from tests.simulator.arm.conftest import Wire

ANOTHER = "Another operation is being performed on the parent resource"


def deploy(azure: Clients, account: Resource, name: str = "base") -> str:
    """The state it ends in."""
    made = azure.cognitive.deployments.begin_create_or_update(*name_of(account), name, deployment()).result()
    assert made.properties is not None
    return str(made.properties.provisioning_state)


def group_url(simulator: Simulator, name: str = "rg") -> str:
    return f"/subscriptions/{simulator.cloud.subscription_id}/resourcegroups/{name}?api-version=2024-03-01"


class TestThrottling:
    def test_takes_what_a_bucket_holds_and_what_has_come_back(self, simulator: Simulator, wire: Wire) -> None:
        """Token buckets since 2024; the words were seen in 2025 (velero-io/velero#9171)."""
        simulator.clock.step_on_poll = False
        plan = {"throttling": {"arm": {"reads": {"size": 3, "perSecond": 0.5}}}}
        with simulator.cloud.faults.planned({"behaviour": plan}):
            answers = [wire("GET", group_url(simulator)) for _ in range(4)]
            simulator.clock.advance(2)
            later = [wire("GET", group_url(simulator)).status_code for _ in range(2)]
            elsewhere = wire("PUT", group_url(simulator), {"location": LOCATION})

        assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
        left = [answer.headers["x-ms-ratelimit-remaining-subscription-reads"] for answer in answers]
        assert left == ["2", "1", "0", "0"]
        assert answers[3].json()["error"] == {
            "code": "SubscriptionRequestsThrottled",
            "message": f"Number of 'read' requests for subscription '{simulator.cloud.subscription_id}' actor "
            f"'{SEEDED['deployer'].object_id}' exceeded. Please try again after '2' seconds after additional tokens "
            "are available. Refer to https://aka.ms/arm-throttling for additional information.",
        }
        assert later == [404, 429]
        assert elsewhere.status_code == 201
        assert elsewhere.headers["x-ms-ratelimit-remaining-subscription-writes"] == "199"
        assert "x-ms-ratelimit-remaining-subscription-reads" not in wire("GET", group_url(simulator)).headers

    def test_counts_each_principal_by_itself(self, simulator: Simulator, wire: Wire) -> None:
        with simulator.cloud.faults.planned(
            {"behaviour": {"throttling": {"arm": {"reads": {"size": 1, "perSecond": 1}}}}}
        ):
            trainer = {"Authorization": f"Bearer {wire.token('trainer')}"}
            wire("GET", group_url(simulator))
            assert wire("GET", group_url(simulator), headers=trainer).status_code == 403

    def test_is_waited_for_by_azures_client(self, simulator: Simulator, azure: Clients, account: Resource) -> None:
        """It obeys the hint by itself: nothing is noticed but time."""
        plan = {
            "throttling": {"arm": {"writes": {"size": 1, "perSecond": 0.1}, "reads": {"size": 1, "perSecond": 0.1}}}
        }
        with simulator.cloud.faults.planned({"behaviour": plan}):
            before = simulator.clock.now()
            assert deploy(azure, account, "one") == "Succeeded"
            assert deploy(azure, account, "two") == "Succeeded"
            assert (simulator.clock.now() - before).total_seconds() >= 10


class TestConflicts:
    def test_are_so_many(self, simulator: Simulator, azure: Clients, account: Resource) -> None:
        with simulator.cloud.faults.planned({"behaviour": {"conflicts": [{"requests": 2}]}}):
            for _ in range(2):
                with refused(409, "RequestConflict", containing=ANOTHER):
                    deploy(azure, account)
            assert deploy(azure, account) == "Succeeded"
            assert simulator.faults.conduct.struck["conflicts[0]"] == 2

    def test_last_so_long(self, simulator: Simulator, azure: Clients, account: Resource) -> None:
        """For deletes too (azurerm#22939); reads are answered meanwhile."""
        deploy(azure, account)
        with simulator.cloud.faults.planned({"behaviour": {"conflicts": [{"seconds": 60}]}}):
            for _ in range(3):
                with refused(409, "RequestConflict", containing=ANOTHER):
                    azure.cognitive.deployments.begin_delete(*name_of(account), "base").result()
            assert azure.cognitive.deployments.get(*name_of(account), "base").name == "base"
            simulator.clock.advance(60)
            azure.cognitive.deployments.begin_delete(*name_of(account), "base").result()

    def test_outlive_what_was_done(self, simulator: Simulator, azure: Clients, account: Resource) -> None:
        """Azure-Samples/azure-search-openai-demo#59: the account reads Succeeded, and yet."""
        with simulator.cloud.faults.planned({"behaviour": {"conflicts": [{"afterChange": 20}]}}):
            assert deploy(azure, account, "one") == "Succeeded"
            with refused(409, "RequestConflict", containing=ANOTHER):
                deploy(azure, account, "two")
            simulator.clock.advance(20)
            assert deploy(azure, account, "two") == "Succeeded"

    def test_are_the_named_accounts_own(self, simulator: Simulator, azure: Clients, account: Resource) -> None:
        with simulator.cloud.faults.planned({"behaviour": {"conflicts": [{"account": "other*", "seconds": 60}]}}):
            assert deploy(azure, account) == "Succeeded"

    def test_end_with_the_plan(self, simulator: Simulator, azure: Clients, account: Resource) -> None:
        with (
            simulator.cloud.faults.planned({"behaviour": {"conflicts": [{"seconds": 1e6}]}}),
            refused(409, "RequestConflict"),
        ):
            deploy(azure, account)
        assert deploy(azure, account) == "Succeeded"


class TestAFailure:
    def test_of_a_tuned_deployment_is_told_at_its_end(
        self, simulator: Simulator, azure: Clients, account: Resource
    ) -> None:
        """As an operation's status tells it; the deployment is there and Failed, and made again it works."""
        model = add_tuned_model(simulator, account)
        error = {"code": "DeploymentFailed", "message": "No weights."}
        create = azure.cognitive.deployments.begin_create_or_update
        with simulator.cloud.faults.planned({"behaviour": {"failures": [{"name": "tuned", "error": error}]}}):
            with pytest.raises(HttpResponseError) as failed:
                create(*name_of(account), "tuned", tuned_deployment(model)).result()
            found = azure.cognitive.deployments.get(*name_of(account), "tuned")
            before = simulator.clock.now()
            again = create(*name_of(account), "tuned", tuned_deployment(model)).result()

        assert isinstance(failed.value.error, ODataV4Format)
        assert (failed.value.error.code, failed.value.error.message) == ("DeploymentFailed", "No weights.")
        assert found.properties is not None
        assert found.properties.provisioning_state == "Failed"
        assert again.properties is not None
        assert again.properties.provisioning_state == "Succeeded"
        assert (simulator.clock.now() - before).total_seconds() >= 120

    def test_of_a_base_deployment_takes_time_that_it_would_not_have_taken(
        self, simulator: Simulator, azure: Clients, account: Resource
    ) -> None:
        before = simulator.clock.now()
        with simulator.cloud.faults.planned({"behaviour": {"failures": [{"seconds": 45}]}}):
            with pytest.raises(HttpResponseError, match="InternalServerError"):
                deploy(azure, account)
            assert (simulator.clock.now() - before).total_seconds() >= 45
            assert deploy(azure, account) == "Succeeded"

    def test_may_have_to_be_deleted_first(self, simulator: Simulator, azure: Clients, account: Resource) -> None:
        """microsoft-foundry-for-vscode#554; that lasts when the plan has gone."""
        with (
            simulator.cloud.faults.planned({"behaviour": {"failures": [{"mustBeDeleted": True}]}}),
            pytest.raises(HttpResponseError, match="InternalServerError"),
        ):
            deploy(azure, account)
        words = "The deployment 'base' is in 'Failed' state, please delete it before creating a new one."
        with refused(400, "BadRequest", words):
            deploy(azure, account)
        azure.cognitive.deployments.begin_delete(*name_of(account), "base").result()
        assert deploy(azure, account) == "Succeeded"

    def test_of_an_account(self, simulator: Simulator, azure: Clients, group: str) -> None:
        """Seen: polling an account's creation ended Failed (Azure/azure-rest-api-specs#20335)."""
        failure = {"type": "Microsoft.CognitiveServices/accounts", "at": "create"}
        with simulator.cloud.faults.planned({"behaviour": {"failures": [failure]}}):
            with pytest.raises(HttpResponseError, match="InternalServerError"):
                make_account(azure, group, "aoai-tuned")
            found = azure.cognitive.accounts.get(group, "aoai-tuned").properties
            assert found is not None
            assert found.provisioning_state == "Failed"
            made = make_account(azure, group, "aoai-tuned")

        assert made.properties.provisioning_state == "Succeeded"

    def test_of_a_delete_leaves_what_was_to_go(self, simulator: Simulator, azure: Clients, account: Resource) -> None:
        deploy(azure, account)
        with simulator.cloud.faults.planned({"behaviour": {"failures": [{"at": "delete"}]}}):
            with pytest.raises(HttpResponseError, match="InternalServerError"):
                azure.cognitive.deployments.begin_delete(*name_of(account), "base").result()
            assert [each.name for each in azure.cognitive.deployments.list(*name_of(account))] == ["base"]
            azure.cognitive.deployments.begin_delete(*name_of(account), "base").result()
        assert list(azure.cognitive.deployments.list(*name_of(account))) == []

    def test_is_of_the_operations_that_are_named(self, simulator: Simulator, azure: Clients, account: Resource) -> None:
        deploy(azure, account)
        with simulator.cloud.faults.planned({"behaviour": {"failures": [{"at": "update", "times": None}]}}):
            assert deploy(azure, account, "another") == "Succeeded"
            with pytest.raises(HttpResponseError, match="InternalServerError"):
                deploy(azure, account)


def test_a_list_that_lags_lacks_what_is_new(simulator: Simulator, azure: Clients, account: Resource) -> None:
    """It can be read by its ID all the same."""
    simulator.clock.step_on_poll = False
    with simulator.cloud.faults.planned({"behaviour": {"lists": {"resources": 30}}}):
        deploy(azure, account)
        assert list(azure.cognitive.deployments.list(*name_of(account))) == []
        assert azure.cognitive.deployments.get(*name_of(account), "base").sku == Sku(name="GlobalStandard", capacity=10)
        simulator.clock.advance(30)
        assert [each.name for each in azure.cognitive.deployments.list(*name_of(account))] == ["base"]


def test_the_control_plane_knows_a_role_at_once(simulator: Simulator, azure: Clients, group: str) -> None:
    """Only data planes learn of it late."""
    with simulator.cloud.faults.planned({"behaviour": {"roles": 600}}):
        assert azure.resources.resource_groups.get(GROUP).name == GROUP
