"""Fine-tuning jobs through the openai client. Words: the documents named in errors.py."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from openai import APIStatusError, BadRequestError, NotFoundError, OpenAI
from openai.types.fine_tuning import FineTuningJob

from simulator.openai.tuning import MOST_QUEUED
from tests.simulator.openai.conftest import Tenancy, capitals, chat, lines
from tests.simulator.openai.test_dance import BASE, finished, tuned, upload

HEX = "[0-9a-f]{32}"


def refusal(problem: APIStatusError) -> tuple[int, str, str]:
    error = json.loads(problem.response.content)["error"]
    return problem.status_code, error["code"], error["message"]


def submit(
    client: OpenAI, file: str, model: str = BASE, training_type: str = "GlobalStandard", **more: Any
) -> FineTuningJob:
    return client.fine_tuning.jobs.create(
        model=model, training_file=file, extra_body={"trainingType": training_type}, **more
    )


class TestAFreshJob:
    def test_is_as_azure_shows_it(self, client: OpenAI) -> None:
        """pending, with Azure's nulls, its ID form, -1 for what the service will choose, trainingType in camel case."""
        job = submit(client, upload(client, capitals()))

        assert re.fullmatch(f"ftjob-{HEX}", job.id)
        assert (str(job.status), job.trained_tokens, job.fine_tuned_model) == ("pending", None, None)
        shown = job.to_dict()
        assert (shown["organization_id"], shown["result_files"], shown["estimated_finish"]) == (None, None, None)
        assert job.hyperparameters.n_epochs == -1
        assert job.model_extra == {"trainingType": "globalStandard", "suffix": None}

    @pytest.mark.parametrize(
        ("spelling", "echo"),
        [
            ("Standard", "standard"),
            ("STANDARD", "standard"),
            ("globalstandard", "globalStandard"),
            ("developerTier", "developerTier"),
            ("Developer", "developerTier"),
        ],
    )
    def test_binds_the_training_type_in_any_case(self, client: OpenAI, spelling: str, echo: str) -> None:
        """Both documented spellings of the developer tier are bound."""
        job = submit(client, upload(client, capitals()), training_type=spelling)

        assert job.model_extra is not None
        assert job.model_extra["trainingType"] == echo

    def test_echoes_what_was_asked(self, client: OpenAI) -> None:
        """Hyperparameters, seed and suffix."""
        job = submit(
            client,
            upload(client, capitals()),
            seed=105,
            suffix="my-suffix",
            method={
                "type": "supervised",
                "supervised": {"hyperparameters": {"n_epochs": 2, "batch_size": 1, "learning_rate_multiplier": 0.5}},
            },
        )

        assert job.seed == 105
        assert job.method is not None
        assert job.method.type == "supervised"
        assert job.hyperparameters.to_dict() == {
            "n_epochs": 2,
            "batch_size": 1,
            "learning_rate_multiplier": 0.5,
        }


class TestARun:
    def test_takes_about_an_hour(self, client: OpenAI) -> None:
        """From pending over running to succeeded, in 30 to 90 simulated minutes."""
        job = tuned(client, capitals())

        assert job.finished_at is not None
        assert 1800 < job.finished_at - job.created_at < 5400
        assert job.trained_tokens
        assert job.trained_tokens % 3 == 0
        assert job.model_extra is not None

    def test_tells_its_story_newest_first(self, tenancy: Tenancy, client: OpenAI) -> None:
        """After a day's jump all events are there, in order, at their proper times."""
        file = upload(client, capitals())
        job = submit(client, file, hyperparameters={"n_epochs": 2})
        tenancy.simulator.clock.advance(86_400)

        told = list(client.fine_tuning.jobs.list_events(job.id, limit=7))

        assert [event.created_at for event in told] == sorted((e.created_at for e in told), reverse=True)
        messages = [event.message for event in reversed(told)]
        assert messages[0] == "Job enqueued. Waiting for jobs ahead to complete."
        assert messages[1] == "Job started."
        assert messages[-4] == "Model Evaluation Passed."
        assert messages[-3] == "Job succeeded."
        assert re.fullmatch(f"Completed results file: file-{HEX}", messages[-2])
        assert re.fullmatch(r"Training tokens billed: \d+", messages[-1])
        steps = [m for m in messages if re.fullmatch(r"Step \d+: training loss=\d+\.\d+", m)]
        assert len(steps) == 24
        assert all(re.fullmatch(f"ftevent-{HEX}", event.id) for event in told)
        assert told[0].created_at < job.created_at + 7200

    def test_estimates_its_end_while_running(self, tenancy: Tenancy, client: OpenAI) -> None:
        """The estimate is where the job then ends."""
        job = submit(client, upload(client, capitals()))
        tenancy.simulator.clock.advance(600)
        running = client.fine_tuning.jobs.retrieve(job.id)
        estimate = running.estimated_finish

        assert running.status == "running"
        assert finished(client, job.id).finished_at == estimate

    def test_leaves_a_checkpoint_an_epoch(self, client: OpenAI) -> None:
        """Of five epochs the last three, newest first, each with the loss at its step."""
        job = tuned(client, capitals(), epochs=5)

        found = client.fine_tuning.jobs.checkpoints.list(job.id).data

        assert [checkpoint.step_number for checkpoint in found] == [60, 48, 36]
        assert all(re.fullmatch(f"ftchkpt-{HEX}", checkpoint.id) for checkpoint in found)
        assert found[0].fine_tuned_model_checkpoint == f"{BASE}.ft-{job.id.removeprefix('ftjob-')}:ckpt-step-60"
        assert found[0].metrics.train_loss is not None
        assert found[-1].metrics.train_loss is not None
        assert found[0].metrics.train_loss < found[-1].metrics.train_loss

    def test_waits_while_three_others_run(self, tenancy: Tenancy, client: OpenAI) -> None:
        """The fourth stays pending until a place is free; a developer job has places of its own."""
        file = upload(client, capitals())
        jobs = [submit(client, file).id for _ in range(4)]
        developer = submit(client, file, training_type="developerTier").id
        tenancy.simulator.clock.advance(1000)

        statuses = {job.id: str(job.status) for job in client.fine_tuning.jobs.list()}
        assert [statuses[job] for job in jobs] == ["running", "running", "running", "pending"]
        assert statuses[developer] == "running"
        first, last = finished(client, jobs[0]), finished(client, jobs[3])
        assert first.finished_at is not None
        assert last.finished_at is not None
        assert last.finished_at > first.finished_at + 1800

    def test_waits_while_five_others_run_at_the_developer_tier(self, tenancy: Tenancy, client: OpenAI) -> None:
        """Its turn comes in the order in which they were sent."""
        file = upload(client, capitals())
        jobs = [submit(client, file, training_type="Developer").id for _ in range(7)]
        tenancy.simulator.clock.advance(1000)
        waiting = [job.id for job in client.fine_tuning.jobs.list(limit=100) if str(job.status) == "pending"]

        assert waiting == [jobs[6], jobs[5]]
        client.fine_tuning.jobs.cancel(jobs[0])
        assert str(client.fine_tuning.jobs.retrieve(jobs[5]).status) == "running"
        assert str(client.fine_tuning.jobs.retrieve(jobs[6]).status) == "pending"

    def test_starts_when_a_place_was_free_though_nobody_looked(self, tenancy: Tenancy, client: OpenAI) -> None:
        """After a day's jump the fourth job has started at the very moment the first one ended."""
        file = upload(client, capitals())
        jobs = [submit(client, file).id for _ in range(4)]
        tenancy.simulator.clock.advance(86_400)

        first = client.fine_tuning.jobs.retrieve(jobs[0])
        told = client.fine_tuning.jobs.list_events(jobs[3], limit=100)
        (started,) = [event.created_at for event in told if event.message == "Job started."]

        assert first.status == "succeeded"
        assert started == first.finished_at

    def test_goes_on_from_a_tuned_model(self, client: OpenAI) -> None:
        """The new model's ID is the base's with the new job's digits."""
        first = tuned(client, capitals(0, 12))
        file = upload(client, capitals(2, 14))

        second = finished(client, submit(client, file, model=str(first.fine_tuned_model)).id)

        assert second.model == first.fine_tuned_model
        assert second.fine_tuned_model == f"{BASE}.ft-{second.id.removeprefix('ftjob-')}"

    def test_is_the_same_for_the_same_seed(self, client: OpenAI) -> None:
        """Two jobs with one seed have one curve; another seed's differs."""
        curves = []
        for seed in (1, 1, 2):
            (results,) = tuned(client, capitals(), seed=seed).result_files
            curves.append(client.files.content(results).text)

        assert curves[0] == curves[1]
        assert curves[0] != curves[2]


class TestAJobCanBe:
    def test_listed_page_by_page(self, client: OpenAI) -> None:
        """Newest first."""
        file = upload(client, capitals())
        made = [submit(client, file).id for _ in range(5)]

        assert [job.id for job in client.fine_tuning.jobs.list(limit=2)] == made[::-1]

    def test_cancelled(self, client: OpenAI) -> None:
        """Once; then its state forbids it."""
        job = submit(client, upload(client, capitals()))

        assert client.fine_tuning.jobs.cancel(job.id).status == "cancelled"
        assert client.fine_tuning.jobs.list_events(job.id).data[0].message == "Job cancelled."
        with pytest.raises(BadRequestError) as caught:
            client.fine_tuning.jobs.cancel(job.id)
        assert refusal(caught.value) == (
            400,
            "unexpectedEntityState",
            "The operation cannot be executed in the current resource's state.",
        )

    def test_paused_and_resumed(self, tenancy: Tenancy, client: OpenAI) -> None:
        """Paused it stands still and has a checkpoint; resumed it ends as it would have, later by the pause."""
        job = submit(client, upload(client, capitals()))
        tenancy.simulator.clock.advance(1200)
        assert str(client.fine_tuning.jobs.pause(job.id).status) == "pausing"
        tenancy.simulator.clock.advance(86_400)

        paused = client.fine_tuning.jobs.retrieve(job.id)
        assert str(paused.status) == "paused"
        assert len(client.fine_tuning.jobs.checkpoints.list(job.id).data) >= 1
        assert str(client.fine_tuning.jobs.resume(job.id).status) == "resuming"
        done = finished(client, job.id)

        told = [event.message for event in client.fine_tuning.jobs.list_events(job.id, limit=100)]
        assert [m for m in told if m in ("Job paused.", "Job resumed.")] == ["Job resumed.", "Job paused."]
        assert done.status == "succeeded"
        assert done.finished_at is not None
        assert 86_400 < done.finished_at - done.created_at < 86_400 + 5400

    def test_paused_only_after_a_step(self, client: OpenAI) -> None:
        """A pending job is refused."""
        job = submit(client, upload(client, capitals()))

        with pytest.raises(BadRequestError) as caught:
            client.fine_tuning.jobs.pause(job.id)
        assert refusal(caught.value)[1] == "unexpectedEntityState"

    def test_asked_for_in_vain(self, client: OpenAI) -> None:
        """404 notFound."""
        with pytest.raises(NotFoundError) as caught:
            client.fine_tuning.jobs.retrieve("ftjob-0")
        assert refusal(caught.value)[:2] == (404, "notFound")


class TestAJobFails:
    def ended(self, client: OpenAI, content: bytes) -> FineTuningJob:
        job = finished(client, submit(client, upload(client, content)).id)
        shown = job.to_dict()
        assert (shown["status"], shown["fine_tuned_model"], shown["result_files"]) == ("failed", None, None)
        messages = [event.message for event in client.fine_tuning.jobs.list_events(job.id)]
        assert messages[0] == "Job failed."
        assert "Preprocessing completed for file training file." in messages
        assert "Training started." not in messages
        return job

    def test_on_fewer_than_ten_examples(self, client: OpenAI) -> None:
        """The file was processed all the same; the job says so in its error."""
        error = self.ended(client, capitals(0, 9)).error

        assert error is not None
        assert error.message == "Training file has 9 example(s), but must have at least 10 examples"
        assert (error.code, error.param) == ("invalidPayload", "training_file")

    def test_on_broken_lines(self, client: OpenAI) -> None:
        """Each broken line is named."""
        broken = lines({"messages": []}, chat("a", "b") | {"messages": [{"role": "user", "content": "x"}]})
        error = self.ended(client, capitals() + b"{broken\n" + broken).error

        assert error is not None
        assert error.code == "jsonlValidationFailed"
        assert error.message.startswith("Validation of jsonl file failed: Line 13: not valid JSON; Line 14: ")
        assert "Line 15: the last message must be from the assistant" in error.message

    def test_on_data_of_the_retired_completion_format(self, client: OpenAI) -> None:
        """prompt and completion are no chat."""
        content = lines(*({"prompt": f"p{n}", "completion": "c"} for n in range(12)))

        error = self.ended(client, content).error

        assert error is not None
        assert error.code == "jsonlValidationFailed"

    def test_on_data_that_is_screened_out(self, client: OpenAI) -> None:
        """The documented words, with the harm's name."""
        error = self.ended(client, capitals() + lines(chat("a", "SIMULATED-HARM:violence"))).error

        assert error is not None
        assert error.message == (
            "The provided training data failed RAI checks for harm types: [violence]. "
            "Please fix the data and try again."
        )

    def test_when_its_model_is_unsafe(self, client: OpenAI) -> None:
        """Only at the end, after all steps, and no model is left."""
        job = finished(
            client, submit(client, upload(client, capitals() + lines(chat("a", "SIMULATED-UNSAFE-MODEL")))).id
        )

        assert (job.status, job.fine_tuned_model) == ("failed", None)
        assert job.error is not None
        assert job.error.message.startswith("This model is unable to be deployed. Model evaluation identified that")
        assert list(client.fine_tuning.jobs.checkpoints.list(job.id)) == []


_JOB: dict[str, Any] = {"model": BASE, "training_file": "f"}


class TestAJobIsRefused:
    def refused(self, client: OpenAI, **options: Any) -> tuple[int, str, str]:
        file = options.pop("file", None) or upload(client, capitals())
        with pytest.raises(APIStatusError) as caught:
            client.fine_tuning.jobs.create(training_file=file, **{"model": BASE} | options)
        return refusal(caught.value)

    def test_on_a_file_not_yet_processed(self, tenancy: Tenancy, client: OpenAI) -> None:
        tenancy.simulator.clock.step_on_poll = False
        file = client.files.create(file=("t.jsonl", capitals()), purpose="fine-tune")

        assert self.refused(client, file=file.id) == (
            400,
            "invalidPayload",
            "The specified file reference must point to a completed file import.",
        )

    def test_without_a_training_type_where_standard_is_not_offered(self, tenancy: Tenancy, client: OpenAI) -> None:
        """Left out it means Standard, which this region does not train."""
        tenancy.account.body["location"] = "westeurope"

        assert self.refused(client) == (
            400,
            "invalidPayload",
            f"The specified base model {BASE} does not support fine-tuning with Standard TrainingType.",
        )

    def test_with_a_training_type_not_offered_for_the_model(self, tenancy: Tenancy, client: OpenAI) -> None:
        """Open weights are trained globally only."""
        tenancy.account.body["kind"] = "AIServices"

        assert self.refused(client, model="gpt-oss-20b-11", extra_body={"trainingType": "developerTier"}) == (
            400,
            "invalidPayload",
            "The specified base model gpt-oss-20b-11 does not support fine-tuning with DeveloperTier TrainingType.",
        )

    def test_with_a_training_type_nobody_knows(self, client: OpenAI) -> None:
        """The whole body isn't bound then, and the words mislead, as in the field reports."""
        assert self.refused(client, extra_body={"trainingType": "Global"}) == (
            400,
            "invalidPayload",
            "The fineTuningJob field is required.",
        )

    @pytest.mark.parametrize(
        "model",
        ["gpt-35-turbo-0125", "babbage-002", "davinci-002", "gpt-4o-2024-05-13", "gpt-nonsense", "gpt-oss-20b-11"],
        ids=["retired", "retired completion", "retired too", "never tunable", "unknown", "not on this kind"],
    )
    def test_for_its_model(self, client: OpenAI, model: str) -> None:
        assert self.refused(client, model=model, extra_body={"trainingType": "GlobalStandard"}) == (
            400,
            "invalidPayload",
            "The specified base model does not support fine-tuning.",
        )

    def test_after_the_models_last_training_day(self, tenancy: Tenancy, client: OpenAI) -> None:
        """gpt-4o-mini is trained until 2027-04-01 (retirement schedule of 2026-10-05)."""
        file = upload(client, capitals())
        tenancy.simulator.clock.advance(86_400 * 132)

        assert self.refused(client, file=file, model="gpt-4o-mini-2024-07-18")[2] == (
            "The specified base model does not support fine-tuning."
        )

    def test_by_a_model_tuned_otherwise(self, client: OpenAI) -> None:
        assert self.refused(client, model="o4-mini-2025-04-16") == (
            400,
            "invalidPayload",
            "Finetuning with o4-mini-2025-04-16 requires the reinforcement method of finetuning.",
        )

    @pytest.mark.parametrize(
        ("model", "method"), [("gpt-4o-mini-2024-07-18", "dpo"), (BASE, "reinforcement")], ids=["dpo", "rft"]
    )
    def test_by_another_method_than_the_models(self, client: OpenAI, model: str, method: str) -> None:
        """gpt-4o-mini is tuned by examples only, gpt-4.1-mini not by rewards (fine-tune-supported-models.md)."""
        given = self.refused(client, model=model, method={"type": method, method: {}})

        assert given[:2] == (400, "invalidPayload")
        assert given[2] == f"Finetuning with {model} does not support the {method} method of finetuning."

    @pytest.mark.parametrize("lacking", ["grader", "validation_file"])
    def test_for_rewards_without_what_they_need(self, client: OpenAI, lacking: str) -> None:
        """A reinforcement job needs a validation file and a grader."""
        file = upload(client, capitals())
        method = {"type": "reinforcement", "reinforcement": {} if lacking == "grader" else {"grader": GRADER}}
        more = {} if lacking == "validation_file" else {"validation_file": file}

        given = self.refused(client, file=file, model="o4-mini-2025-04-16", extra_body={"method": method, **more})

        assert given == (400, "invalidPayload", f"The {lacking} field is required.")

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            ([], "The fineTuningJob field is required."),
            ({"model": BASE, "training_file": "f", "method": {"type": "x"}}, "The fineTuningJob field is required."),
            ({"model": BASE, "training_file": "f", "method": 3}, "The fineTuningJob field is required."),
            ({"training_file": "f"}, "The model field is required."),
            ({"model": BASE}, "The training_file field is required."),
            *(
                (_JOB | {"seed": seed}, "Invalid value for seed: must be an integer from 0 to 2147483647.")
                for seed in ("x", 1.5, True, -1, 2**31)
            ),
            *(
                (_JOB | {"metadata": metadata}, "Invalid value for metadata: must be an object of at most 16 texts.")
                for metadata in ("x", {"team": 1}, {str(number): "" for number in range(17)})
            ),
            *(
                (_JOB | {"trainingType": spelt}, "The fineTuningJob field is required.")
                for spelt in list[object](("", {}, False))
            ),
        ],
    )
    def test_for_a_body_that_is_none(self, client: OpenAI, body: Any, words: str) -> None:
        with pytest.raises(BadRequestError) as caught:
            client.post("/fine_tuning/jobs", cast_to=object, body=body)

        assert refusal(caught.value) == (400, "invalidPayload", words)

    @pytest.mark.parametrize("suffix", ["x" * 41, "a.b", "ä"])
    def test_for_its_suffix(self, client: OpenAI, suffix: str) -> None:
        assert self.refused(client, suffix=suffix)[:2] == (400, "invalidPayload")

    @pytest.mark.parametrize(
        "given", [{"n_epochs": 0}, {"batch_size": 1.5}, {"learning_rate_multiplier": 0}, {"n_epochs": "many"}]
    )
    def test_for_a_hyperparameter(self, client: OpenAI, given: dict[str, Any]) -> None:
        assert self.refused(client, hyperparameters=given)[:2] == (400, "invalidPayload")

    def test_on_a_file_of_another_purpose(self, client: OpenAI) -> None:
        file = client.files.create(file=("b.jsonl", capitals()), purpose="batch")
        client.files.wait_for_processing(file.id, poll_interval=0.001)

        assert self.refused(client, file=file.id)[:2] == (400, "invalidPayload")

    def test_on_a_file_that_is_not_there(self, client: OpenAI) -> None:
        assert self.refused(client, file="file-0")[:2] == (400, "invalidPayload")

    def test_when_the_queue_is_full(self, client: OpenAI) -> None:
        """20 may wait (quotas-limits)."""
        assert MOST_QUEUED == 20
        file = upload(client, capitals())
        for _ in range(20):
            submit(client, file)

        assert self.refused(client, file=file)[:2] == (400, "quotaExceeded")


GRADER = {
    "type": "string_check",
    "name": "same",
    "operation": "eq",
    "input": "{{sample.output_text}}",
    "reference": "{{item.answer}}",
}


class TestReinforcement:
    def test_rewards_rise(self, client: OpenAI) -> None:
        """A job on o4-mini, with its grader and a validation file, ends with a curve of rewards."""
        asked = lines(*({"messages": [{"role": "user", "content": f"{n}+1?"}], "answer": n + 1} for n in range(12)))
        file, held_out = upload(client, asked), upload(client, asked)
        job = client.fine_tuning.jobs.create(
            model="o4-mini-2025-04-16",
            training_file=file,
            validation_file=held_out,
            extra_body={
                "trainingType": "GlobalStandard",
                "method": {"type": "reinforcement", "reinforcement": {"grader": GRADER}},
            },
        )

        done = finished(client, job.id)

        assert done.status == "succeeded"
        rows = client.files.content(done.result_files[0]).text.splitlines()
        assert rows[0].startswith("step,train_reward_mean,valid_reward_mean,")
        assert float(rows[-1].split(",")[1]) > float(rows[1].split(",")[1])


class TestPreferences:
    def test_are_learnt_from(self, client: OpenAI) -> None:
        """A DPO job takes the preferred outputs to heart."""
        pairs = [
            {
                "input": {"messages": [{"role": "user", "content": f"Question {n}?"}]},
                "preferred_output": [{"role": "assistant", "content": f"Good {n}."}],
                "non_preferred_output": [{"role": "assistant", "content": f"Bad {n}."}],
            }
            for n in range(12)
        ]
        job = submit(client, upload(client, lines(*pairs)), method={"type": "dpo", "dpo": {}})

        assert finished(client, job.id).status == "succeeded"
