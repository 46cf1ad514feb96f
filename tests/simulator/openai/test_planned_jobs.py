"""What a plan does to jobs: long queues, ends that nobody asked for, pauses, words and nulls that nobody expects."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai import OpenAI
from openai.types.fine_tuning import FineTuningJob

from simulator.clock import AS_OF
from simulator.openai.models import Job, JobError, OpenAiState, Turn
from simulator.openai.timeline import advance, worked
from tests.simulator.openai.conftest import Tenancy, capitals
from tests.simulator.openai.test_dance import BASE, finished, upload
from tests.simulator.test_state_folder import job_on

HOUR = 3600.0


def submit(client: OpenAI, suffix: str = "guide", file: str | None = None) -> FineTuningJob:
    return client.fine_tuning.jobs.create(
        model=BASE,
        training_file=file or upload(client, capitals()),
        suffix=suffix,
        method={"type": "supervised"},
        extra_body={"trainingType": "developerTier"},
    )


def status(client: OpenAI, job: FineTuningJob) -> str:
    """From the list, which hints at no moment to ask again: time stands still."""
    return next(each.status for each in client.fine_tuning.jobs.list() if each.id == job.id)


def messages(client: OpenAI, job: FineTuningJob) -> list[str]:
    return [event.message for event in client.fine_tuning.jobs.list_events(job.id, limit=100)]


def test_a_job_waits_as_long_as_the_plan_says(tenancy: Tenancy, client: OpenAI) -> None:
    """As long as it was seen to (learn.microsoft.com/answers/2285439: 12 hours), though the plan has gone."""
    clock = tenancy.simulator.clock
    with tenancy.simulator.cloud.faults.planned({"behaviour": {"jobs": [{"pending": 12 * HOUR}]}}):
        job = submit(client)
    clock.advance(12 * HOUR - 60)
    assert status(client, job) == "pending"
    clock.advance(60)
    assert status(client, job) == "running"


def test_a_course_is_for_those_it_names_and_so_often(tenancy: Tenancy, client: OpenAI) -> None:
    file = upload(client, capitals())
    plan = {"jobs": [{"suffix": "late-*", "times": 1, "pending": HOUR}, {"suffix": "LATE-*", "pending": 2 * HOUR}]}
    with tenancy.simulator.cloud.faults.planned({"behaviour": plan}):
        named = [submit(client, suffix, file) for suffix in ("late-1", "late-2", "other")]
    jobs = tenancy.simulator.cloud.state.openai.jobs

    assert [jobs[job.id].plan.queueing for job in named] == [HOUR, 2 * HOUR, 240]


def test_a_job_fails_in_the_middle(tenancy: Tenancy, client: OpenAI) -> None:
    """With the words that were seen of a fault of the platform, as the last thing it says."""
    turns = [{"after": 1200, "becomes": "failed"}]
    with tenancy.simulator.cloud.faults.planned({"behaviour": {"jobs": [{"turns": turns}]}}):
        job = finished(client, submit(client).id)

    assert job.status == "failed"
    assert job.error is not None
    assert job.error.message == "A system error was encountered, please try again later"
    assert job.finished_at == job.created_at + 240 + 1200
    assert job.fine_tuned_model is None
    assert messages(client, job)[:2] == ["Job failed.", "A system error was encountered, please try again later"]


def test_a_job_is_cancelled_by_nobody(tenancy: Tenancy, client: OpenAI) -> None:
    turns = [{"after": 0, "becomes": "cancelled"}]
    with tenancy.simulator.cloud.faults.planned({"behaviour": {"jobs": [{"turns": turns}]}}):
        job = finished(client, submit(client).id)

    assert (job.status, job.error) == ("cancelled", None)


def test_a_preempted_job_goes_on_by_itself(tenancy: Tenancy, client: OpenAI) -> None:
    """Documented for developer jobs; it ends as one that never was, as much later as it stood still."""
    file = upload(client, capitals())
    undisturbed = finished(client, submit(client, file=file).id)
    turns = [{"after": 1200, "becomes": "paused", "resumesAfter": 1800}, {"after": 1300, "becomes": "paused"}]
    with tenancy.simulator.cloud.faults.planned({"behaviour": {"jobs": [{"turns": turns}]}}):
        job = submit(client, file=file)
    clock = tenancy.simulator.clock
    clock.advance(240 + 1200 + 1)
    assert status(client, job) == "paused"
    assert "Job preempted." in messages(client, job)
    clock.advance(1800)
    assert status(client, job) == "resuming"
    clock.advance(10 * HOUR)
    assert status(client, job) == "paused"
    client.fine_tuning.jobs.resume(job.id)
    done = finished(client, job.id)

    assert done.status == "succeeded"
    assert done.trained_tokens == undisturbed.trained_tokens


@given(
    st.lists(st.tuples(st.floats(0, 4000), st.floats(0, 5000)), max_size=5),
    st.floats(100, 5000),
)
def test_however_often_it_is_preempted_a_job_works_as_long(pauses: list[tuple[float, float]], step: float) -> None:
    """It works for all its time, and nothing of it twice."""
    job = job_on("digest")
    job.plan.preparing, job.plan.finishing = 100.0, 900.0
    job.plan.step, job.plan.steps = 10.0, 200
    job.turns = [
        Turn(after=after, becomes="paused", resumes_after=stands)
        for after, stands in sorted(pauses, key=lambda p: p[0])
    ]
    state = OpenAiState(jobs={job.id: job})
    now = 0.0
    while job.status != "succeeded":
        assert now < 1e6
        now += step
        advance(state, now)
    taken = [turn for turn in job.turns if turn.after < 3000]

    assert job.status == "succeeded"
    assert abs(worked(job, now) - 3000) < 1e-3
    assert job.turns_taken == len(taken)
    stood = sum(turn.resumes_after or 0 for turn in taken) + 60 * len(taken)
    assert abs(job.history[-1].at - (job.plan.queueing + 3000 + stood)) < 1e-3


def test_a_status_nobody_knows_is_told_for_a_while(tenancy: Tenancy, client: OpenAI) -> None:
    """In the middle of a job; the job itself goes on, and events tell nothing of it."""
    clock, faults = tenancy.simulator.clock, tenancy.simulator.cloud.faults
    word = {"word": "rebalancing", "instead": "running", "after": 600, "lasting": 300}
    job = submit(client)
    clock.advance(240)
    with faults.planned({"behaviour": {"statuses": [word]}}):
        seen = []
        for _ in range(4):
            seen.append(status(client, job))
            clock.advance(300)
        assert seen == ["running", "running", "rebalancing", "running"]
    assert finished(client, job.id).status == "succeeded"


JOB_FIELDS: dict[str, Any] = {
    "organization_id": None,
    "result_files": None,
    "trained_tokens": None,
    "estimated_finish": None,
    "suffix": None,
    "hyperparameters": None,
    "method": None,
    "seed": None,
    "trainingType": None,
    "error": {},
    "nobodyKnows": [1],
}


@pytest.mark.parametrize("name", JOB_FIELDS)
def test_any_member_of_a_job_can_be_another(tenancy: Tenancy, client: OpenAI, name: str) -> None:
    """By name, in what is created, got and listed; as it was when the plan has gone."""
    file = upload(client, capitals())
    with tenancy.simulator.cloud.faults.planned({"behaviour": {"fields": {"job": {name: JOB_FIELDS[name]}}}}):
        job = submit(client, file=file)
        shown = [job, client.fine_tuning.jobs.retrieve(job.id), client.fine_tuning.jobs.list().data[0]]
        assert [each.to_dict()[name] for each in shown] == [JOB_FIELDS[name]] * 3
    after = client.fine_tuning.jobs.retrieve(job.id).to_dict()

    assert after.get("suffix") == "guide"
    assert "nobodyKnows" not in after


def test_any_member_of_a_file_can_be_another(tenancy: Tenancy, client: OpenAI) -> None:
    with tenancy.simulator.cloud.faults.planned({"behaviour": {"fields": {"file": {"bytes": None}}}}):
        made = client.files.create(file=("t.jsonl", capitals()), purpose="fine-tune")
        shown = [made, client.files.retrieve(made.id), client.files.list().data[0]]
        assert [each.to_dict()["bytes"] for each in shown] == [None] * 3
    assert client.files.retrieve(made.id).bytes == len(capitals())


class TestAListThatLags:
    def test_lacks_the_newest_job_which_can_be_got(self, tenancy: Tenancy, client: OpenAI) -> None:
        file = upload(client, capitals())
        older = submit(client, file=file)
        tenancy.simulator.clock.advance(30)
        newer = submit(client, file=file)
        tenancy.simulator.clock.step_on_poll = False
        with tenancy.simulator.cloud.faults.planned({"behaviour": {"lists": {"jobs": 30}}}):
            assert [job.id for job in client.fine_tuning.jobs.list()] == [older.id]
            assert client.fine_tuning.jobs.retrieve(newer.id).id == newer.id
            assert [job.id for job in client.fine_tuning.jobs.list(after=newer.id)] == []
            tenancy.simulator.clock.advance(30)
            assert [job.id for job in client.fine_tuning.jobs.list()] == [newer.id, older.id]

    def test_lacks_the_newest_file_which_a_job_takes(self, tenancy: Tenancy, client: OpenAI) -> None:
        with tenancy.simulator.cloud.faults.planned({"behaviour": {"lists": {"files": 3600}}}):
            file = upload(client, capitals())
            assert list(client.files.list()) == []
            assert client.files.retrieve(file).status == "processed"
            assert submit(client, file=file).training_file == file
        assert [each.id for each in client.files.list()] == [file]


def test_the_plan_tells_how_often_each_part_made_a_difference(
    tenancy: Tenancy, client: OpenAI, http: httpx2.Client
) -> None:
    file = upload(client, capitals())
    plan: dict[str, Any] = {
        "jobs": [{"pending": 0, "times": 1}],
        "statuses": [{"word": "odd", "instead": "pending"}, {"word": "odder", "instead": "failed"}],
        "fields": {"job": {"suffix": None}},
        "lists": {"jobs": 60, "files": 1e9},
        "conflicts": [{"requests": 1}],
    }
    http.put("/_simulator/faults", json={"behaviour": plan})
    submit(client, file=file)
    submit(client, file=file)
    assert list(client.fine_tuning.jobs.list()) == []
    told = http.get("/_simulator/faults").json()

    assert told["behaviour"] == plan
    assert told["struck"] == {"jobs[0]": 1, "statuses[0]": 2, "fields.job": 2, "lists.jobs": 2}


def test_turns_survive_a_restart() -> None:
    """They are the job's, not the plan's."""
    job = job_on("digest")
    job.turns = [Turn(after=1, becomes="failed", error=JobError(code="c", message="m"))]
    again = Job.model_validate_json(job.model_dump_json())
    state = OpenAiState(jobs={job.id: again})
    advance(state, AS_OF.timestamp())

    assert again.error == JobError(code="c", message="m")
