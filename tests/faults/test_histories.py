"""Histories that nobody thought of: runs, kills, faults, second operators, editors and time, in any order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.faults.command import Mishap
from tests.faults.kinds import FAULTS, Fault
from tests.faults.operators import Ended
from tests.faults.sampled import COMPLETE
from tests.faults.scene import RUN, Scene
from tests.faults.table import unclear

VERBS = ("run", "run", "run", "watch", "record")
PATHS = ("*/fine_tuning/jobs", "*/fine_tuning/jobs/*", "*/files*", "*/runs/*", "*/datasets/*", "*/oauth2/*", "*")
ENDED = ("failed", "cancelled")

places = st.floats(min_value=0, max_value=1, exclude_max=True)
faults = st.sampled_from([fault for fault in FAULTS if not fault.hurried])


class Histories(RuleBasedStateMachine):
    """What must hold whatever happens: a run is paid for once for each time that `--new` was said, what is recorded was
    made, what others wrote stays, and every end is done or says what to type next."""

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        self.scene = scene
        self.anew = 0
        self.edits: list[str] = []
        scene.begin()

    # --- what happens

    @rule(verb=st.sampled_from(VERBS), killed=st.none() | places)
    def somebody_types(self, verb: str, killed: float | None) -> None:
        self.ended(self.scene.jobs(*self.words(verb), mishaps=[] if killed is None else [Mishap(self.step(killed))]))

    @rule(fault=faults, path=st.sampled_from(PATHS), skip=st.integers(0, 12), times=st.integers(1, 3))
    def somebody_types_while_something_goes_wrong(self, fault: Fault, path: str, skip: int, times: int) -> None:
        plan = {"faults": [{"match": {"path": path}, "skip": skip, "times": times, "does": fault.does}]}
        with self.scene.running.cloud.faults.planned(plan):
            self.ended(self.scene.jobs(*RUN))

    @rule(crowd=st.integers(2, 3), asleep=st.none() | places, seconds=st.sampled_from([50.0, 200.0, 7000.0]))
    def several_type_at_once(self, crowd: int, asleep: float | None, seconds: float) -> None:
        befalls = [] if asleep is None else [Mishap(self.step(asleep), "asleep", seconds)]
        numbers = [self.scene.start(*RUN, mishaps=befalls, who="Ada")]
        numbers += [self.scene.start(*RUN, who=f"operator {each}") for each in range(1, crowd)]
        for number in numbers:
            self.ended(self.scene.operators.end_of(number))

    @precondition(lambda self: self.anew < 2)
    @rule(killed=st.none() | places)
    def somebody_wants_it_anew(self, killed: float | None) -> None:
        self.anew += 1
        mishaps = [] if killed is None else [Mishap(self.step(killed))]
        self.ended(self.scene.jobs(*RUN, "--new", mishaps=mishaps))

    @rule(event=st.sampled_from(["jobFailed", "jobCancelled"]), after=st.sampled_from([1.0, 100.0]))
    def the_service_ends_the_job(self, event: str, after: float) -> None:
        plan = {"events": [{"at": {"after": after}, "event": event}]}
        with self.scene.running.cloud.faults.planned(plan):
            self.ended(self.scene.jobs(*RUN))

    @rule(seconds=st.sampled_from([1.0, 100.0, 1000.0, 90_000.0]))
    def time_passes(self, seconds: float) -> None:
        self.scene.running.clock.advance(seconds)

    @rule()
    def somebody_edits_the_stack_file(self) -> None:
        self.edits.append(f"# edit {len(self.edits)}: keep this")
        text = self.scene.stack_file.read_text()
        self.scene.stack_file.write_text(f"{self.edits[-1]}\n{text}")

    @rule()
    def somebody_checks_out_what_was_there_before(self) -> None:
        self.edits.clear()
        self.scene.stack_file.write_text(self.scene.untouched_file.read_text())

    # --- what holds

    @invariant()
    def it_is_paid_for_once(self) -> None:
        usable = [job.id for job in self.scene.all_jobs if job.status not in ENDED]
        assert len(usable) <= 1 + self.anew, usable

    @invariant()
    def each_dataset_is_one_file(self) -> None:
        assert all(count == 1 for count in self.scene.uploads.values()), self.scene.uploads

    @invariant()
    def what_is_recorded_was_made(self) -> None:
        made = {job.id: job for job in self.scene.all_jobs}
        releases = self.scene.releases()
        for record in filter(None, (releases.live, releases.candidate, *releases.previous)):
            job = made[record.job_id]
            assert (job.status, job.tuned_id) == ("succeeded", record.model_id)

    @invariant()
    def what_others_wrote_stays(self) -> None:
        text = self.scene.stack_file.read_text()
        assert all(edit in text for edit in self.edits)
        assert "# the only one" in text

    def teardown(self) -> None:
        """In the end it is done, by what the commands say."""
        ends = self.scene.finish(self.scene.jobs(*RUN))
        for end in ends:
            self.ended(end)
        assert ends[-1].code == 0, "\n".join(map(str, ends))
        assert self.scene.releases().candidate is not None
        for holds in (self.it_is_paid_for_once, self.each_dataset_is_one_file, self.what_is_recorded_was_made):
            holds()
        self.what_others_wrote_stays()

    # --- how

    def words(self, verb: str) -> tuple[str, ...]:
        return RUN if verb == "run" else (verb, "clippy", "-s", "dev")

    def step(self, place: float) -> int:
        """The number of a step, as far as `place` into a run."""
        return int(place * len(self.scene.undisturbed.steps))

    def ended(self, end: Ended) -> None:
        if not end.killed:
            assert unclear(end) is None, str(end)


def histories(scene: Scene) -> Callable[[], Any]:
    return lambda: Histories(scene)


@pytest.mark.slow
def test_histories_that_nobody_thought_of(scene: Scene) -> None:
    run_state_machine_as_test(
        histories(scene),  # type: ignore[arg-type] # Any function that makes one does (hypothesis's own documentation).
        settings=settings(
            deadline=None,
            max_examples=30 if COMPLETE else 1,
            stateful_step_count=12 if COMPLETE else 6,
            # Always the same ones in the suite, whose time is short; others each time in `make faults`.
            derandomize=not COMPLETE,
            database=None,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )
