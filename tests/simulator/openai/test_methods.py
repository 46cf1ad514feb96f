"""Jobs by preferences and by rewards, from request to model, through the openai client.

Names and limits: Microsoft's pages on the two methods, 2026-03 and 2026-10 (named in the modules).
"""

from __future__ import annotations

import csv
import io
import math
from typing import Any

import pytest
from openai import BadRequestError, OpenAI
from openai.types.fine_tuning import FineTuningJob

from simulator.openai import tuning
from simulator.openai.models import Job, Transition
from tests.simulator.openai.conftest import TOWNS, Tenancy, lines
from tests.simulator.openai.test_dance import BASE, finished, upload
from tests.simulator.openai.test_jobs import refusal, submit

REASONER = "o4-mini-2025-04-16"
GRADER = {
    "type": "string_check",
    "name": "same",
    "operation": "eq",
    "input": "{{sample.output_text}}",
    "reference": "{{item.town}}",
}


def asked(country: str) -> str:
    return f"What is the capital of {country}?"


def preferences() -> bytes:
    pairs = [town.split() for town in TOWNS]
    return lines(
        *(
            {
                "input": {"messages": [{"role": "user", "content": asked(country)}]},
                "preferred_output": [{"role": "assistant", "content": f"The capital of {country} is {town}."}],
                "non_preferred_output": [{"role": "assistant", "content": "Look it up yourself."}],
            }
            for country, town in pairs
        )
    )


def questions() -> bytes:
    pairs = [town.split() for town in TOWNS]
    return lines(
        *({"messages": [{"role": "user", "content": asked(country)}], "town": town} for country, town in pairs)
    )


def by_rewards(client: OpenAI, grader: Any = GRADER, file: bytes | None = None, **more: Any) -> FineTuningJob:
    given = upload(client, file or questions())
    method = {"type": "reinforcement", "reinforcement": {"grader": grader} | more}
    return client.fine_tuning.jobs.create(
        model=REASONER,
        training_file=given,
        validation_file=given,
        extra_body={"trainingType": "GlobalStandard", "method": method},
    )


def rows_of(client: OpenAI, job: FineTuningJob) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.files.content(job.result_files[0]).text)))


class TestPreferences:
    def test_are_learnt_from(self, tenancy: Tenancy, client: OpenAI) -> None:
        """The preferred outputs are taken to heart, the others never said; the loss falls from ln 2."""
        given = upload(client, preferences())
        job = submit(client, given, validation_file=given, method={"type": "dpo", "dpo": {}})
        assert job.method is not None
        assert job.method.dpo is not None
        assert job.method.dpo.hyperparameters is not None
        assert job.method.dpo.hyperparameters.beta == -1

        done = finished(client, job.id)

        assert done.status == "succeeded"
        assert done.trained_tokens
        assert done.method is not None
        assert done.method.dpo is not None
        assert done.method.dpo.hyperparameters is not None
        chosen = done.method.dpo.hyperparameters.to_dict()
        assert (chosen["beta"], chosen["l2_multiplier"]) == (0.1, 0.1)
        rows = rows_of(client, done)
        losses = [float(row["train_loss"]) for row in rows]
        assert losses[0] == pytest.approx(math.log(2), abs=1e-4)
        assert losses[-1] < losses[0] / 2
        assert {row["train_mean_token_accuracy"] for row in rows} == {""}
        assert float(rows[-1]["full_valid_loss"]) < math.log(2)
        assert client.fine_tuning.jobs.checkpoints.list(job.id).data[0].metrics.train_loss == losses[-1]

        tenancy.deploy("town-guide", str(done.fine_tuned_model))
        tenancy.simulator.clock.advance(120)
        answers = [
            client.chat.completions.create(
                model="town-guide", messages=[{"role": "user", "content": asked(town.split()[0])}]
            )
            for town in TOWNS
        ]
        said = [answer.choices[0].message.content for answer in answers]
        assert said == [f"The capital of {country} is {town}." for country, town in map(str.split, TOWNS)]

    def test_are_echoed_as_asked(self, client: OpenAI) -> None:
        method: Any = {"type": "dpo", "dpo": {"hyperparameters": {"beta": 0.4, "l2_multiplier": 0.2, "n_epochs": 2}}}

        job = submit(client, upload(client, preferences()), method=method)

        shown = job.to_dict()["method"]
        assert shown == {
            "type": "dpo",
            "dpo": {
                "hyperparameters": {
                    "n_epochs": 2,
                    "batch_size": -1,
                    "learning_rate_multiplier": -1,
                    "beta": 0.4,
                    "l2_multiplier": 0.2,
                }
            },
        }


class TestRewards:
    def test_rise(self, client: OpenAI) -> None:
        """Metrics stand where the page of 2026-10 has them; hours are billed, no tokens."""
        job = finished(client, by_rewards(client, hyperparameters={"eval_interval": 4, "n_epochs": 2}).id)

        assert (job.status, job.trained_tokens) == ("succeeded", None)
        rows = rows_of(client, job)
        assert list(rows[0])[:3] == ["step", "train_reward_mean", "valid_reward_mean"]
        assert float(rows[-1]["train_reward_mean"]) > float(rows[0]["train_reward_mean"])
        assert [row["step"] for row in rows if row["valid_reward_mean"]] == ["4", "8", "12", "16", "20", "24", "28"]
        told = client.fine_tuning.jobs.list_events(job.id, limit=100).data
        (last,) = [event for event in told if event.message.startswith("Step 28/28 , train mean reward=0.")]
        data: Any = last.data
        assert data["scores"]["train_reward_mean"] == float(rows[-1]["train_reward_mean"])
        assert data["scores"]["graders"][0]["name"] == "same"
        assert data["usage"]["samples"]["train_reasoning_tokens_mean"] > 0
        assert told[0].message == "Training hours billed: 0.62"

    def test_teach_the_answer_that_is_compared(self, tenancy: Tenancy, client: OpenAI) -> None:
        job = finished(client, by_rewards(client).id)
        tenancy.deploy("solver", str(job.fine_tuned_model))
        tenancy.simulator.clock.advance(120)

        answer = client.chat.completions.create(model="solver", messages=[{"role": "user", "content": asked("Italy")}])

        assert answer.choices[0].message.content == "Rome"

    def test_without_an_answer_to_compare_teach_nothing(self, tenancy: Tenancy, client: OpenAI) -> None:
        """A Python grader's reward is not known here: the model answers as its base."""
        code = {"type": "python", "name": "code", "source": "def grade(sample, item):\n    return 1.0\n"}
        job = finished(client, by_rewards(client, code).id)
        tenancy.deploy("solver", str(job.fine_tuned_model))
        tenancy.simulator.clock.advance(120)

        answer = client.chat.completions.create(model="solver", messages=[{"role": "user", "content": asked("Italy")}])

        assert "general answer" in str(answer.choices[0].message.content)

    def test_stop_at_the_spending_limit_once(self, tenancy: Tenancy, client: OpenAI) -> None:
        """After 50 hours at 100 USD the job pauses by itself; resumed it runs to its end."""
        hyperparameters = {"n_epochs": 50, "compute_multiplier": 10, "reasoning_effort": "high"}
        job = by_rewards(client, hyperparameters=hyperparameters)
        tenancy.simulator.clock.advance(86_400 * 4)

        paused = client.fine_tuning.jobs.retrieve(job.id)

        assert str(paused.status) == "paused"
        told = client.fine_tuning.jobs.list_events(job.id).data
        assert told[1].message == "Job is pausing: its cost has reached the limit of 5000 USD."
        assert 50 * 3600 < told[1].created_at - job.created_at < 50.2 * 3600
        assert client.fine_tuning.jobs.checkpoints.list(job.id).data
        client.fine_tuning.jobs.resume(job.id)
        tenancy.simulator.clock.advance(86_400 * 4)
        assert client.fine_tuning.jobs.retrieve(job.id).status == "succeeded"

    def test_are_validated_by_their_graders_fields(self, client: OpenAI) -> None:
        """An example that lacks what the grader names fails the job, with its line."""
        bad = questions() + lines({"messages": [{"role": "user", "content": "And?"}]})

        job = finished(client, by_rewards(client, file=bad).id)

        assert job.status == "failed"
        assert job.error is not None
        assert (job.error.code, job.error.param) == ("jsonlValidationFailed", "training_file")
        assert job.error.message == (
            "Validation of jsonl file failed: Line 15: item.town, which the grader names, is missing"
        )

    @pytest.mark.parametrize(
        "given",
        [
            {"type": "text"},
            {"type": "json_schema", "name": "x", "schema": {"type": "object"}, "strict": True},
            {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object"}}},
        ],
    )
    def test_take_a_response_format_and_echo_it(self, client: OpenAI, given: Any) -> None:
        job = by_rewards(client, response_format=given, hyperparameters={"reasoning_effort": "low"})

        shown: Any = job.to_dict()["method"]
        assert shown["reinforcement"]["response_format"] == given
        assert shown["reinforcement"]["grader"] == GRADER
        assert shown["reinforcement"]["hyperparameters"]["reasoning_effort"] == "low"
        assert shown["reinforcement"]["hyperparameters"]["compute_multiplier"] == -1


class TestARequestIsRefused:
    @pytest.mark.parametrize(
        ("method", "hyperparameters", "words"),
        [
            ("supervised", {"beta": 0.1}, "Invalid hyperparameter beta: the supervised method"),
            ("dpo", {"eval_interval": 3}, "Invalid hyperparameter eval_interval: the dpo method"),
            ("dpo", {"beta": 0}, "Invalid value for hyperparameter beta: must be 'auto' or a number above 0, to 2"),
            ("dpo", {"l2_multiplier": -1.5}, "Invalid value for hyperparameter l2_multiplier"),
            ("reinforcement", {"beta": 0.1}, "Invalid hyperparameter beta: the reinforcement method"),
            ("reinforcement", {"learning_rate": 1}, "Invalid hyperparameter learning_rate"),
            ("reinforcement", {"reasoning_effort": "minimal"}, "Invalid value for hyperparameter reasoning_effort"),
            ("reinforcement", {"eval_samples": 0}, "Invalid value for hyperparameter eval_samples"),
            ("reinforcement", {"compute_multiplier": 11}, "Invalid value for hyperparameter compute_multiplier"),
        ],
    )
    def test_for_its_hyperparameters(self, client: OpenAI, method: str, hyperparameters: Any, words: str) -> None:
        """Of another method, unknown, or out of range."""
        rewarded = method == "reinforcement"
        details = {"hyperparameters": hyperparameters} | ({"grader": GRADER} if rewarded else {})
        body: Any = {"type": method, method: details}
        file = upload(client, preferences())

        with pytest.raises(BadRequestError) as caught:
            submit(client, file, REASONER if rewarded else BASE, validation_file=file, method=body)

        status, code, message = refusal(caught.value)
        assert (status, code) == (400, "invalidPayload")
        assert message.startswith(words)

    @pytest.mark.parametrize(
        ("method", "words"),
        [
            (
                {"type": "dpo", "supervised": {}},
                "Invalid value for method.supervised: does not belong to the dpo method.",
            ),
            (
                {"type": "dpo", "dpo": {"grader": {}}},
                "Invalid value for method.dpo.grader: does not belong to the dpo method.",
            ),
        ],
    )
    def test_for_what_belongs_to_another_method(self, client: OpenAI, method: Any, words: str) -> None:
        with pytest.raises(BadRequestError) as caught:
            submit(client, upload(client, preferences()), method=method)

        assert refusal(caught.value) == (400, "invalidPayload", words)

    @pytest.mark.parametrize("given", [{"type": "json_schema", "name": "x"}, {"type": "json_object"}, "json"])
    def test_for_a_response_format_without_schema(self, client: OpenAI, given: Any) -> None:
        with pytest.raises(BadRequestError) as caught:
            by_rewards(client, response_format=given)

        assert refusal(caught.value)[2].startswith("Invalid value for response_format")

    def test_for_its_grader(self, client: OpenAI) -> None:
        with pytest.raises(BadRequestError) as caught:
            by_rewards(client, GRADER | {"operation": "is"})

        assert refusal(caught.value)[2].startswith("Invalid grader: grader.operation must be one of")

    def test_when_the_account_has_a_hundred_jobs(self, tenancy: Tenancy, client: OpenAI) -> None:
        """Finished ones count (quotas-limits)."""
        assert tuning.MOST_JOBS == 100
        file = upload(client, preferences())
        first = submit(client, file, method={"type": "dpo", "dpo": {}})
        jobs: dict[str, Job] = tenancy.simulator.cloud.state.openai.jobs
        now = tenancy.simulator.clock.now().timestamp()
        over = [*jobs[first.id].history, Transition(at=now, status="cancelled")]
        for number in range(99):
            id_ = f"ftjob-{number:032x}"
            jobs[id_] = jobs[first.id].model_copy(update={"id": id_, "history": over})

        with pytest.raises(BadRequestError) as caught:
            submit(client, file, method={"type": "dpo", "dpo": {}})

        assert refusal(caught.value)[:2] == (400, "quotaExceeded")


def test_a_training_file_lies_beside_the_rest_at_most_up_to_a_gigabyte(tenancy: Tenancy, client: OpenAI) -> None:
    """1 GB of training files in an account, and no more (quotas-limits)."""
    kept = client.files.create(file=("t.jsonl", preferences()), purpose="fine-tune")
    tenancy.simulator.cloud.state.openai.files[kept.id].size = 1_000_000_000 - kept.bytes

    assert client.files.create(file=("t.jsonl", preferences()), purpose="fine-tune").bytes == kept.bytes
    with pytest.raises(BadRequestError) as caught:
        client.files.create(file=("t.jsonl", preferences()), purpose="fine-tune")

    assert refusal(caught.value)[:2] == (400, "quotaExceeded")
