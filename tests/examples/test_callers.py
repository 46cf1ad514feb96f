"""examples/callers/ and examples/stack_reference/: applications that go on through a release, on the local Azure."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from azure.appconfiguration import AzureAppConfigurationClient
from azure.identity import DefaultAzureCredential, get_bearer_token_provider

from examples.callers.__main__ import SCOPE
from examples.callers.asking import SECONDS, Asking
from examples.callers.live import Cached, Live, NothingLive, Source, StackOutputs, Store
from examples.stack_reference import __main__ as stack_reference
from simulator.clock import Clock
from simulator.cloud import Cloud
from simulator.entra.models import CALLER, DEPLOYER, TRAINER
from simulator.environment import reaching
from simulator.pulumi import in_process
from simulator.pulumi.summary import Failed, UpResult
from simulator.server import Simulator
from tests.examples.standing import brought_up, environment_of, outputs_file, stack_file
from tests.here import typed_here
from tests.simulator.pulumi.tuned import release, tuned_deployments
from tests.standing import Standing

Ask = Callable[[], str]
"""Asks a question: which model answered."""
ROOT = Path(__file__).resolve().parents[2]
STACK = f"""\
config:
  tuned-models:environment: {{asOf: "2026-11-20", protection: "off"}}
  tuned-models:accounts:
    main: {{name: example-openai, location: swedencentral}}
  tuned-models:storage: {{name: examplecallers}}
  tuned-models:access:
    trainers: [{{principalId: {TRAINER.object_id}, principalType: ServicePrincipal}}]
    callers: [{{principalId: {CALLER.object_id}, principalType: ServicePrincipal}}]
    deployers: [{{principalId: {DEPLOYER.object_id}, principalType: ServicePrincipal}}]
  tuned-models:pointers: {{appConfiguration: example-callers}}
  tuned-models:models:
    clippy:
      skus: {{live: {{name: GlobalStandard, capacity: 10}}}}
      keepPrevious: KEPT
  tuned-models:releases: {{}}
"""


@dataclass
class Environment:
    """An environment with pointers, and an application's view of it."""

    simulator: Simulator
    project: Path

    def up(self, *, kept: int = 1, ready: bool = True, **released: int) -> UpResult:
        """Brings it up with these tuned models, by role: the higher the number, the newer the model.

        A deployment answers some minutes after ARM says that it is there: they pass, where it is to be ``ready``.
        """
        stack_file(self.project).write_text(STACK.replace("KEPT", str(kept)))
        if released:
            release(self.simulator, stack_file(self.project), **released)
            self._taught()
        result = brought_up(self.simulator, self.project)
        if ready:
            self.simulator.cloud.clock.advance(600)
        return result

    def _taught(self) -> None:
        """What stands for a training has data to answer from."""
        state = self.simulator.cloud.state.openai
        digest = state.keep((ROOT / "models" / "clippy" / "training_set.jsonl").read_bytes())
        for job in state.jobs.values():
            job.training = digest

    @property
    def store(self) -> str:
        outputs: dict[str, Any] = json.loads(outputs_file(self.project).read_text())
        return str(outputs["pointers"]["endpoint"])

    def application(self, *arguments: str) -> subprocess.Popen[str]:
        """The example as somebody starts it, signed in as an application: it reads questions line by line."""
        return subprocess.Popen(
            [sys.executable, "-m", "examples.callers", "clippy", *arguments],
            cwd=ROOT,
            env=reaching(self.simulator, "caller"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture(scope="module")
def standing(running_simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Standing:
    """The first model is live."""
    running_simulator.replace_cloud(Cloud(Clock(step_on_poll=True)))
    made = Environment(running_simulator, tmp_path_factory.mktemp("callers"))
    stack_file(made.project).parent.mkdir()
    made.up()
    made.up(live=1)
    return Standing.of(running_simulator, made.project)


@pytest.fixture
def environment(
    standing: Standing, running_simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Environment:
    for name, value in running_simulator.environment("caller").items():
        monkeypatch.setenv(name, value)
    standing.copy(running_simulator, tmp_path)
    return Environment(running_simulator, tmp_path)


@pytest.fixture
def started(environment: Environment) -> Iterator[Callable[..., Ask]]:
    """Starts the example as a process of its own."""
    processes: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> Ask:
        application = environment.application(*arguments)
        processes.append(application)

        def ask() -> str:
            assert application.stdin is not None
            assert application.stdout is not None
            assert application.stderr is not None
            application.stdin.write("What is a paper clip?\n")
            application.stdin.flush()
            who = application.stderr.readline()
            assert who.startswith("("), who + application.stderr.read()
            assert application.stdout.readline()
            return who.rpartition(": ")[2].strip("()\n")

        return ask

    yield start
    for application in processes:
        application.communicate(timeout=30)
        assert application.returncode == 0


@pytest.fixture
def asks(environment: Environment) -> Iterator[Callable[..., Ask]]:
    """An application that has copied the example's classes, here in this process."""
    with ExitStack() as opened:

        def application(seconds: float = SECONDS) -> Ask:
            credential = opened.enter_context(DefaultAzureCredential(disable_instance_discovery=True))
            store = opened.enter_context(AzureAppConfigurationClient(environment.store, credential))
            asking = Asking(Store(store), "clippy", get_bearer_token_provider(credential, SCOPE), seconds)
            return lambda: asking.ask("What is a paper clip?").by.model_id

        yield application


def model(number: int) -> str:
    """As tests.simulator.arm.clients.add_tuned_model names them."""
    return f"ft-{number:032x}"


class TestTheClient:
    def test_a_release_between_two_calls_changes_nothing_on_its_side(
        self, environment: Environment, started: Callable[..., Ask]
    ) -> None:
        """One process asks the former live model, and the new one when its deployment is gone."""
        ask = started("--store", environment.store)
        assert model(1) in ask()

        environment.up(kept=0, live=2)

        assert len(tuned_deployments(environment.simulator)) == 1, "the former deployment is gone"
        assert model(2) in ask()

    def test_the_former_live_deployment_answers_while_the_pointer_is_cached(
        self, environment: Environment, asks: Callable[..., Ask]
    ) -> None:
        ask = asks()
        assert model(1) in ask()

        environment.up(live=2, previous=1)

        assert model(1) in ask()
        assert model(2) in asks()()

    def test_a_deployment_that_is_not_ready_yet_is_waited_for_with_the_former_one(
        self, environment: Environment, asks: Callable[..., Ask]
    ) -> None:
        """One on another SKU than the candidate's is new when the pointer moves to it. Nothing is cached here."""
        ask = asks(0)
        assert model(1) in ask()

        environment.up(live=2, previous=1, ready=False)
        assert model(1) in ask()
        environment.simulator.cloud.clock.advance(600)

        assert model(2) in ask()

    def test_a_rollback_is_followed_too(self, environment: Environment, asks: Callable[..., Ask]) -> None:
        environment.up(live=2, previous=1)
        ask = asks()
        assert model(2) in ask()

        environment.up(kept=0, live=1)

        assert model(1) in ask()

    def test_the_stacks_outputs_say_the_same(self, environment: Environment, started: Callable[..., Ask]) -> None:
        ask = started("--outputs", str(outputs_file(environment.project)), "--account", "main")
        assert model(1) in ask()

        environment.up(kept=0, live=2)

        assert model(2) in ask()

    def test_a_second_up_changes_nothing(self, environment: Environment) -> None:
        assert environment.up(live=1).summary.changed == 0


class TestWhereItCanNot:
    """It says so in a line, and exits with 1."""

    def _said(self, environment: Environment, *arguments: str) -> str:
        asked = ("clippy", *arguments, "What is a paper clip?")
        reached = reaching(environment.simulator, "caller")
        said = typed_here(ROOT, "examples.callers", *asked, environment=reached, code=1)
        assert said.startswith("error: ")
        assert said.count("\n") == 1, said
        return said

    def test_nothing_is_live(self, environment: Environment) -> None:
        environment.up(candidate=1)

        assert self._said(environment, "--store", environment.store) == "error: nothing is live of 'clippy'\n"

    def test_its_identity_has_no_role(self, environment: Environment) -> None:
        assignments = environment.simulator.cloud.state.arm.resources
        for key in [key for key, each in assignments.items() if each.properties.get("principalId") == CALLER.object_id]:
            del assignments[key]

        assert "access.callers" in self._said(environment, "--store", environment.store)
        outputs = str(outputs_file(environment.project))
        assert "access.callers" in self._said(environment, "--outputs", outputs)

    def test_the_outputs_can_not_be_had(self, environment: Environment) -> None:
        assert "nowhere.json" in self._said(environment, "--outputs", "nowhere.json")
        assert "elsewhere" in self._said(environment, "--store", environment.store, "--account", "elsewhere")


class Counting:
    """A source that counts how often it is read."""

    def __init__(self) -> None:
        self.read_so_often = 0

    def read(self, model: str) -> Live:
        self.read_so_often += 1
        return Live("https://contoso.openai.azure.com/", f"{model}-{self.read_so_often}", "id", None)


class TestTheCache:
    def test_a_pointer_is_believed_for_a_while(self) -> None:
        now = [0.0]
        counting = Counting()
        cached = Cached(counting, 30.0, clock=lambda: now[0])

        assert [cached.read("clippy").deployment for _ in range(3)] == ["clippy-1"] * 3
        now[0] = 31.0
        assert cached.read("clippy").deployment == "clippy-2"

    def test_what_is_read_again_is_what_is_kept(self) -> None:
        cached = Cached(Counting(), 30.0, clock=lambda: 0.0)
        cached.read("clippy")

        assert cached.read_again("clippy") == cached.read("clippy")


OUTPUTS: dict[str, Any] = {
    "accounts": {"eu": {"endpoint": "https://eu/"}, "us": {"endpoint": "https://us/"}},
    "models": {
        "clippy": {
            "servedIn": ["us", "eu"],
            "live": {"modelId": "id", "deployments": {"eu": "clippy-1", "us": "clippy-2"}},
        },
        "draft": {"servedIn": ["us"], "live": None},
    },
}


class TestStackOutputs:
    def test_the_first_account_that_serves_a_model_is_asked_unless_one_is_named(self) -> None:
        source: Source = StackOutputs(lambda: OUTPUTS)

        assert source.read("clippy") == Live("https://us/", "clippy-2", "id", None)
        assert StackOutputs(lambda: OUTPUTS, "eu").read("clippy").deployment == "clippy-1"

    @pytest.mark.parametrize("name", ["draft", "nobody"])
    def test_what_was_never_released_is_not_live(self, name: str) -> None:
        with pytest.raises(NothingLive, match=name):
            StackOutputs(lambda: OUTPUTS).read(name)


class TestTheStackReference:
    @pytest.fixture
    def run(self, environment: Environment) -> in_process.Run:
        """An application's stack. In process, stacks of all projects lie in one folder and go by the one project."""
        return in_process.Run(
            project="letters",
            stack="letters",
            config={"letters:models": "organization/letters/shop"},
            environment=environment_of(environment.simulator, environment.project),
            states=environment.project / "stacks",
            root=ROOT,
        )

    def test_an_applications_stack_takes_what_is_live(self, environment: Environment, run: in_process.Run) -> None:
        """Its own up brings it the release: until then it has what it took before."""
        before = in_process.up(run, stack_reference.declare).outputs["settings"]
        environment.up(live=2, previous=1)
        after = in_process.up(run, stack_reference.declare).outputs["settings"]

        assert {before["OPENAI_MODEL"], after["OPENAI_MODEL"]} == tuned_deployments(environment.simulator)
        assert before["OPENAI_MODEL"] != after["OPENAI_MODEL"]
        assert after["OPENAI_BASE_URL"].endswith("/openai/v1/")

    def test_it_says_where_nothing_is_live(self, environment: Environment, run: in_process.Run) -> None:
        environment.up(candidate=1)
        with pytest.raises(Failed, match="nothing is live of 'clippy'"):
            in_process.up(run, stack_reference.declare)


@pytest.mark.parametrize("file", sorted((ROOT / "examples").glob("*/*.py")), ids=lambda file: "/".join(file.parts[-2:]))
def test_an_example_can_be_copied(file: Path) -> None:
    """It imports nothing of this project but what lies beside it."""
    imported = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(file.read_text()))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom) and node.level == 0
            else [each.name for each in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }

    assert imported.isdisjoint({"contract", "examples", "infra", "jobs", "policy", "simulator", "tests"})
