"""The simulator for tests: one running server per worker, a fresh Azure behind it for each test."""

from __future__ import annotations

import gc
import os
import ssl
from collections.abc import Callable, Generator, Iterator

import httpx2
import pytest
from hypothesis import settings

from simulator.clock import Clock
from simulator.cloud import Cloud
from simulator.entra.models import SEEDED
from simulator.entra.tokens import access_token
from simulator.environment import AMBIENT
from simulator.server import Simulator
from tests.leaks import LEAKS, Leaks, blob_files, fail_where_shown, fresh_files, listen

# On two busy cores an example may take long; how long is no property of what is tested.
# A fifth of the usual number of examples: other ones every time, and the suite has to be quick.
settings.register_profile("tests", deadline=None, max_examples=20)
settings.load_profile("tests")

# Azure's and Pulumi's libraries are hundreds of thousands of objects that stay: to look through them for garbage again
# and again took a fifth of the suite's time.
gc.set_threshold(100_000, 20, 50)

Environment = Callable[..., dict[str, str]]
Authorization = Callable[..., dict[str, str]]


BEGAN = pytest.StashKey[float]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[LEAKS] = Leaks()
    listen(config.stash[LEAKS])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that has shown a secret fails, whatever it was about."""
    report = yield
    if call.when == "setup":
        item.stash[BEGAN] = call.start
    if call.when == "teardown":
        leaks = item.config.stash[LEAKS]
        for name, text in report.sections:
            leaks.heard(name.lower(), text)
        folder = getattr(item, "funcargs", {}).get("tmp_path")
        for file in fresh_files(folder, item.stash[BEGAN]) if folder is not None and folder.is_dir() else ():
            leaks.written(file)
        fail_where_shown(report, leaks.taken(), meant=item.get_closest_marker("shows_secrets") is not None)
    return report


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first: a long one begun at the end would leave the other worker without work."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def running_simulator() -> Iterator[Simulator]:
    """The server itself; tests ask for `simulator`, which empties it first."""
    with Simulator(azurite=False, step_on_poll=True) as running:
        yield running


@pytest.fixture(scope="session")
def running_blobs_simulator(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    """As above, with Azurite behind the blob listener."""
    with Simulator(azurite=True, step_on_poll=True) as running:
        yield running
        leaks = request.config.stash[LEAKS]
        # What was written into blobs: journals, plans, datasets.
        for file in blob_files(running.home):
            leaks.written(file)


@pytest.fixture
def simulator(running_simulator: Simulator) -> Simulator:
    """An Azure nobody has touched, without blobs; its clock moves when a client polls."""
    running_simulator.replace_cloud(Cloud(Clock(step_on_poll=True)))
    return running_simulator


@pytest.fixture
def blobs_simulator(running_blobs_simulator: Simulator) -> Simulator:
    """An Azure nobody has touched, with blobs."""
    running_blobs_simulator.replace_cloud(Cloud(Clock(step_on_poll=True)))
    return running_blobs_simulator


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Environment:
    """Sets this process's environment for a principal of `simulator`, or of another simulator that is given."""

    def set_for(principal: str = "trainer", running: Simulator | None = None) -> dict[str, str]:
        chosen: Simulator = running or request.getfixturevalue("simulator")
        for name in [each for each in os.environ if each.startswith(AMBIENT)]:
            monkeypatch.delenv(name)
        values = chosen.environment(principal)
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        return values

    return set_for


@pytest.fixture
def authorization(simulator: Simulator) -> Authorization:
    """Headers with a good token: `authorization("trainer", "https://cognitiveservices.azure.com")`."""

    def header(principal: str = "deployer", audience: str = "https://management.azure.com") -> dict[str, str]:
        return {"Authorization": f"Bearer {access_token(simulator.cloud, SEEDED[principal], audience)}"}

    return header


@pytest.fixture
def http(simulator: Simulator) -> Iterator[httpx2.Client]:
    """A plain HTTP client on the main listener, for what no library of Microsoft's shows."""
    trusting = ssl.create_default_context(cafile=simulator.ca_file)
    with httpx2.Client(base_url=simulator.url, verify=trusting, trust_env=False) as client:
        yield client
