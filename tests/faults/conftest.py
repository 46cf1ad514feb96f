"""A stack in a fresh Azure for each case, and the operators who train there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.server import Simulator
from tests.faults.hand_time import Time
from tests.faults.operators import Operators
from tests.faults.scene import Scene, shorten_trainings


@pytest.fixture(scope="session")
def standing_scene(running_blobs_simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("faults")
    with (
        Time(folder / "time", lambda: running_blobs_simulator.clock) as time,
        Operators(folder, time) as operators,
    ):
        made = Scene(running_blobs_simulator, operators, folder)
        with pytest.MonkeyPatch.context() as patch:
            shorten_trainings(patch)
            made.prepare()
        yield made


@pytest.fixture(scope="module", autouse=True)
def short_trainings() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        shorten_trainings(patch)
        yield


@pytest.fixture
def scene(standing_scene: Scene) -> Scene:
    standing_scene.begin()
    return standing_scene
