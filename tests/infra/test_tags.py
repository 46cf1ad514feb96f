"""Tags: on everything that takes them, and on tuned deployments what they serve."""

from __future__ import annotations

from typing import Any

from tests.infra.recording import declare
from tests.infra.specimens import GLOBAL, released, stack, trained

OURS = {"environment": "dev", "managedBy": "tuned-models"}


class TestEveryResource:
    def test_whatever_takes_tags_has_those_of_the_stack(self) -> None:
        """Which types do is Azure's to say: a role assignment and a container don't."""
        declared = declare(stack(releases={"clippy": {"live": trained(1)}}))
        taggable = ("ResourceGroup", "Account", "StorageAccount", "Deployment")

        for short_type in taggable:
            for asked in declared.of_type(short_type):
                assert asked.inputs["tags"].items() >= OURS.items(), asked.name
        others = [asked for asked in declared.resources if asked.custom and asked.short_type not in taggable]
        assert {asked.short_type for asked in others if "tags" in asked.inputs} == set()
        assert {asked.short_type for asked in others} >= {"RoleAssignment", "BlobContainer"}

    def test_owner_and_cost_centre_are_tags_and_the_environment_may_have_more(self) -> None:
        environment = {"owner": "ml-platform", "costCentre": "4711", "tags": {"dataClass": "internal"}}

        (group,) = declare(stack(environment=environment)).of_type("ResourceGroup")

        assert group.inputs["tags"] == OURS | {"owner": "ml-platform", "costCentre": "4711", "dataClass": "internal"}


class TestDeployments:
    def test_a_tuned_deployment_says_which_model_and_which_run_made_it(self) -> None:
        record = trained(1)
        _, deployment = declare(stack(releases={"clippy": {"live": record}})).deployments("contoso-openai")

        assert deployment.inputs["tags"] == OURS | {"model": "clippy", "runKey": record["runKey"]}

    def test_a_release_changes_no_tag(self) -> None:
        """The deployment that was the candidate's is the live one from then on."""
        before = {"live": trained(1, servedWith=GLOBAL), "candidate": trained(2)}
        after = released(before, GLOBAL, at=GLOBAL)

        def tags(releases: dict[str, Any]) -> dict[str, Any]:
            deployments = declare(stack(releases={"clippy": releases})).deployments("contoso-openai")
            return {asked.name: asked.inputs["tags"] for asked in deployments}

        assert tags(after) == tags(before)
