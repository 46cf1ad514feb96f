"""What no single value of a stack config shows: references between its keys, names that meet, days that don't exist."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from contract.faults import Fault, suggestion

if TYPE_CHECKING:
    # Each knows the other: a config is parsed by these rules.
    from contract.stack_config import StackConfig


def reference_faults(config: StackConfig) -> list[Fault]:
    """All of them, keys without namespace."""
    return [
        *_account_faults(config),
        *_name_faults(config),
        *_group_faults(config),
        *_day_faults(config),
    ]


def _account_faults(config: StackConfig) -> Iterator[Fault]:
    for name, deployment in config.base_deployments.items():
        if deployment.accounts:
            continue
        yield from _named_account(config, f"baseDeployments.{name}.account", deployment.account)
    for name, model in config.models.items():
        yield from _named_account(config, f"models.{name}.trainIn", model.train_in)
        for index, account in enumerate(model.served_in):
            yield from _named_account(config, f"models.{name}.servedIn[{index}]", account)
        if len(set(model.served_in)) < len(model.served_in):
            yield Fault(f"models.{name}.servedIn", "names an account twice")


def _named_account(config: StackConfig, key: str, account: str | None) -> Iterator[Fault]:
    if account is None and len(config.accounts) > 1:
        yield Fault(key, f"is missing: there are {len(config.accounts)} accounts, name one")
    elif account is not None and account not in config.accounts:
        yield Fault(key, f"there is no account {account!r}{suggestion(account, config.accounts)}")


def _name_faults(config: StackConfig) -> Iterator[Fault]:
    """Azure's names don't differ by case alone."""
    names: dict[str, str] = {}
    subdomains: dict[str, str] = {}
    for key, account in config.accounts.items():
        name, subdomain = account.account_name.lower(), account.custom_subdomain.lower()
        named, reached = names.setdefault(name, key), subdomains.setdefault(subdomain, key)
        if named != key:
            yield Fault(f"accounts.{key}.name", f"is the name of accounts.{named} too: {name!r}")
        elif reached != key:
            yield Fault(f"accounts.{key}.subdomain", f"is the subdomain of accounts.{reached} too: {subdomain!r}")


def _group_faults(config: StackConfig) -> Iterator[Fault]:
    """By default the group is with the accounts, and what names no region with the group; Azure moves none of them.

    With accounts in several regions, none is to be taken from their keys: a key that is added may come first.
    """
    regions = sorted({account.location for account in config.accounts.values()})
    if config.resource_group.location is None and len(regions) > 1:
        yield Fault(
            "resourceGroup.location",
            f"is missing: the accounts are in {', '.join(regions[:-1])} and {regions[-1]}; name the region of the "
            "resource group, which can't be moved: where the stack is up already, the one where it stands",
        )


def _day_faults(config: StackConfig) -> Iterator[Fault]:
    as_of = config.environment.as_of
    if as_of is not None:
        try:
            date.fromisoformat(as_of)
        except ValueError:
            yield Fault("environment.asOf", f"{as_of!r} is no day of the calendar")
