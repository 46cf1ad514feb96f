"""Storage accounts, for the tests of the blob endpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from simulator.server import Simulator
from tests.simulator.blobs.storage import CONTRIBUTOR, READER, Storage

Making = Callable[..., Storage]


@pytest.fixture
def make_storage(blobs_simulator: Simulator) -> Iterator[Making]:
    """Makes storage accounts: `make_storage(containers=["data"], allowSharedKeyAccess=True)`."""
    made: list[Storage] = []

    def make(name: str = "tests", containers: Sequence[str] = ("data",), **settings: Any) -> Storage:
        storage = Storage(blobs_simulator, name, settings)
        for container in containers:
            storage.container(container)
        made.append(storage)
        return storage

    yield make
    for each in made:
        each.close()


@pytest.fixture
def storage(make_storage: Making) -> Storage:
    """An account as this project makes them: no keys, no public access; the trainer may write, the caller read."""
    made = make_storage(allowSharedKeyAccess=False, allowBlobPublicAccess=False)
    made.grant("trainer", CONTRIBUTOR)
    made.grant("caller", READER)
    return made
