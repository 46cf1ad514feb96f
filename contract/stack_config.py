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
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError

from contract import naming
from contract.config.access import Access
from contract.config.accounts import Account
from contract.config.content_filters import Blocklist, ContentFilter
from contract.config.deployments import BaseDeployment, Model
from contract.config.encryption import EncryptionKey
from contract.config.environment import Environment, ResourceGroup
from contract.config.monitoring import Budget, Monitoring
from contract.config.network import Network
from contract.config.pointers import Pointers
from contract.config.storage import Storage
from contract.faults import Fault, Faults, of_validation
from contract.release import Releases
from contract.rules import rule_faults
from contract.shape import Shape, Text, Usd, none_if_empty
from contract.sound_part import sound_part

NAMESPACE = "tuned-models"


class StackConfig(Shape):
    """Everything under ``tuned-models:`` in one stack file."""

    environment: Environment = Environment()
    resource_group: ResourceGroup = ResourceGroup()
    accounts: dict[naming.AccountKey, Account] = Field(min_length=1, description="Azure OpenAI accounts, by name.")
    storage: Storage
    network: Network = Network()
    encryption: dict[naming.Location, EncryptionKey] = Field(
        default_factory=dict,
        description="Customer-managed keys, by region; Microsoft's keys encrypt where it is absent.",
    )
    access: Access = Access()
    content_filters: dict[naming.FilterName, ContentFilter] = Field(
        default_factory=dict, description="Content filters that deployments name, by name."
    )
    blocklists: dict[naming.BlocklistName, Blocklist] = Field(
        default_factory=dict, description="Blocklists that content filters name, by name."
    )
    pointers: Annotated[Pointers | None, BeforeValidator(none_if_empty)] = Field(
        default=None, description="Where applications read what is live; nowhere where it is absent."
    )
    monitoring: Annotated[Monitoring | None, BeforeValidator(none_if_empty)] = Field(
        default=None, description="Logs and alerts; none where it is absent."
    )
    budget: Annotated[Budget | None, BeforeValidator(none_if_empty)] = Field(
        default=None, description="The resource group's money per month; not watched where it is absent."
    )
    prices: dict[Text, Usd] = Field(
        default_factory=dict,
        description="Prices in place of the project's table, in US dollars: training/<base>/<training type>, "
        "input/<base> and output/<base> per 1M tokens, trainingHour/<base>/<training type> per hour, hosting/<SKU> "
        "per hour.",
    )
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
        for find in (rule_faults, also):
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
        with contextlib.suppress(ValidationError):
            return cls.model_validate(sound_part(mapping, [fault.key for fault in faults]))
        return None

    def only_account(self) -> str:
        """The account meant where none is named: the only one (``parse`` refuses to guess among several)."""
        [account] = self.accounts
        return account

    @property
    def location(self) -> str:
        """The region of the resource group, and of what names none: the accounts' (``parse`` wants it of several)."""
        # Rules look at configs with more than one, too: by name, since the CLI hands mappings over sorted.
        return self.resource_group.location or self.accounts[min(self.accounts)].location

    def train_in(self, model: str) -> str:
        return self.models[model].train_in or self.only_account()

    def served_in(self, model: str) -> tuple[str, ...]:
        return self.models[model].served_in or (self.train_in(model),)

    def base_accounts(self, deployment: BaseDeployment) -> tuple[str, ...]:
        """The accounts that serve a base model under its name."""
        return deployment.accounts or (deployment.account or self.only_account(),)

    def trains_in(self) -> frozenset[str]:
        """The accounts that hold weights: those that models are trained in, or were."""
        declared = {self.train_in(model) for model in self.models}
        recorded = {
            record.trained_in
            for releases in self.releases.values()
            for record in releases.records()
            if record.source is None
        }
        return frozenset((declared | recorded) & set(self.accounts))

    def protects_account(self, key: str) -> bool:
        """Whether an account of this stack is kept from deletion: weights live where models were trained."""
        if self.environment.protection == "off" or self.accounts[key].existing is not None:
            return False
        return self.environment.production or key in self.trains_in()

    def protects_key(self, region: str) -> bool:
        """Whether a region's vault is kept from deletion: so is what nobody could read without its key."""
        return self.environment.protects_everything or any(
            self.protects_account(key) for key, account in self.accounts.items() if account.location == region
        )

    def as_of(self, today: date) -> date:
        """The day by which the catalog's dates count."""
        return date.fromisoformat(self.environment.as_of) if self.environment.as_of else today


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        # No JSON, or none that is read: nested without end, or a number of thousands of digits.
        return text
