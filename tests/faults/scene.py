"""A stack that is up, on an Azure of its own, and what must hold of it whatever befalls those who train there."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from contract.release import Releases
from jobs.stacks.stack_file import read_releases
from simulator.arm.models import ACCOUNTS
from simulator.cloud import Cloud, State
from simulator.openai import timeline
from simulator.openai.models import Job
from simulator.roles import COGNITIVE_USAGES_READER, OPENAI_CONTRIBUTOR, READER
from simulator.server import Simulator
from tests.faults.command import Mishap
from tests.faults.hand_time import HandClock
from tests.faults.operators import Ended, Operators
from tests.jobs.cli.conftest import example
from tests.jobs.specimens import BASE, USE_CASE, model_mapping, outputs_mapping
from tests.simulator.blobs.storage import CONTRIBUTOR, Storage

STACK_FILE = """\
# What dev is made of.
config:
  tuned-models:models:
    clippy: {skus: {live: {name: GlobalStandard, capacity: 50}}}   # the only one
"""
RUN = ("run", "clippy", "-s", "dev", "--yes")
LONGEST = 5
"""Commands after which nobody goes on typing what comes next."""
MODELS = 20
"""How many models the project has beside clippy: `model-1` and so on."""


def shorten_trainings(patch: pytest.MonkeyPatch) -> None:
    """A training of five minutes, in which every status is still seen: fewer looks, fewer requests."""
    planned = timeline._plan

    def short(examples: int, chosen: Any, training: float) -> Any:
        return planned(examples, chosen, min(training, 120.0))

    patch.setattr(timeline, "_plan", short)
    patch.setattr(timeline, "QUEUEING", 60.0)
    patch.setattr(timeline, "PREPARING", 60.0)
    patch.setattr(timeline, "FINISHING", 60.0)


def _following(end: Ended) -> Sequence[str]:
    """What somebody types after it; nothing, where the run is recorded."""
    if end.next_command is None:
        return () if end.code == 0 else RUN
    _, *words = shlex.split(end.next_command)
    if not (end.code or words[0] in ("run", "watch", "record", "resume")):
        return ()
    # At a terminal one would be asked, and agree once more.
    return words if words[0] not in ("run", "resume") or "--yes" in words else (*words, "--yes")


@dataclass
class Scene:
    """One project, and the Azure that its stack stands in. `begin` puts a fresh one in the place of the last."""

    running: Simulator
    operators: Operators
    folder: Path
    _states: list[State] = field(default_factory=list)
    _projects: int = 0
    project: Path = Path()
    undisturbed: Ended = field(init=False)
    undisturbed_file: str = field(init=False)

    def prepare(self) -> None:
        """What every fresh one is a copy of."""
        self.running.replace_cloud(Cloud(HandClock()))
        storage = Storage(self.running, "contosodev", {"allowSharedKeyAccess": False, "allowBlobPublicAccess": False})
        storage.container("datasets")
        storage.container("runs")
        group = storage.id.partition("/providers/")[0]
        account = storage.put(
            f"{group}/providers/{ACCOUNTS}/contoso",
            ACCOUNTS,
            "contoso",
            {"customSubDomainName": "contoso", "publicNetworkAccess": "Enabled"},
        )
        account.body |= {"kind": "OpenAI", "location": "swedencentral"}
        storage.grant("trainer", CONTRIBUTOR)
        for role, scope in (
            (OPENAI_CONTRIBUTOR, account.id),
            (READER, account.id),
            (READER, group.partition("/resourceGroups/")[0]),
            (COGNITIVE_USAGES_READER, group.partition("/resourceGroups/")[0]),
        ):
            granted = storage.grant("trainer", role)
            del self.running.cloud.state.arm.resources[granted.key]
            granted.id = granted.id.replace(storage.id, scope)
            granted.body["properties"]["scope"] = scope
            self.running.cloud.state.arm.resources[granted.key] = granted
        self._states.append(self.running.cloud.state)
        self._write_project(self.folder / "project", account.id, storage.url)
        self.begin()
        self.undisturbed = self.jobs(*RUN)
        """What becomes of a run that nothing befalls; typed in the zygote itself, which is warm then."""
        assert self.undisturbed.code == 0, str(self.undisturbed)
        self.undisturbed_file = self.settled_file()

    def begin(self) -> None:
        """An Azure that nobody has trained in yet, and a project that records nothing."""
        self._projects += 1
        self.project = self.folder / f"project-{self._projects}"
        shutil.copytree(self.folder / "project", self.project)
        self.running.replace_cloud(Cloud(HandClock(), state=self._states[0].model_copy(deep=True)))

    def jobs(self, *words: str, **how: Any) -> Ended:
        """What becomes of `jobs WORDS`; `how` is as in `start`."""
        return self.operators.end_of(self.start(*words, **how))

    def start(self, *words: str, mishaps: Sequence[Mishap] = (), who: str = "Ada", **how: bool) -> int:
        """The command's number; what befalls it, and `how` it is typed, is as in `Command`."""
        return self.operators.begin(self.project, words, self.environment(who), *mishaps, **how)

    def finish(self, first: Ended) -> list[Ended]:
        """Types what each command says comes next, until the run is recorded: how all of them ended, `first` too."""
        ends = [first]
        while len(ends) < LONGEST and (words := _following(ends[-1])):
            ends.append(self.jobs(*words))
        return ends

    def environment(self, who: str) -> dict[str, str]:
        """An operator's, at this project. `who` is git's name for them."""
        return self.running.environment("trainer") | {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.folder),
            "JOBS_OUTPUTS": str(self.project),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "user.name",
            "GIT_CONFIG_VALUE_0": who,
        }

    @property
    def stack_file(self) -> Path:
        return self.project / "environments" / "Pulumi.dev.yaml"

    @property
    def untouched_file(self) -> Path:
        """The stack file as it was before anybody trained."""
        return self.folder / "project" / "environments" / "Pulumi.dev.yaml"

    @property
    def all_jobs(self) -> list[Job]:
        return list(self.running.cloud.state.openai.jobs.values())

    @property
    def uploads(self) -> Counter[str]:
        """How many files the account has for training, by what is in them."""
        files = self.running.cloud.state.openai.files.values()
        return Counter(str(file.content) for file in files if file.purpose == "fine-tune")

    def releases(self, model: str = "clippy") -> Releases:
        return read_releases(self.stack_file).get(model, Releases())

    def unlike_undisturbed(self, last: Ended) -> str | None:
        """What is not as a run that nothing befell would have left it; `last` is how the last command ended."""
        if last.code != 0:
            return "it does not end well"
        if len(usable := [job for job in self.all_jobs if job.status not in ("failed", "cancelled")]) != 1:
            return f"{len(usable)} jobs in the account that have made a model, or may"
        if sorted(self.uploads.values()) != [1, 1]:
            return f"files in the account: {sorted(self.uploads.values())}"
        if self.settled_file() != self.undisturbed_file:
            return f"another stack file:\n{self.stack_file.read_text()}"
        return None

    def settled_file(self) -> str:
        """The stack file without moments and job IDs, which depend on them: a run that was held up is another."""
        text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "(moment)", self.stack_file.read_text())
        for job in self.all_jobs:
            text = text.replace(job.id.removeprefix("ftjob-"), "(job)")
        return text

    def _write_project(self, project: Path, account_id: str, blobs: str) -> None:
        names = ["clippy", *(f"model-{number}" for number in range(1, MODELS + 1))]
        (project / "environments").mkdir(parents=True)
        (project / "Pulumi.yaml").write_text("name: tuned-models\nruntime: python\nstackConfigDir: environments\n")
        (project / "environments" / "Pulumi.dev.yaml").write_text(STACK_FILE)
        outputs = outputs_mapping(**{name: model_mapping() for name in names})
        outputs["subscriptionId"] = self.running.cloud.subscription_id
        outputs["accounts"]["main"] |= {
            "id": account_id,
            "name": "contoso",
            "endpoint": f"{self.running.url}/contoso.openai.azure.com/",
        }
        outputs["storage"]["blobEndpoint"] = f"{blobs}/"
        (project / "dev.json").write_text(json.dumps(outputs))
        for number, name in enumerate(names):
            folder = project / "models" / name
            folder.mkdir(parents=True)
            (folder / "tune.yaml").write_text(
                f"base: {BASE}\ndata: {{train: t.jsonl, validation: v.jsonl}}\n"
                f"hyperparameters: {{epochs: 2}}\n{USE_CASE}"
            )
            first = number * 1000
            (folder / "t.jsonl").write_text("".join(example(first + each) for each in range(60)))
            (folder / "v.jsonl").write_text("".join(example(first + each) for each in range(100, 120)))
