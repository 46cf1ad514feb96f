"""An up that fails in its middle, at any of its requests to ARM, and is repeated: it ends as one that did not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from simulator.pulumi.summary import Failed
from simulator.server import Simulator
from tests.faults.sampled import parts, some
from tests.journeys.stack import Config, Stack, environment_config

FEW = 2
ARM = "^/(subscriptions|providers)/"
KINDS: dict[str, dict[str, Any]] = {
    "500": {"kind": "answer", "status": 500},
    "409": {"kind": "answer", "status": 409},
    "429": {"kind": "answer", "status": 429, "retryAfter": 5},
    "500 after the effect": {"kind": "answer", "status": 500, "after": True},
    "reset before": {"kind": "reset"},
    "reset after": {"kind": "reset", "when": "after"},
    "no JSON": {"kind": "notJson"},
}
LONGEST = 3
"""Ups after which it has to be done."""


@dataclass(frozen=True)
class Undisturbed:
    """What an up leaves that nothing befell: the IDs of what stands, its outputs; and how many requests it took."""

    config: Config
    standing: frozenset[str]
    outputs: dict[str, Any]
    requests: int


@pytest.fixture(scope="module")
def undisturbed(running_simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    folder = tmp_path_factory.mktemp("undisturbed")
    stack = Stack.fresh(running_simulator, folder, "dev", environment_config("dev", folder))
    counting = {"match": {"pattern": ARM}, "skip": 10**6, "does": {"kind": "reset"}}
    with running_simulator.cloud.faults.planned({"faults": [counting]}) as faults:
        result = stack.bring()
        asked = faults.matched
    return Undisturbed(stack.config, frozenset(stack.standing()), dict(result.outputs), asked)


@pytest.mark.slow
@parts
def test_an_up_that_fails_at_any_request_and_is_repeated_ends_as_an_undisturbed_one(
    running_simulator: Simulator, undisturbed: Undisturbed, tmp_path: Path, part: int
) -> None:
    every = [(at, name) for at in range(undisturbed.requests) for name in KINDS]
    chosen = some(every, FEW, part)
    wrong = []
    for at, name in chosen:
        stack = Stack.fresh(running_simulator, tmp_path / f"{at}-{name}", "dev", undisturbed.config)
        fault = {"match": {"pattern": ARM}, "skip": at, "does": KINDS[name]}
        said: list[str] = []
        with running_simulator.cloud.faults.planned({"faults": [fault]}) as faults:
            result = None
            while result is None and len(said) < LONGEST:
                try:
                    result = stack.bring()
                except Failed as failed:
                    said.append(str(failed))
            fired = faults.fired
        told = None
        if result is None:
            told = "it never ends well"
        elif frozenset(stack.standing()) != undisturbed.standing:
            told = f"other things stand: {frozenset(stack.standing()) ^ undisturbed.standing}"
        elif dict(result.outputs) != undisturbed.outputs:
            told = "other outputs"
        elif not stack.settled():
            told = "another up would change something"
        elif not fired:
            told = "the fault never happened"
        if told:
            wrong.append(f"{name} at request {at}: {told}\n" + "\n".join(said))
    assert not wrong, f"{len(wrong)} of {len(chosen)}:\n" + "\n".join(wrong)
