"""What the last whole up of this stack left: its outputs, read back from its own state."""

from __future__ import annotations

from typing import Any

import pulumi


def last_outputs(stack: str) -> pulumi.Output[dict[str, Any]]:
    """The outputs, by a reference of the stack to itself; none before the first up. To be called once.

    Tried with CLI 3.260, with ``refresh: always`` and before the first up too: a stack that is being brought up reads
    the outputs that the last up ended with.
    """
    name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{stack}"
    return pulumi.StackReference("last-up", stack_name=name).outputs
