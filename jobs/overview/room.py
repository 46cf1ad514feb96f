"""What is nearly used up: quota of a region, and how many tuned deployments an account may have."""

from __future__ import annotations

from collections.abc import Iterator

from contract import catalog
from contract.outputs import StackOutputs
from jobs.doctor.quota import pool_of
from jobs.overview.bite import Bite
from jobs.overview.seen import Seen

_NEARLY = 0.9


def rooms(seen: Seen) -> Iterator[Bite]:
    yield from _quotas(seen)
    yield from _limits(seen)


def _quotas(seen: Seen) -> Iterator[Bite]:
    """Of the pools that the stack's tuned models use."""
    for location in sorted({account.location for account in seen.outputs.accounts.values()}):
        pools = {name.lower() for name in _pools(seen.outputs, location)}
        for usage in seen.usages_in(location).found or ():
            if usage.name.lower() in pools and usage.limit > 0 and usage.used >= _NEARLY * usage.limit:
                words = f"{usage.used:g} of {usage.limit:g} are taken of {usage.name} in {location}"
                yield Bite("later", "quota", seen.stack, words, person=False, command=f"jobs doctor -s {seen.stack}")


def _pools(outputs: StackOutputs, location: str) -> Iterator[str]:
    for output in outputs.models.values():
        served = [each for each in (output.live, output.candidate, *output.previous) if each is not None]
        here = any(outputs.accounts[key].location == location for key in output.served_in if key in outputs.accounts)
        for each in served if here else ():
            facts = catalog.find(each.model_id)
            if facts is not None:
                skus = {each.sku.name, output.skus.live.name, output.skus.candidate.name}
                yield from (pool_of(sku, facts.name) for sku in skus)


def _limits(seen: Seen) -> Iterator[Bite]:
    for key, account in sorted(seen.outputs.accounts.items()):
        standing = seen.deployments_of(key).found
        if standing is None:
            continue
        tuned, most = sum(each.tuned for each in standing.values()), account.limits.tuned_deployments
        if tuned >= most - 1:
            left = "none" if tuned >= most else "one"
            words = (
                f"{tuned} of {most} tuned deployments stand in {key}: {left} more fits; lower a model's keepPrevious"
            )
            yield Bite("later", "limit", seen.stack, words, person=False)
        whole = account.limits.deployments
        if len(standing) >= whole - 1:
            words = f"{len(standing)} of {whole} deployments of all kinds stand in {key}"
            yield Bite("later", "limit", seen.stack, words, person=False)
