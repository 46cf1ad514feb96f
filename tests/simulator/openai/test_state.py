"""The data plane's state outlives the process."""

from __future__ import annotations

import json

from openai import OpenAI

from simulator.openai.models import OpenAiState
from simulator.openai.tuned_models import tuned_model
from tests.simulator.openai.conftest import Tenancy, capitals
from tests.simulator.openai.test_dance import tuned


def test_the_state_can_be_written_as_json_and_read_back(tenancy: Tenancy, client: OpenAI) -> None:
    """Files, jobs and their results are there again, and no bytes of files stand in it."""
    job = tuned(client, capitals())
    results = client.files.content(job.result_files[0]).content
    state = tenancy.simulator.cloud.state

    written = state.openai.model_dump_json()
    again = OpenAiState.model_validate(json.loads(written))
    again.keep(capitals())
    state.openai = again

    assert client.fine_tuning.jobs.retrieve(job.id) == job
    assert client.files.content(job.result_files[0]).content == results
    assert len(written) < 10_000


def test_a_job_keeps_what_a_deleted_file_held(tenancy: Tenancy, client: OpenAI) -> None:
    """The bytes go only with the last that needs them."""
    job = tuned(client, capitals())
    state = tenancy.simulator.cloud.state.openai
    client.files.delete(job.training_file)
    assert client.files.content(job.result_files[0]).content
    lone = client.files.create(file=("t.jsonl", capitals(1, 13)), purpose="fine-tune")
    assert len(state.contents.digests()) == 2
    client.files.delete(lone.id)

    assert len(state.contents.digests()) == 1


def test_an_account_made_anew_knows_nothing_of_the_former_one(tenancy: Tenancy, client: OpenAI) -> None:
    """Files, jobs and tuned models go with the account they were in; a restored one, made when it was, has them."""
    job = tuned(client, capitals())
    cloud = tenancy.simulator.cloud
    tenancy.simulator.clock.advance(60)
    assert tuned_model(cloud, str(job.fine_tuned_model)) is not None
    tenancy.account.created_at = cloud.clock.now()

    assert tuned_model(cloud, str(job.fine_tuned_model)) is None
    assert list(client.files.list()) == []
    assert list(client.fine_tuning.jobs.list()) == []
    assert cloud.state.openai.contents.digests() == set()


def test_a_deleted_results_file_does_not_come_back(client: OpenAI) -> None:
    job = tuned(client, capitals())
    client.files.delete(job.result_files[0])

    assert [file.purpose for file in client.files.list()] == ["fine-tune"]


def test_a_tuned_model_is_known_to_the_control_plane(tenancy: Tenancy, client: OpenAI) -> None:
    """With its account and its base; before it is done, and under another name, there is none."""
    job = tuned(client, capitals())
    cloud = tenancy.simulator.cloud

    found = tuned_model(cloud, str(job.fine_tuned_model))

    assert found is not None
    assert (found.account_id, found.base.name) == (tenancy.account.key, "gpt-4.1-mini")
    assert int(found.succeeded_at.timestamp()) == job.finished_at
    assert tuned_model(cloud, f"{job.fine_tuned_model}x") is None


def test_a_job_of_an_older_state_is_told_as_before(tenancy: Tenancy, client: OpenAI) -> None:
    """It has no hyperparameters of its method alone, and its grader was not looked at."""
    job = tuned(client, capitals())
    jobs = tenancy.simulator.cloud.state.openai.jobs
    old = jobs[job.id]
    for method, body in (("dpo", {}), ("reinforcement", {"grader": {"type": "string_check"}})):
        update = {"id": f"ftjob-{method}", "method": method, "method_body": body}
        jobs[f"ftjob-{method}"] = old.model_copy(update=update)

    assert client.fine_tuning.jobs.list_events("ftjob-reinforcement").data[-1].data is not None
    assert client.fine_tuning.jobs.checkpoints.list("ftjob-dpo").data
