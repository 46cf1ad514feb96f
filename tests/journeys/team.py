"""Somebody at a terminal, in a project of a few models, with a local Azure."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from contract.release import ReleaseRecord
from simulator.environment import reaching
from simulator.server import Simulator
from tests.here import typed_here

ROOT = Path(__file__).resolve().parents[2]
BASE = "gpt-4.1-mini-2025-04-14"
Example = Mapping[str, Any]


def example(system: str, question: str, answer: str, **slices: str) -> Example:
    """A line of a file; slices are for the holdout only."""
    messages = [("system", system), ("user", question), ("assistant", answer)]
    line: dict[str, Any] = {"messages": [{"role": role, "content": content} for role, content in messages]}
    return line | {"slices": slices} if slices else line


@dataclass
class Team:
    """`project` has what a person writes: Pulumi.yaml, models/ and environments/."""

    project: Path
    simulator: Simulator

    @classmethod
    def fresh(cls, folder: Path, simulator: Simulator) -> Team:
        (folder / "environments").mkdir(parents=True)
        shutil.copy2(ROOT / "Pulumi.yaml", folder / "Pulumi.yaml")
        return cls(folder, simulator)

    def types(self, *command: str, code: int = 0) -> str:
        """What `python -m COMMAND` says; it ends with `code`."""
        environment = reaching(self.simulator) | {"COLUMNS": "200"}
        return typed_here(self.project, *command, environment=environment, code=code)

    def jobs(self, *command: str, stack: str = "local", code: int = 0) -> str:
        return self.types("jobs", *command, "-s", stack, code=code)

    def up(self, stack: str = "local", code: int = 0) -> str:
        return self.types("simulator", "up", "-s", stack, "--in-process", code=code)

    def writes_model(self, name: str, tune: str, **files: Sequence[Example]) -> None:
        """models/NAME with `tune` (data are the files named here: train, validation, holdout)."""
        folder = self.project / "models" / name
        folder.mkdir(parents=True, exist_ok=True)
        data = ", ".join(f"{use}: {use}.jsonl" for use in files)
        (folder / "tune.yaml").write_text(f"base: {BASE}\ndata: {{{data}}}\n{tune}")
        for use, lines in files.items():
            self.writes_examples(name, use, lines)

    def writes_examples(self, name: str, use: str, lines: Sequence[Example]) -> None:
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (self.project / "models" / name / f"{use}.jsonl").write_text(text)

    def continues(self, name: str) -> None:
        """From now on the live model is tuned further."""
        tune = self.project / "models" / name / "tune.yaml"
        tune.write_text(tune.read_text() + "continueFrom: live\n")

    def writes_stack(self, stack: str, config: str) -> None:
        """environments/Pulumi.STACK.yaml, its keys without their namespace."""
        lines = [
            f"  tuned-models:{line}" if line[:1].isalpha() else f"  {line}" for line in config.strip().splitlines()
        ]
        file = self.project / "environments" / f"Pulumi.{stack}.yaml"
        file.write_text("\n".join(["config:", *lines, ""]))

    def replaces(self, stack: str, old: str, new: str) -> None:
        """In the stack file; `new` is indented as in `writes_stack`."""
        file = self.project / "environments" / f"Pulumi.{stack}.yaml"
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, "\n".join(f"  {line}" if line else "" for line in new.split("\n")).lstrip()))

    def releases(self, model: str, stack: str = "local") -> dict[str, Any]:
        config = YAML(typ="safe").load((self.project / "environments" / f"Pulumi.{stack}.yaml").read_text())["config"]
        found = config.get("tuned-models:releases", {}).get(model, {})
        assert isinstance(found, dict)
        return found

    def record(self, model: str, role: str, stack: str = "local") -> ReleaseRecord:
        """The record of that role; of `previous` the first."""
        found = self.releases(model, stack)[role]
        return ReleaseRecord.model_validate(found[0] if role == "previous" else found)
