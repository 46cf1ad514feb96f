"""Who may do what."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from contract import naming
from contract.shape import Shape, Text

GITHUB_ISSUER = "https://token.actions.githubusercontent.com"
"""Of the tokens of GitHub Actions (GitHub Docs, "OpenID Connect reference")."""


class Principal(Shape):
    """Somebody in Entra ID: a user, a group, an application's service principal or a managed identity."""

    principal_id: naming.Guid = Field(description="The object ID, not the application (client) ID.")
    principal_type: Literal["User", "Group", "ServicePrincipal", "ManagedIdentity"] = Field(
        description="What it is; an application is a service principal."
    )


class GitHub(Shape):
    """Workflows of one repository, while they run for one GitHub environment.

    The subject of GitHub's tokens holds the IDs of owner and repository in repositories that were created or renamed
    since the summer of 2026, or have opted in (Microsoft Learn, "Migrate GitHub Actions federated credentials to
    immutable subjects").
    """

    repository: naming.Repository = Field(description="owner/name.")
    environment: Text = Field(description="The GitHub environment, whose approvals then guard this stack.")
    owner_id: int | None = Field(
        default=None, ge=1, description="The owner's number, where subjects are immutable; with repositoryId."
    )
    repository_id: int | None = Field(
        default=None, ge=1, description="The repository's number, where subjects are immutable; with ownerId."
    )

    @property
    def subject(self) -> str:
        """The subject claim of the tokens that are trusted."""
        owner, _, name = self.repository.partition("/")
        if self.owner_id is not None and self.repository_id is not None:
            owner, name = f"{owner}@{self.owner_id}", f"{name}@{self.repository_id}"
        return f"repo:{owner}/{name}:environment:{self.environment}"


class AzureDevOps(Shape):
    """A service connection of Azure Pipelines with workload identity federation."""

    issuer: naming.Issuer = Field(description="As the service connection shows it.")
    subject: Text = Field(description="As the service connection shows it, such as sc://organisation/project/name.")


class Pipeline(Shape):
    """A pipeline's own identity, without any secret: tokens of the pipeline are exchanged for Azure's."""

    github: GitHub | None = Field(default=None, description="GitHub Actions.")
    azure_dev_ops: AzureDevOps | None = Field(default=None, description="Azure Pipelines.")
    roles: Annotated[tuple[Literal["trainer", "caller", "operator", "deployer"], ...], Field(strict=False)] = Field(
        default=("trainer",), description="What it may do; deployer runs `pulumi up`."
    )

    @property
    def trusted(self) -> tuple[str, str] | None:
        """Issuer and subject of the tokens that are exchanged for Azure's; None where neither service is named."""
        if self.github is not None:
            return GITHUB_ISSUER, self.github.subject
        if self.azure_dev_ops is not None:
            return self.azure_dev_ops.issuer, self.azure_dev_ops.subject
        return None


class Access(Shape):
    """Who may do what. Roles are assigned by GUID, since Microsoft renames them."""

    trainers: Annotated[tuple[Principal, ...], Field(strict=False)] = Field(
        default=(), description="May train and keep datasets: run `jobs`."
    )
    callers: Annotated[tuple[Principal, ...], Field(strict=False)] = Field(
        default=(), description="May call deployments and read pointers, and nothing else."
    )
    operators: Annotated[tuple[Principal, ...], Field(strict=False)] = Field(
        default=(), description="May look at everything and its metrics and logs, and change nothing."
    )
    deployers: Annotated[tuple[Principal, ...], Field(strict=False)] = Field(
        default=(),
        description="Run `pulumi up`: manage the resource group, assign this program's roles in it, write pointers. "
        "The first up is by somebody who may do so already.",
    )
    pipelines: dict[naming.IdentityName, Pipeline] = Field(
        default_factory=dict, description="Identities for pipelines, by name; no secret exists anywhere."
    )
