"""What a deployment lets be asked of it, as the stack's outputs tell. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contract.evaluation_spec import Asking
from contract.outputs import StackOutputs
from jobs.evaluation.question import Contender

LIVE_SHARE = 0.5
"""Of what the live model's deployment takes: its callers need the rest."""

Place = tuple[str, str]
"""The account's name in the stack, and the deployment's."""


@dataclass(frozen=True)
class Rate:
    """So many within so many seconds."""

    count: float
    seconds: float


@dataclass(frozen=True)
class Limits:
    """``concurrency``: requests under way at once. Rates that are not told are not kept: the service refuses then."""

    concurrency: int
    requests: tuple[Rate, ...] = ()
    tokens: tuple[Rate, ...] = ()


def limits_of(outputs: StackOutputs, contenders: Iterable[Contender], asking: Asking) -> Mapping[Place, Limits]:
    """Of each deployment that is asked."""
    found: dict[Place, Limits] = {}
    asked = list(contenders)
    live = {(each.account, each.deployment) for each in asked if each.kind == "live"}
    for contender in asked:
        account = outputs.accounts.get(contender.account)
        deployment = None if account is None else account.deployments.get(contender.deployment)
        told = [] if deployment is None else deployment.rate_limits
        place = (contender.account, contender.deployment)
        share = LIVE_SHARE if place in live else 1.0
        found[place] = Limits(
            asking.concurrency,
            *(
                tuple(
                    Rate(each.count * share, each.renewal_period)
                    for each in told
                    if each.key == key and each.count > 0 and each.renewal_period > 0
                )
                for key in ("request", "token")
            ),
        )
    return found
