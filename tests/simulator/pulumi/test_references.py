"""What a program reads of what it does not make: stacks, resources of others, functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pulumi
import pytest
from pulumi_azure_native import cognitiveservices, resources, storage

from simulator.pulumi.in_process import up
from simulator.pulumi.summary import Failed, Summary
from tests.simulator.pulumi.conftest import Sketch, Stage

SUBSCRIPTION = "/subscriptions/7e57ab1e-0000-4000-8000-00000000005b"


def _exports(**values: Any) -> Callable[[], None]:
    """A program that exports these; what is called is called in the run."""

    def program() -> None:
        for key, value in values.items():
            pulumi.export(key, value() if callable(value) else value)

    return program


def _copies(name: str, *keys: str) -> Callable[[], None]:
    """A program that exports what a stack reference tells: the outputs of these keys, and the names of the secrets."""

    def program() -> None:
        there = pulumi.StackReference("there", stack_name=name)
        for key in keys:
            pulumi.export(f"copy-{key}", there.get_output(key))
        pulumi.export("secrets", there.secret_output_names)
        pulumi.export("number", there.outputs.apply(len))

    return program


@pytest.mark.parametrize("name", ["test", "organization/test", "organization/sketch/test"])
def test_a_stack_that_refers_to_itself_reads_what_its_last_up_saved(stage: Stage, name: str) -> None:
    """The first time nothing, which is no fault; a failed up in between changes nothing of it."""
    itself = _copies(name, "plain", "hidden")

    def program() -> None:
        itself()
        _exports(plain="1", hidden=lambda: pulumi.Output.secret("hush"))()

    first = stage.up(program)
    assert "copy-plain" not in first.outputs, "a null is no output"
    assert first.outputs["secrets"] == []
    assert first.outputs["number"] == 0
    with pytest.raises(Failed):
        stage.up(lambda: _fail(program))

    second = stage.up(program)

    assert second.outputs["copy-plain"] == "1"
    assert second.outputs["copy-hidden"] == "[secret]"
    assert second.outputs["secrets"] == ["hidden"]
    assert stage.preview(program).outputs["copy-plain"] == "1"


def test_a_stack_reads_another_one(stage: Stage) -> None:
    up(replace(stage.run, stack="other"), _exports(plain={"a": [1, 2]}, hidden=lambda: pulumi.Output.secret("hush")))

    result = stage.up(_copies("organization/sketch/other", "plain", "hidden", "absent"))

    assert result.outputs["copy-plain"] == {"a": [1, 2]}
    assert result.outputs["copy-hidden"] == "[secret]"
    assert "copy-absent" not in result.outputs
    assert result.summary == Summary(created=1), "a reference is no resource of the stack"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("organization/sketch/nope", 'unknown stack "organization/sketch/nope": .* are test'),
        ("organization/else/test", 'unknown stack "organization/else/test"'),
        ("acme/sketch/test", "organization name must be 'organization'"),
        ("a/b/c/d", "a/b/c/d is no name of a stack"),
    ],
)
def test_a_stack_that_is_not_there_is_refused_before_anything(stage: Stage, name: str, said: str) -> None:
    def program() -> None:
        _copies(name)()

    with pytest.raises(Failed, match=said):
        stage.up(program)


def test_a_resource_of_somebody_else_is_read_and_not_changed(stage: Stage) -> None:
    """The account is another stack's; the deployment in it is this one's, and depends on what was read."""
    up(replace(stage.run, stack="other"), Sketch(deployments={}))
    account_id = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.CognitiveServices/accounts/acct-one"

    def program() -> None:
        account = cognitiveservices.Account.get("account", account_id)
        deployment = cognitiveservices.Deployment(
            "one",
            resource_group_name="rg",
            account_name=account.name,
            deployment_name="one",
            sku={"name": "GlobalStandard", "capacity": 10},
            properties={"model": {"format": "OpenAI", "name": "gpt-4.1-mini", "version": "2025-04-14"}},
            opts=pulumi.ResourceOptions(depends_on=[account]),
        )
        pulumi.export("id", account.id)
        pulumi.export("endpoint", account.properties.endpoint)
        pulumi.export("deployment", deployment.name)

    planned = stage.preview(program)
    assert planned.outputs["id"] == account_id
    result = stage.up(program)

    assert result.summary == Summary(created=2)
    assert [name for _, name, _ in stage.writes] == ["one"]
    assert str(result.outputs["endpoint"]).endswith("/acct-one.openai.azure.com/")
    assert stage.up(program).summary == Summary(unchanged=2)
    assert stage.destroy().summary == Summary(deleted=2)
    assert "acct-one" in stage.there()


@pytest.mark.parametrize(
    ("resource_id", "said"),
    [
        (
            f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.CognitiveServices/accounts/nope",
            r"^resource '/subscriptions/.*/accounts/nope' does not exist$",
        ),
        (f"{SUBSCRIPTION}/resourceGroups/rg", "is not the ID of a azure-native:cognitiveservices:Account"),
    ],
)
def test_what_can_not_be_read_is_told_in_the_cli_s_words(stage: Stage, resource_id: str, said: str) -> None:
    with pytest.raises(Failed, match=said):
        stage.up(lambda: _ignored(cognitiveservices.Account.get("account", resource_id)))


def test_what_will_have_been_made_is_read_in_the_same_up(stage: Stage) -> None:
    """Of a preview's, which isn't there yet, everything is unknown."""

    def program() -> None:
        made = resources.ResourceGroup("made", resource_group_name="rg", location="swedencentral")
        read = resources.ResourceGroup.get("read", made.id)
        pulumi.export("location", read.location)
        pulumi.export("id", read.id)

    assert stage.preview(program).outputs == {"location": None, "id": None}
    assert stage.up(program).outputs == {"location": "swedencentral", "id": f"{SUBSCRIPTION}/resourceGroups/rg"}


def test_functions_answer_with_what_arm_says_of_a_resource(stage: Stage) -> None:
    stage.up(Sketch(deployments={}, storage_location="swedencentral", containers=("datasets",)))

    def program() -> None:
        account = cognitiveservices.get_account(account_name="acct-one", resource_group_name="rg")
        pulumi.export("id", account.id)
        pulumi.export("endpoint", account.properties.endpoint)
        container = storage.get_blob_container_output(
            account_name="keptforpulumi", container_name="datasets", resource_group_name="rg"
        )
        pulumi.export("container", container.name)
        pulumi.export(
            "blobs",
            storage.get_blob_service_properties(
                account_name="keptforpulumi", blob_services_name="default", resource_group_name="rg"
            ).name,
        )

    outputs = up(replace(stage.run, stack="other"), program).outputs

    assert str(outputs["id"]).endswith("/accounts/acct-one")
    assert str(outputs["endpoint"]).endswith("/acct-one.openai.azure.com/")
    assert outputs["container"] == "datasets"
    assert outputs["blobs"] == "default"


def test_a_function_on_what_is_not_there_fails_with_arm_s_words(stage: Stage) -> None:
    with pytest.raises(Failed, match=r"404 ResourceGroupNotFound: .*rg-none"):
        stage.up(lambda: _ignored(resources.get_resource_group("rg-none")))


def test_a_function_that_is_not_simulated_is_named(stage: Stage) -> None:
    with pytest.raises(Failed, match="azure-native:storage:listStorageAccountKeys is not simulated"):
        stage.up(lambda: _ignored(storage.list_storage_account_keys(account_name="a", resource_group_name="b")))


def _fail(program: Callable[[], None]) -> None:
    program()
    raise pulumi.RunError("on purpose")


def _ignored(_: object) -> None:
    """For a lambda that has to return nothing."""
