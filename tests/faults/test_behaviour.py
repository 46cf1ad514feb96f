"""A run among services that behave oddly from its beginning to its end, and platform events in the middle of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from simulator.faults.behaviour import Behaviour
from simulator.faults.events import Event
from tests.faults.kinds import told_apart
from tests.faults.operators import Ended
from tests.faults.sampled import parts, some
from tests.faults.scene import RUN, Scene
from tests.faults.table import unclear
from tests.jobs.specimens import BASE

FEW = 2
RUNNING = {"after": 150.0}
"""In the middle of the training, seconds after the run began."""


@dataclass(frozen=True)
class Ends:
    """`code`: how the first command ends; `trainings`: how many the account has in the end, those that failed too;
    `wait`: seconds after which somebody goes on; `mended`: whether it has passed by then; `telling`: whether jobs tell
    all that goes into a record.
    """

    code: int = 0
    trainings: int = 1
    wait: float = 0.0
    mended: bool = False
    telling: bool = True


@dataclass(frozen=True)
class Case:
    """`plan`: what is in force from the beginning to the end."""

    name: str
    plan: dict[str, Any] = field(hash=False)
    ends: Ends

    @property
    def of(self) -> set[str]:
        """Which of the behaviours and events it shows."""
        return {*self.plan.get("behaviour", {}), *(event["event"] for event in self.plan.get("events", ()))}


WELL = Ends()
ANEW = Ends(code=3, trainings=2)
"""The run failed, and the command that it names trains once more: a failed one is not paid for."""


def behaves(name: str, ends: Ends = WELL, **behaviour: Any) -> Case:
    return Case(name, {"behaviour": behaviour}, ends)


def happens(name: str, ends: Ends = WELL, **event: Any) -> Case:
    return Case(name, {"events": [{"at": RUNNING} | event]}, ends)


def turns(becomes: str, **more: Any) -> dict[str, Any]:
    """A job that does so by itself, once, in the middle of its training."""
    return {"times": 1, "turns": [{"after": 70, "becomes": becomes} | more]}


UNTOLD = ("result_files", "organization_id", "error", "suffix", "seed", "trained_tokens", "estimated_finish")
CASES = (
    behaves("lists that lag by four minutes", lists={"files": 240, "jobs": 240, "resources": 240}),
    behaves("uploads and ARM are throttled", throttling={"uploads": {"perSecond": 1}, "arm": {}}),
    behaves("a job that waits for four hours", jobs=[{"pending": 14400}]),
    behaves("a job that is preempted for half an hour", jobs=[turns("paused", resumesAfter=1800)]),
    behaves("a job that fails", ANEW, jobs=[turns("failed")]),
    behaves("a job that is cancelled", ANEW, jobs=[turns("cancelled")]),
    behaves("a status that nobody knows", statuses=[{"word": "warmingUp", "lasting": 120}]),
    behaves("nulls in jobs", Ends(telling=False), fields={"job": dict.fromkeys(UNTOLD)}),
    behaves("nulls in files", fields={"file": {"status_details": None, "bytes": None}}),
    behaves("roles that take two minutes to hold", Ends(code=3, wait=180), roles=120),
    behaves("accounts that are locked", conflicts=[{"seconds": 600}]),
    behaves("operations of ARM that fail", failures=[{}]),
    behaves("a local Azure whose disk is full", Ends(code=3, mended=True), disk="full"),
    happens("the base is retired", event="modelRetired", model=BASE),
    happens("the job is preempted", event="jobPreempted", resumesAfter=600),
    happens("somebody pauses the job", Ends(code=1), event="jobPaused"),
    happens("the job fails", ANEW, event="jobFailed"),
    happens("the job is cancelled", ANEW, event="jobCancelled"),
    happens("an idle deployment is deleted", event="deploymentDeleted", deployment="*"),
    happens("a Developer deployment expires", event="deploymentExpired", deployment="*"),
)


def test_every_behaviour_and_event_of_a_plan_is_tried() -> None:
    shown = {each for case in CASES for each in case.of}

    assert shown == {field.alias or name for name, field in Behaviour.model_fields.items()} | told_apart(Event, "event")


@pytest.mark.slow
@parts
def test_a_run_among_it_is_paid_for_once_and_recorded_once(scene: Scene, part: int) -> None:
    chosen = some(CASES, FEW, part)
    wrong = []
    for case in chosen:
        scene.begin()
        ends, told = _tried(scene, case)
        if told:
            wrong.append(f"{case.name}: {told}\n" + "\n".join(map(str, ends)))
    assert not wrong, f"{len(wrong)} of {len(chosen)}:\n" + "\n".join(wrong)


def _tried(scene: Scene, case: Case) -> tuple[list[Ended], str | None]:
    """How the commands ended, and what isn't as it should be."""
    with scene.running.cloud.faults.planned(case.plan):
        first = scene.jobs(*RUN)
        scene.running.clock.advance(case.ends.wait)
        if case.ends.mended:
            scene.running.cloud.faults.clear()
        ends = scene.finish(first)
    if first.code != case.ends.code:
        return ends, "the first one ends otherwise"
    if len(scene.all_jobs) != case.ends.trainings:
        return ends, f"there are {len(scene.all_jobs)} trainings"
    if scene.releases().candidate is None:
        return ends, "nothing is recorded"
    unlike = scene.unlike_undisturbed(ends[-1]) if case.ends.telling else None
    return ends, unlike or next(filter(None, map(unclear, ends)), None)
