"""That somebody is called, and that everything says whose it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy.demands import Demands
from policy.kinds import ACCOUNT, METRIC_ALERT, STORAGE, TAGGED
from policy.resources import UNKNOWN, Resource
from policy.rule import Rule, StackRule

_ALWAYS = ("environment",)
_IN_PRODUCTION = ("environment", "owner", "costCentre")


def _unwatched(resources: Sequence[Resource], demands: Demands) -> Iterator[tuple[Resource, str]]:
    """An alert counts where it is on, calls somebody, and names the resource (or one that isn't known yet)."""
    if not demands.production:
        return
    scopes = [scope for each in resources if each.type == METRIC_ALERT and _calls(each) for scope in _scopes(each)]
    for resource in resources:
        if resource.type in (ACCOUNT, STORAGE) and not any(_watches(scope, resource) for scope in scopes):
            yield resource, "no metric alert that is enabled and has an action names it"


def _calls(alert: Resource) -> bool:
    return not alert.is_other("enabled", True) and bool(alert.at("actions"))


def _scopes(alert: Resource) -> Sequence[object]:
    scopes = alert.at("scopes")
    return scopes if isinstance(scopes, Sequence) else [UNKNOWN]


def _watches(scope: object, resource: Resource) -> bool:
    name = resource.at("accountName")
    if scope is UNKNOWN or name is UNKNOWN:
        return True
    return f"/{name}/".lower() in f"{scope}/".lower()


def _untagged(resource: Resource, demands: Demands) -> Iterator[str]:
    if resource.type not in TAGGED:
        return
    tags = resource.at("tags")
    wanted = _IN_PRODUCTION if demands.production else _ALWAYS
    if tags is not UNKNOWN and (missing := [name for name in wanted if not (tags or {}).get(name)]):
        yield f"tags are missing: {', '.join(missing)}"


ALERTS_PRESENT = StackRule(
    "alerts-present",
    "In production somebody has to hear of failures before the callers complain.",
    "Write monitoring.alerts, with emails or an actionGroup.",
    _unwatched,
)
TAGS_PRESENT = Rule(
    "tags-present",
    "Whoever finds a resource on a bill or in an incident has to know whose it is.",
    "Write environment.owner and environment.costCentre; the program puts them on every resource as tags.",
    _untagged,
)
