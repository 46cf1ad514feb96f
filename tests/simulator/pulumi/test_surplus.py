"""What of the SDK is left out of a run, and that it is back afterwards."""

from __future__ import annotations

import asyncio
import importlib
from typing import Any

import pytest

from simulator.pulumi.surplus import left_out
from tests.simulator.pulumi.conftest import Sketch, Stage

# By name: neither is part of what the SDK promises.
making: Any = importlib.import_module("pulumi.resource")
registering: Any = importlib.import_module("pulumi.runtime.resource")


def test_within_a_run_no_urn_of_an_alias_and_no_calls_are_worked_out(stage: Stage) -> None:
    """azure-native gives a resource group an alias for each version of its API."""
    seen: list[object] = []

    def look() -> None:
        from pulumi_azure_native import resources

        seen.extend(resources.ResourceGroup("other", location="swedencentral")._aliases)
        seen.append(len(registering._get_stack_trace().frames))

    stage.preview(Sketch(extra=look))

    assert len(seen) > 1
    assert seen == [None] * (len(seen) - 1) + [0]


def test_what_was_left_out_is_back_after_a_fault_too() -> None:
    before = (making.collapse_alias_to_urn, registering._get_stack_trace)

    def broken_off() -> None:
        with left_out():
            assert making.collapse_alias_to_urn is not before[0]
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        broken_off()

    assert before == (making.collapse_alias_to_urn, registering._get_stack_trace)
