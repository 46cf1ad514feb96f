"""Which models are served, and that nobody loses them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contract.evaluation import lack
from policy.demands import Demands
from policy.kinds import ACCOUNT, DEPLOYMENT
from policy.resources import UNKNOWN, Resource
from policy.rule import Rule, StackRule


def _unpinned(resource: Resource, _: Demands) -> Iterator[str]:
    if resource.type != DEPLOYMENT:
        return
    if not resource.at("properties.model.version"):
        yield "no version of the model is named: properties.model.version is absent"
    if resource.is_other("properties.versionUpgradeOption", "NoAutoUpgrade"):
        yield "Azure may change the model: properties.versionUpgradeOption is not NoAutoUpgrade"


def _unprotected(resource: Resource, demands: Demands) -> Iterator[str]:
    name = resource.at("accountName")
    if resource.type == ACCOUNT and name is not UNKNOWN and name in demands.weights and not resource.protected:
        yield "models are trained in it, and a destroy would take them along: it is not protected"


def _unevaluated(_: Sequence[Resource], demands: Demands) -> Iterator[tuple[None, str]]:
    """What has not passed is live by an override alone: the program refuses it otherwise."""
    for model, record in demands.live.items():
        why = lack(record)
        if record.override is not None:
            by = f"by an override of {record.override.in_a_line}"
            yield None, f"{model}: {record.model_id} is live {by}{f' ({why})' if why is not None else ''}"
        elif why is not None:
            yield None, f"{model}: {record.model_id} is live, and {why}"


PINNED_VERSIONS = Rule(
    "pinned-versions",
    "A model that changes under its callers makes every evaluation of it worthless.",
    "Name the version, and set versionUpgradeOption to NoAutoUpgrade.",
    _unpinned,
)
WEIGHTS_PROTECTED = Rule(
    "weights-protected",
    "A tuned model exists in the account that trained it and nowhere else: deleted, it has to be paid for again.",
    'Protect the account, or set environment.protection to "off" where nothing is worth keeping.',
    _unprotected,
)
LIVE_EVALUATED = StackRule(
    "live-evaluated",
    "What application teams call should have been measured against what it replaced.",
    "Evaluate the next model and release it without --override, or roll back to one that has passed.",
    _unevaluated,
    enforcement="advisory",
)
