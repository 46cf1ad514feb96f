"""Who is asked: the candidate, the live model, the base models of the baselines."""

from __future__ import annotations

from typing import Any

import pytest

from contract.evaluation_spec import EvaluationBaseline
from contract.outputs import ModelOutput, StackOutputs
from contract.release import ReleaseRecord, Releases
from jobs.errors import NoRun, Refused, UpNeeded
from jobs.evaluation.contenders import candidate_of, prompted, served_base, tuned
from jobs.evaluation.question import Prompt
from tests.contract.specimens import record as mapping
from tests.jobs.specimens import BASE, model_mapping, outputs_mapping, served_mapping

MINI = {
    "account": "main",
    "model": "gpt-4.1-mini",
    "version": "2025-04-14",
    "sku": {"name": "GlobalStandard", "capacity": 10},
}
OLD, NEW = f"{BASE}.ft-{'a' * 32}", f"{BASE}.ft-{'b' * 32}"


def record(model_id: str, system: str | None = None) -> ReleaseRecord:
    return ReleaseRecord.model_validate(mapping(modelId=model_id, systemMessage=system))


def output(candidate: str | None = None, live: str | None = None, **changes: Any) -> ModelOutput:
    roles = {"candidate": candidate, "live": live}
    served = {role: served_mapping(model_id) for role, model_id in roles.items() if model_id is not None}
    return ModelOutput.model_validate(model_mapping(**(served | changes)))


def outputs(residency: str | None = None, **bases: Any) -> StackOutputs:
    found = outputs_mapping()
    found["environment"]["residency"] = residency
    return StackOutputs.parse(found | {"baseDeployments": bases})


def test_the_candidate_of_the_file_is_evaluated_where_it_is_deployed() -> None:
    releases = Releases(candidate=record(NEW), live=record(OLD))

    assert candidate_of("clippy", releases, output(NEW, OLD), stack="dev").model_id == NEW


def test_without_a_candidate_a_run_or_the_baseline_alone_is_named() -> None:
    with pytest.raises(NoRun) as refused:
        candidate_of("clippy", Releases(live=record(OLD)), output(live=OLD), stack="dev")

    assert f"{OLD} is live" in str(refused.value)
    assert "jobs evaluate --baseline" in str(refused.value)
    assert refused.value.next_command == "jobs run clippy -s dev"


@pytest.mark.parametrize(
    ("candidate", "live", "role"), [(None, OLD, "candidate"), (OLD, OLD, "candidate"), (NEW, None, "live")]
)
def test_where_file_and_outputs_differ_the_up_is_named(candidate: str | None, live: str | None, role: str) -> None:
    releases = Releases(candidate=record(NEW), live=record(OLD))

    with pytest.raises(UpNeeded, match=f"the {role} in the stack file") as refused:
        candidate_of("clippy", releases, output(candidate, live), stack="dev")

    assert refused.value.next_command == "pulumi up -s dev"


def test_a_live_model_that_the_file_has_no_more_is_an_up_that_is_missing_too() -> None:
    with pytest.raises(UpNeeded, match="the live in the stack file, none"):
        candidate_of("clippy", Releases(candidate=record(NEW)), output(NEW, OLD), stack="dev")


def test_a_model_that_the_stack_does_not_know_yet_needs_an_up() -> None:
    with pytest.raises(UpNeeded):
        candidate_of("clippy", Releases(candidate=record(NEW)), None, stack="dev")


def test_each_tuned_model_is_asked_with_the_message_it_was_trained_with() -> None:
    releases = Releases(candidate=record(NEW, "Be brief."), live=record(OLD, "Be long."))

    found = tuned(releases, output(NEW, OLD))

    assert [(each.name, each.kind, each.model_id, each.prompt.system) for each in found] == [
        ("candidate", "candidate", NEW, "Be brief."),
        ("live", "live", OLD, "Be long."),
    ]
    assert {(each.account, each.deployment) for each in found} == {("main", "clippy-0123abcd")}


def test_the_first_account_that_serves_and_has_the_deployment_is_asked() -> None:
    served = served_mapping(NEW) | {"deployments": {"west": "clippy-west", "europe": "clippy-europe"}}
    found = tuned(Releases(candidate=record(NEW)), _in(served, ["gone", "west", "europe"]))

    assert [(each.account, each.deployment) for each in found] == [("west", "clippy-west")]


def _in(served: dict[str, Any], accounts: list[str]) -> ModelOutput:
    return ModelOutput.model_validate(model_mapping(candidate=served, servedIn=accounts))


def test_a_baseline_is_the_base_deployment_that_serves_the_base_unless_it_names_another() -> None:
    other = MINI | {"model": "gpt-4.1"}
    stack = outputs(other=other, mini=MINI)
    declared = (EvaluationBaseline(), EvaluationBaseline(name="large", deployment="other"))
    prompts = {"prompted": Prompt("Be terse."), "large": Prompt(None)}

    found = prompted(BASE, declared, prompts, stack, stack="dev")

    assert [(each.name, each.deployment, each.model_id, each.prompt.system) for each in found] == [
        ("prompted", "mini", BASE, "Be terse."),
        ("large", "other", "gpt-4.1-2025-04-14", None),
    ]
    assert served_base(f"{BASE}.ft-{'a' * 32}", stack) == "mini"


@pytest.mark.parametrize(
    ("residency", "sku"), [(None, "GlobalStandard"), ("region", "Standard"), ("dataZone", "DataZoneStandard")]
)
def test_a_base_that_nothing_serves_is_refused_with_the_lines_to_add(residency: str | None, sku: str) -> None:
    with pytest.raises(Refused) as refused:
        prompted(BASE, (EvaluationBaseline(),), {}, outputs(residency), stack="dev")

    lines = refused.value.details
    assert f"No base deployment of the stack serves {BASE}" in lines[0]
    assert [line for line in lines if line.startswith("  ")] == [
        "  tuned-models:baseDeployments:",
        "    gpt-4.1-mini:",
        "      model: gpt-4.1-mini",
        '      version: "2025-04-14"',
        f"      sku: {{name: {sku}, capacity: 10}}",
    ]
    assert refused.value.next_command == "pulumi up -s dev"


def test_a_deployment_that_a_baseline_names_and_nobody_has_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(Refused) as refused:
        prompted(BASE, (EvaluationBaseline(deployment="larg"),), {}, outputs(mini=MINI), stack="dev")

    assert "prompted asks the deployment larg" in str(refused.value)
    assert "(there: mini)" in str(refused.value)
