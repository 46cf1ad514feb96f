"""Every rule over everything a stack declares, and the result in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy.demands import Demands
from policy.resources import Resource
from policy.rule import Rule, Violation
from policy.rules import RULES


def check(resources: Sequence[Resource], demands: Demands) -> list[Violation]:
    """All violations, rule by rule."""
    return list(_violations(resources, demands))


def _violations(resources: Sequence[Resource], demands: Demands) -> Iterator[Violation]:
    for rule in RULES:
        if isinstance(rule, Rule):
            for resource in resources:
                for what in rule.find(resource, demands):
                    yield Violation(rule, resource, what)
        else:
            for found, what in rule.find(resources, demands):
                yield Violation(rule, found, what)


def told(violations: Sequence[Violation]) -> str:
    """The violations by rule, each rule with why it is there and what to do."""
    lines: list[str] = []
    for rule in dict.fromkeys(violation.rule for violation in violations):
        lines += [f"{rule.name}: {rule.why}"]
        lines += [f"  {violation}" for violation in violations if violation.rule is rule]
        lines += [f"  Remedy: {rule.remedy}"]
    return "\n".join(lines)
