"""The stack outputs, as jobs reads them."""

from __future__ import annotations

from contract.outputs import StackOutputs
from tests.infra.recording import SUBSCRIPTION, declare
from tests.infra.specimens import GLOBAL, stack, trained, two_accounts

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/tuned-models-dev"
ACCOUNT = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts"


class TestOutputs:
    def test_jobs_can_read_them(self) -> None:
        releases = {
            "clippy": {
                "live": trained(2, trainedIn="europe", servedWith=GLOBAL),
                "candidate": trained(3, trainedIn="europe", systemMessage=None),
                "previous": [trained(1, trainedIn="europe", servedWith=GLOBAL)],
            }
        }
        outputs = StackOutputs.parse(declare(two_accounts(releases=releases)).outputs)
        clippy = outputs.models["clippy"]

        assert outputs.schema_version == 1
        assert (outputs.environment.name, outputs.environment.production) == ("dev", False)
        assert outputs.resource_group_name == "tuned-models-dev"
        assert outputs.subscription_id == SUBSCRIPTION
        assert outputs.accounts["america"].id == f"{ACCOUNT}/contoso-us"
        assert outputs.accounts["america"].endpoint == "https://contoso-us.openai.azure.com/"
        assert outputs.storage.blob_endpoint == "https://contosodata.blob.core.windows.net/"
        assert outputs.storage.containers == {"datasets": "datasets", "runs": "runs"}
        assert (clippy.train_in, clippy.served_in) == ("europe", ["europe", "america"])
        assert clippy.skus.candidate == clippy.skus.live
        assert clippy.system_message == trained(2)["systemMessage"]
        assert clippy.live is not None
        assert clippy.live.model_id == trained(2)["modelId"]
        assert clippy.live.deployments.keys() == {"europe", "america"}
        assert clippy.candidate is not None
        assert clippy.candidate.system_message is None
        assert [served.model_id for served in clippy.previous] == [trained(1)["modelId"]]

    def test_they_name_deployments_as_azure_has_them(self) -> None:
        declared = declare(stack(releases={"clippy": {"live": trained(1)}}))
        outputs = StackOutputs.parse(declared.outputs)
        live = outputs.models["clippy"].live

        assert live is not None
        assert live.deployments == {"main": declared.deployments("contoso-openai")[1].inputs["deploymentName"]}
        assert outputs.base_deployments["gpt-4.1-mini"].account == "main"

    def test_before_the_first_run_a_model_has_nothing_to_serve(self) -> None:
        clippy = StackOutputs.parse(declare(stack()).outputs).models["clippy"]

        assert (clippy.live, clippy.candidate, clippy.previous, clippy.system_message) == (None, None, [], None)

    def test_of_a_foundry_account_they_name_the_endpoint_that_speaks_openais_protocol(self) -> None:
        accounts = {"main": {"name": "contoso-foundry", "location": "swedencentral", "kind": "AIServices"}}
        outputs = StackOutputs.parse(declare(stack(accounts=accounts)).outputs)

        assert outputs.accounts["main"].endpoint == "https://contoso-foundry.openai.azure.com/"
        assert outputs.accounts["main"].kind == "AIServices"

    def test_a_live_model_is_served_with_what_the_config_says_now(self) -> None:
        """What its record was last served with stands there for the day on which it is live no more."""
        before = {"name": "GlobalStandard", "capacity": 90}
        declared = declare(stack(releases={"clippy": {"live": trained(1, servedWith=before)}}))
        live = StackOutputs.parse(declared.outputs).models["clippy"].live

        assert live is not None
        assert live.sku.model_dump() == GLOBAL

    def test_they_hand_on_what_the_config_says_of_the_environment(self) -> None:
        environment = {
            "production": True,
            "asOf": "2026-11-20",
            "tokenScope": "https://ai.azure.com/.default",
            "authority": "login.microsoftonline.us",
            "residency": "dataZone",
        }
        config = stack(environment=environment, baseDeployments={}, models={})
        found = StackOutputs.parse(declare(config, stack="qa").outputs).environment

        assert (found.name, found.production, found.as_of) == ("qa", True, "2026-11-20")
        assert found.residency == "dataZone"
        assert (found.token_scope, found.authority) == ("https://ai.azure.com/.default", "login.microsoftonline.us")

    def test_they_hand_on_what_may_be_spent_and_what_is_paid(self) -> None:
        source = "https://contosodata.blob.core.windows.net/approved/support"
        environment = {"readiness": "require", "runBudget": 250, "hostingBudget": 3000.5, "dataSources": [source]}
        models = {"clippy": {"skus": {"live": GLOBAL}, "budget": {"run": 40}}, "bonzi": {"skus": {"live": GLOBAL}}}
        config = stack(environment=environment, models=models, prices={"hosting/GlobalStandard": 1.5})
        found = StackOutputs.parse(declare(config).outputs)

        assert (found.environment.readiness, found.environment.data_sources) == ("require", [source])
        assert (found.environment.run_budget, found.environment.hosting_budget) == (250, 3000.5)
        assert found.environment.prices == {"hosting/GlobalStandard": 1.5}
        clippy, bonzi = found.models["clippy"].budget, found.models["bonzi"].budget
        assert clippy is not None
        assert (clippy.run, clippy.hosting) == (40, None)
        assert bonzi is not None
        assert bonzi.run is None

    def test_each_model_has_its_own(self) -> None:
        """SKUs per role, how many stay, and only what was tuned under its name."""
        developer = {"name": "DeveloperTier", "capacity": 5}
        models = {
            "clippy": {"skus": {"live": GLOBAL, "candidate": developer}, "keepPrevious": 3},
            "bonzi": {"skus": {"live": GLOBAL}},
        }
        releases = {
            "clippy": {"live": trained(2), "candidate": trained(3), "previous": [trained(1, servedWith=developer)]},
            "bonzi": {"live": trained(4)},
        }
        found = StackOutputs.parse(declare(stack(models=models, releases=releases)).outputs).models
        clippy, bonzi = found["clippy"], found["bonzi"]

        assert (clippy.keep_previous, bonzi.keep_previous) == (3, 1)
        assert (clippy.skus.candidate.name, bonzi.skus.candidate.name) == ("DeveloperTier", "GlobalStandard")
        assert [served.model_id for served in (clippy.live, clippy.candidate, bonzi.live) if served] == [
            trained(number)["modelId"] for number in (2, 3, 4)
        ]
        assert clippy.candidate is not None
        assert clippy.candidate.sku.model_dump() == developer
        assert [served.sku.model_dump() for served in clippy.previous] == [developer]
        assert (bonzi.candidate, bonzi.previous) == (None, [])

    def test_they_say_where_and_how_base_models_are_served(self) -> None:
        found = StackOutputs.parse(declare(stack()).outputs)
        base = found.base_deployments["gpt-4.1-mini"]

        assert (base.account, base.model, base.version) == ("main", "gpt-4.1-mini", "2025-04-14")
        assert base.sku.model_dump() == GLOBAL
        assert (found.accounts["main"].kind, found.accounts["main"].location) == ("OpenAI", "swedencentral")
