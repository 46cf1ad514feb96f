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
