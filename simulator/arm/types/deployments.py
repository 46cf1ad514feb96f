"""Microsoft.CognitiveServices/accounts/deployments: a model served under a name.

The answer's form: Azure/azure-cli's recording test_cognitiveservices_deployment.yaml, 2025-10. A base model is there at
once (201, Succeeded); that a tuned one takes minutes is documented, that it is announced by 201, Creating and
Azure-AsyncOperation is memory, as is the 202 on deleting one (for base models the recording has 200).
"""

from __future__ import annotations

from typing import Any

from simulator.arm import cognitive_errors as refuse
from simulator.arm import errors, quotas, rai_errors, served_models, versions
from simulator.arm.descriptors import Body, Descriptor, Move, Write
from simulator.arm.ids import ResourceId
from simulator.arm.models import DEPLOYMENTS, Resource, deployments_of, find
from simulator.arm.passing import GONE
from simulator.arm.regions import normalised
from simulator.arm.served_models import Served
from simulator.arm.types import rai_policies
from simulator.openai.bases import PROVISIONED, base_by_id

TUNED_CREATION = 120.0
"""Simulated seconds until a tuned deployment is Succeeded."""
TUNED_DELETION = 15.0
"""Simulated seconds until one is gone: microsoft/azure-skills advises to wait 15 to 20 s after a delete."""
BESIDES_TUNED = 22
"""How many more deployments of all kinds an account may have than tuned ones: 10 and 32 on the quotas page of 2026-03;
that they count per account: MicrosoftDocs/azure-docs#116159, in doubt. That support raises both together: memory."""


def _check(write: Write) -> None:
    account = _account(write)
    if account.pending is not None:
        raise refuse.account_not_ready(account.id, account.state)
    if write.properties.get("scaleSettings") is not None:
        raise refuse.scale_settings_deprecated()
    sku = write.body.get("sku")
    if not isinstance(sku, dict) or not sku.get("name"):
        raise refuse.sku_missing()
    if "tier" in sku:
        raise errors.sku_tier()
    before = write.existing
    if before is not None and _other_model(before, write.properties.get("model")):
        raise (
            refuse.cannot_change_both()
            if _capacity(write.body) != _capacity(before.body)
            else (refuse.cannot_change_model())
        )
    capacity = sku.get("capacity", 1)
    if not _whole(capacity) or not 1 <= capacity <= quotas.CAPACITY_MAXIMUM:
        raise refuse.invalid_capacity(capacity, 1, quotas.CAPACITY_MAXIMUM)
    served = _served(write, account)
    policy = write.properties.get("raiPolicyName")
    if policy and not rai_policies.exists(write.cloud, account, str(policy)):
        raise rai_errors.policy_unknown(str(policy))
    _check_spillover(write, account, served)
    if before is None:
        served_models.check_age(write, served)
    if before is None or sku["name"] != before.body["sku"]["name"]:
        served_models.check_sku(served, str(sku["name"]), account.location)
    if before is None:
        _check_count(write, account, served)
    pool = quotas.pool_for(served.base, str(sku["name"]), tuned=served.tuned)
    quotas.check(write.cloud, pool, account, int(capacity), before)


def _check_count(write: Write, account: Resource, served: Served) -> None:
    there = deployments_of(write.cloud, account.id)
    tuned = write.cloud.tuned_deployments
    if served.tuned and sum(1 for each in there if each.tuned) >= tuned:
        raise refuse.too_many_tuned(tuned)
    if len(there) >= tuned + BESIDES_TUNED:
        raise refuse.too_many_deployments(tuned + BESIDES_TUNED)


def _check_spillover(write: Write, account: Resource, served: Served) -> None:
    """From a provisioned deployment to a standard one of the same model and version, in the same account."""
    target = str(write.properties.get("spilloverDeploymentName") or "")
    if not target:
        return
    if write.body["sku"]["name"] not in PROVISIONED:
        raise rai_errors.spillover_invalid("Only a provisioned deployment can spill over.")
    found = find(write.cloud, f"{account.id}/deployments/{target}")
    if found is None:
        raise rai_errors.spillover_invalid(f"The spillover deployment '{target}' was not found.")
    model = found.properties["model"]
    if (model["name"], model["version"]) != (served.name, served.version):
        raise rai_errors.spillover_invalid(f"The spillover deployment '{target}' has another model or version.")
    if found.body["sku"]["name"] in PROVISIONED:
        raise rai_errors.spillover_invalid(f"The spillover deployment '{target}' is not a standard one.")


def _served(write: Write, account: Resource) -> Served:
    """The model asked for; for a deployment that exists the one it has, whatever became of that model since."""
    if write.existing is None:
        return served_models.resolve(write, account)
    base = base_by_id(str(write.existing.facts["base"]))
    model = write.existing.properties["model"]
    if base is None:
        raise refuse.model_not_supported(served_models.described(model))
    return Served(model["format"], model["name"], model["version"], base, write.existing.tuned)


def _other_model(before: Resource, model: Any) -> bool:
    """Whether a write names another model; what it leaves out stays."""
    if not isinstance(model, dict):
        return False
    known = before.properties["model"]
    return any(
        model.get(part) is not None and str(model[part]).lower() != str(known.get(part, "")).lower()
        for part in ("format", "name", "version", "source")
    )


def _complete(write: Write) -> Body:
    account = _account(write)
    served = _served(write, account)
    sent = write.properties
    capacity = int(write.body["sku"].get("capacity", 1))
    model = {"format": served.format, "name": served.name, "version": served.version}
    before = write.existing.properties["model"] if write.existing is not None else {}
    source = (sent.get("model") or {}).get("source") or before.get("source")
    if source:
        model["source"] = source
    kept = ("raiPolicyName", "spilloverDeploymentName", "parentDeploymentName", "capacitySettings")
    properties: Body = {
        "model": model,
        "versionUpgradeOption": sent.get("versionUpgradeOption", "OnceNewDefaultVersionAvailable"),
        "currentCapacity": capacity,
        "capabilities": capabilities(served),
        "rateLimits": [
            # The recording's, of an older model, has one in 10 seconds; that others' have one in a minute: memory.
            {"key": "request", "renewalPeriod": 60 // served.base.unit_requests, "count": capacity},
            {"key": "token", "renewalPeriod": 60, "count": capacity * 1000},
        ],
    } | {name: sent[name] for name in kept if sent.get(name) is not None}
    body: Body = {"sku": {"name": write.body["sku"]["name"], "capacity": capacity}, "properties": properties}
    return body | ({"tags": write.body["tags"]} if write.body.get("tags") else {})


def capabilities(served: Served) -> dict[str, str]:
    """What a deployment can do, every value a string, as Azure has it."""
    return {
        "chatCompletion": "true",
        "maxContextToken": str(served.base.max_context_tokens),
        "maxOutputToken": str(served.base.max_output_tokens),
        "assistants": "true",
    }


def _stored(write: Write, deployment: Resource) -> None:
    account = _account(write)
    if write.existing is not None:
        return
    served = _served(write, account)
    deployment.facts = {
        "base": served.base.id,
        "pool": served.base.name,
        "tuned": served.tuned,
        "location": normalised(account.location),
    }
    if not served.tuned:
        write.cloud.state.arm.deployed_before.add(served.key)


def _moves(event: str, deployment: Resource) -> Move | None:
    if not deployment.tuned:
        return None
    return {
        "create": Move("Creating", TUNED_CREATION, wait=30.0),
        "delete": Move("Deleting", TUNED_DELETION, GONE, wait=TUNED_DELETION),
    }.get(event)


def _account(write: Write) -> Resource:
    parent = write.id.parent
    found = write.cloud.state.arm.resources.get(parent.key if parent is not None else "")
    if found is None or parent is None:
        raise errors.parent_not_found("accounts/deployments", parent.text if parent is not None else "")
    return found


def _account_key(identity: ResourceId) -> str | None:
    return identity.parent.key if identity.parent is not None else None


def _capacity(body: Body) -> object:
    return (body.get("sku") or {}).get("capacity", 1)


def _whole(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == int(value)


COGNITIVE_DEPLOYMENTS = Descriptor(
    type=DEPLOYMENTS,
    api_versions=versions.COGNITIVE_SERVICES,
    members=frozenset({"sku", "tags", "properties"}),
    patchable=frozenset({"sku", "tags"}),
    read_only=tuple(
        f"properties.{name}"
        for name in (
            "provisioningState",
            "capabilities",
            "callRateLimit",
            "rateLimits",
            "dynamicThrottlingEnabled",
            "currentCapacity",
        )
    ),
    check=_check,
    complete=_complete,
    stored=_stored,
    moves=_moves,
    lock=_account_key,
    shows=frozenset({"provisioningState", "systemData", "etag"}),
)
