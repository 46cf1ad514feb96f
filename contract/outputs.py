"""The stack outputs: the only channel from infra/ to jobs/. Names and shapes, for both sides.

``infra`` builds this value and exports it key by key; ``jobs`` parses what ``pulumi stack output --json`` prints. A
newer writer may add keys: a reader passes over what it does not know. What may be null may be absent too: Pulumi's
protocol drops nulls in some places.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, ValidationError

from contract.faults import Fault, Faults, of_validation
from contract.gate import Gate
from contract.release import Sku
from contract.shape import Lenient, has_orders

SCHEMA_VERSION = 1


class EnvironmentOutput(Lenient):
    name: str
    production: bool
    readiness: Literal["warn", "require"]
    """Whether unanswered readiness questions of tune.yaml warn or refuse."""
    prices: dict[str, float]
    """Prices that differ from the project's table; empty where none do."""
    as_of: str | None = None
    """The day by which the catalog's dates count; null means today."""
    token_scope: str
    authority: str | None = None
    residency: Literal["region", "dataZone"] | None = None
    """Where data has to stay, training data too; null means that nothing is demanded."""
    run_budget: float | None = None
    """US dollars for the training of one run; null means that nothing is demanded."""
    hosting_budget: float | None = None
    """US dollars per 30 days for hosting all tuned models."""
    data_sources: list[str] = Field(default_factory=list)
    """Storage that datasets may be taken from."""


class RateLimitOutput(Lenient):
    """So many within so many seconds."""

    key: str
    """``request`` or ``token``."""
    renewal_period: float
    count: float


class DeploymentOutput(Lenient):
    """One deployment of an account, of whatever model."""

    sku: Sku
    tuned: bool
    rate_limits: list[RateLimitOutput] = Field(default_factory=list)


class AccountLimitsOutput(Lenient):
    """How many deployments Azure lets an account have."""

    tuned_deployments: int = 10
    deployments: int = 32


class AccountOutput(Lenient):
    id: str
    name: str
    endpoint: str
    location: str
    kind: str
    limits: AccountLimitsOutput = AccountLimitsOutput()
    deployments: dict[str, DeploymentOutput] = Field(default_factory=dict)
    """All of them, by name."""


class SkusOutput(Lenient):
    live: Sku
    candidate: Sku
    spillover: Sku | None = None


class ServedOutput(Lenient):
    """One tuned model that is deployed, and its deployment's name in each account that serves it."""

    model_id: str
    system_message: str | None = None
    sku: Sku
    deployments: dict[str, str]
    spillover: dict[str, str] = Field(default_factory=dict)
    """The deployments that take what provisioned ones of the live model can't; empty where there are none."""


class BudgetOutput(Lenient):
    """US dollars that one model may cost; null means that nothing is demanded."""

    run: float | None = None
    hosting: float | None = None
    """Per 30 days."""


class ModelOutput(Lenient):
    train_in: str
    served_in: list[str]
    skus: SkusOutput
    keep_previous: int
    budget: BudgetOutput | None = None
    gate: Gate | None = None
    """What this environment demands; the rest is as tune.yaml says."""
    system_message: str | None = None
    """What callers of the live model must send; null where none was trained with, or nothing is live."""
    live: ServedOutput | None = None
    candidate: ServedOutput | None = None
    previous: list[ServedOutput]


class BaseDeploymentOutput(Lenient):
    account: str
    """The first of ``accounts``."""
    accounts: list[str] = Field(default_factory=list)
    model: str
    version: str
    sku: Sku


class StorageOutput(Lenient):
    blob_endpoint: str
    containers: dict[str, str]
    """By use: ``datasets`` and ``runs``."""


class NetworkOutput(Lenient):
    mode: Literal["public", "restricted", "private"] = "public"


class KeyOutput(Lenient):
    """The customer-managed key of a region."""

    key_id: str
    identity_id: str
    """The user-assigned identity that uses it."""


class PointersOutput(Lenient):
    endpoint: str
    """Of the App Configuration store."""


class MonitoringOutput(Lenient):
    workspace_id: str


class DeployerOutput(Lenient):
    """Somebody who runs this stack's up, by object ID."""

    principal_id: str
    principal_type: str
    """As ``access.deployers`` has it; of a pipeline's own identity ManagedIdentity."""
    pipeline: str | None = None
    """Its name under ``access.pipelines``; null where it is one of ``access.deployers``."""


class StackOutputs(Lenient):
    schema_version: int = Field(ge=1)
    environment: EnvironmentOutput
    accounts: dict[str, AccountOutput]
    models: dict[str, ModelOutput]
    base_deployments: dict[str, BaseDeploymentOutput]
    storage: StorageOutput
    network: NetworkOutput = NetworkOutput()
    keys: dict[str, KeyOutput] = Field(default_factory=dict)
    """By region; none where Microsoft's keys encrypt."""
    pipelines: dict[str, str] = Field(default_factory=dict)
    """Client IDs of pipelines' identities, by name: what a pipeline is configured with."""
    deployers: list[DeployerOutput] | None = None
    """Who needs rights on the accounts that promoted models were trained in; null where an older program exported."""
    pointers: PointersOutput | None = None
    monitoring: MonitoringOutput | None = None
    resource_group_name: str
    subscription_id: str

    @classmethod
    def parse(cls, mapping: Mapping[str, Any]) -> StackOutputs:
        """The outputs in ``mapping``. Raises Faults where they are of another program or of a newer schema."""
        orders = [Fault(key, "has a control character in it") for key, value in mapping.items() if _has_orders(value)]
        if orders:
            raise Faults("stack outputs", orders)
        try:
            outputs = cls.model_validate(with_integers(dict(mapping)))
        except ValidationError as error:
            raise Faults("stack outputs", of_validation(error, cls)) from None
        if outputs.schema_version > SCHEMA_VERSION:
            message = f"is {outputs.schema_version}, this version reads up to {SCHEMA_VERSION}: use a newer one"
            raise Faults("stack outputs", [Fault("schemaVersion", message)])
        return outputs


def _has_orders(value: Any) -> bool:
    """Whether what is shown of it could be an order to a terminal."""
    if isinstance(value, str):
        return has_orders(value)
    if isinstance(value, dict):
        return any(_has_orders(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(map(_has_orders, value))


def with_integers(value: Any) -> Any:
    """The value with whole floats as integers: Pulumi's protocol knows only floats."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: with_integers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_integers(item) for item in value]
    return value
