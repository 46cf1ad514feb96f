"""A sweep is carried through: in the order of the grid, never more at once than the account runs, and resumable."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from jobs.errors import DeadlinePassed, JobsError, ServiceRefused, Unavailable
from jobs.ports import Checkpoint, Job, JobStatus
from jobs.tuning.patience import Patience
from jobs.tuning.polling.side_by_side import Look
from jobs.tuning.polling.sweeping import Sweeping, jobs_of, measured
from jobs.tuning.run import FileIds
from jobs.tuning.sweep import Point, points
from tests.jobs.doubles import START
from tests.jobs.specimens import TUNE_YAML, run
from tests.jobs.sweeps import TimedService

FIVE = "sweep: {epochs: [1, 2, 3, 4, 5]}\n"


def grid(text: str = FIVE) -> tuple[Point, ...]:
    return points(run(text=TUNE_YAML + text))


def patience(service: TimedService) -> Patience:
    return Patience(service.clock, START + timedelta(hours=24), lambda *_: None)


def sweeping(service: TimedService, runs: tuple[Point, ...], hours: float = 24) -> Sweeping:
    known = jobs_of(runs, service, FileIds(), patience(service))
    return Sweeping(
        runs,
        known,
        service,
        service.clock,
        service.clock.now() + timedelta(hours=hours),
        lambda point: service.submit(point.run.request("file-1", "file-2")),
    )


def carried_through(service: TimedService, runs: tuple[Point, ...]) -> list[Look]:
    return list(sweeping(service, runs).looks())


def submitted(service: TimedService) -> list[object]:
    return [request.hyperparameters.epochs for request in service.requests]


@pytest.mark.parametrize(("training_type", "most"), [("GlobalStandard", 3), ("Standard", 3), ("Developer", 5)])
def test_as_many_run_at_once_as_the_account_runs_in_the_order_of_the_grid(training_type: str, most: int) -> None:
    """3 Standard and Global together, 5 Developer: azure-ai-docs, quotas-limits."""
    service = TimedService()
    looks = carried_through(service, grid(f"trainingType: {training_type}\nsweep: {{epochs: [1, 2, 3, 4, 5, 6]}}\n"))

    assert service.at_once == most
    assert submitted(service) == [1, 2, 3, 4, 5, 6]
    assert all(each.over for each in looks[-1].standings)
    assert looks[0].full


def test_jobs_of_others_take_room_too_but_not_those_of_the_other_kind_nor_paused_ones() -> None:
    def other(number: int, status: str, training_type: str | None) -> Job:
        return Job(f"ftjob-other{number}", JobStatus.parse(status), "gpt", START, training_type=training_type)

    service = TimedService(
        all_jobs=[
            other(1, "running", "standard"),
            other(2, "pending", None),
            other(3, "running", "developerTier"),
            other(4, "paused", "globalStandard"),
            other(5, "succeeded", "globalStandard"),
        ]
    )
    next(sweeping(service, grid()).looks())

    assert submitted(service) == [1]


def test_what_is_there_is_adopted_and_the_rest_is_finished() -> None:
    """The first sweep is left after its first look; a second one, elsewhere, finds its runs by their suffixes."""
    service = TimedService()
    next(sweeping(service, grid()).looks())
    assert submitted(service) == [1, 2, 3]
    last = carried_through(service, grid())[-1]

    assert submitted(service) == [1, 2, 3, 4, 5]
    assert {each.job.status.text for each in last.standings if each.job} == {"succeeded"}
    carried_through(service, grid())
    assert len(service.requests) == 5


def test_two_at_the_same_time_share_their_runs() -> None:
    """Both looked at an empty account before either submitted; the other submits first, and takes all the room."""
    service = TimedService()
    ours, theirs = sweeping(service, grid()), sweeping(service, grid())
    next(theirs.looks())
    looks = list(ours.looks())

    assert [each.job.id for each in looks[0].standings if each.job] == [job.id for job in service.all_jobs[:3]]
    assert submitted(service) == [1, 2, 3, 4, 5]


def test_a_run_that_failed_ends_for_this_sweep_and_is_made_again_by_the_next() -> None:
    service = TimedService()
    service.ends = lambda request: "failed" if request is service.requests[1] else "succeeded"
    last = carried_through(service, grid())[-1]
    assert [each.job.status.text for each in last.standings if each.job].count("failed") == 1
    assert len(service.requests) == 5

    carried_through(service, grid())
    assert submitted(service) == [1, 2, 3, 4, 5, 2]


def test_a_paused_run_is_not_waited_for_nor_does_it_take_room() -> None:
    service = TimedService(ends=lambda request: "paused" if request.hyperparameters.epochs == 1 else "succeeded")
    last = carried_through(service, grid())[-1]

    assert submitted(service) == [1, 2, 3, 4, 5]
    assert all(each.over for each in last.standings)


def test_a_service_that_does_not_answer_is_asked_again() -> None:
    class Shaky(TimedService):
        troubles = 2

        def job(self, job_id: str) -> Job:
            if self.troubles:
                self.troubles -= 1
                raise Unavailable("busy")
            return super().job(job_id)

    service = Shaky()
    looks = carried_through(service, grid())

    assert [look.trouble is not None for look in looks[:3]] == [True, True, False]
    assert service.clock.slept[:2] == [2.0, 4.0]
    assert len(service.requests) == 5


def test_an_account_that_is_fuller_than_its_list_says_is_waited_for_while_a_run_of_ours_goes_on() -> None:
    class Full(TimedService):
        refused = 1

        def submit(self, request: object) -> Job:
            if self.requests and self.refused:
                self.refused -= 1
                raise ServiceRefused("no", status=400, code="quotaExceeded")
            return super().submit(request)  # type: ignore[arg-type]  # As it came.

    service = Full()
    looks = carried_through(service, grid())
    assert looks[0].full
    assert submitted(service) == [1, 2, 3, 4, 5]

    nothing_of_ours = Full(requests=[grid()[0].run.request("file-1", None)])
    with pytest.raises(ServiceRefused):
        carried_through(nothing_of_ours, grid())


def test_the_deadline_ends_the_waiting_and_says_how_many_are_left() -> None:
    with pytest.raises(DeadlinePassed, match="2 of 5 runs have not ended"):
        list(sweeping(TimedService(takes=600), grid(), hours=0.25).looks())


def test_a_run_is_measured_by_its_results_else_by_its_last_checkpoint() -> None:
    service = TimedService(loss=lambda _: 1.25)
    [point] = grid("sweep: {epochs: [1]}\n")
    carried_through(service, (point,))
    [job] = service.jobs()

    assert measured(point, job, service, patience(service)).results.last == {"valid_loss": 9.0, "full_valid_loss": 1.25}

    class Checkpointed(TimedService):
        def checkpoints(self, job_id: str) -> list[Checkpoint]:  # noqa: ARG002 - of the port
            return [Checkpoint("c", step, "m", {"full_valid_loss": step / 10}) for step in (5, 10)]

        def content(self, file_id: str) -> bytes:  # noqa: ARG002 - of the port
            raise ServiceRefused("gone", status=404)

    kept = Checkpointed(all_jobs=[job])
    assert measured(point, job, kept, patience(kept)).results.last == {"full_valid_loss": 1.0}
    silent = TimedService(all_jobs=[replace(job, result_files=())])
    assert measured(point, job, silent, patience(silent)).results.last == {}


def test_what_submitting_raises_is_raised() -> None:
    service = TimedService(submit_error=JobsError("lost"))

    with pytest.raises(JobsError, match="lost"):
        carried_through(service, grid())
