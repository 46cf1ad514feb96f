"""What is planned per account, over random states of the releases."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contract.naming import deployment_name
from contract.serving import served_models
from contract.stack_config import StackConfig
from infra import plan
from tests.infra.specimens import GLOBAL, stack, trained, two_accounts

SKUS = st.sampled_from(["Standard", "GlobalStandard"]).map(lambda name: {"name": name, "capacity": 10})
SOURCE = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/dev/providers/x/accounts/dev"
WITHDRAWN = {"kind": "withdrawn", "by": "ann", "at": "2026-11-20T09:00:00Z", "reason": "worse"}


@st.composite
def configs(draw: st.DrawFn) -> StackConfig:
    """Stacks with up to two models, each with any records in any roles; no run stands in two places."""
    numbers = draw(st.lists(st.integers(1, 28), unique=True, max_size=10))
    models = draw(st.lists(st.sampled_from(["clippy", "bonzi"]), unique=True, min_size=1))
    releases: dict[str, dict[str, Any]] = {name: {"previous": []} for name in models}
    for number in numbers:
        role = draw(st.sampled_from(["live", "candidate", "previous"]))
        into = releases[draw(st.sampled_from(models))]
        source = draw(st.sampled_from([None, SOURCE]))
        if role == "previous":
            served_with = draw(st.none() | SKUS)
            withdrawal = draw(st.sampled_from([None, WITHDRAWN]))
            into["previous"].append(trained(number, servedWith=served_with, withdrawal=withdrawal, source=source))
        elif role not in into:
            into[role] = trained(number, source=source)
    declared = {
        name: {"skus": {"live": draw(SKUS), "candidate": draw(SKUS)}, "keepPrevious": draw(st.integers(0, 3))}
        for name in models
    }
    return StackConfig.parse(stack(models=declared, releases=releases))


@given(configs())
def test_no_two_deployments_of_an_account_share_a_name(config: StackConfig) -> None:
    names = [planned.name for planned in plan.deployments(config, "main")]

    assert len(set(names)) == len(names)


@given(configs())
def test_everything_served_is_planned_once_and_nothing_else_that_is_tuned(config: StackConfig) -> None:
    planned = {entry.model for entry in plan.deployments(config, "main") if ".ft-" in entry.model}

    assert planned == {entry.record.model_id for entry in served_models(config)}


@given(configs())
def test_no_withdrawn_model_is_planned(config: StackConfig) -> None:
    withdrawn = {
        record.model_id
        for releases in config.releases.values()
        for record in releases.records()
        if record.withdrawal is not None
    }

    assert withdrawn.isdisjoint(entry.model for entry in plan.deployments(config, "main"))


@given(configs())
def test_tuned_models_stand_from_the_oldest_to_the_newest_after_all_base_models(config: StackConfig) -> None:
    trained_at = {
        record.model_id: record.trained_at for releases in config.releases.values() for record in releases.records()
    }
    times = [trained_at.get(entry.model, "") for entry in plan.deployments(config, "main")]

    assert times == sorted(times)


@given(configs(), st.integers(29, 31))
def test_recording_one_more_moves_nothing_that_is_planned(config: StackConfig, number: int) -> None:
    """A run that is newer than all comes last; what it displaces goes, and the rest stays in place."""
    before = plan.deployments(config, "main")
    name = min(config.models)
    releases = {key: value.model_dump() for key, value in config.releases.items()}
    releases[name]["candidate"] = trained(number)
    after = plan.deployments(StackConfig.parse({**config.model_dump(), "releases": releases}), "main")
    new = deployment_name(name, trained(number)["modelId"], (config.models[name].skus.candidate or GLOBAL_SKU).name)
    stayed = [entry for entry in before if entry in after]

    assert after == [*stayed, after[-1]]
    assert after[-1].name == new


GLOBAL_SKU = StackConfig.parse(stack()).models["clippy"].skus.live


@settings(max_examples=50)
@given(configs())
def test_a_release_changes_no_deployment_but_what_keep_previous_lets_go(config: StackConfig) -> None:
    """Where candidate and live share a SKU, releasing moves pointers only."""
    for name, releases in config.releases.items():
        if releases.candidate is None:
            continue
        live_sku = config.models[name].skus.live
        same = {"live": live_sku.model_dump(), "candidate": live_sku.model_dump()}
        models = {
            key: value.model_dump() | ({"skus": same} if key == name else {}) for key, value in config.models.items()
        }
        start = StackConfig.parse({**config.model_dump(), "models": models})
        former = [] if releases.live is None else [releases.live.model_copy(update={"served_with": live_sku})]
        moved = {
            "candidate": None,
            "live": releases.candidate.model_dump(),
            "previous": [record.model_dump() for record in (*former, *releases.previous)],
        }
        dumped = {key: value.model_dump() for key, value in config.releases.items()}
        end = StackConfig.parse({**start.model_dump(), "releases": dumped | {name: moved}})
        before, after = plan.deployments(start, "main"), plan.deployments(end, "main")

        assert [entry for entry in before if entry in after] == after


def test_an_account_plans_only_what_it_serves() -> None:
    config = StackConfig.parse(two_accounts(releases={"clippy": {"live": trained(1, trainedIn="america")}}))
    (europe,), (america,) = plan.deployments(config, "europe"), plan.deployments(config, "america")

    assert (europe.trained_in, america.trained_in) == ("america", None)
    assert europe.name == america.name


def test_base_models_stand_by_name_wherever_they_stand_in_the_file() -> None:
    base = {"model": "gpt-4.1-mini", "version": "2025-04-14", "sku": GLOBAL}
    config = StackConfig.parse(stack(baseDeployments={"b2": base, "c3": base, "a1": base}))

    assert [planned.name for planned in plan.deployments(config, "main")] == ["a1", "b2", "c3"]


def test_models_trained_at_the_same_moment_stand_by_name() -> None:
    """Not by their place in the file, which a release changes."""
    at = {"trainedAt": "2026-10-01T08:00:00Z"}
    previous = [trained(number, servedWith=GLOBAL) | at for number in range(2, 8)]
    config = StackConfig.parse(
        stack(
            baseDeployments={},
            models={"clippy": {"skus": {"live": GLOBAL}, "keepPrevious": 9}},
            releases={"clippy": {"live": trained(1) | at, "previous": previous}},
        )
    )
    names = [planned.name for planned in plan.deployments(config, "main")]

    assert len(names) == 7
    assert names == sorted(names)


def test_a_record_of_another_stack_names_its_source_and_no_account_of_this_one() -> None:
    config = StackConfig.parse(stack(releases={"clippy": {"live": trained(1, source=SOURCE, trainedIn="elsewhere")}}))
    planned = plan.deployments(config, "main")[-1]

    assert (planned.source, planned.trained_in) == (SOURCE, None)


def test_a_stacks_own_sku_is_the_specimens() -> None:
    assert GLOBAL_SKU.model_dump() == GLOBAL
