"""How many tuned models each account has deployed, while an up goes on too, against what Azure allows. Pure.

An up creates before it deletes: while a release goes up, what it displaces still stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contract.faults import Fault
from contract.stack_config import StackConfig
from infra import plan


def limit_faults(config: StackConfig) -> Iterator[Fault]:
    """Accounts that are to have more deployments than Azure allows, whatever stands now."""
    for key in sorted(config.accounts):
        limits, planned = config.accounts[key].limits, plan.deployments(config, key)
        tuned = [each for each in planned if each.tuned]
        if len(tuned) > limits.tuned_deployments:
            yield Fault(
                f"accounts.{key}.limits.tunedDeployments",
                f"{len(tuned)} tuned models are to be deployed in this account, where Azure allows "
                f"{limits.tuned_deployments}: lower keepPrevious, serve some of them in another account, or have Azure "
                "raise the limit and say so here",
            )
        if len(planned) > limits.deployments:
            yield Fault(
                f"accounts.{key}.limits.deployments",
                f"{len(planned)} deployments are declared in this account, where Azure allows {limits.deployments}",
            )


def standing(outputs: Mapping[str, Any], account: str) -> frozenset[str]:
    """The tuned deployments that an account had at the end of the last up, by name."""
    deployments = outputs.get("accounts", {}).get(account, {}).get("deployments", {})
    return frozenset(name for name, each in deployments.items() if each.get("tuned"))


def transition_faults(config: StackConfig, account: str, outputs: Mapping[str, Any]) -> Iterator[Fault]:
    """Whether the account is over its limit while both stand: what is declared, and what is only deleted at the end."""
    declared = frozenset(each.name for each in plan.deployments(config, account) if each.tuned)
    leaving = sorted(standing(outputs, account) - declared)
    limit = config.accounts[account].limits.tuned_deployments
    if leaving and declared - standing(outputs, account) and len(declared) + len(leaving) > limit:
        yield Fault(
            f"accounts.{account}.limits.tunedDeployments",
            f"{len(declared)} tuned {'model is' if len(declared) == 1 else 'models are'} to be deployed in this "
            f"account, and {', '.join(leaving)} {'goes' if len(leaving) == 1 else 'go'} only after that: "
            f"{len(declared) + len(leaving)} at once, where Azure allows {limit}. Go in two steps: take back what "
            "the stack file has new, make room (lower keepPrevious, or withdraw a candidate) and bring the stack up; "
            "then release and bring it up again. Or have Azure raise the limit and say so here",
        )
