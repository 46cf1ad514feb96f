"""What the last whole up of this stack left: its outputs, read back from its own state."""

from __future__ import annotations

from typing import Any

import pulumi


class LastUp:
    """A reference of the stack to itself. Before the first up it has no outputs.

    Tried with CLI 3.260, with ``refresh: always`` and before the first up too: a stack that is being brought up reads
    the outputs that the last up ended with.
    """

    outputs: pulumi.Output[dict[str, Any]]

    def __init__(self, stack: str) -> None:
        name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{stack}"
        # The name of a reference is the stack's own unless another is given, and no other stack is called so here.
        self.outputs = pulumi.StackReference("last-up", stack_name=name).outputs
