"""The provider: azure-native's resources in terms of requests to ARM, for the plugin and for the in-process way alike.

Like Pulumi's published provider it reads before it creates and refuses what exists already, in the same words
(pulumi-azure-native provider/pkg/azure), and it takes an ID's path, the location and so on for what can't be changed.
Unlike it, it retries nothing.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.pulumi import functions
from simulator.pulumi.arm_client import ArmClient, ArmError
from simulator.pulumi.azure_native import TYPES
from simulator.pulumi.azure_native.authorization import ROLE_ASSIGNMENT
from simulator.pulumi.azure_native.keyvault import KEY
from simulator.pulumi.connection import Unconfigured
from simulator.pulumi.diff import Diff, diff
from simulator.pulumi.resource_types import ResourceType
from simulator.pulumi.values import UNKNOWN, Properties, Secret, has_secret, has_unknown, revealed

PACKAGE = "azure-native"
VERSION = "3.29.0"
KEY_VAULT_AUDIENCE = "https://vault.azure.net"
KEY_VAULT_VERSION = "7.6"
PROVIDER_TYPE = f"pulumi:providers:{PACKAGE}"


class ProviderError(Exception):
    """The provider itself refuses; one line."""


class PartlyCreated(Exception):
    """The resource exists, but its making or changing failed: it has to be recorded all the same."""

    def __init__(self, resource_id: str, outputs: Properties, reason: ArmError) -> None:
        super().__init__(str(reason))
        self.resource_id = resource_id
        self.outputs = outputs


@dataclass(frozen=True)
class Found:
    """A resource as it stands: `inputs` are those that would have made it so."""

    id: str
    inputs: Properties
    outputs: Properties


FAULTS = (ArmError, ProviderError, PartlyCreated, Unconfigured, ValueError)
"""What an operation below may raise, each with a text that is fit to be shown."""


class Provider:
    """One configured provider."""

    def __init__(self, client: ArmClient) -> None:
        self.client = client

    def check(self, token: str, urn: str, inputs: Properties, olds: Properties | None = None) -> Properties:
        """The inputs with what the provider fills in: constants, a name, the default location.

        A name that isn't given is derived from the URN and kept from then on (the published one draws lots).
        """
        resource = type_of(token)
        news = dict(inputs)
        for name, value in resource.constants.items():
            if _plain(news.setdefault(name, value)) not in (value, UNKNOWN):
                raise ProviderError(f"{urn}: {name} can only be {value!r}")
        if resource.name_parameter not in news:
            kept = (olds or {}).get(resource.name_parameter)
            news[resource.name_parameter] = kept or _derived_name(resource, urn)
        if "location" in resource.top and "location" not in news and self.client.connection.location:
            news["location"] = self.client.connection.location
        for name in resource.parameters:
            if name not in news:
                raise ProviderError(f"{urn}: {name} is missing")
        return news

    def diff(
        self, token: str, olds: Mapping[str, Any], news: Mapping[str, Any], *, replace_on: tuple[str, ...] = ()
    ) -> Diff:
        return diff(type_of(token), olds, news, replace_on=replace_on)

    def create(self, token: str, inputs: Properties, *, patience: float = 0.0) -> Found:
        """Makes the resource. Raises PartlyCreated where it stands although its making failed."""
        resource = type_of(token)
        resource_id = self.id_of(resource, inputs)
        if not resource.singleton and self.client.get(resource_id, resource.api_version) is not None:
            raise ProviderError(f"cannot create already existing resource '{resource_id}'")
        return Found(resource_id, inputs, self._put(resource, resource_id, inputs, patience))

    def update(self, token: str, resource_id: str, inputs: Properties, *, patience: float = 0.0) -> Properties:
        """Changes the resource in place. Its outputs afterwards."""
        return self._put(type_of(token), resource_id, inputs, patience)

    def read(
        self, token: str, resource_id: str, inputs: Properties | None = None, outputs: Properties | None = None
    ) -> Found | None:
        """The resource as it is now; None where Azure has it no more.

        With the inputs and outputs of before, only what changed since is carried over into the inputs; without (an
        import) they are made from what is there.
        """
        resource = type_of(token)
        if resource.pattern.fullmatch(resource_id) is None:
            raise ValueError(f"{resource_id} is not the ID of a {resource.token}: {resource.path}")
        body = self.client.get(resource_id, resource.api_version)
        if body is None:
            return None
        seen = resource.to_outputs(body)
        if not inputs:
            return Found(resource_id, resource.to_inputs(resource_id, seen), seen)
        return Found(resource_id, _refreshed(resource, inputs, outputs or {}, seen), seen)

    def delete(self, token: str, resource_id: str, *, patience: float = 0.0) -> None:
        """Deletes the resource; a singleton is set back to its defaults, as the published provider does."""
        resource = type_of(token)
        if resource.singleton:
            if self.client.get(resource_id, resource.api_version) is not None:
                self.client.put(resource_id, resource.api_version, {"properties": {}}, patience=patience)
        elif resource is KEY:
            self._delete_key(resource_id)
        else:
            self.client.delete(resource_id, resource.api_version, patience=patience)

    def _delete_key(self, key_id: str) -> None:
        """ARM has no DELETE for keys: the published provider deletes at the vault too, with what roles it has there."""
        vault_id, _, name = key_id.partition("/keys/")
        vault = self.client.get(vault_id, KEY.api_version)
        if vault is not None:
            uri = vault["properties"]["vaultUri"]
            self.client.delete_elsewhere(f"{uri}keys/{name}?api-version={KEY_VAULT_VERSION}", KEY_VAULT_AUDIENCE)

    def invoke(self, token: str, arguments: Mapping[str, Any]) -> Properties:
        """A function's result."""
        return functions.call(self.client, token, arguments)

    def id_of_inputs(self, token: str, inputs: Mapping[str, Any]) -> str:
        """The ID the resource will have. Raises ProviderError where the inputs don't tell it."""
        return self.id_of(type_of(token), inputs)

    def id_of(self, resource: ResourceType, inputs: Mapping[str, Any]) -> str:
        resource_id = resource.id_of(revealed(dict(inputs)), self.client.connection.subscription_id)
        if resource_id is None:
            raise ProviderError(f"{resource.token}: {', '.join(resource.parameters)} must all be text")
        return resource_id

    def _put(self, resource: ResourceType, resource_id: str, inputs: Properties, patience: float) -> Properties:
        body = resource.to_body(revealed(inputs))
        try:
            written = self.client.put(resource_id, resource.api_version, body, patience=patience)
        except ArmError as refused:
            # ARM's own no is one, and nothing came of it. Else the write was accepted or may have been: what stands
            # then has to be known to whoever keeps the state.
            uncertain = refused.may_stand and not resource.singleton
            standing = self._standing(resource, resource_id) if uncertain else None
            if standing is None:
                raise
            raise PartlyCreated(resource_id, resource.to_outputs(standing), refused) from refused
        return resource.to_outputs(written)

    def _standing(self, resource: ResourceType, resource_id: str) -> dict[str, Any] | None:
        try:
            return self.client.get(resource_id, resource.api_version)
        except ArmError:
            return None


def type_of(token: str) -> ResourceType:
    """The row of the table. Raises ProviderError for a type that isn't there."""
    # Versioned tokens, azure-native:cognitiveservices/v20250601:Account, mean the same resource here.
    package, _, rest = token.partition(":")
    module, _, name = rest.partition(":")
    resource = TYPES.get(f"{package}:{module.split('/')[0]}:{name}")
    if resource is None:
        raise ProviderError(f"{token} is not simulated: there are {', '.join(TYPES)}")
    return resource


def expected_outputs(token: str, inputs: Properties, outputs: Properties | None = None) -> Properties:
    """The outputs as far as a preview can tell: what is there already, and the inputs over it.

    What Azure will decide is left out, which Pulumi's SDKs take for unknown in a preview. So are objects of a resource
    that isn't there yet: Azure adds to most of them.
    """
    resource = type_of(token)
    told = {name: value for name, value in resource.answered(inputs).items() if name not in resource.parameters}
    if outputs is None:
        return {name: value for name, value in told.items() if name == "tags" or not isinstance(value, Mapping)}
    return {**outputs, **{name: _over(outputs.get(name), value) for name, value in told.items()}}


def with_secrets(inputs: Mapping[str, Any], outputs: Properties, named: tuple[str, ...] = ()) -> Properties:
    """The outputs, those marked as secret that were secret as inputs, or are named (additionalSecretOutputs)."""
    hidden = {name for name, value in inputs.items() if has_secret(value)} | set(named)
    return {k: Secret(v) if k in hidden and not isinstance(v, Secret) else v for k, v in outputs.items()}


def _over(known: Any, told: Any) -> Any:
    if isinstance(known, Mapping) and isinstance(told, Mapping):
        return {**known, **{key: _over(known.get(key), value) for key, value in told.items()}}
    return told


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Secret) else value


def _derived_name(resource: ResourceType, urn: str) -> str:
    digest = hashlib.sha256(urn.encode()).hexdigest()
    if resource is ROLE_ASSIGNMENT:
        return str(uuid.UUID(digest[:32]))
    name = f"{urn.rsplit('::', 1)[-1]}{digest[:8]}"
    return "".join(filter(str.isalnum, name)).lower()[-24:] if "storageAccounts" in resource.kind else name


def _refreshed(resource: ResourceType, inputs: Properties, before: Properties, now: Properties) -> Properties:
    """The inputs with what drifted between two readings of the outputs."""
    refreshed: Properties = {}
    for name, value in inputs.items():
        if name in resource.parameters or has_unknown(value):
            refreshed[name] = value
        elif (drifted := _drifted(value, revealed(before.get(name)), now.get(name))) is not None:
            refreshed[name] = drifted
    return refreshed


def _drifted(value: Any, before: Any, now: Any) -> Any:
    if before == now:
        return value
    if isinstance(value, Secret):
        return Secret(_drifted(value.value, before, now))
    if isinstance(value, Mapping) and isinstance(before, Mapping) and isinstance(now, Mapping):
        followed = {key: _drifted(item, before.get(key), now.get(key)) for key, item in value.items()}
        return {key: item for key, item in followed.items() if item is not None}
    return now
