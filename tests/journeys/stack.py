"""A stack on a local Azure, changed value by value: what an up creates, updates, replaces and deletes, as data."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from contract.stack_config import NAMESPACE
from simulator.clock import Clock
from simulator.cloud import Cloud, State
from simulator.environment import reaching
from simulator.pulumi import local_stack
from simulator.pulumi.summary import UpResult
from simulator.pulumi.up import Verb, bring
from simulator.server import Simulator
from tests.contract.specimens import record
from tests.simulator.arm.clients import add_tuned_model

ENVIRONMENTS = Path(__file__).resolve().parents[2] / "environments"

QUIET = {"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true"}

Config = dict[str, Any]


@dataclass(frozen=True)
class Changes:
    """What became of Azure's resources, by `Type name`; components are left out. Paths say where an input differs."""

    created: frozenset[str] = frozenset()
    updated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    replaced: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    deleted: frozenset[str] = frozenset()

    @classmethod
    def of(cls, result: UpResult) -> Changes:
        azure = [step for step in result.steps if step.type.startswith("azure-native:")]
        return cls(
            frozenset(step.what for step in azure if step.did == "created"),
            {step.what: step.changes for step in azure if step.did == "updated"},
            {step.what: step.forced_by for step in azure if step.did == "replaced"},
            frozenset(step.what for step in azure if step.did == "deleted"),
        )

    @property
    def types_created(self) -> set[str]:
        return {what.partition(" ")[0] for what in self.created}


@dataclass
class Stack:
    """One stack of a folder of its own. `config` has the keys without namespace; `said` is what the last run said."""

    simulator: Simulator
    folder: Path
    name: str
    config: Config
    said: list[str] = field(default_factory=list)
    by_cli: bool = False

    @classmethod
    def fresh(cls, simulator: Simulator, folder: Path, name: str, config: Config) -> Stack:
        """A stack before its first up, on an Azure that nobody has touched."""
        simulator.replace_cloud(Cloud(Clock(step_on_poll=True)))
        return cls(simulator, folder, name, config)

    @property
    def environment(self) -> dict[str, str]:
        reached = reaching(self.simulator)
        return reached | {"JOBS_OUTPUTS": str(self.folder / "home" / "outputs"), **QUIET}

    @property
    def file(self) -> Path:
        return self.folder / "environments" / f"Pulumi.{self.name}.yaml"

    def bring(self, verb: Verb = "up", **how: Any) -> UpResult:
        """Writes the config and goes, in process unless `by_cli`. What Failed says is what people get."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        # JSON is YAML in which every text is quoted.
        namespaced = {f"{NAMESPACE}:{key}": value for key, value in self.config.items()}
        self.file.write_text(json.dumps({"config": namespaced}, indent=2))
        return self.run(verb, **how)

    def run(self, verb: Verb, **how: Any) -> UpResult:
        """On the file as it stands."""
        self.said.clear()
        hear = self.said.append
        way = {"in_process": not self.by_cli} | how
        return bring(verb, self.folder, self.name, self.environment, say=hear, warn=hear, **way)

    def changes(self, **how: Any) -> Changes:
        """Of an up."""
        return Changes.of(self.bring(**how))

    def settled(self) -> bool:
        """Whether another up would change nothing."""
        return Changes.of(self.bring("preview")) == Changes()

    def account_id(self, key: str = "main") -> str:
        group, name = self.config["resourceGroup"]["name"], self.config["accounts"][key]["name"]
        groups = f"/subscriptions/{self.simulator.cloud.subscription_id}/resourceGroups"
        return f"{groups}/{group}/providers/Microsoft.CognitiveServices/accounts/{name}"

    def trained(self, number: int, account: str = "main", **changes: Any) -> Config:
        """The record of a tuned model that this account has trained (it stands); the higher the number, the newer."""
        made = add_tuned_model(self.simulator, self.account_id(account), number=number)
        at = f"2026-11-{number:02d}T09:00:00Z"
        return record(f"{number:032x}", modelId=made, trainedAt=at, trainedIn=account, **changes)

    def standing(self) -> dict[str, str]:
        """ID in lower case → etag, of everything in Azure."""
        return {key: each.etag for key, each in self.simulator.cloud.state.arm.resources.items()}

    def saved(self) -> Callable[[Path], Stack]:
        """Makes stacks that go on from here, each in a folder of its own; one at a time, since there is one Azure."""
        state: State = self.simulator.cloud.state.model_copy(deep=True)
        now, config = self.simulator.clock.now(), deepcopy(self.config)
        kept = self.folder.with_name(f"{self.folder.name}-kept")
        shutil.copytree(self.folder, kept)

        def again(folder: Path) -> Stack:
            clock = Clock(now, step_on_poll=True)
            self.simulator.replace_cloud(Cloud(clock, state=state.model_copy(deep=True)))
            shutil.copytree(kept, folder, dirs_exist_ok=True)
            return Stack(self.simulator, folder, self.name, deepcopy(config), by_cli=self.by_cli)

        return again


def environment_config(name: str, folder: Path) -> Config:
    """What an environment's file says, keys without namespace; the local one's as it is written."""
    text = local_stack.content(folder) if name == "local" else (ENVIRONMENTS / f"Pulumi.{name}.yaml").read_text()
    loaded = YAML(typ="safe", pure=True).load(text)
    return {key.removeprefix(f"{NAMESPACE}:"): value for key, value in loaded["config"].items()}
