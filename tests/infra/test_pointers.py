"""Where applications read what is live."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contract.pointer import Pointer
from infra.pointers import arm_name
from tests.infra.recording import SUBSCRIPTION, Declared, declare
from tests.infra.specimens import CALLER, GLOBAL, released, stack, trained, two_accounts

DEPLOYER = "00000000-0000-0000-0000-00000000000d"
STORE = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/tuned-models-dev/providers/Microsoft.AppConfiguration"
    "/configurationStores/contoso-models"
)
ASKED: dict[str, Any] = {
    "pointers": {"appConfiguration": "contoso-models"},
    "access": {
        "callers": [{"principalId": CALLER, "principalType": "ServicePrincipal"}],
        "deployers": [{"principalId": DEPLOYER, "principalType": "User"}],
    },
}
LIVE = {"clippy": {"live": trained(1, servedWith=GLOBAL)}}


def _pointers(declared: Declared) -> dict[str, dict[str, Any]]:
    return {asked.inputs["keyValueName"]: json.loads(asked.inputs["value"]) for asked in declared.of_type("KeyValue")}


class TestTheStore:
    def test_there_is_none_unless_asked_for(self) -> None:
        declared = declare(stack(releases=LIVE))

        assert declared.of_type("ConfigurationStore") == declared.of_type("KeyValue") == []
        assert "pointers" not in declared.outputs

    def test_it_is_reached_by_tokens_alone_and_arm_passes_the_deployers_on(self) -> None:
        """Pass-through (Microsoft Learn, App Configuration, "Deployment")."""
        (store,) = declare(stack(**ASKED)).of_type("ConfigurationStore")

        assert store.inputs["disableLocalAuth"] is True
        assert store.inputs["publicNetworkAccess"] == "Enabled"
        assert store.inputs["dataPlaneProxy"] == {
            "authenticationMode": "Pass-through",
            "privateLinkDelegation": "Disabled",
        }

    def test_in_a_private_network_arm_comes_by_its_own_private_link(self) -> None:
        private = {"mode": "private", "dns": "none", "virtualNetwork": {"addressSpace": "10.40.0.0/24"}}
        (store,) = declare(stack(**ASKED, network=private)).of_type("ConfigurationStore")

        assert store.inputs["publicNetworkAccess"] == "Disabled"
        assert store.inputs["dataPlaneProxy"]["privateLinkDelegation"] == "Enabled"

    def test_callers_read_and_deployers_write(self) -> None:
        """App Configuration Data Reader and Data Owner, on the store, by GUID from Azure's page of built-in roles."""
        assigned = {
            asked.inputs["principalId"]: asked.inputs["roleDefinitionId"].rpartition("/")[2]
            for asked in declare(stack(**ASKED)).of_type("RoleAssignment")
            if asked.inputs["scope"] == STORE
        }

        assert assigned == {
            CALLER: "516239f1-63e1-4d78-a4de-a74fb236a071",
            DEPLOYER: "5ae67dd6-50cb-40e7-96ff-dc2bfa4b606b",
        }

    def test_the_outputs_say_where_it_is(self) -> None:
        assert declare(stack(**ASKED)).outputs["pointers"] == {"endpoint": "https://contoso-models.azconfig.io"}


class TestPointers:
    def test_a_pointer_is_one_value_with_all_that_a_caller_needs(self) -> None:
        """The digest in the name was taken with ``printf '%s\\n%s' MODEL_ID SKU | sha256sum``."""
        record = LIVE["clippy"]["live"]
        served = {"endpoint": "https://contoso-openai.openai.azure.com/", "deployment": "clippy-fc7b4a5f"}

        assert _pointers(declare(stack(**ASKED, releases=LIVE))) == {
            "tuned-models~2Fclippy": {
                "schemaVersion": 1,
                "modelId": record["modelId"],
                "systemMessage": record["systemMessage"],
                **served,
                "accounts": {"main": served | {"location": "swedencentral"}},
            }
        }

    def test_a_model_of_which_nothing_is_live_has_none(self) -> None:
        assert _pointers(declare(stack(**ASKED, releases={"clippy": {"candidate": trained(1)}}))) == {}

    def test_the_first_account_that_serves_it_is_the_one_without_a_choice(self) -> None:
        """In the order of servedIn, and not by name."""
        config = two_accounts(releases={"clippy": {"live": trained(1, trainedIn="europe", servedWith=GLOBAL)}})
        (pointer,) = _pointers(declare(config | ASKED)).values()

        assert list(pointer["accounts"]) == ["europe", "america"]
        assert pointer["endpoint"] == pointer["accounts"]["europe"]["endpoint"]
        assert pointer["accounts"]["america"]["endpoint"] == "https://contoso-us.openai.azure.com/"

    def test_it_is_written_after_the_deployment_stands_and_the_deployer_may_write(self) -> None:
        declared = declare(stack(**ASKED, releases=LIVE))
        (pointer,) = declared.of_type("KeyValue")
        (deployment,) = (asked for asked in declared.of_type("Deployment") if "clippy" in asked.name)
        (right,) = (asked for asked in declared.of_type("RoleAssignment") if "deployers/pointers" in asked.name)

        assert {deployment.urn, right.urn} <= pointer.dependencies

    def test_a_release_moves_the_pointer_and_no_other_resource_of_the_store(self) -> None:
        before = {"live": trained(1, servedWith=GLOBAL), "candidate": trained(2)}
        after = released(before, GLOBAL, at=GLOBAL)
        (former,), (new,) = (
            declare(stack(**ASKED, releases={"clippy": each})).of_type("KeyValue") for each in (before, after)
        )

        assert new.urn == former.urn
        assert Pointer.model_validate_json(new.inputs["value"]).model_id == before["candidate"]["modelId"]
        assert {k: v for k, v in new.inputs.items() if k != "value"} == {
            k: v for k, v in former.inputs.items() if k != "value"
        }

    @pytest.mark.parametrize(
        ("key", "name"),
        # The first is Microsoft Learn's own, "Create an App Configuration store by using an ARM template".
        [
            ("AppName:DbEndpoint", "AppName~3ADbEndpoint"),
            ("tuned-models/clippy", "tuned-models~2Fclippy"),
            ("a~b", "a~7Eb"),
        ],
    )
    def test_a_key_stands_in_a_resources_name_as_azure_wants_it(self, key: str, name: str) -> None:
        assert arm_name(key) == name
