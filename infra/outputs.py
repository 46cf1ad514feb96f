"""The stack outputs, in the names and shapes of contract.outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from contract import outputs
from contract.config.deployments import Model
from contract.serving import Role, ServedModel
from contract.stack_config import StackConfig
from infra import plan
from infra.account import Account, ExistingAccount
from infra.accounts import Accounts
from infra.deployments import Deployments
from infra.encryption import Encryption
from infra.grants import Identities
from infra.monitoring import Monitoring
from infra.pointers import PointerStore
from infra.storage import Storage


def stack_outputs(
    config: StackConfig,
    stack: str,
    *,
    resource_group_name: pulumi.Output[str],
    subscription_id: pulumi.Output[str],
    accounts: Accounts,
    storage: Storage,
    encryptions: Mapping[str, Encryption],
    served: Sequence[ServedModel],
    deployments: Mapping[str, Deployments],
    identities: Identities,
    store: PointerStore | None,
    monitoring: Monitoring | None,
) -> dict[str, Any]:
    """The outputs by top-level key. What Azure alone knows is an Output, the rest is plain."""
    return {
        "schemaVersion": outputs.SCHEMA_VERSION,
        "environment": _environment(config, stack),
        "accounts": {key: _account(config, key, account, deployments[key]) for key, account in accounts.items()},
        "models": {
            name: _model(config, name, model, [entry for entry in served if entry.model == name], deployments)
            for name, model in sorted(config.models.items())
        },
        "baseDeployments": {
            name: outputs.BaseDeploymentOutput(
                account=config.base_accounts(deployment)[0],
                accounts=list(config.base_accounts(deployment)),
                model=deployment.model,
                version=deployment.version,
                sku=deployment.sku,
            ).model_dump()
            for name, deployment in sorted(config.base_deployments.items())
        },
        "storage": {"blobEndpoint": storage.blob_endpoint, "containers": storage.containers},
        "network": outputs.NetworkOutput(mode=config.network.mode).model_dump(),
        "keys": {
            region: {"keyId": each.key_id, "identityId": each.identity_id} for region, each in encryptions.items()
        },
        "pipelines": {name: identity.client_id for name, identity in identities.items()},
        "deployers": _deployers(config, identities),
        "pointers": {"endpoint": store.endpoint} if store else None,
        "monitoring": {"workspaceId": monitoring.workspace_id} if monitoring else None,
        "resourceGroupName": resource_group_name,
        "subscriptionId": subscription_id,
    }


def _environment(config: StackConfig, stack: str) -> dict[str, Any]:
    return outputs.EnvironmentOutput(
        name=stack,
        production=config.environment.production,
        readiness=config.environment.readiness,
        prices=config.prices,
        as_of=config.environment.as_of,
        token_scope=config.environment.token_scope,
        authority=config.environment.authority,
        residency=config.environment.residency,
        run_budget=config.environment.run_budget,
        hosting_budget=config.environment.hosting_budget,
        data_sources=list(config.environment.data_sources),
    ).model_dump()


def _deployers(config: StackConfig, identities: Identities) -> list[dict[str, Any]]:
    """Those of ``access.deployers``, then pipelines by name."""
    people = [
        outputs.DeployerOutput(principal_id=each.principal_id.lower(), principal_type=each.principal_type).model_dump()
        for each in config.access.deployers
    ]
    pipelines = [
        outputs.DeployerOutput(principal_id="", principal_type="ManagedIdentity", pipeline=name).model_dump()
        | {"principalId": identities[name].principal_id}
        for name, pipeline in sorted(config.access.pipelines.items())
        if "deployer" in pipeline.roles
    ]
    return people + pipelines


def _account(
    config: StackConfig, key: str, account: Account | ExistingAccount, deployments: Deployments
) -> dict[str, Any]:
    return {
        "id": account.account_id,
        "name": account.account_name,
        "endpoint": account.endpoint,
        "location": account.location,
        "kind": account.kind,
        "limits": config.accounts[key].limits.model_dump(),
        "deployments": {
            planned.name: outputs.DeploymentOutput(sku=planned.sku, tuned=planned.tuned).model_dump()
            | {"rateLimits": deployments.rate_limits[planned.name]}
            for planned in plan.deployments(config, key)
        },
    }


def _model(
    config: StackConfig,
    name: str,
    model: Model,
    served: Sequence[ServedModel],
    deployments: Mapping[str, Deployments],
) -> dict[str, Any]:
    served_in = config.served_in(name)
    by_role: dict[Role, list[dict[str, Any]]] = {"live": [], "candidate": [], "previous": [], "spillover": []}
    for entry in served:
        by_role[entry.role].append(_served(entry, served_in, deployments))
    live = next((entry for entry in served if entry.role == "live"), None)
    spillover = {"spillover": by_role["spillover"][0]["deployments"]} if by_role["spillover"] else {}
    plain = outputs.ModelOutput(
        train_in=config.train_in(name),
        served_in=list(served_in),
        skus=outputs.SkusOutput(
            live=model.skus.live, candidate=model.skus.candidate or model.skus.live, spillover=model.skus.spillover
        ),
        keep_previous=model.keep_previous,
        budget=outputs.BudgetOutput(run=model.budget.run, hosting=model.budget.hosting),
        gate=model.gate,
        system_message=live.record.system_message if live else None,
        live=None,
        candidate=None,
        previous=[],
    ).model_dump()
    return plain | {
        "live": by_role["live"][0] | spillover if by_role["live"] else None,
        "candidate": by_role["candidate"][0] if by_role["candidate"] else None,
        "previous": by_role["previous"],
    }


def _served(entry: ServedModel, served_in: Sequence[str], deployments: Mapping[str, Deployments]) -> dict[str, Any]:
    plain = outputs.ServedOutput(
        model_id=entry.record.model_id,
        system_message=entry.record.system_message,
        sku=entry.sku,
        deployments={},
    ).model_dump()
    return plain | {"deployments": {key: deployments[key].names[entry.deployment_name] for key in served_in}}
