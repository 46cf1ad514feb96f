"""examples/callers/ and examples/stack_reference/: applications that go on through a release, on the local Azure."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from examples.callers.live import Cached, Live, NothingLive, Source, StackOutputs
from examples.stack_reference import __main__ as stack_reference
from simulator.entra.models import CALLER, DEPLOYER, TRAINER
from simulator.environment import reaching
from simulator.pulumi import in_process
from simulator.pulumi.summary import Failed, Summary, UpResult
from simulator.pulumi.up import bring
from simulator.server import Simulator
from tests.simulator.pulumi.tuned import release, tuned_deployments

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

    @property
    def stack_file(self) -> Path:
        return self.project / "environments" / "Pulumi.shop.yaml"

    def up(self, *, kept: int = 1, ready: bool = True, **released: int) -> UpResult:
        """Brings it up with these tuned models, by role: the higher the number, the newer the model.

        A deployment answers some minutes after ARM says that it is there: they pass, where it is to be ``ready``.
        """
        releases = self.stack_file.read_text().partition("  tuned-models:releases:")[2] if released else " {}\n"
        head = STACK.replace("KEPT", str(kept)).partition("  tuned-models:releases:")[0]
        self.stack_file.write_text(f"{head}  tuned-models:releases:{releases}")
        if released:
            release(self.simulator, self.stack_file, **released)
            self._taught()
        environment = reaching(self.simulator, "deployer", ambient={"PATH": "/nowhere"})
        result = bring("up", self.project, "shop", environment, in_process=True)
        if ready:
            self.simulator.cloud.clock.advance(600)
        return result

    def _taught(self) -> None:
        """What stands for a training has data to answer from."""
        state = self.simulator.cloud.state.openai
        digest = state.keep((ROOT / "models" / "clippy" / "training_set.jsonl").read_bytes())
        for job in state.jobs.values():
            job.training = digest

    def application(self, *arguments: str) -> subprocess.Popen[str]:
        """The example, signed in as an application: it reads questions line by line."""
        return subprocess.Popen(
            [sys.executable, "-m", "examples.callers", "clippy", *arguments],
            cwd=ROOT,
            env=reaching(self.simulator, "caller"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture
def environment(simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(simulator.ca_file))
    made = Environment(simulator, tmp_path)
    made.stack_file.parent.mkdir()
    made.stack_file.write_text(STACK)
    made.up()
    return made


@pytest.fixture
def asks(environment: Environment) -> Iterator[Callable[..., Callable[[str], str]]]:
    """Starts the example: a function from a question to the model that answered it."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> Callable[[str], str]:
        application = environment.application(*arguments)
        started.append(application)

        def ask(question: str) -> str:
            assert application.stdin is not None
            assert application.stdout is not None
            assert application.stderr is not None
            application.stdin.write(f"{question}\n")
            application.stdin.flush()
            who = application.stderr.readline()
            assert who.startswith("("), who + application.stderr.read()
            assert application.stdout.readline()
            return who.rpartition(": ")[2].strip("()\n")

        return ask

    yield start
    for application in started:
        application.communicate(timeout=30)
        assert application.returncode == 0


def model(number: int) -> str:
    """As tests.simulator.arm.clients.add_tuned_model names them."""
    return f"ft-{number:032x}"


class TestTheClient:
    def test_a_release_between_two_calls_changes_nothing_on_its_side(
        self, environment: Environment, asks: Callable[..., Callable[[str], str]]
    ) -> None:
        """One process asks the former live model, and the new one when its deployment is gone."""
        outputs = environment.up(live=1).outputs
        ask = asks("--store", outputs["pointers"]["endpoint"])
        assert model(1) in ask("What is a paper clip?")

        environment.up(kept=0, live=2)

        assert len(tuned_deployments(environment.simulator)) == 1, "the former deployment is gone"
        assert model(2) in ask("What is a paper clip?")

    def test_the_former_live_deployment_answers_while_the_pointer_is_cached(
        self, environment: Environment, asks: Callable[..., Callable[[str], str]]
    ) -> None:
        outputs = environment.up(live=1).outputs
        ask = asks("--store", outputs["pointers"]["endpoint"])
        assert model(1) in ask("What is a paper clip?")

        environment.up(live=2, previous=1)

        assert model(1) in ask("What is a paper clip?")
        assert model(2) in asks("--store", outputs["pointers"]["endpoint"])("What is a paper clip?")

    def test_a_deployment_that_is_not_ready_yet_is_waited_for_with_the_former_one(
        self, environment: Environment, asks: Callable[..., Callable[[str], str]]
    ) -> None:
        """One on another SKU than the candidate's is new when the pointer moves to it. Nothing is cached here."""
        outputs = environment.up(live=1).outputs
        ask = asks("--store", outputs["pointers"]["endpoint"], "--cache", "0")
        assert model(1) in ask("What is a paper clip?")

        environment.up(live=2, previous=1, ready=False)
        assert model(1) in ask("What is a paper clip?")
        environment.simulator.cloud.clock.advance(600)

        assert model(2) in ask("What is a paper clip?")

    def test_a_rollback_is_followed_too(
        self, environment: Environment, asks: Callable[..., Callable[[str], str]]
    ) -> None:
        outputs = environment.up(live=2, previous=1).outputs
        ask = asks("--store", outputs["pointers"]["endpoint"])
        assert model(2) in ask("What is a paper clip?")

        environment.up(kept=0, live=1)

        assert model(1) in ask("What is a paper clip?")

    def test_the_stacks_outputs_say_the_same(
        self, environment: Environment, asks: Callable[..., Callable[[str], str]]
    ) -> None:
        environment.up(live=1)
        file = environment.simulator.outputs / "shop.json"
        assert model(1) in asks("--outputs", str(file))("What is a paper clip?")

        environment.up(kept=0, live=2)

        assert model(2) in asks("--outputs", str(file), "--account", "main")("What is a paper clip?")

    def test_without_a_live_model_it_says_so(self, environment: Environment) -> None:
        endpoint = environment.up(candidate=1).outputs["pointers"]["endpoint"]
        application = environment.application("--store", endpoint, "What is a paper clip?")

        _, said = application.communicate(timeout=60)

        assert said == "error: nothing is live of 'clippy'\n"
        assert application.returncode == 1

    def test_a_second_up_changes_nothing(self, environment: Environment) -> None:
        first = environment.up(live=1).summary

        assert environment.up(live=1).summary == Summary(unchanged=first.created + first.unchanged)


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
            environment=reaching(environment.simulator, "deployer"),
            states=environment.simulator.outputs.parent / "stacks",
            root=ROOT,
        )

    def test_an_applications_stack_takes_what_is_live(self, environment: Environment, run: in_process.Run) -> None:
        """Its own up brings it the release: until then it has what it took before."""
        environment.up(live=1)
        before = in_process.up(run, stack_reference.declare).outputs["settings"]
        environment.up(live=2, previous=1)
        after = in_process.up(run, stack_reference.declare).outputs["settings"]

        assert {before["OPENAI_MODEL"], after["OPENAI_MODEL"]} == tuned_deployments(environment.simulator)
        assert before["OPENAI_MODEL"] != after["OPENAI_MODEL"]
        assert after["OPENAI_BASE_URL"].endswith("/openai/v1/")

    def test_it_says_where_nothing_is_live(self, run: in_process.Run) -> None:
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
