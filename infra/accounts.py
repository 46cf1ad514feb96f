"""The accounts of a stack: those it makes, and those of other teams that it deploys in."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_azure_native import resources

from contract.stack_config import StackConfig
from infra.account import Account, AccountArgs, ExistingAccount, ExistingAccountArgs, Project
from infra.customer_key import CustomerKey
from infra.network_rules import NetworkRules

Accounts = Mapping[str, Account | ExistingAccount]
"""By key."""


def declare_accounts(
    config: StackConfig,
    group: resources.ResourceGroup,
    subscription_id: pulumi.Input[str],
    network: NetworkRules,
    keys: Mapping[str, CustomerKey],
) -> Accounts:
    """All of them; ``keys`` are those that encrypt, by region."""
    return {
        key: _made(config, key, group.name, network, keys)
        if account.existing is None
        else ExistingAccount(
            key, ExistingAccountArgs(account.existing, account.location, account.kind, subscription_id)
        )
        for key, account in sorted(config.accounts.items())
    }


def made_here(accounts: Accounts) -> Mapping[str, Account]:
    """Those that are this stack's own to secure, to watch and to give roles on."""
    return {key: account for key, account in accounts.items() if isinstance(account, Account)}


def _made(
    config: StackConfig,
    key: str,
    resource_group_name: pulumi.Input[str],
    network: NetworkRules,
    keys: Mapping[str, CustomerKey],
) -> Account:
    account = config.accounts[key]
    return Account(
        key,
        AccountArgs(
            resource_group_name=resource_group_name,
            account_name=account.account_name,
            location=account.location,
            kind=account.kind,
            subdomain=account.custom_subdomain,
            network=network,
            encryption=keys.get(account.location),
            own_identity=account.identity == "system",
            identity_id=account.identity_id,
            restore=account.restore,
            projects={name: Project(each.display_name, each.description) for name, each in account.projects.items()},
            protected=config.protects_account(key),
        ),
    )
