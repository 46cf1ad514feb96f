"""Which model a deployment asks for, and whether this account may deploy it now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simulator.access import allowed
from simulator.arm import cognitive_errors as refuse
from simulator.arm import errors
from simulator.arm.descriptors import Write
from simulator.arm.ids import parse
from simulator.arm.models import Resource, find_account_by_id
from simulator.arm.regions import normalised
from simulator.openai.bases import Base, base_by_name
from simulator.openai.retirement import as_of_now
from simulator.openai.tuned_models import tuned_model

LINKED_ACTION = "Microsoft.CognitiveServices/accounts/models/read"
"""What a caller must be allowed to do in the account a tuned model was trained in: no document names it (memory)."""


@dataclass(frozen=True)
class Served:
    """The model of a deployment: a base, or one tuned from it."""

    format: str
    name: str
    version: str
    base: Base
    tuned: bool

    @property
    def key(self) -> str:
        """What a subscription has deployed once."""
        return f"{self.name}|{self.version}".lower()


def described(model: dict[str, Any]) -> str:
    """`Format:OpenAI,Name:gpt-4o-mini,Version:2024-07-18`, the publisher in front where one is set."""
    parts = {
        "Publisher": model.get("publisher"),
        "Format": model.get("format"),
        "Name": model.get("name"),
        "Version": model.get("version"),
    }
    return ",".join(f"{name}:{value or ''}" for name, value in parts.items() if value or name != "Publisher")


def resolve(write: Write, account: Resource) -> Served:
    """The model that `properties.model` names; refuses one that this account can't serve at all."""
    model = write.properties.get("model")
    if not isinstance(model, dict) or not model.get("name") or not model.get("format"):
        raise refuse.model_missing()
    if model.get("sourceAccount"):
        raise refuse.cross_tenant_unsupported()
    found = _tuned(write, account, model) or _base(account, model)
    if found is None:
        raise refuse.model_not_supported(described(model))
    return found


def check_age(write: Write, served: Served) -> None:
    """Refuses a model that is retired, or that only those may deploy who did so before."""
    now, base = write.cloud.clock.now(), as_of_now(write.cloud, served.base)
    life = base.lifecycle
    name = described({"format": served.format, "name": served.name, "version": served.version})
    if base.retired(now, tuned=served.tuned):
        since = life.tuned_ends if served.tuned else life.inference_retires
        if since is not None:
            raise refuse.model_deprecated(name, since)
    if served.tuned or base.status(now) != "Deprecating" or not write.cloud.new_subscription:
        return
    if served.key not in write.cloud.state.arm.deployed_before:
        raise refuse.model_deprecating(name)


def check_sku(served: Served, sku: str, location: str) -> None:
    """Refuses an SKU that is not offered for the model, or not here."""
    base, where = served.base, normalised(location)
    if base.deploys(sku, where, tuned=served.tuned):
        return
    offered = set(base.tuned_skus) if served.tuned else set(base.skus)
    if sku in offered and not served.tuned:
        raise refuse.model_not_supported(
            described({"format": served.format, "name": served.name, "version": served.version})
        )
    raise refuse.sku_not_supported(sku, served.name, served.version)


def _base(account: Resource, model: dict[str, Any]) -> Served | None:
    version = str(model["version"]) if model.get("version") else None
    base = base_by_name(str(model["name"]), version)
    if base is None or str(account.body.get("kind")) not in base.kinds:
        return None
    if str(model["format"]).lower() != base.format.lower():
        if base.open_weight:
            raise refuse.wrong_format()
        return None
    return Served(base.format, base.name, base.version, base, tuned=False)


def _tuned(write: Write, account: Resource, model: dict[str, Any]) -> Served | None:
    """A tuned model of this account, or of the one that `source` names and the caller may read.

    From elsewhere it comes only to a region that supports fine-tuning (MicrosoftDocs azure-ai-docs,
    openai/how-to/fine-tuning-deploy.md, 2026-02); that this means the model's own, and the words otherwise: memory.
    """
    source = model.get("source")
    if source:
        _check_source(write, str(source))
    found = tuned_model(write.cloud, str(model["name"]))
    if found is None or model.get("version") not in (None, "", "1"):
        return None
    trained_in = str(source).rstrip("/").lower() if source else account.key
    if found.account_id.lower() != trained_in or str(account.body.get("kind")) not in found.base.kinds:
        return None
    if source and not any(found.base.trains(type_, account.location) for type_ in found.base.training):
        return None
    if str(model["format"]).lower() != found.base.format.lower():
        if found.base.open_weight:
            raise refuse.wrong_format()
        return None
    return Served(found.base.format, found.id, "1", found.base, tuned=True)


def _check_source(write: Write, source: str) -> None:
    caller, cloud = write.caller, write.cloud
    action = "Microsoft.CognitiveServices/accounts/deployments/write"
    identity = parse(source)
    subscription = identity.subscription if identity is not None else None
    if subscription is not None and subscription.lower() not in cloud.subscriptions:
        raise errors.linked_tenant_unauthorized(action, write.id.text, cloud.tenant_id, subscription)
    readable = allowed(cloud, caller.object_id, LINKED_ACTION, source, data=False)
    if readable and find_account_by_id(cloud, source) is not None:
        return
    raise errors.linked_authorization_failed(
        caller.client_id, caller.object_id, action, write.id.text, LINKED_ACTION, source
    )
