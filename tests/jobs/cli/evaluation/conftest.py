"""A project whose candidate is up beside its base, both of which answer."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest

from jobs.chat_ports import ChatRequest
from jobs.errors import JobsError
from tests.jobs.cli.conftest import TUNE_YAML, Done, Project, example

HOLDOUT = 40
"""Its examples: numbers from 1000, which nothing else has."""
EVALUATION = "evaluation:\n  graders: [{type: exact_match, name: exact}]\n"
RUN = ("run", "clippy", "-s", "dev", "--yes")
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

    def holdout(self, text: str) -> None:
        (self.project.folder / "models/clippy/h.jsonl").write_text(text)

    def trained(self) -> None:
        """A candidate that is up."""
        assert self.project.jobs(*RUN).code == 0
        self.up()


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
    made.trained()
    return made
