"""A release and a rollback in production: two regions, private, encrypted, watched, locked, with pointers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from simulator.entra.models import DEPLOYER
from simulator.server import Simulator
from tests.infra.specimens import released
from tests.journeys.stack import Changes, Config, Stack, environment_config

pytestmark = pytest.mark.slow

STANDARD: Config = {"name": "Standard", "capacity": 50}
FORMER, NEXT = "clippy-e9404dbc", "clippy-fd118a25"
"""The deployments of models 1 and 2 on Standard, named by sha256 of model ID and SKU; taken with sha256sum."""
QUERY = {"ScheduledQueryRule alerts/idle": ("criteria.allOf[0].query",)}
"""Of idle deployments, which names those that applications may call."""


@dataclass
class Move:
    """An up: what it changed, what is live from then on, and what was written in Azure (path, status), in its order."""

    changes: Changes
    live: str
    written: list[tuple[str, int]]


@dataclass
class Moves:
    release: Move
    rollback: Move


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Simulator, Path]]:
    record = tmp_path_factory.mktemp("record") / "record.jsonl"
    with Simulator(azurite=False, step_on_poll=True, record=record) as simulator:
        yield simulator, record


@pytest.fixture(scope="module")
def moves(recorded: tuple[Simulator, Path], tmp_path_factory: pytest.TempPathFactory) -> Moves:
    simulator, record = recorded
    folder = tmp_path_factory.mktemp("production")
    stack = Stack.fresh(simulator, folder, "prod", environment_config("prod", folder))
    # Here the pipeline's part is played by the local deployer, who writes pointers.
    stack.config["access"]["deployers"] = [{"principalId": DEPLOYER.object_id, "principalType": "ServicePrincipal"}]
    stack.bring()
    before = {
        "live": stack.trained(1, "europe", servedWith=STANDARD, trainingType="Standard"),
        "candidate": stack.trained(2, "europe", trainingType="Standard"),
    }
    after = released(before, STANDARD, STANDARD)
    back = {"live": after["previous"][0], "previous": [after["live"]]}
    stack.config["releases"] = {"clippy": before}
    stack.bring()
    release, rollback = (_moved(stack, record, to) for to in (after, back))
    assert release.live == before["candidate"]["modelId"]
    assert rollback.live == before["live"]["modelId"]
    return Moves(release, rollback)


def _moved(stack: Stack, record: Path, releases: Config) -> Move:
    seen = len(_lines(record))
    stack.config["releases"] = {"clippy": releases}
    result = stack.bring()
    lines = [each for each in _lines(record)[seen:] if each["method"] in ("PUT", "DELETE")]
    return Move(
        Changes.of(result),
        result.outputs["models"]["clippy"]["live"]["modelId"],
        [(each["path"], each["status"]) for each in lines],
    )


def _lines(record: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in record.read_text().splitlines()]


def test_a_release_raises_the_next_model_where_it_stands_and_moves_the_pointer(moves: Moves) -> None:
    """Both regions have both models already: the candidate grows to what live has, and nothing comes or goes."""
    regions = ("america", "europe")

    assert moves.release.changes == Changes(
        updated={
            **{f"Deployment {region}/{NEXT}": ("sku.capacity",) for region in regions},
            **{f"MetricAlert alerts/tokens-{region}-{NEXT}": ("criteria.allOf[0].threshold",) for region in regions},
            **QUERY,
            "KeyValue pointers/clippy": ("value",),
        }
    )


def test_a_rollback_moves_the_pointer_and_no_deployment(moves: Moves) -> None:
    """The former model stayed where it was, with what it was live with."""
    assert moves.rollback.changes == Changes(updated={**QUERY, "KeyValue pointers/clippy": ("value",)})


def test_the_pointer_moves_once_every_region_serves_the_model(moves: Moves) -> None:
    for move in (moves.release, moves.rollback):
        paths = [path for path, _ in move.written]
        pointer = next(index for index, path in enumerate(paths) if "/keyValues/" in path)
        assert not any("/deployments/" in path for path in paths[pointer:])


def test_no_change_meets_another_one_in_its_account(moves: Moves) -> None:
    """Azure answers 409 to the second of two."""
    assert {status for move in (moves.release, moves.rollback) for _, status in move.written} <= {200, 201, 202}
