"""The command line with doubles behind it: a project on disk, a service that plays a script."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import typer.testing
from typer.testing import CliRunner

from contract.outputs import AccountOutput, StackOutputs
from contract.release import Releases
from jobs.chat_ports import Chat
from jobs.cli.app import app
from jobs.cli.asked import Asked
from jobs.cli.evaluation import checkpoint, evaluate, review
from jobs.cli.releases import release, rollback, verify, withdraw
from jobs.cli.runs import stack_runs
from jobs.cli.surroundings import FiledStack, Surroundings
from jobs.cli.training import plan, run, run_all, sweep
from jobs.doctor_ports import ControlPlane
from jobs.monitor_ports import Monitor
from jobs.ports import Blobs, FineTuning, RemoteBlob
from jobs.stacks.stack_file import read_releases, update_releases
from tests.evaluations import against, passed
from tests.jobs.doubles import AnsweringChat, HandClock, KeptBlobs, ScriptedService, TellingMonitor, TellingPlane
from tests.jobs.specimens import BASE, USE_CASE, model_mapping, outputs_mapping, served_mapping

# Each invoke builds the tree of all verbs anew, which takes longer than most of them do: it is the same every time.
vars(typer.testing)["_get_command"] = functools.cache(vars(typer.testing)["_get_command"])

TUNE_YAML = f"base: {BASE}\ndata: {{train: t.jsonl, validation: v.jsonl}}\n{USE_CASE}"
STACK_FILE = """\
# What dev is made of.
config:
  tuned-models:models:
    clippy: {skus: {live: {name: GlobalStandard, capacity: 50}}}   # the only one
"""
SYSTEM = "You are brief."


@dataclass
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass
class Project:
    """A project in a folder, and the commands typed in it. ``jobs`` runs with the doubles behind it."""

    folder: Path
    service: ScriptedService
    blobs: KeptBlobs = field(default_factory=KeptBlobs)
    kept_runs: KeptBlobs = field(default_factory=KeptBlobs)
    plane: TellingPlane = field(default_factory=TellingPlane)
    monitor: TellingMonitor = field(default_factory=TellingMonitor)
    remote: dict[str, RemoteBlob] = field(default_factory=dict)
    other_services: dict[str, ScriptedService] = field(default_factory=dict)
    chat: AnsweringChat = field(default_factory=AnsweringChat)

    @property
    def stack_file(self) -> Path:
        return self.folder / "environments" / "Pulumi.dev.yaml"

    @property
    def clock(self) -> HandClock:
        return self.service.clock

    def jobs(self, *words: str) -> Done:
        result = CliRunner().invoke(app, list(words))
        return Done(result.exit_code, result.stdout, result.stderr)

    def releases(self) -> Releases:
        return read_releases(self.stack_file).get("clippy", Releases())

    def up(self) -> None:
        """As `pulumi up` would: the outputs have what the stack file records."""
        releases = self.releases()
        served = {
            role: served_mapping(record.model_id)
            for role, record in (("live", releases.live), ("candidate", releases.candidate))
            if record is not None
        }
        self.has_outputs(clippy=model_mapping(**served))

    def evaluated(self) -> None:
        """As `jobs evaluate` would, of a candidate that passes: against what is live, too."""

        def change(found: Mapping[str, Releases]) -> dict[str, Releases]:
            releases = found["clippy"]
            assert releases.candidate is not None
            live = [against("live", releases.live.model_id)] if releases.live is not None else []
            candidate = passed(releases.candidate, against=(*live, against()))
            return {**found, "clippy": releases.model_copy(update={"candidate": candidate})}

        update_releases(self.stack_file, change)

    def has_outputs(self, **models: Any) -> None:
        (self.folder / "outputs" / "dev.json").write_text(json.dumps(outputs_mapping(**models)))

    def tune_yaml(self, text: str) -> None:
        (self.folder / "models" / "clippy" / "tune.yaml").write_text(text)


@dataclass
class DoubledSurroundings(Surroundings):
    """The stack is the real one, in files; behind the other ports stand doubles."""

    project: Project | None = None

    def fine_tuning(self, outputs: StackOutputs, account: AccountOutput) -> FineTuning:  # noqa: ARG002 - as its base
        assert self.project is not None
        return self.project.other_services.get(account.name, self.project.service)

    def chat(self, outputs: StackOutputs, account: AccountOutput) -> Chat:  # noqa: ARG002 - as its base
        assert self.project is not None
        return self.project.chat

    def blobs(self, outputs: StackOutputs, use: str) -> Blobs:  # noqa: ARG002 - as its base
        assert self.project is not None
        return {"datasets": self.project.blobs, "runs": self.project.kept_runs}[use]

    def control_plane(self, outputs: StackOutputs) -> ControlPlane:  # noqa: ARG002 - as its base
        assert self.project is not None
        return self.project.plane

    def monitor(self, outputs: StackOutputs) -> Monitor:  # noqa: ARG002 - as its base
        assert self.project is not None
        return self.project.monitor

    def remote_blob(self, outputs: StackOutputs, address: str) -> RemoteBlob:  # noqa: ARG002 - as its base
        assert self.project is not None
        return self.project.remote[address]


def example(number: int) -> str:
    messages = [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": f"Question {number}?"},
        {"role": "assistant", "content": f"Answer {number}."},
    ]
    return json.dumps({"messages": messages}) + "\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A stack that is up, with a model `clippy` that nobody has trained yet; the working folder is the project's."""
    (tmp_path / "Pulumi.yaml").write_text("name: tuned-models\nruntime: python\nstackConfigDir: environments\n")
    for folder in ("environments", "outputs", "models/clippy"):
        (tmp_path / folder).mkdir(parents=True)
    made = Project(tmp_path, ScriptedService(script=["pending", "running", "succeeded"]))
    made.stack_file.write_text(STACK_FILE)
    made.has_outputs()
    made.tune_yaml(TUNE_YAML)
    (tmp_path / "models/clippy/t.jsonl").write_text("".join(example(number) for number in range(60)))
    (tmp_path / "models/clippy/v.jsonl").write_text("".join(example(number) for number in range(100, 120)))

    def doubled(asked: Asked) -> Surroundings:
        return DoubledSurroundings(FiledStack(asked), made.clock, project=made)

    for module in (
        plan,
        run,
        run_all,
        sweep,
        evaluate,
        checkpoint,
        review,
        release,
        rollback,
        verify,
        withdraw,
        stack_runs,
    ):
        monkeypatch.setattr(module, "surroundings", doubled)
    # The check asks for them where it needs them.
    monkeypatch.setattr("jobs.cli.surroundings.surroundings", doubled)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JOBS_OUTPUTS", str(tmp_path / "outputs"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    (tmp_path / "gitconfig").write_text("[user]\n  name = Ada\n")
    return made


Jobs = Callable[..., Done]
