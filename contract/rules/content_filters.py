"""Content filters and blocklists: what names them, and what they are named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from contract.faults import Fault, suggestion

if TYPE_CHECKING:
    # Each knows the other: a config is parsed by these rules.
    from contract.stack_config import StackConfig

MICROSOFTS = "Microsoft."
"""How the names of Azure's own filters begin, such as Microsoft.DefaultV2: they are in every account."""


def content_filter_faults(config: StackConfig) -> list[Fault]:
    """All of them, keys without namespace."""
    return [
        *_same_names("contentFilters", config.content_filters),
        *_same_names("blocklists", config.blocklists),
        *_reserved_names(config),
        *_blocklist_faults(config),
        *_deployment_faults(config),
    ]


def _same_names(section: str, names: Iterable[str]) -> Iterator[Fault]:
    """Azure's names don't differ by case alone."""
    seen: dict[str, str] = {}
    for name in names:
        first = seen.setdefault(name.lower(), name)
        if first != name:
            yield Fault(f"{section}.{name}", f"has the name of {section}.{first}, but for upper and lower case")


def _reserved_names(config: StackConfig) -> Iterator[Fault]:
    for name in config.content_filters:
        if name.lower().startswith(MICROSOFTS.lower()):
            yield Fault(f"contentFilters.{name}", f"names that begin with {MICROSOFTS} are Azure's own")


def _blocklist_faults(config: StackConfig) -> Iterator[Fault]:
    for name, each in config.content_filters.items():
        for field, lists in (
            ("promptBlocklists", each.prompt_blocklists),
            ("completionBlocklists", each.completion_blocklists),
        ):
            key = f"contentFilters.{name}.{field}"
            for index, blocklist in enumerate(lists):
                if blocklist not in config.blocklists:
                    hint = suggestion(blocklist, config.blocklists)
                    yield Fault(f"{key}[{index}]", f"there is no blocklist {blocklist!r}{hint}")
            if len(set(lists)) < len(lists):
                yield Fault(key, "names a blocklist twice")


def _deployment_faults(config: StackConfig) -> Iterator[Fault]:
    """Whether what deployments name exists, and whether each names one where that is demanded."""
    demanded = config.environment.content_filters == "required"
    named = {f"baseDeployments.{name}": each.content_filter for name, each in config.base_deployments.items()}
    named |= {f"models.{name}": each.content_filter for name, each in config.models.items()}
    for key, name in named.items():
        if name is None:
            if demanded:
                yield Fault(
                    f"{key}.contentFilter",
                    "is missing: environment.contentFilters is required; name one of contentFilters, or "
                    f"{MICROSOFTS}DefaultV2",
                )
        elif name not in config.content_filters and not name.startswith(MICROSOFTS):
            hint = suggestion(name, config.content_filters)
            yield Fault(f"{key}.contentFilter", f"there is no content filter {name!r}{hint}")
