"""A model of a stack, for whoever keeps its journals and records it: without its folder, which may be gone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import typer

from contract.outputs import StackOutputs
from contract.release import Releases
from jobs.cli.asked import Asked
from jobs.cli.stacks.settling import Settled
from jobs.cli.surroundings import Surroundings
from jobs.cli.who import deciding_person
from jobs.ports import Blobs
from jobs.tuning.journals.holder import Holder
from jobs.tuning.journals.keeping import Keeper
from jobs.tuning.patience import Patience


@dataclass(frozen=True)
class StackModel:
    """``model``: its name; ``patience``: how long anybody waits for the cloud."""

    asked: Asked
    around: Surroundings
    outputs: StackOutputs
    patience: Patience
    model: str

    def say(self, text: str) -> None:
        typer.echo(f"{self.model}: {text}")

    def say_settled(self, settled: Settled) -> None:
        """What became of the pointers, and where that is written."""
        self.say(settled.decided.words)
        if settled.where is not None:
            self.say(settled.where)

    def say_once(self, text: str) -> None:
        """What is so each time that something is tried."""
        if text not in self._said:
            self._said.add(text)
            self.say(text)

    @cached_property
    def _said(self) -> set[str]:
        return set()

    @cached_property
    def runs(self) -> Blobs:
        """Where plans and journals are kept."""
        return self.around.blobs(self.outputs, "runs")

    @cached_property
    def person(self) -> str:
        return deciding_person(self.asked.project_folder)

    @cached_property
    def holder(self) -> Holder:
        return Holder.here(self.person)

    def keeper_of(self, run_key: str) -> Keeper:
        """Of the journal of the run with that key."""
        return Keeper(self.runs, run_key, self.patience, self.holder)

    def releases(self) -> Releases:
        return self.around.stack.releases().get(self.model, Releases())
