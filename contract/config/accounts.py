"""Azure OpenAI accounts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from contract import naming
from contract.shape import ResourceId, Shape, Text


class AccountLimits(Shape):
    """What Azure allows in one account; raised by a support request."""

    tuned_deployments: int = Field(default=10, ge=1, description="Deployments of tuned models.")
    deployments: int = Field(default=32, ge=1, description="Deployments of all kinds.")


class Project(Shape):
    """A Foundry project of an account."""

    display_name: Text | None = None
    description: Text | None = None


class Account(Shape):
    """One Azure OpenAI account. Local auth is off, always."""

    existing: ResourceId | None = Field(
        default=None,
        description="The resource ID of an account that another team owns: its deployments are managed here, the "
        "account itself is not touched. In place of name and subdomain.",
    )
    name: naming.AccountName | None = Field(
        default=None, description="Its name in Azure. Needed, but for an existing account."
    )
    location: naming.Location = Field(description="Its region, such as swedencentral.")
    subdomain: naming.AccountName | None = Field(
        default=None,
        description="Its custom subdomain, unique in all of Azure and not changeable; its name where absent.",
    )
    kind: Literal["OpenAI", "AIServices"] = Field(
        default="OpenAI", description="AIServices (Foundry) is needed for open-weight models and projects."
    )
    identity: Literal["system", "user"] = Field(
        default="system", description="system-assigned, or user-assigned: one made for this account, or identityId."
    )
    identity_id: ResourceId | None = Field(
        default=None, description="The resource ID of a user-assigned identity of yours; with identity: user."
    )
    restore: bool = Field(
        default=False, description="Restore the soft-deleted account of this name, where there is one."
    )
    projects: dict[naming.ProjectName, Project] = Field(
        default_factory=dict, description="Foundry projects, by name; kind AIServices only."
    )
    limits: AccountLimits = AccountLimits()

    @property
    def account_name(self) -> str:
        """Its name in Azure, whether declared here or existing."""
        return self.name or (self.existing or "").rstrip("/").rsplit("/", 1)[-1]

    @property
    def custom_subdomain(self) -> str:
        return self.subdomain or self.account_name
