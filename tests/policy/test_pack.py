"""The rules as pulumi-policy's own objects, asked as the CLI's analyzer asks them."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyResourceOptions,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.policy import PolicyCustomTimeouts
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, unknown_checking_proxy

from policy.demands import Demands
from policy.pack import policies
from policy.rules import RULES
from tests.policy.specimens import ACCOUNT, ALERT, OVERRIDE, ROLE, STORAGE, replaced, strictest, with_live

OPTIONS = PolicyResourceOptions(True, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])
Asked = tuple[str, str, dict[str, Any]]


def _asked(demands: Demands, *resources: Asked) -> list[tuple[str, str, str | None]]:
    """(policy, words, URN) of each report, each resource first, then the stack, as the CLI does."""
    found: list[tuple[str, str, str | None]] = []
    made: list[Policy] = policies(demands)
    for type_, name, inputs in resources:
        for policy in made:
            if isinstance(policy, ResourceValidationPolicy):
                props: Any = unknown_checking_proxy(inputs)
                args = ResourceValidationArgs(f"azure-native:{type_}", props, f"urn:{name}", name, OPTIONS, None)
                policy.validate(args, _report(found, policy, f"urn:{name}"))
    for policy in made:
        if isinstance(policy, StackValidationPolicy):
            policy.validate(StackValidationArgs([]), _report(found, policy, None))
    return found


def _report(found: list[tuple[str, str, str | None]], policy: Policy, of: str | None) -> Any:
    return lambda message, urn=None: found.append((policy.name, message, urn or of))


def test_the_pack_has_every_rule_with_its_enforcement_reason_and_remedy() -> None:
    told = [
        (each.name, each.enforcement_level, each.description, each.remediation_steps) for each in policies(strictest())
    ]

    assert told == [(rule.name, EnforcementLevel(rule.enforcement), rule.why, rule.remedy) for rule in RULES]


def test_a_violation_is_reported_with_what_is_wrong_and_what_to_do() -> None:
    inputs = replaced(ACCOUNT, "properties.disableLocalAuth", False)
    alert = ("monitor:MetricAlert", "alert", dict(ALERT))

    [(policy, words, urn)] = _asked(strictest(), ("cognitiveservices/v20250601:Account", "main", inputs), alert)

    assert (policy, urn) == ("no-local-auth", "urn:main")
    assert words.startswith("the account's keys are on: properties.disableLocalAuth is not true. Turn local auth")


def test_rules_over_the_stack_see_inputs_since_a_preview_knows_hardly_any_outputs() -> None:
    """The alert names the account and not the storage."""
    alert = ALERT | {"scopes": ALERT["scopes"][:1]}
    resources = [
        ("cognitiveservices:Account", "main", dict(ACCOUNT)),
        ("storage:StorageAccount", "data", dict(STORAGE)),
        ("monitor:MetricAlert", "alert", alert),
    ]

    assert [(policy, urn) for policy, _, urn in _asked(strictest(), *resources)] == [("alerts-present", "urn:data")]


def test_what_only_azure_will_tell_stops_no_policy() -> None:
    """The SDK's proxies raise where an unknown value is looked at."""
    unknown = ROLE | {"scope": UNKNOWN_STRING_VALUE, "roleDefinitionId": UNKNOWN_STRING_VALUE}
    within = replaced(ACCOUNT, "properties.publicNetworkAccess", UNKNOWN_STRING_VALUE)
    alert = ("monitor:MetricAlert", "alert", ALERT | {"scopes": [UNKNOWN_STRING_VALUE]})

    assert (
        _asked(
            strictest(),
            ("authorization:RoleAssignment", "r", unknown),
            ("cognitiveservices:Account", "a", within),
            alert,
        )
        == []
    )


@pytest.mark.parametrize("live", [{}, with_live(evaluation=None, override=OVERRIDE)])
def test_a_live_model_by_override_is_reported_of_the_stack(live: dict[str, Any]) -> None:
    assert [(policy, urn) for policy, _, urn in _asked(strictest(releases=live))] == [("live-evaluated", None)] * len(
        live
    )
