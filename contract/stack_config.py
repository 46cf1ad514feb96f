"""The stack config of one environment, project namespace ``tuned-models``: what people write, and ``releases``.

``StackConfig.parse`` takes the values as Pulumi hands them over (decoded) and reports every fault at once, each with
its key. Pulumi changes scalars on their way through the CLI (an unquoted 2026-01-02 becomes a time, 0123456 an octal):
shapes are strict, so that such a value is refused with the advice to quote it.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from contract import naming
from contract.faults import Fault, Faults, of_validation
from contract.references import reference_faults
from contract.release import Releases, Sku
from contract.shape import Date, Shape, Text
from contract.sound_part import sound_part

NAMESPACE = "tuned-models"


class Environment(Shape):
    """What sort of environment this stack is."""

    production: bool = Field(default=False, description="Application teams depend on this environment.")
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


class ResourceGroup(Shape):
    """The resource group that holds everything this stack declares."""

    name: naming.ResourceGroupName | None = Field(default=None, description="Default: tuned-models-<stack>.")
    location: naming.Location | None = Field(default=None, description="Default: the first account's, by key.")


class Account(Shape):
    """One Azure OpenAI account. Local auth is off, always."""

    name: naming.AccountName = Field(description="Its name in Azure.")
    location: naming.Location = Field(description="Its region, such as swedencentral.")
    subdomain: naming.AccountName | None = Field(
        default=None,
        description="Its custom subdomain, unique in all of Azure and not changeable; its name where absent.",
    )
    kind: Literal["OpenAI", "AIServices"] = Field(
        default="OpenAI", description="AIServices (Foundry) is needed for open-weight models."
    )

    @property
    def custom_subdomain(self) -> str:
        return self.subdomain or self.name


class Storage(Shape):
    """Where datasets and run journals are kept."""

    name: naming.StorageName = Field(description="Unique in all of Azure: 3-24 lower-case letters and digits.")
    location: naming.Location | None = Field(default=None, description="Default: the resource group's.")
    redundancy: Literal["Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_GZRS"] = Field(
        default="Standard_LRS", description="How many copies Azure keeps, and where."
    )
    soft_delete_days: int = Field(
        default=7, ge=1, le=365, description="Deleted blobs and containers can be restored for so long."
    )


class Principal(Shape):
    """Somebody in Entra ID: a user, a group, or an application's service principal."""

    principal_id: naming.Guid = Field(description="The object ID, not the application (client) ID.")
    principal_type: Literal["User", "Group", "ServicePrincipal"] = Field(
        description="What it is; an application and a managed identity are service principals."
    )


class Access(Shape):
    """Who may do what. Roles are assigned by GUID, since Microsoft renames them."""

    trainers: Annotated[tuple[Principal, ...], Field(strict=False)] = Field(
        default=(), description="May train and keep datasets: run `jobs`."
    )
    callers: Annotated[tuple[Principal, ...], Field(strict=False)] = Field(
        default=(), description="May call deployments, and nothing else."
    )


class BaseDeployment(Shape):
    """A base model served as it is, under the name of its key."""

    account: naming.AccountKey | None = Field(default=None, description="Default: the only account.")
    format: Text = Field(default="OpenAI", description="Its maker's, where it has open weights: such as Microsoft.")
    model: Text = Field(description="Without the version: gpt-4.1-mini.")
    version: Text = Field(description="Pinned and quoted; it is never upgraded on its own.")
    sku: Sku


class RoleSkus(Shape):
    """What a model is deployed on, per role."""

    live: Sku
    candidate: Sku | None = Field(default=None, description="Default: as live.")


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


class StackConfig(Shape):
    """Everything under ``tuned-models:`` in one stack file."""

    environment: Environment = Environment()
    resource_group: ResourceGroup = ResourceGroup()
    accounts: dict[naming.AccountKey, Account] = Field(min_length=1, description="Azure OpenAI accounts, by name.")
    storage: Storage
    access: Access = Access()
    base_deployments: dict[naming.DeploymentName, BaseDeployment] = Field(
        default_factory=dict, description="Base models served as they are, by the deployment's name."
    )
    models: dict[naming.ModelName, Model] = Field(
        default_factory=dict, description="Tuned models, by name; each is trained from models/<name>/tune.yaml."
    )
    releases: dict[naming.ModelName, Releases] = Field(
        default_factory=dict,
        description="Written by jobs: which tuned model is candidate, live and previous.",
    )

    @classmethod
    def parse(cls, mapping: Mapping[str, Any], also: Callable[[StackConfig], list[Fault]] | None = None) -> StackConfig:
        """The config in ``mapping`` (key without namespace → decoded value). Raises Faults, all at once.

        ``also`` finds more in a config whose shapes and references hold. Of one where they don't, the sound part is
        looked at, so that nobody mends one fault only to be told of the next.
        """
        config, faults = None, []
        try:
            config = cls.model_validate(dict(mapping))
        except ValidationError as error:
            faults = of_validation(error, cls)
        for find in (reference_faults, also):
            part = cls._sound_part(mapping, faults) if faults else config
            if find is not None and part is not None:
                faults += find(part)
        if config is None or faults:
            raise Faults("stack config", [Fault(f"{NAMESPACE}:{fault.key}", fault.message) for fault in faults])
        return config

    @classmethod
    def parse_pulumi(
        cls, raw: Mapping[str, str], also: Callable[[StackConfig], list[Fault]] | None = None
    ) -> StackConfig:
        """The config as Pulumi's runtime holds it: full key → text, JSON where the value is an object."""
        decoded: dict[str, Any] = {}
        for full_key, text in raw.items():
            namespace, _, key = full_key.partition(":")
            if namespace == NAMESPACE:
                decoded[key] = _decoded(text)
        return cls.parse(decoded, also)

    @classmethod
    def _sound_part(cls, mapping: Mapping[str, Any], faults: Sequence[Fault]) -> StackConfig | None:
        part = sound_part(mapping, [fault.key for fault in faults])
        with contextlib.suppress(ValidationError):
            return None if part is None else cls.model_validate(part)
        return None

    def only_account(self) -> str:
        """The account meant where none is named: the only one (``parse`` refuses to guess among several)."""
        [account] = self.accounts
        return account

    def train_in(self, model: str) -> str:
        return self.models[model].train_in or self.only_account()

    def served_in(self, model: str) -> tuple[str, ...]:
        return self.models[model].served_in or (self.train_in(model),)

    def as_of(self, today: date) -> date:
        """The day by which the catalog's dates count."""
        return date.fromisoformat(self.environment.as_of) if self.environment.as_of else today


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
