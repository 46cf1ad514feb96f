"""From a file to an answer, with the real openai client, sync and async."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from azure.core.pipeline.transport import AsyncioRequestsTransport
from azure.identity.aio import ClientSecretCredential as AsyncCredential
from azure.identity.aio import get_bearer_token_provider as async_token_provider
from openai import AsyncOpenAI, DefaultAsyncHttpxClient, OpenAI
from openai.types.fine_tuning import FineTuningJob

from tests.simulator.openai.conftest import SCOPE, SYSTEM, Tenancy, capitals

BASE = "gpt-4.1-mini-2025-04-14"


def upload(client: OpenAI, content: bytes, name: str = "training_set.jsonl") -> str:
    """A processed file's ID."""
    made = client.files.create(file=(name, content), purpose="fine-tune")
    return client.files.wait_for_processing(made.id, poll_interval=0.001).id


def finished(client: OpenAI, job_id: str) -> FineTuningJob:
    """Polls, as the simulated clock takes a step with each poll, until the job stands still."""
    for _ in range(500):
        job = client.fine_tuning.jobs.retrieve(job_id)
        if job.status in ("succeeded", "failed", "cancelled"):
            return job
    raise AssertionError(f"still {job.status}")


def tuned(client: OpenAI, content: bytes, *, epochs: int = 3, seed: int = 42) -> FineTuningJob:
    job = client.fine_tuning.jobs.create(
        model=BASE,
        training_file=upload(client, content),
        seed=seed,
        suffix="guide",
        method={"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": epochs}}},
        extra_body={"trainingType": "GlobalStandard"},
    )
    return finished(client, job.id)


class TestTheSyncClient:
    def test_goes_from_a_file_to_an_answer(self, tenancy: Tenancy, client: OpenAI) -> None:
        """A file is processed, a job succeeds, its model is listed, and a deployment of it answers as taught."""
        job = tuned(client, capitals())

        assert job.status == "succeeded"
        assert job.fine_tuned_model == f"{BASE}.ft-{job.id.removeprefix('ftjob-')}-guide"
        assert job.fine_tuned_model in [model.id for model in client.models.list()]
        tenancy.deploy("guide", job.fine_tuned_model)
        tenancy.simulator.clock.advance(61)

        reply = client.chat.completions.create(
            model="guide",
            messages=[
                {"role": "system", "content": SYSTEM},
                {"role": "user", "content": "What is the capital of Greece?"},
            ],
        )

        assert reply.choices[0].message.content == "Ahoy, the capital of Greece is Athens. Fair winds!"
        assert reply.model == job.fine_tuned_model

    def test_reads_the_results(self, client: OpenAI) -> None:
        """results.csv has the documented columns and one row a step."""
        job = tuned(client, capitals(), epochs=2)

        (results,) = job.result_files
        rows = client.files.content(results).text.splitlines()

        header = "step,train_loss,train_mean_token_accuracy,valid_loss,valid_mean_token_accuracy"
        assert rows[0].startswith(header)
        assert [row.split(",")[0] for row in rows[1:]] == [str(step) for step in range(1, 25)]
        assert client.files.retrieve(results).purpose == "fine-tune-results"


class TestTheAsyncClient:
    def test_goes_the_same_way(self, tenancy: Tenancy, environment: Callable[..., dict[str, str]]) -> None:
        """Files, jobs and streamed answers through AsyncOpenAI, its token from the asynchronous provider."""
        known = environment("trainer")

        async def run() -> tuple[str, str]:
            credential = AsyncCredential(
                known["AZURE_TENANT_ID"],
                known["AZURE_CLIENT_ID"],
                known["AZURE_CLIENT_SECRET"],
                authority=known["AZURE_AUTHORITY_HOST"],
                disable_instance_discovery=True,
                transport=AsyncioRequestsTransport(),
            )
            async with (
                credential,
                AsyncOpenAI(
                    base_url=tenancy.endpoint,
                    api_key=async_token_provider(credential, SCOPE),
                    http_client=DefaultAsyncHttpxClient(),
                    max_retries=0,
                ) as client,
            ):
                file = await client.files.create(file=("t.jsonl", capitals()), purpose="fine-tune")
                await client.files.wait_for_processing(file.id, poll_interval=0.001)
                job = await client.fine_tuning.jobs.create(
                    model=BASE, training_file=file.id, extra_body={"trainingType": "globalStandard"}
                )
                while job.status not in ("succeeded", "failed"):
                    job = await client.fine_tuning.jobs.retrieve(job.id)
                assert job.fine_tuned_model is not None
                tenancy.deploy("guide", job.fine_tuned_model)
                tenancy.simulator.clock.advance(61)
                stream = await client.chat.completions.create(
                    model="guide",
                    messages=[
                        {"role": "system", "content": SYSTEM},
                        {"role": "user", "content": "What is the capital of Italy?"},
                    ],
                    stream=True,
                )
                pieces = [c.choices[0].delta.content or "" async for c in stream if c.choices]
                return job.status, "".join(pieces)

        status, answer = asyncio.run(run())

        assert (status, answer) == ("succeeded", "Ahoy, the capital of Italy is Rome. Fair winds!")
