"""A project whose candidate is up beside its base, both of which answer."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

import pytest

from contract.release import ReleaseRecord, Releases
from jobs.chat_ports import ChatRequest
from jobs.errors import JobsError
from jobs.ports import Checkpoint, Event, JobRequest
from jobs.stacks.stack_file import update_releases
from tests.contract.specimens import record
from tests.jobs.cli.conftest import SYSTEM, TUNE_YAML, Done, Project, example
from tests.jobs.doubles import START
from tests.jobs.specimens import served_mapping

HOLDOUT = 40
"""Its examples: numbers from 1000, which nothing else has."""
EVALUATION = "evaluation:\n  graders: [{type: exact_match, name: exact}]\n"
KEY = "66dd61a1" + "0" * 56
REQUEST = JobRequest(
    "gpt-4.1-mini-2025-04-14", "file-1", "file-2", "clippy-66dd61a1", 42, "supervised", "GlobalStandard"
)
EVALUATE = ("evaluate", "clippy", "-s", "dev")
MINI = {
    "account": "main",
    "model": "gpt-4.1-mini",
    "version": "2025-04-14",
    "sku": {"name": "GlobalStandard", "capacity": 10},
}


@dataclass
class Bench:
    """The project, and what its deployments know: how many of the holdout's questions each answers rightly."""

    project: Project

    def evaluate(self, *words: str) -> Done:
        return self.project.jobs(*EVALUATE, *words)

    @property
    def asked(self) -> list[ChatRequest]:
        return self.project.chat.asked

    def knows(self, deployment: str, questions: int) -> None:
        """Of the holdout, from its beginning; to the others it says that it doesn't know."""

        def said(request: ChatRequest) -> str | JobsError:
            number = number_of(request)
            return f"Answer {number}." if number < 1000 + questions else "I don't know."

        self.project.chat.answers[deployment] = said

    def outputs(self, **changes: Any) -> None:
        """The stack's outputs as they are, with these keys in the place of their own."""
        path = self.project.folder / "outputs" / "dev.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | changes))

    def up(self) -> None:
        self.project.up()
        self.outputs(baseDeployments={"gpt-4.1-mini": MINI})

    def served(self, *, live: str) -> None:
        """The live model is deployed as ``clippy-live``."""
        path = self.project.folder / "outputs" / "dev.json"
        models = json.loads(path.read_text())["models"]
        models["clippy"]["live"] = served_mapping(live) | {"deployments": {"main": "clippy-live"}}
        self.outputs(models=models)

    def holdout(self, text: str) -> None:
        (self.project.folder / "models/clippy/h.jsonl").write_text(text)

    def trained(self) -> None:
        """A candidate that is up, as `jobs run` would record it."""
        service, folder = self.project.service, self.project.folder / "models/clippy"
        job = service.job(service.submit(REQUEST).id)
        digests = {
            name: hashlib.sha256((folder / file).read_bytes()).hexdigest()
            for name, file in (("train", "t.jsonl"), ("validation", "v.jsonl"), ("holdout", "h.jsonl"))
        }
        made = record(
            job.id.removeprefix("ftjob-"),
            modelId=job.fine_tuned_model,
            runKey=KEY,
            digests=digests | {"tuneYaml": "d" * 64},
            systemMessage=SYSTEM,
        )
        self.records(candidate=ReleaseRecord.model_validate(made))
        self.up()

    def told_losses(self, **by_step: float) -> None:
        """The job has said these losses of its whole validation file, ``s60=0.5``, and kept a checkpoint at each."""
        service = self.project.service
        [job] = service.all_jobs
        hexes = job.id.removeprefix("ftjob-")
        for name, loss in by_step.items():
            step = int(name[1:])
            metrics = {"step": float(step), "full_valid_loss": loss}
            model_id = f"{job.model}.ft-{hexes}:ckpt-step-{step}"
            service.told.insert(0, Event(f"event-{step}", START, "info", f"Step {step}", metrics))
            service.kept.append(Checkpoint(f"ftchkpt-{step}", step, model_id, metrics))

    def records(self, **places: Any) -> None:
        """The stack file has these, and nothing else."""
        update_releases(self.project.stack_file, lambda found: {**found, "clippy": Releases(**places)})


def number_of(request: ChatRequest) -> int:
    found = re.search(r"Question (\d+)\?", request.messages[-1]["content"])
    assert found is not None
    return int(found[1])


def lines(first: int, count: int) -> str:
    return "".join(example(number) for number in range(first, first + count))


@pytest.fixture
def bench(project: Project) -> Bench:
    """The candidate answers everything rightly, the base model half of it; both are up."""
    made = Bench(project)
    project.tune_yaml(TUNE_YAML.replace("v.jsonl}", "v.jsonl, holdout: h.jsonl}") + EVALUATION)
    made.holdout(lines(1000, HOLDOUT))
    made.knows("clippy-0123abcd", HOLDOUT)
    made.knows("gpt-4.1-mini", HOLDOUT // 2)
    project.service.script = ["succeeded"]
    made.trained()
    return made
