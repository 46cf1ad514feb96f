"""The composition root: config → components → outputs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pulumi
from pulumi.runtime.config import CONFIG, is_config_secret
from pulumi_azure_native import resources

from contract import secure
from contract.faults import Faults
from contract.record_faults import record_remarks
from contract.serving import served_models
from contract.stack_config import NAMESPACE, StackConfig
from infra import preconditions
from infra.access import Scope
from infra.accounts import declare_accounts, made_here
from infra.deployed import declare_deployments
from infra.grants import Scopes, declare_access
from infra.keys import declare_encryption, declare_keys
from infra.network_rules import network_rules
from infra.outputs import stack_outputs
from infra.oversight import declare_budget, declare_locks, declare_monitoring
from infra.private_endpoints import declare_private_network, targets
from infra.publication import declare_pointers, declare_store
from infra.storage import Storage, StorageArgs
from infra.tags import stack_tags, tag_everything


def declare(today: date | None = None) -> None:
    """Declare everything that the stack's config asks for, and export the stack outputs.

    ``today`` is the day by which the catalog's dates count where the config names none; the clock's where absent.
    Raises pulumi.RunError with every fault of the config, before any resource.
    """
    config = _config(today or datetime.now(UTC).date())
    for key, value in _declare(config, pulumi.get_stack()).items():
        pulumi.export(key, value)


def _config(today: date) -> StackConfig:
    if secret := secure.faults(key for key in CONFIG.get() if is_config_secret(key)):
        raise pulumi.RunError(str(Faults("stack config", secret)))
    try:
        # All keys: pulumi.Config only answers for keys that are asked for, and a misspelt one has to be reported.
        config = StackConfig.parse_pulumi(
            CONFIG.get(), lambda config: preconditions.faults(config, config.as_of(today))
        )
    except Faults as faults:
        raise pulumi.RunError(str(faults)) from None
    for remark in record_remarks(config.releases):
        pulumi.log.warn(f"{NAMESPACE}:{remark}")
    return config


def _declare(config: StackConfig, stack: str) -> Mapping[str, object]:
    tag_everything(stack_tags(config.environment, stack))
    location = config.location
    group = resources.ResourceGroup(
        "resource-group",
        resource_group_name=config.resource_group.name or f"tuned-models-{stack}",
        location=location,
    )
    subscription_id = group.id.apply(subscription_of)
    rules = network_rules(config.network)
    encryptions = declare_encryption(config, stack, group.name)
    keys = declare_keys(config, subscription_id, encryptions)
    accounts = declare_accounts(config, group, subscription_id, rules, keys)
    storage = Storage(
        "storage",
        StorageArgs(
            resource_group_name=group.name,
            account_name=config.storage.name,
            location=config.storage.location or location,
            redundancy=config.storage.redundancy,
            soft_delete_days=config.storage.soft_delete_days,
            network=rules,
            encryption=keys.get(config.storage.location or location),
            protected=config.environment.protects_everything,
        ),
    )
    store = declare_store(config, group.name)
    reached = targets(made_here(accounts), storage, encryptions, store.store_id if store else None)
    endpoints = declare_private_network(config, stack, group.name, reached)
    scopes = Scopes(
        group=Scope("resource-group", group.id, group.id),
        accounts=[
            Scope(f"account-{key}", config.accounts[key].custom_subdomain, account.account_id)
            for key, account in made_here(accounts).items()
        ],
        storage=Scope("storage", config.storage.name, storage.storage_id),
        pointers=[Scope("pointers", config.pointers.app_configuration, store.store_id)]
        if store and config.pointers
        else [],
    )
    access, identities = declare_access(config, group.name, subscription_id, scopes)
    by_account = {key: endpoints[f"account-{key}"] for key in made_here(accounts) if endpoints}
    deployments = declare_deployments(config, accounts, by_account, stack)
    served = served_models(config)
    if store is not None:
        declare_pointers(
            config, store, group.name, accounts=accounts, served=served, deployments=deployments, after=[access]
        )
    vaults = {f"vault-{region}": each.vault_id for region, each in encryptions.items() if each.vault_id is not None}
    monitoring = declare_monitoring(
        config,
        group.name,
        accounts={key: account.account_id for key, account in accounts.items()},
        storage_id=storage.storage_id,
        vaults=vaults,
        pointers={"pointers": store.store_id} if store else {},
    )
    declare_budget(config, group.id)
    declare_locks(
        config,
        storage_id=storage.storage_id,
        vaults=vaults,
        monitoring=monitoring,
        inside=[storage, access, *encryptions.values()],
    )
    return stack_outputs(
        config,
        stack,
        resource_group_name=group.name,
        subscription_id=subscription_id,
        accounts=accounts,
        storage=storage,
        encryptions=encryptions,
        served=served,
        deployments=deployments,
        identities=identities,
        store=store,
        monitoring=monitoring,
    )


def subscription_of(resource_id: str) -> str:
    """The subscription's GUID out of ``/subscriptions/<GUID>/…``."""
    return resource_id.split("/")[2]
