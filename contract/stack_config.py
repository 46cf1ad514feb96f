"""The stack config of one environment, project namespace ``tuned-models``: what people write, and ``releases``.

``StackConfig.parse`` takes the values as Pulumi hands them over (decoded) and reports every fault at once, each with
its key. Pulumi changes scalars on their way through the CLI (an unquoted 2026-01-02 becomes a time, 0123456 an octal):
shapes are strict, so that such a value is refused with the advice to quote it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from contract import naming
from contract.faults import Fault, Faults, of_validation, suggestion
from contract.release import Releases, Sku
from contract.shape import Date, Shape, Text

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
    def parse(cls, mapping: Mapping[str, Any]) -> StackConfig:
        """The config in ``mapping`` (key without namespace → decoded value). Raises Faults, all at once."""
        try:
            config = cls.model_validate(dict(mapping))
        except ValidationError as error:
            raise Faults("stack config", _namespaced(of_validation(error, cls))) from None
        faults = list(_crossing_faults(config))
        if faults:
            raise Faults("stack config", _namespaced(faults))
        return config

    @classmethod
    def parse_pulumi(cls, raw: Mapping[str, str]) -> StackConfig:
        """The config as Pulumi's runtime holds it: full key → text, JSON where the value is an object."""
        decoded: dict[str, Any] = {}
        for full_key, text in raw.items():
            namespace, _, key = full_key.partition(":")
            if namespace == NAMESPACE:
                decoded[key] = _decoded(text)
        return cls.parse(decoded)

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


def _namespaced(faults: list[Fault]) -> list[Fault]:
    return [Fault(f"{NAMESPACE}:{fault.key}", fault.message) for fault in faults]


def _crossing_faults(config: StackConfig) -> list[Fault]:
    """What no single value shows: references between keys, and names that meet."""
    return [
        *_account_faults(config),
        *_release_faults(config),
        *_date_faults(config),
    ]


def _account_faults(config: StackConfig) -> list[Fault]:
    faults: list[Fault] = []

    def known(key: str, account: str | None) -> None:
        if account is None and len(config.accounts) > 1:
            faults.append(Fault(key, f"is missing: there are {len(config.accounts)} accounts, name one"))
        elif account is not None and account not in config.accounts:
            hint = suggestion(account, config.accounts)
            faults.append(Fault(key, f"there is no account {account!r}{hint}"))

    for name, deployment in config.base_deployments.items():
        known(f"baseDeployments.{name}.account", deployment.account)
    for name, model in config.models.items():
        known(f"models.{name}.trainIn", model.train_in)
        for index, account in enumerate(model.served_in):
            known(f"models.{name}.servedIn[{index}]", account)
        if len(set(model.served_in)) < len(model.served_in):
            faults.append(Fault(f"models.{name}.servedIn", "names an account twice"))
    for attribute in ("name", "custom_subdomain"):
        seen: dict[str, str] = {}
        for key, declared in config.accounts.items():
            value = getattr(declared, attribute).lower()
            if value in seen:
                word = "name" if attribute == "name" else "subdomain"
                faults.append(Fault(f"accounts.{key}", f"has the same {word} as accounts.{seen[value]}: {value!r}"))
            seen[value] = key
    return faults


def _release_faults(config: StackConfig) -> list[Fault]:
    faults: list[Fault] = []
    for model, releases in config.releases.items():
        if model not in config.models:
            hint = suggestion(model, config.models)
            faults.append(
                Fault(f"releases.{model}", f"models has no {model!r}{hint}; declare it, or remove these records")
            )
        ids = [record.model_id for record in releases.records()]
        faults.extend(
            Fault(f"releases.{model}", f"{model_id} stands in more than one place")
            for model_id in sorted({i for i in ids if ids.count(i) > 1})
        )
        faults.extend(
            Fault(
                f"releases.{model}",
                f"{record.model_id} was trained in {record.trained_in!r}, no account here: add its ID as source",
            )
            for record in releases.records()
            if record.source is None and record.withdrawal is None and record.trained_in not in config.accounts
        )
        for role in ("candidate", "live"):
            record = getattr(releases, role)
            if record is not None and record.withdrawal is not None:
                faults.append(Fault(f"releases.{model}.{role}", "is marked withdrawn and cannot be deployed"))
    return faults


def _date_faults(config: StackConfig) -> list[Fault]:
    as_of = config.environment.as_of
    if as_of is None:
        return []
    try:
        date.fromisoformat(as_of)
    except ValueError:
        return [Fault("environment.asOf", f"{as_of!r} is no day of the calendar")]
    return []
