"""What a program may do and say in process, and how its faults are told."""

from __future__ import annotations

import json

import pulumi
import pytest

from simulator.pulumi.summary import Failed, Summary
from tests.simulator.pulumi.conftest import MINI, Sketch, Stage


def test_two_resources_of_one_urn_are_refused(stage: Stage) -> None:
    from pulumi_azure_native import resources

    def again() -> None:
        resources.ResourceGroup("group", resource_group_name="rg-other", location="swedencentral")

    with pytest.raises(Failed) as refused:
        stage.up(Sketch(extra=again))

    assert str(refused.value) == (
        "Duplicate resource URN 'urn:pulumi:test::sketch::azure-native:resources:ResourceGroup::group'; "
        "try giving it a unique name"
    )


def test_faults_that_the_program_reports_are_told_line_by_line(stage: Stage) -> None:
    def faults() -> None:
        raise pulumi.RunError("first fault\nsecond fault")

    with pytest.raises(Failed) as refused:
        stage.up(faults)

    assert str(refused.value) == "first fault\nsecond fault"


def test_a_program_with_a_bug_is_told_with_its_place(stage: Stage) -> None:
    def broken() -> None:
        raise KeyError("nowhere")

    with pytest.raises(Failed, match=r"^the program failed: KeyError: 'nowhere' \(.*test_program\.py:\d+\)$"):
        stage.up(broken)


def test_secrets_are_marked_in_the_state_and_not_shown(stage: Stage) -> None:
    def export() -> None:
        pulumi.export("hidden", pulumi.Output.secret("hush"))

    tagged = Sketch(tags=lambda: {"owner": pulumi.Output.secret("hush")}, extra=export)
    result = stage.up(tagged)

    assert result.outputs["hidden"] == "[secret]"
    saved = json.loads((stage.states / "test.json").read_text())
    marked = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "hush"}
    assert saved["outputs"]["hidden"] == marked
    assert stage.up(tagged).summary.changed == 0
    resources = stage.simulator.cloud.state.arm.resources
    assert any(each.body.get("tags") == {"owner": "hush"} for each in resources.values())


def test_a_resource_that_moved_is_known_by_its_alias(stage: Stage) -> None:
    stage.up(Sketch())
    renamed = {"uno": {"aliases": [pulumi.Alias(name="one")], "ignore_changes": ["deploymentName"]}}

    result = stage.up(Sketch(deployments={"uno": (*MINI, 10)}, options=renamed))

    assert result.summary == Summary(unchanged=4)
    assert stage.writes == []


@pytest.mark.shows_secrets("state that is kept in process marks secrets, and encrypts none")
def test_an_explicit_provider_has_its_own_config(stage: Stage) -> None:
    """Its credentials are used, not the environment's."""
    import pulumi_azure_native as azure_native
    from pulumi_azure_native import resources

    def stranger() -> None:
        known = stage.simulator.environment("stranger")
        provider = azure_native.Provider(
            "stranger", client_id=known["AZURE_CLIENT_ID"], client_secret=known["AZURE_CLIENT_SECRET"]
        )
        resources.ResourceGroup("theirs", location="swedencentral", opts=pulumi.ResourceOptions(provider=provider))

    with pytest.raises(Failed, match="403 AuthorizationFailed"):
        stage.up(Sketch(deployments={}, extra=stranger))


def test_the_program_can_ask_who_it_runs_as(stage: Stage) -> None:
    from pulumi_azure_native import authorization

    def ask() -> None:
        pulumi.export("tenant", authorization.get_client_config().tenant_id)
        pulumi.export("object", authorization.get_client_config_output().object_id)

    outputs = stage.up(ask).outputs

    assert outputs["tenant"] == stage.simulator.cloud.tenant_id
    assert outputs["object"] == "7e57ab1e-0000-4000-8000-000000000101"


def test_what_the_program_logs_is_passed_on(stage: Stage) -> None:
    stage.up(lambda: pulumi.log.warn("soon retired"))

    assert "warning: soon retired" in stage.said


def test_a_type_that_is_not_simulated_is_named(stage: Stage) -> None:
    from pulumi_azure_native import search

    def index() -> None:
        search.Service("index", resource_group_name="rg")

    with pytest.raises(Failed, match="azure-native:search:Service is not simulated"):
        stage.up(index)


def test_a_stack_transformation_reaches_every_resource(stage: Stage) -> None:
    """The SDK's own kind, which runs in the program."""
    from pulumi.runtime.stack import register_stack_transformation

    def tagged(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if not args.type_.endswith(":ResourceGroup"):
            return None
        return pulumi.ResourceTransformationResult({**args.props, "tags": {"owner": "us"}}, args.opts)

    def program() -> None:
        register_stack_transformation(tagged)
        Sketch(deployments={})()

    stage.up(program)

    resources = stage.simulator.cloud.state.arm.resources
    assert {"owner": "us"} in [each.body.get("tags") for each in resources.values()]


def test_what_the_engine_would_have_to_call_back_is_refused(stage: Stage) -> None:
    """Passed over, it would do in process something else than under the CLI."""
    from pulumi_azure_native import resources

    def transformed() -> None:
        resources.ResourceGroup(
            "group", location="swedencentral", opts=pulumi.ResourceOptions(transforms=[lambda _: None])
        )

    with pytest.raises(Failed, match="the option transforms needs the Pulumi CLI"):
        stage.up(transformed)
    assert stage.writes == []


def test_what_is_deleted_with_its_owner_is_not_deleted_itself(stage: Stage) -> None:
    def owned() -> None:
        import pulumi_azure_native as azure_native

        group = azure_native.resources.ResourceGroup("group", resource_group_name="rg", location="swedencentral")
        azure_native.managedidentity.UserAssignedIdentity(
            "identity",
            resource_group_name=group.name,
            resource_name_="id-one",
            location="swedencentral",
            opts=pulumi.ResourceOptions(deleted_with=group),
        )

    stage.up(owned)

    assert stage.destroy().summary == Summary(deleted=3)
    assert [name for _, name, _ in stage.writes] == ["rg"]
