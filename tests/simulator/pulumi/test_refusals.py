"""What an up in process stops before: touching what is protected, replacing what holds data or traffic unasked."""

from __future__ import annotations

import pytest

from simulator.pulumi.azure_native import TYPES
from simulator.pulumi.refusals import IRREPLACEABLE
from simulator.pulumi.summary import Failed, Summary
from tests.simulator.pulumi.conftest import MINI, NANO, Sketch, Stage

THREE = {"one": (*MINI, 10), "two": (*MINI, 10), "three": (*MINI, 10)}
PROTECTED = {"one": {"protect": True}, "three": {"protect": True}}
RETAINED = {"one": {"retain_on_delete": True}}


def test_protected_resources_are_not_deleted_and_all_of_them_are_named(stage: Stage) -> None:
    """By a preview, an up and a destroy; nothing else is done either, such as the change of capacity."""
    stage.up(Sketch(deployments=THREE, options=PROTECTED))
    less = Sketch(deployments={"two": (*MINI, 20)})

    for refused in (stage.preview, stage.up):
        with pytest.raises(Failed) as stopped:
            refused(less)
        lines = str(stopped.value).splitlines()
        assert [line.rpartition("::")[2] for line in lines[:-1]] == [
            "one can't be deleted: it is protected",
            "three can't be deleted: it is protected",
        ]
        assert "`environment.protection: off`" in lines[-1]
        assert stopped.value.summary.changed == 0 or refused == stage.preview
        assert stage.writes == []
    for preview in (True, False):
        with pytest.raises(Failed, match="::three can't be deleted: it is protected"):
            stage.destroy(preview=preview)
        assert stage.writes == []


def test_protected_resources_are_not_replaced_and_all_of_them_are_named(stage: Stage) -> None:
    """With what forces it; consent to replacement is no consent to this."""
    stage.up(Sketch(deployments=THREE, options=PROTECTED))
    other = Sketch(deployments=THREE | {"one": (*NANO, 10), "three": (*NANO, 10)}, options=PROTECTED)

    for refused in (stage.preview, lambda program: stage.up(program, replacing=True)):
        with pytest.raises(Failed) as stopped:
            refused(other)
        assert [line.rpartition("::")[2] for line in str(stopped.value).splitlines()[:-1]] == [
            "one can't be replaced (forced by properties.model.name): it is protected",
            "three can't be replaced (forced by properties.model.name): it is protected",
        ]
        assert stage.writes == []


def test_what_would_be_replaced_along_is_protected_too(stage: Stage) -> None:
    """A storage account that moves would take its protected container with it."""
    before = Sketch(
        deployments={}, storage_location="swedencentral", containers=("runs",), options={"runs": {"protect": True}}
    )
    stage.up(before)

    with pytest.raises(Failed, match="::runs can't be replaced"):
        stage.up(before.but(storage_location="westeurope"), replacing=True)
    assert stage.writes == []


def test_an_up_takes_protection_off_although_nothing_else_changes(stage: Stage) -> None:
    """And puts it on; after that one, what was protected goes."""
    stage.up(Sketch(deployments=THREE))
    assert stage.up(Sketch(deployments=THREE, options=PROTECTED)).summary == Summary(unchanged=6)
    with pytest.raises(Failed):
        stage.up(Sketch(deployments={}))

    assert stage.up(Sketch(deployments=THREE)).summary == Summary(unchanged=6)
    assert stage.writes == []

    assert stage.up(Sketch(deployments={})).summary == Summary(unchanged=3, deleted=3)


def test_one_up_may_take_protection_off_and_replace(stage: Stage) -> None:
    """As the CLI does it, but it does not take protection off and delete."""
    stage.up(Sketch(options={"one": {"protect": True}}))

    result = stage.up(Sketch(deployments={"one": (*NANO, 10)}), replacing=True)

    assert result.summary == Summary(replaced=1, unchanged=3)


def test_a_destroy_is_shown_before_it_is_done(stage: Stage) -> None:
    stage.up(Sketch(options=RETAINED))

    planned = stage.destroy(preview=True)

    assert planned.summary == Summary(deleted=4)
    assert stage.said[0] == "-  Deployment one  (retained in Azure)"
    assert stage.writes == []
    assert stage.destroy().summary == Summary(deleted=4)
    assert [name for _, name, _ in stage.writes] == ["acct-one", "rg"]


def test_what_is_retained_is_forgotten_and_met_again_by_a_later_up(stage: Stage) -> None:
    """It stays in Azure, and the later up is told that it exists, as by the published provider."""
    stage.up(Sketch(options=RETAINED))

    result = stage.up(Sketch(deployments={}))

    assert result.summary == Summary(unchanged=3, deleted=1)
    assert stage.writes == []
    assert "one" in stage.there()
    with pytest.raises(Failed, match=r"cannot create already existing resource '/.*/deployments/one'"):
        stage.up(Sketch())


def test_traffic_is_not_cut_unasked(stage: Stage) -> None:
    """The preview says what would be lost; the up stops before anything, the new deployment beside it included."""
    stage.up(Sketch())
    other = Sketch(deployments={"one": (*NANO, 10), "two": (*MINI, 10)})

    planned = stage.preview(other)

    assert [(step.name, step.forced_by) for step in planned.did("replaced")] == [("one", ("properties.model.name",))]
    assert stage.said[-2] == (
        "+- Deployment one  (calls to it fail until the new one stands: an up wants --replace; "
        "forced by properties.model.name)"
    )
    with pytest.raises(Failed) as stopped:
        stage.up(other)
    assert str(stopped.value).splitlines() == [
        "Deployment one would be replaced (forced by properties.model.name): calls to it fail until the new one stands",
        "Nothing was touched. If that is meant, say so with --replace.",
    ]
    assert stage.writes == []
    assert stage.up(other, replacing=True).summary == planned.summary


def test_data_is_not_lost_unasked_and_all_of_it_is_named(stage: Stage) -> None:
    before = Sketch(deployments={}, storage_location="swedencentral", containers=("datasets", "runs"))
    stage.up(before)

    with pytest.raises(Failed) as stopped:
        stage.up(before.but(storage_location="westeurope"))

    assert [line.partition(" would")[0] for line in str(stopped.value).splitlines()[:-1]] == [
        "StorageAccount storage",
        "BlobContainer datasets",
        "BlobContainer runs",
    ]
    assert "(forced by location)" in str(stopped.value)
    assert stage.writes == []


def test_what_is_removed_from_the_program_is_meant_to_go(stage: Stage) -> None:
    """Only replacements are asked about: nobody sees them in the file that was changed."""
    stage.up(Sketch(deployments=THREE))

    assert stage.up(Sketch(deployments={})).summary == Summary(unchanged=3, deleted=3)


@pytest.mark.parametrize("kind", IRREPLACEABLE)
def test_only_types_that_there_are_can_not_be_replaced(kind: str) -> None:
    assert f"azure-native:{kind}" in TYPES


def test_a_preview_tells_the_changed_properties_by_path(stage: Stage) -> None:
    stage.up(Sketch(storage_location="swedencentral"))
    changed = Sketch(deployments={"one": (*MINI, 20)}, storage_location="swedencentral", tags=lambda: {"owner": "us"})

    planned = stage.preview(changed)

    assert {step.name: step.changes for step in planned.did("updated")} == {
        "group": ("tags.owner",),
        "one": ("sku.capacity",),
    }
    assert "~  Deployment one  (sku.capacity)" in stage.said
    assert planned.did("replaced") == []
    assert stage.up(changed).summary == planned.summary
