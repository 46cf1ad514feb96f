"""The rules of policy/ at the head of an up or a preview in process, as the CLI asks them with --policy-pack policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from policy import resources
from policy.check import check, told
from policy.demands import Demands
from policy.resources import Resource, plain_type
from simulator.pulumi.state import Held
from simulator.pulumi.summary import Failed
from simulator.pulumi.values import UNKNOWN, Secret


def judge(declared: Iterable[Held], config: Mapping[str, str], warn: Callable[[str], None]) -> None:
    """Warns of what advisory rules find. Raises Failed with everything that breaks a mandatory one."""
    violations = check([_resource(held) for held in declared], Demands.of_pulumi(config))
    refused = [violation for violation in violations if violation.rule.enforcement == "mandatory"]
    if warned := [violation for violation in violations if violation.rule.enforcement == "advisory"]:
        warn(f"warning: {told(warned)}")
    if refused:
        raise Failed(f"policy refuses what this stack declares; nothing was changed.\n{told(refused)}")


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
