"""The stack outputs, in the names and shapes of contract.outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from contract import outputs
from contract.config.deployments import Model
from contract.serving import Role, ServedModel
from contract.stack_config import StackConfig
from infra.account import Account
from infra.storage import Storage

Names = Mapping[str, Mapping[str, pulumi.Output[str]]]
"""Account → deployment as asked for → deployment as Azure has it."""


def stack_outputs(
    config: StackConfig,
    stack: str,
    *,
    resource_group_name: pulumi.Output[str],
    subscription_id: pulumi.Output[str],
    accounts: Mapping[str, Account],
    storage: Storage,
    served: Sequence[ServedModel],
    names: Names,
) -> dict[str, Any]:
    """The outputs by top-level key. What Azure alone knows is an Output, the rest is plain."""
    return {
        "schemaVersion": outputs.SCHEMA_VERSION,
        "environment": _environment(config, stack),
        "accounts": {key: _account(account) for key, account in accounts.items()},
        "models": {
            name: _model(config, name, model, [entry for entry in served if entry.model == name], names)
            for name, model in sorted(config.models.items())
        },
        "baseDeployments": {
            name: outputs.BaseDeploymentOutput(
                account=deployment.account or config.only_account(),
                model=deployment.model,
                version=deployment.version,
                sku=deployment.sku,
            ).model_dump()
            for name, deployment in sorted(config.base_deployments.items())
        },
        "storage": {"blobEndpoint": storage.blob_endpoint, "containers": storage.containers},
        "resourceGroupName": resource_group_name,
        "subscriptionId": subscription_id,
    }


def _environment(config: StackConfig, stack: str) -> dict[str, Any]:
    return outputs.EnvironmentOutput(
        name=stack,
        production=config.environment.production,
        readiness="warn",
        prices={},
        as_of=config.environment.as_of,
        token_scope=config.environment.token_scope,
        authority=config.environment.authority,
    ).model_dump()


def _account(account: Account) -> dict[str, Any]:
    return {
        "id": account.account_id,
        "name": account.account_name,
        "endpoint": account.endpoint,
        "location": account.location,
        "kind": account.kind,
    }


def _model(config: StackConfig, name: str, model: Model, served: Sequence[ServedModel], names: Names) -> dict[str, Any]:
    by_role: dict[Role, list[ServedModel]] = {"live": [], "candidate": [], "previous": []}
    for entry in served:
        by_role[entry.role].append(entry)
    served_in = config.served_in(name)
    live = by_role["live"][0] if by_role["live"] else None
    candidate = by_role["candidate"][0] if by_role["candidate"] else None
    plain = outputs.ModelOutput(
        train_in=config.train_in(name),
        served_in=list(served_in),
        skus=outputs.SkusOutput(live=model.skus.live, candidate=model.skus.candidate or model.skus.live),
        keep_previous=model.keep_previous,
        budget=None,
        gate=None,
        system_message=live.record.system_message if live else None,
        live=None,
        candidate=None,
        previous=[],
    ).model_dump()
    return plain | {
        "live": _served(live, served_in, names) if live else None,
        "candidate": _served(candidate, served_in, names) if candidate else None,
        "previous": [_served(entry, served_in, names) for entry in by_role["previous"]],
    }


def _served(entry: ServedModel, served_in: Sequence[str], names: Names) -> dict[str, Any]:
    plain = outputs.ServedOutput(
        model_id=entry.record.model_id,
        system_message=entry.record.system_message,
        sku=entry.sku,
        deployments={},
    ).model_dump()
    return plain | {"deployments": {account: names[account][entry.deployment_name] for account in served_in}}
