"""The rules as a Pulumi policy pack: the only import of ``pulumi_policy``.

The CLI hands each resource over with its inputs before it is made, and at the end the whole stack with its outputs,
most of which aren't known in a preview. So the pack keeps the inputs, and rules over the stack are asked about those.
The stack's config comes to the pack as it comes to the program, in PULUMI_CONFIG.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi.runtime import get_config_env
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError

from policy.demands import Demands
from policy.resources import UNKNOWN, Resource, plain_type
from policy.rule import Rule, StackRule
from policy.rules import RULES

NAME = "tuned-models"


def publish() -> None:
    """Serves the pack to the CLI until that ends it."""
    PolicyPack(NAME, policies(Demands.of_pulumi(get_config_env())), EnforcementLevel.MANDATORY)


def policies(demands: Demands) -> list[Policy]:
    """Each rule as a policy; first one that sees every resource."""
    seen: dict[str, Resource] = {}
    return [_policy(rule, demands, seen) for rule in RULES]


def _policy(rule: Rule | StackRule, demands: Demands, seen: dict[str, Resource]) -> Policy:
    told: dict[str, Any] = {
        "name": rule.name,
        "description": rule.why,
        "enforcement_level": EnforcementLevel(rule.enforcement),
        "remediation_steps": rule.remedy,
    }

    def of_resource(args: ResourceValidationArgs, report: ReportViolation) -> None:
        resource = seen[args.urn] = resource_of(args)
        assert isinstance(rule, Rule)  # noqa: S101 - for the type checker.
        for what in rule.find(resource, demands):
            report(f"{what}. {rule.remedy}", None)

    def of_stack(_: StackValidationArgs, report: ReportViolation) -> None:
        assert isinstance(rule, StackRule)  # noqa: S101 - for the type checker.
        for resource, what in rule.find(list(seen.values()), demands):
            report(f"{what}. {rule.remedy}", resource.urn if resource is not None else None)

    if isinstance(rule, Rule):
        return ResourceValidationPolicy(validate=of_resource, **told)
    return StackValidationPolicy(validate=of_stack, **told)


def resource_of(args: ResourceValidationArgs) -> Resource:
    return Resource(plain_type(args.resource_type), args.name, _plain(args.props), bool(args.opts.protect), args.urn)


def _plain(value: Any) -> Any:
    """The SDK's proxies, which raise where an unknown is looked at, as plain values."""
    if isinstance(value, Mapping):
        return {key: _looked_at(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_looked_at(value, index) for index in range(len(value))]
    return value


def _looked_at(value: Any, key: Any) -> Any:
    try:
        return _plain(value[key])
    except UnknownValueError:
        return UNKNOWN
