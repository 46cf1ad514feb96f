"""What is served: base models as they are, and tuned models."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contract import naming
from contract.gate import Gate
from contract.release import Sku
from contract.shape import Shape, Text, Usd


class BaseDeployment(Shape):
    """A base model served as it is, under the name of its key."""

    account: naming.AccountKey | None = Field(default=None, description="Default: the only account.")
    accounts: Annotated[tuple[naming.AccountKey, ...], Field(strict=False)] = Field(
        default=(), description="Several accounts that serve it under the same name; in place of account."
    )
    format: Text = Field(default="OpenAI", description="Its maker's, where it has open weights: such as Microsoft.")
    model: Text = Field(description="Without the version: gpt-4.1-mini.")
    version: Text = Field(description="Pinned and quoted; it is never upgraded on its own.")
    sku: Sku
    content_filter: naming.FilterName | None = Field(
        default=None, description="A key of contentFilters, or one of Microsoft's own; Azure's default where absent."
    )
    spillover: naming.DeploymentName | None = Field(
        default=None,
        description="The base deployment of the same model and version that takes what this provisioned one can't.",
    )


class RoleSkus(Shape):
    """What a model is deployed on, per role."""

    live: Sku
    candidate: Sku | None = Field(default=None, description="Default: as live.")
    spillover: Sku | None = Field(
        default=None,
        description="A second, standard deployment of the live model that takes what a provisioned one can't.",
    )


class ModelBudget(Shape):
    """What one model may cost, in US dollars. Nothing is demanded where a key is absent."""

    run: Usd | None = Field(default=None, description="The training of one run; environment.runBudget holds besides.")
    hosting: Usd | None = Field(default=None, description="Hosting of its deployments, per 30 days.")


class Model(Shape):
    """A tuned model, trained from models/<name>/tune.yaml."""

    train_in: naming.AccountKey | None = Field(default=None, description="Default: the only account.")
    served_in: Annotated[tuple[naming.AccountKey, ...], Field(strict=False)] = Field(
        default=(), description="Default: where it is trained."
    )
    skus: RoleSkus
    keep_previous: int = Field(
        default=1,
        ge=0,
        le=9,
        description="How many former live models stay deployed while callers move over.",
    )
    content_filter: naming.FilterName | None = Field(
        default=None, description="A key of contentFilters, or one of Microsoft's own; Azure's default where absent."
    )
    budget: ModelBudget = Field(default=ModelBudget(), description="What it may cost; dearer plans are refused.")
    gate: Gate | None = Field(
        default=None, description="What an evaluation has to show here, key by key over tune.yaml's evaluation.gate."
    )
