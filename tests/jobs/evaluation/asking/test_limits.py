"""What deployments let be asked of them."""

from __future__ import annotations

from typing import Any

from contract.evaluation_spec import Asking
from contract.outputs import StackOutputs
from jobs.evaluation.asking.limits import Limits, Rate, limits_of
from jobs.evaluation.question import Contender, Kind, Prompt
from tests.jobs.specimens import outputs_mapping


def stack(*rates: dict[str, Any]) -> StackOutputs:
    mapping = outputs_mapping()
    sku = {"name": "GlobalStandard", "capacity": 10}
    mapping["accounts"]["main"]["deployments"] = {"d": {"sku": sku, "tuned": True, "rateLimits": list(rates)}}
    return StackOutputs.parse(mapping)


def contender(kind: Kind, deployment: str = "d", account: str = "main") -> Contender:
    return Contender(kind, kind, "m", account, deployment, Prompt(None))


REQUESTS = {"key": "request", "renewalPeriod": 10, "count": 10}
TOKENS = {"key": "token", "renewalPeriod": 60, "count": 10000}
"""As ARM tells them of a deployment of capacity 10 (Azure/azure-cli's recording of 2025-10)."""


def test_rates_are_those_of_the_outputs() -> None:
    found = limits_of(stack(REQUESTS, TOKENS), [contender("candidate")], Asking(concurrency=7))

    assert found == {("main", "d"): Limits(7, (Rate(10, 10),), (Rate(10000, 60),))}


def test_half_of_what_the_live_model_takes_is_left_to_its_callers() -> None:
    found = limits_of(stack(REQUESTS, TOKENS), [contender("live")], Asking())

    assert found == {("main", "d"): Limits(16, (Rate(5, 10),), (Rate(5000, 60),))}
    assert limits_of(stack(REQUESTS, TOKENS), [contender("live"), contender("candidate")], Asking()) == found


def test_what_is_not_told_is_not_kept_to() -> None:
    """A provisioned deployment has no rates; one that is not up yet has nothing."""
    other = {"key": "other", "renewalPeriod": 60, "count": 1}
    unlimited = {"key": "token", "renewalPeriod": 60, "count": -1}
    asked = [contender("candidate"), contender("baseline", "gone"), contender("baseline", "d", "nowhere")]

    assert set(limits_of(stack(other, unlimited), asked, Asking()).values()) == {Limits(16)}
