"""The product's program under the real Pulumi CLI, on the local Azure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulator.pulumi.cli_state import CliState
from simulator.pulumi.summary import Summary
from simulator.pulumi.up import bring
from simulator.pulumi.with_cli import leave_outputs_to_cli, make_stack
from tests.engine.conftest import Local, execute

pytestmark = pytest.mark.slow

QUIET = ("--non-interactive", "--suppress-progress", "--suppress-outputs")


def _record(local: Local) -> list[dict[str, object]]:
    file = local.project.parent / "record.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_a_second_up_changes_nothing_and_the_outputs_are_those_of_the_other_way(local: Local, tmp_path: Path) -> None:
    """The file of the stack stays as it is; in process the same stack has the same resources and outputs."""
    before = local.stack_file.read_bytes()
    first = local.bring()
    second = local.bring()

    assert first.summary == Summary(created=16)
    assert second.summary == Summary(unchanged=16)
    assert local.stack_file.read_bytes() == before
    saved = Path(local.environment["JOBS_OUTPUTS"]) / "local.json"
    assert json.loads(saved.read_text()) == second.outputs

    # On an Azure of its own, since the names are taken in this one.
    from simulator.clock import Clock
    from simulator.cloud import Cloud

    local.simulator.replace_cloud(Cloud(Clock(step_on_poll=True)))
    elsewhere = local.environment | {"JOBS_OUTPUTS": str(tmp_path / "elsewhere" / "outputs"), "PATH": "/nowhere"}
    elsewhere["PULUMI_BACKEND_URL"] = (tmp_path / "elsewhere").as_uri()
    other = bring("up", local.project, "local", elsewhere)

    assert other.how == "in process"
    assert other.summary == first.summary
    assert other.outputs == first.outputs


def test_a_live_deployment_deleted_behind_the_back_is_recreated(local: Local) -> None:
    """Azure deletes idle deployments by itself; Pulumi.yaml has every up look first."""
    local.bring()
    resources = local.simulator.cloud.state.arm.resources
    (gone,) = [each for each in resources if each.endswith("/deployments/gpt-4.1-mini")]
    del resources[gone]

    result = local.bring()

    assert result.summary.created == 1
    assert result.summary.unchanged == 15
    assert gone in resources


def test_removing_the_first_and_the_third_of_three_deployments_overlaps_nothing(local: Local) -> None:
    """Azure answers a sibling's write with 409: there is none on the record."""
    text = local.stack_file.read_text()
    one = text[text.index("    gpt-4.1-mini:") : text.index("  tuned-models:models:")]
    three = "".join(one.replace("    gpt-4.1-mini:", f"    {name}:") for name in ("one", "two", "three"))
    local.stack_file.write_text(text.replace(one, three))
    local.bring()

    local.stack_file.write_text(text.replace(one, one.replace("    gpt-4.1-mini:", "    two:")))
    result = local.bring()

    assert result.summary == Summary(unchanged=16, deleted=2)
    deletes = [str(each["path"]).rpartition("/")[2] for each in _record(local) if each["method"] == "DELETE"]
    assert sorted(deletes) == ["one", "three"]
    assert 409 not in {each["status"] for each in _record(local)}


def test_another_model_under_the_same_name_replaces_the_deployment(local: Local) -> None:
    """Deleted before it is made, as two of one name can't be."""
    local.bring()
    text = local.stack_file.read_text()
    local.stack_file.write_text(text.replace("      model: gpt-4.1-mini\n", "      model: gpt-4.1-nano\n"))

    result = local.bring()

    assert (result.summary.replaced, result.summary.deleted, result.summary.created) == (1, 0, 0)
    writes = [each["method"] for each in _record(local) if str(each["path"]).endswith("/deployments/gpt-4.1-mini")]
    assert [method for method in writes if method in ("PUT", "DELETE")] == ["PUT", "DELETE", "PUT"]


def test_what_arm_refuses_is_told_and_what_was_done_stays(local: Local) -> None:
    """A capacity beyond the quota; then a smaller one, which ends as if nothing had been."""
    from simulator.pulumi.summary import Failed

    text = local.stack_file.read_text()
    local.stack_file.write_text(
        text.replace("sku: {name: GlobalStandard, capacity: 50}", "sku: {name: GlobalStandard, capacity: 900000}")
    )
    with pytest.raises(Failed, match="InsufficientQuota"):
        local.bring()

    local.stack_file.write_text(text)
    assert local.bring().summary.created >= 1
    assert local.bring().summary == Summary(unchanged=16)


def test_everything_goes_with_a_destroy(local: Local) -> None:
    local.bring()

    result = local.bring("destroy")

    assert result.summary == Summary(deleted=16)
    left = [each for each in local.simulator.cloud.state.arm.resources if "roleassignments" not in each]
    assert left == []


def test_under_exec_each_verb_of_the_cli_works_as_typed(cli: str, project: Path, tmp_path: Path) -> None:
    """Each is a process of its own, on a state that is kept; the stack need not be made by hand."""
    state = tmp_path / "azure"
    said = [
        execute(project, state, "pulumi", *verb, "-s", "local", *QUIET)
        for verb in (
            ("preview",),
            ("up", "--yes", "--skip-preview"),
            ("up", "--yes", "--skip-preview", "--expect-no-changes"),
            ("refresh", "--yes", "--skip-preview", "--expect-no-changes"),
            ("destroy", "--yes", "--skip-preview"),
        )
    ]

    for words, text in zip(
        ("16 to create", "16 created", "16 unchanged", "16 unchanged", "16 deleted"), said, strict=True
    ):
        assert words in text


def test_a_stack_that_is_asked_for_is_made(local: Local) -> None:
    """Without a terminal the CLI would refuse it: "no stack named 'local' found"."""
    make_stack(["pulumi", "up", "-s", "local", "-C", str(local.project)], local.environment)

    backend = Path(local.environment["PULUMI_BACKEND_URL"].removeprefix("file://"))
    assert (backend / ".pulumi" / "stacks" / "tuned-models" / "local.json").exists()
    kept = CliState.of(local.environment, "tuned-models", "local")
    assert kept is not None
    assert kept.exists()
    assert not kept.holds()
    make_stack(["pulumi", "preview", "--stack=local", f"--cwd={local.project}"], local.environment)
    make_stack(["pytest", "up", "-s", "local"], local.environment)


def test_of_a_stack_the_cli_keeps_no_saved_outputs_are_trusted(local: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    """`exec -- pulumi up` changes the outputs behind the file's back: jobs asks the CLI instead."""
    local.bring()
    saved = Path(local.environment["JOBS_OUTPUTS"])
    (saved / "made-in-process.json").write_text("{}")
    monkeypatch.chdir(local.project)

    leave_outputs_to_cli(local.environment)

    assert [file.name for file in saved.iterdir()] == ["made-in-process.json"]
