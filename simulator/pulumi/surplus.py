"""What the SDK works out for every resource and nobody reads here: half the time of a run.

Found in pulumi 3.272 by a profile. For every alias of a resource (azure-native gives it one for each version of its
API, 12 on average) a URN is put together out of ten outputs, for engines that don't know aliases themselves; Monitor
does. And the calls that lead to a declaration are written down, for an engine that shows where a resource comes from.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def left_out() -> Iterator[None]:
    """Within, none of it is worked out. An SDK that no longer has it, or has it elsewhere, runs as it is."""
    import pulumi.resource
    import pulumi.runtime.resource
    from pulumi.runtime.proto import source_pb2

    def no_urn(*_: Any) -> None:
        return None

    instead = (
        (pulumi.resource, "collapse_alias_to_urn", no_urn),
        (pulumi.runtime.resource, "_get_stack_trace", source_pb2.StackTrace),
    )
    kept = [(module, name, getattr(module, name)) for module, name, _ in instead if hasattr(module, name)]
    for module, name, less in instead:
        if hasattr(module, name):
            setattr(module, name, less)
    try:
        yield
    finally:
        for module, name, before in kept:
            setattr(module, name, before)
