"""The rules of policy/ at the head of an up or a preview in process, as the CLI asks them with --policy-pack policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from policy import resources
from policy.check import check, of_resource, told
from policy.demands import Demands
from policy.resources import Resource, plain_type
from policy.rule import Violation
from simulator.pulumi.state import Held
from simulator.pulumi.summary import Failed
from simulator.pulumi.values import UNKNOWN, Secret


class Judge:
    """The rules, under the demands of one stack's config. `warn` hears what advisory ones find."""

    def __init__(self, config: Mapping[str, str], warn: Callable[[str], None]) -> None:
        self._demands = Demands.of_pulumi(config)
        self._warn = warn

    def judge(self, declared: Iterable[Held]) -> None:
        """Everything that is declared, as far as it is known ahead. Raises Failed with all that is refused."""
        violations = check([_resource(held) for held in declared], self._demands)
        if warned := [violation for violation in violations if violation.rule.enforcement == "advisory"]:
            self._warn(f"warning: {told(warned)}")
        _refuse(violations, "what this stack declares; nothing was changed")

    def admit(self, held: Held) -> None:
        """One resource, whose inputs are all known by now: the CLI too asks just before it makes it. Raises Failed."""
        _refuse(list(of_resource(_resource(held), self._demands)), "this resource")


def _refuse(violations: Sequence[Violation], what: str) -> None:
    if refused := [violation for violation in violations if violation.rule.enforcement == "mandatory"]:
        raise Failed(f"policy refuses {what}.\n{told(refused)}")


def _resource(held: Held) -> Resource:
    return Resource(plain_type(held.type), held.name, _plain(held.inputs), held.protect, held.urn)


def _plain(value: Any) -> Any:
    """Without marks of secrets, which rules don't show, and with policy's word for what isn't known."""
    if isinstance(value, Secret):
        return _plain(value.value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return resources.UNKNOWN if value is UNKNOWN else value
