"""Accounts: made here or of another team, with what each may have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from contract.config.accounts import Account
from contract.faults import Fault
from contract.resource_id import ResourceId

if TYPE_CHECKING:
    # Each knows the other: a config is parsed by these rules.
    from contract.stack_config import StackConfig

ACCOUNT = "Microsoft.CognitiveServices/accounts"
IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"
_OF_OWN = ("name", "subdomain", "identity", "identity_id", "restore", "projects")
"""What says how an account is made; one that exists is not touched."""


def account_faults(config: StackConfig) -> list[Fault]:
    """All of them, keys without namespace."""
    return [fault for key, account in config.accounts.items() for fault in _account_faults(f"accounts.{key}", account)]


def _account_faults(key: str, account: Account) -> Iterator[Fault]:
    if account.existing is None:
        if account.name is None:
            yield Fault(f"{key}.name", "is missing: give it, or existing, the ID of an account of another team")
        yield from _own_faults(key, account)
    else:
        yield from _existing_faults(key, account, account.existing)
    if account.limits.tuned_deployments > account.limits.deployments:
        yield Fault(
            f"{key}.limits",
            f"tunedDeployments ({account.limits.tuned_deployments}) is more than deployments "
            f"({account.limits.deployments}), which counts them too",
        )


def _existing_faults(key: str, account: Account, existing: str) -> Iterator[Fault]:
    if not ResourceId.parse(existing).is_a(ACCOUNT):
        yield Fault(f"{key}.existing", f"is not the ID of an account: …/providers/{ACCOUNT}/<name>")
    for field in _OF_OWN:
        info = Account.model_fields[field]
        if getattr(account, field) != info.get_default(call_default_factory=True):
            yield Fault(f"{key}.{info.alias}", "belongs to an account that is made here; existing is not touched")


def _own_faults(key: str, account: Account) -> Iterator[Fault]:
    if account.identity_id is not None:
        if account.identity != "user":
            yield Fault(f"{key}.identityId", "needs identity: user")
        if not ResourceId.parse(account.identity_id).is_a(IDENTITY):
            yield Fault(
                f"{key}.identityId", f"is not the ID of a user-assigned identity: …/providers/{IDENTITY}/<name>"
            )
    if account.projects and account.kind != "AIServices":
        yield Fault(f"{key}.projects", f"need kind: AIServices (Foundry); this account is of kind {account.kind}")
