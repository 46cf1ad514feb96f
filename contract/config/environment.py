"""What sort of environment a stack is, and the resource group that holds it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from contract import naming
from contract.data_reference import ApprovedPrefix
from contract.shape import Date, Shape, Text, Usd


class Environment(Shape):
    """What sort of environment this stack is."""

    production: bool = Field(default=False, description="Application teams depend on this environment.")
    protection: Literal["on", "off"] = Field(
        default="on",
        description="on: accounts that train are protected and retained, in production every account, the storage and "
        "the vaults. off, in quotes: everything can be destroyed.",
    )
    locks: bool | None = Field(
        default=None,
        description="Locks (CanNotDelete) on the storage, vaults and workspace; where absent, in production only.",
    )
    residency: Literal["region", "dataZone"] | None = Field(
        default=None,
        description="Where data has to stay: region allows Standard and ProvisionedManaged only, dataZone the "
        "DataZone SKUs too. No demand where it is absent.",
    )
    content_filters: Literal["optional", "required"] = Field(
        default="optional", description="required: every deployment names a content filter."
    )
    readiness: Literal["warn", "require"] = Field(
        default="warn", description="require: a useCase in tune.yaml that leaves questions open is refused."
    )
    run_budget: Usd | None = Field(
        default=None, description="US dollars that the training of one run may cost; a dearer one is refused."
    )
    hosting_budget: Usd | None = Field(
        default=None, description="US dollars per 30 days that all deployments of tuned models may cost in hosting."
    )
    data_sources: Annotated[tuple[ApprovedPrefix, ...], Field(strict=False)] = Field(
        default=(),
        description="Storage that datasets may be taken from: https://<account>.blob.core.windows.net/<container>, "
        "with a prefix or without.",
    )
    owner: Text | None = Field(default=None, description="The team that owns it; a tag on every resource.")
    cost_centre: Text | None = Field(default=None, description="Who pays for it; a tag on every resource.")
    tags: dict[naming.TagName, naming.TagValue] = Field(
        default_factory=dict, max_length=40, description="Further tags on every resource."
    )
    as_of: Date | None = Field(
        default=None,
        description="The day by which the catalog's dates count, quoted; today where it is absent. Written by the "
        "simulator for the local stack.",
    )
    token_scope: Text = Field(
        default="https://cognitiveservices.azure.com/.default",
        description="The scope of tokens for the data plane. Microsoft's pages of October 2026 name "
        "https://ai.azure.com/.default, its v1 specification the default here.",
    )
    authority: Text | None = Field(
        default=None,
        description="Where tokens come from, such as login.microsoftonline.us; AZURE_AUTHORITY_HOST or the public "
        "cloud where it is absent.",
    )

    @property
    def protects_everything(self) -> bool:
        """Whether every account, the storage and the vaults are kept from deletion."""
        return self.production and self.protection == "on"

    @property
    def locked(self) -> bool:
        """Whether resources get locks: never while protection is off."""
        return self.protection == "on" and (self.production if self.locks is None else self.locks)


class ResourceGroup(Shape):
    """The resource group that holds everything this stack declares."""

    name: naming.ResourceGroupName | None = Field(default=None, description="Default: tuned-models-<stack>.")
    location: naming.Location | None = Field(
        default=None, description="Default: the accounts', if they are in one region; otherwise it is needed."
    )
