"""What no single value of a stack config shows: references between its keys, names that meet, days that don't exist."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from contract.faults import Fault, suggestion
from contract.release import Releases

if TYPE_CHECKING:
    # Each knows the other: a config is parsed by these rules.
    from contract.stack_config import StackConfig


def reference_faults(config: StackConfig) -> list[Fault]:
    """All of them, keys without namespace."""
    return [
        *_account_faults(config),
        *_name_faults(config),
        *_group_faults(config),
        *(fault for model in config.releases for fault in _release_faults(config, model)),
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


def _release_faults(config: StackConfig, model: str) -> Iterator[Fault]:
    releases: Releases = config.releases[model]
    key = f"releases.{model}"
    if model not in config.models:
        hint = suggestion(model, config.models)
        yield Fault(key, f"models has no {model!r}: declare it, or remove these records{hint}")
    places: dict[str, list[str]] = {}
    for place, record in releases.places():
        places.setdefault(record.model_id, []).append(place)
        if record.source is None and record.withdrawal is None and record.trained_in not in config.accounts:
            missing = f"was trained in {record.trained_in!r}, no account here: add its ID as source"
            yield Fault(f"{key}.{place}", f"{record.model_id} {missing}")
        if place in ("candidate", "live") and record.withdrawal is not None:
            yield Fault(f"{key}.{place}", "is marked withdrawn and cannot be deployed")
        if not _exists(record.trained_at):
            yield Fault(f"{key}.{place}.trainedAt", f"{record.trained_at!r} is no moment of the calendar")
    for model_id, found in places.items():
        if len(found) > 1:
            yield Fault(key, f"{model_id} stands in more than one place: {', '.join(found)}")


def _day_faults(config: StackConfig) -> Iterator[Fault]:
    as_of = config.environment.as_of
    if as_of is not None:
        try:
            date.fromisoformat(as_of)
        except ValueError:
            yield Fault("environment.asOf", f"{as_of!r} is no day of the calendar")


def _exists(moment: str) -> bool:
    try:
        datetime.fromisoformat(moment)
    except ValueError:
        return False
    return True
