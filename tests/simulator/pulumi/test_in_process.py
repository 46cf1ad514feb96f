"""A stack without the Pulumi CLI: what becomes of it from one up to the next."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from simulator.pulumi.in_process import up
from simulator.pulumi.state import StackFolder
from simulator.pulumi.summary import Failed, Summary
from tests.simulator.pulumi.conftest import MINI, NANO, Sketch, Stage

THREE = {"one": (*MINI, 10), "two": (*MINI, 10), "three": (*MINI, 10)}


def test_the_first_up_creates_and_the_second_changes_nothing(stage: Stage) -> None:
    """Four resources with the stack itself; afterwards only reads reach ARM, and the outputs are the same."""
    first = stage.up(Sketch())

    assert first.summary == Summary(created=4)
    assert first.how == "in process"
    assert stage.there() >= {"rg", "acct-one", "one"}

    second = stage.up(Sketch())

    assert second.summary == Summary(unchanged=4)
    assert stage.writes == []
    assert second.outputs == first.outputs
    assert first.outputs == {"endpoint": f"{stage.simulator.url}/acct-one.openai.azure.com/", "held": {"nothing": None}}


def test_a_changed_capacity_is_an_update_in_place(stage: Stage) -> None:
    stage.up(Sketch())

    result = stage.up(Sketch(deployments={"one": (*MINI, 20)}))

    assert result.summary == Summary(updated=1, unchanged=3)
    assert [(method, name) for method, name, _ in stage.writes] == [("PUT", "one")]


def test_another_model_under_the_same_name_is_deleted_before_it_is_made(stage: Stage) -> None:
    """Azure refuses to change the model of a deployment, and two of one name can't be."""
    stage.up(Sketch())

    result = stage.up(Sketch(deployments={"one": (*NANO, 10)}), replacing=True)

    assert result.summary == Summary(replaced=1, unchanged=3)
    assert [(method, name) for method, name, _ in stage.writes] == [("DELETE", "one"), ("PUT", "one")]


def test_what_gets_another_name_is_made_before_the_old_one_goes(stage: Stage) -> None:
    stage.up(Sketch(storage_location="swedencentral", containers=("datasets",)))
    renamed = Sketch(group="rg-two", account="acct-two", deployments={})
    stage.up(renamed, replacing=True)

    assert stage.there() >= {"rg-two", "acct-two"}
    assert "rg" not in stage.there()
    puts = [name for method, name, _ in stage.writes if method == "PUT"]
    deletes = [name for method, name, _ in stage.writes if method == "DELETE"]
    assert puts == ["rg-two", "acct-two"]
    assert deletes.index("acct-one") < deletes.index("rg")
    assert stage.writes.index(("PUT", "rg-two", 201)) < min(
        index for index, each in enumerate(stage.writes) if each[0] == "DELETE"
    )


def test_a_replacement_takes_along_what_can_not_stay(stage: Stage) -> None:
    """A storage account moves: its containers go before it, and come back after it."""
    before = Sketch(deployments={}, storage_location="swedencentral", containers=("datasets", "runs"))
    stage.up(before)

    result = stage.up(before.but(storage_location="westeurope"), replacing=True)

    assert result.summary == Summary(replaced=3, unchanged=3)
    methods = [(method, name) for method, name, _ in stage.writes]
    assert {methods[0], methods[1]} == {("DELETE", "datasets"), ("DELETE", "runs")}
    assert methods[2:4] == [("DELETE", "keptforpulumi"), ("PUT", "keptforpulumi")]
    assert stage.up(before.but(storage_location="westeurope")).summary == Summary(unchanged=6)


def test_deletes_go_one_at_a_time_and_the_dependent_first(stage: Stage) -> None:
    """The first and the third of three deployments go: Azure answers no sibling's delete with 409."""
    stage.up(Sketch(deployments=THREE))

    result = stage.up(Sketch(deployments={"two": THREE["two"]}))

    assert result.summary == Summary(unchanged=4, deleted=2)
    assert [(method, name) for method, name, _ in stage.writes] == [("DELETE", "three"), ("DELETE", "one")]
    assert 409 not in {status for _, _, status in stage.sent}


def test_a_whole_stack_is_destroyed_in_reverse(stage: Stage) -> None:
    stage.up(Sketch(deployments=THREE))

    result = stage.destroy()

    assert result.summary == Summary(deleted=6)
    assert [name for _, name, _ in stage.writes] == ["three", "two", "one", "acct-one", "rg"]
    assert stage.there() & {"rg", "acct-one", "one"} == set()


def test_after_a_fault_nothing_is_started_and_the_repeated_up_ends_as_an_undisturbed_one(stage: Stage) -> None:
    """The second of three deployments names a model that isn't there: ARM's words are told, on one line."""
    faulty = Sketch(deployments=THREE | {"two": ("gpt-9", "2099-01-01", 10)})

    with pytest.raises(Failed) as stopped:
        stage.up(faulty)

    assert str(stopped.value).startswith("400 DeploymentModelNotSupported: The model 'Format:OpenAI,Name:gpt-9,")
    assert "\n" not in str(stopped.value)
    assert stopped.value.summary == Summary(created=4)
    assert "three" not in [name for _, name, _ in stage.sent]

    repeated = stage.up(Sketch(deployments=THREE))

    assert repeated.summary == Summary(created=2, unchanged=4)
    assert stage.up(Sketch(deployments=THREE)).summary == Summary(unchanged=6)


def test_a_creation_that_was_cut_off_is_taken_up(stage: Stage) -> None:
    """Its state says that it was begun; whether it came about, only Azure knows."""
    stage.up(Sketch())
    folder = StackFolder(stage.states)
    with folder.opened("test") as state:
        cut_off = state.resources.pop()
        assert cut_off.name == "one"
        state.pending.append(replace(cut_off, outputs={}))
        folder.save(state)

    assert stage.up(Sketch()).summary == Summary(unchanged=4)


def test_what_exists_and_is_not_of_this_stack_is_refused(stage: Stage) -> None:
    """In the words of the published provider."""
    stage.up(Sketch())

    other = replace(stage.run, stack="other")
    with pytest.raises(
        Failed, match=r"^cannot create already existing resource '/subscriptions/.*/resourceGroups/rg'$"
    ):
        up(other, Sketch())


def test_a_deployment_deleted_behind_the_back_comes_back(stage: Stage) -> None:
    """Azure deletes idle deployments by itself."""
    stage.up(Sketch())
    stage.remove("one")

    result = stage.up(Sketch())

    assert result.summary == Summary(created=1, unchanged=3)
    assert stage.said[-1] == "+  Deployment one  (Azure had it no more)"
    assert "one" in stage.there()


def test_what_was_changed_behind_the_back_is_set_right(stage: Stage) -> None:
    stage.up(Sketch())
    resources = stage.simulator.cloud.state.arm.resources
    (deployment,) = [each for id_, each in resources.items() if id_.endswith("/one")]
    deployment.body["sku"]["capacity"] = 3

    result = stage.up(Sketch())

    assert result.summary == Summary(updated=1, unchanged=3)
    assert deployment.body["sku"]["capacity"] == 10
    assert stage.said[-1] == "~  Deployment one  (changed outside of Pulumi; sku.capacity)"


def test_a_preview_knows_what_is_unknown_and_writes_nothing(stage: Stage) -> None:
    """Of an empty Azure nobody knows the account's endpoint yet; of a standing one everybody does."""
    first = stage.preview(Sketch())

    assert first.summary == Summary(created=4)
    assert first.outputs == {"endpoint": None, "held": {"nothing": None}}
    assert stage.writes == []
    assert not list(stage.states.glob("*.json"))

    stage.up(Sketch())
    changed = Sketch(deployments={"two": (*MINI, 10)})
    second = stage.preview(changed)

    assert second.summary == Summary(created=1, unchanged=3, deleted=1)
    assert str(second.outputs["endpoint"]).startswith("https://")
    assert stage.writes == []
    assert stage.up(changed).summary == second.summary


def test_a_stack_is_changed_by_one_at_a_time(stage: Stage) -> None:
    from simulator.errors import Unusable

    with (
        StackFolder(stage.states).opened("test"),
        pytest.raises(Unusable, match="stack test is being changed by another process"),
    ):
        stage.up(Sketch())


def test_no_thread_outlives_a_run(stage: Stage) -> None:
    before = set(threading.enumerate())
    stage.up(Sketch())

    assert set(threading.enumerate()) - before == set()
