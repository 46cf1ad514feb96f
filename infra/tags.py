"""Tags on everything that takes them, by one transformation of the whole stack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import pulumi
from pulumi.runtime.stack import register_stack_transformation

from contract.config.environment import Environment

MANAGED_BY = "tuned-models"
NOT_ARM = frozenset({"azure-native:appconfiguration:KeyValue"})
"""Types whose ``tags`` are another thing: those of a key-value are data, which callers read."""


def stack_tags(environment: Environment, stack: str) -> dict[str, str]:
    """What every resource is tagged with. The names that this program gives win over the environment's own."""
    given = {"environment": stack, "owner": environment.owner, "costCentre": environment.cost_centre}
    return {
        **environment.tags,
        **{name: value for name, value in given.items() if value is not None},
        "managedBy": MANAGED_BY,
    }


def tag_everything(tags: Mapping[str, str]) -> None:
    """From now on, every resource declared in this stack that takes tags gets these beside its own."""

    def tagged(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        # azure-native's classes name every input they take, those that aren't set too. What is only read (Resource.get)
        # has an ID already, and stays as it is.
        if args.opts.id is not None or args.type_ in NOT_ARM or "tags" not in args.props:
            return None
        own = cast("Mapping[str, str]", args.props["tags"] or {})  # The components here give plain mappings.
        return pulumi.ResourceTransformationResult(props={**args.props, "tags": {**tags, **own}}, opts=args.opts)

    register_stack_transformation(tagged)
