"""Every rule over everything a stack declares, and the result in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy.demands import Demands
from policy.resources import Resource
from policy.rule import Rule, StackRule, Violation
from policy.rules import RULES


def check(resources: Sequence[Resource], demands: Demands) -> list[Violation]:
    """All violations: of each resource by itself, then of the stack."""
    found = [violation for resource in resources for violation in of_resource(resource, demands)]
    return found + list(_of_stack(resources, demands))


def of_resource(resource: Resource, demands: Demands) -> Iterator[Violation]:
    """What breaks the rules that each resource is held to by itself."""
    for rule in RULES:
        if isinstance(rule, Rule):
            for what in rule.find(resource, demands):
                yield Violation(rule, resource, what)


def _of_stack(resources: Sequence[Resource], demands: Demands) -> Iterator[Violation]:
    for rule in RULES:
        if isinstance(rule, StackRule):
            for resource, what in rule.find(resources, demands):
                yield Violation(rule, resource, what)


def told(violations: Sequence[Violation]) -> str:
    """The violations by rule, each rule with why it is there and what to do."""
    lines: list[str] = []
    for rule in RULES:
        if found := [f"  {violation}" for violation in violations if violation.rule is rule]:
            lines += [f"{rule.name}: {rule.why}", *found, f"  Remedy: {rule.remedy}"]
    return "\n".join(lines)
