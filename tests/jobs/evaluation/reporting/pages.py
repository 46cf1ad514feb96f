"""A page with everything on it, and what a reader without eyes finds there."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

from contract.release import Cost, ReleaseRecord, Sku
from jobs.evaluation.reporting.page import DeployedIn, Reported, page
from jobs.ports import Checkpoint
from jobs.tuning.curves.learning_curve import from_results
from tests.evaluations import passed
from tests.jobs.evaluation.scorecards import scorecard
from tests.jobs.journals import record

# Headings: azure-ai-docs, fine-tuning.md.
RESULTS = b"step,train_loss,valid_loss,full_valid_loss\n1,2.1,2.0,\n2,1.4,1.8,1.7\n3,1.1,1.9,\n4,0.9,1.6,1.8\n"


def evaluated() -> ReleaseRecord:
    made = passed(record(1)).model_copy(update={"cost": Cost(estimated=1.25, actual=1.3125), "trained_tokens": 4200})
    return made.model_copy(update={"system_message": "You are <brief> & kind."})


def reported(**changes: Any) -> Reported:
    checkpoints = [Checkpoint(f"ftchkpt-{step}", step, f"m:ckpt-step-{step}", {}) for step in (2, 4)]
    told = Reported(
        model="clippy",
        stack="dev",
        role="candidate",
        record=evaluated(),
        at="2026-11-21T09:00:00Z",
        scorecard=scorecard(),
        curve=from_results(RESULTS, checkpoints),
        examples={"training": 60, "holdout": 40},
        deployments=(
            DeployedIn(
                "main", "swedencentral", "clippy-0123abcd", Sku(name="GlobalStandard", capacity=50), Decimal(1224)
            ),
        ),
    )
    return replace(told, **changes)


class Seen(HTMLParser):
    """Texts, and the values of numbers, by the section that they stand in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, list[float]] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._section = "header"
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.append((tag, told))
        if tag == "section":
            self._section = str(told["id"])
        if tag == "data":
            self.values.setdefault(self._section, []).append(float(str(told["value"])))

    def handle_data(self, data: str) -> None:
        self.text += data


def seen(**changes: Any) -> Seen:
    return Seen(page(reported(**changes)))
