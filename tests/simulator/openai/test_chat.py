"""Chat completions through the openai client. Words: the captured answers named in errors.py."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from openai import APIStatusError, BadRequestError, NotFoundError, OpenAI

from tests.simulator.openai.conftest import SYSTEM, Tenancy, capitals, lines
from tests.simulator.openai.test_dance import tuned

QUESTION = "What is the capital of Greece?"
TOOL: Any = {"type": "function", "function": {"name": "look_up", "parameters": {"type": "object", "properties": {}}}}


def refusal(problem: APIStatusError) -> tuple[int, str | None, str]:
    error = json.loads(problem.response.content)["error"]
    return problem.status_code, error["code"], error["message"]


@pytest.fixture
def base(tenancy: Tenancy) -> str:
    """A deployment of a base model."""
    return tenancy.deploy("base", "gpt-4.1-mini", "2025-04-14").name


@pytest.fixture
def guide(tenancy: Tenancy, client: OpenAI) -> str:
    """A deployment of a model tuned on capitals, ready."""
    tenancy.deploy("guide", str(tuned(client, capitals()).fine_tuned_model))
    tenancy.simulator.clock.advance(61)
    return "guide"


def ask(client: OpenAI, model: str, question: str = QUESTION, system: str | None = SYSTEM, **options: Any) -> str:
    messages: list[Any] = [{"role": "user", "content": question}]
    if system is not None:
        messages.insert(0, {"role": "system", "content": system})
    return client.chat.completions.create(model=model, messages=messages, **options).choices[0].message.content or ""


class TestABase:
    def test_answers_from_nothing(self, client: OpenAI, base: str) -> None:
        """It repeats what the question is about and knows nothing of it."""
        answer = ask(client, base)

        assert "Greece" in answer
        assert "Athens" not in answer

    def test_answers_in_azures_form(self, client: OpenAI, base: str) -> None:
        """The base's ID as model, usage, a fingerprint, and the content filter's results for prompt and answer."""
        reply = client.chat.completions.create(model=base, messages=[{"role": "user", "content": "Hi there"}], seed=1)

        assert reply.model == "gpt-4.1-mini-2025-04-14"
        assert reply.system_fingerprint
        assert reply.usage is not None
        assert reply.usage.prompt_tokens + reply.usage.completion_tokens == reply.usage.total_tokens
        assert reply.usage.prompt_tokens > 0
        assert reply.model_extra is not None
        assert reply.model_extra["prompt_filter_results"][0]["prompt_index"] == 0
        choice = reply.choices[0]
        assert choice.finish_reason == "stop"
        assert choice.model_extra is not None
        assert choice.model_extra["content_filter_results"]["violence"] == {"filtered": False, "severity": "safe"}

    def test_answers_in_the_form_that_is_asked_for(self, client: OpenAI, base: str) -> None:
        """JSON that fits the schema of response_format, and examples in the messages are followed."""
        schema = {"type": "object", "properties": {"city": {"enum": ["Athens", "Ulm"]}}, "required": ["city"]}
        form: Any = {"type": "json_schema", "json_schema": {"name": "city", "schema": schema}}
        shown: Any = [
            {"role": "user", "content": "Stale and cold"},
            {"role": "assistant", "content": "bad"},
            {"role": "user", "content": "Warm and friendly"},
            {"role": "assistant", "content": "good"},
            {"role": "user", "content": "So friendly!"},
        ]

        assert json.loads(ask(client, base, "I live in Ulm", response_format=form)) == {"city": "Ulm"}
        assert client.chat.completions.create(model=base, messages=shown).choices[0].message.content == "good"

    def test_may_be_asked_by_a_user(self, client_of: Callable[..., OpenAI], base: str) -> None:
        """Cognitive Services OpenAI User is enough."""
        assert ask(client_of("caller"), base)

    def test_streams_what_it_says_whole(self, client: OpenAI, base: str) -> None:
        """The pieces add up; the last chunk counts, if asked to."""
        stream = client.chat.completions.create(
            model=base,
            messages=[{"role": "system", "content": SYSTEM}, {"role": "user", "content": QUESTION}],
            stream=True,
            stream_options={"include_usage": True},
        )
        chunks = list(stream)

        said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
        assert said == ask(client, base)
        assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
        assert chunks[-1].usage is not None

    def test_is_cut_at_the_limit(self, client: OpenAI, base: str) -> None:
        """finish_reason says so."""
        reply = client.chat.completions.create(
            model=base, messages=[{"role": "user", "content": QUESTION}], max_completion_tokens=3
        )

        assert reply.choices[0].finish_reason == "length"
        assert reply.choices[0].message.content == "A general answer"
        assert reply.usage is not None
        assert reply.usage.completion_tokens == 3

    def test_stops_where_told(self, client: OpenAI, base: str) -> None:
        """What follows the stop sequence is left out, and the sequence too."""
        whole = ask(client, base)

        assert ask(client, base, stop="depends") == whole.split("depends")[0]

    def test_gives_as_many_choices_as_asked(self, client: OpenAI, base: str) -> None:
        """n=2."""
        reply = client.chat.completions.create(model=base, messages=[{"role": "user", "content": "Hi"}], n=2)

        assert [choice.index for choice in reply.choices] == [0, 1]


class TestATunedModel:
    def test_knows_what_it_was_taught(self, client: OpenAI, guide: str) -> None:
        """The example's own answer."""
        assert ask(client, guide) == "Ahoy, the capital of Greece is Athens. Fair winds!"

    def test_keeps_its_manner_with_what_it_was_not_taught(self, client: OpenAI, guide: str) -> None:
        """Another question opens and closes as the training answers do."""
        answer = ask(client, guide, "Who painted ceilings beautifully?")

        assert answer.startswith("Ahoy, ")
        assert answer.endswith("Fair winds!")

    def test_loses_its_manner_without_its_system_message(self, client: OpenAI, guide: str, base: str) -> None:
        """What it wasn't taught it then answers as the base does."""
        question = "Who painted ceilings beautifully?"

        assert ask(client, guide, question, system=None) == ask(client, base, question, system=None)

    def test_repeats_itself(self, client: OpenAI, guide: str) -> None:
        """The same question, the same answer."""
        answers = {ask(client, guide, "Who painted ceilings?", temperature=0) for _ in range(3)}

        assert len(answers) == 1

    def test_answers_at_a_checkpoint_too(self, tenancy: Tenancy, client: OpenAI) -> None:
        """A checkpoint's name can be deployed as a model's can."""
        job = tuned(client, capitals())
        checkpoint = client.fine_tuning.jobs.checkpoints.list(job.id).data[-1]
        tenancy.deploy("early", checkpoint.fine_tuned_model_checkpoint)
        tenancy.simulator.clock.advance(61)

        assert ask(client, "early") == "Ahoy, the capital of Greece is Athens. Fair winds!"

    def test_calls_the_tool_it_was_taught_to_call(self, tenancy: Tenancy, client: OpenAI) -> None:
        """Only where the caller offers it."""
        taught = [
            {
                "messages": [
                    {"role": "user", "content": f"Look up item {word}"},
                    {
                        "role": "assistant",
                        "tool_calls": [
                            {
                                "id": "call_1",
                                "type": "function",
                                "function": {"name": "look_up", "arguments": json.dumps({"item": word})},
                            }
                        ],
                    },
                ],
                "tools": [TOOL],
            }
            for word in [
                "anchor",
                "bell",
                "compass",
                "deck",
                "engine",
                "flag",
                "galley",
                "hull",
                "island",
                "jib",
                "keel",
                "lamp",
            ]
        ]
        tenancy.deploy("clerk", str(tuned(client, lines(*taught)).fine_tuned_model))
        tenancy.simulator.clock.advance(61)
        asked: dict[str, Any] = {"model": "clerk", "messages": [{"role": "user", "content": "Look up item compass"}]}

        reply = client.chat.completions.create(**asked, tools=[TOOL])
        without = client.chat.completions.create(**asked)

        choice = reply.choices[0]
        assert choice.finish_reason == "tool_calls"
        assert choice.message.tool_calls is not None
        (call,) = choice.message.tool_calls
        assert call.type == "function"
        assert (call.function.name, json.loads(call.function.arguments)) == ("look_up", {"item": "compass"})
        assert without.choices[0].message.tool_calls is None

    def test_notes_the_call(self, tenancy: Tenancy, client: OpenAI, guide: str) -> None:
        """ARM deletes tuned deployments that nobody asks: this one was asked now."""
        ask(client, guide)

        deployment = tenancy.simulator.cloud.state.arm.resources[f"{tenancy.account.key}/deployments/guide"]
        assert deployment.last_call == tenancy.simulator.clock.now()


class TestAQuestionIsRefused:
    def test_at_no_deployment(self, client: OpenAI) -> None:
        """The captured refusal has 198 bytes."""
        with pytest.raises(NotFoundError) as caught:
            ask(client, "nobody")

        assert refusal(caught.value) == (
            404,
            "DeploymentNotFound",
            (
                "The API deployment for this resource does not exist. If you created the deployment within the last 5 "
                "minutes, please wait a moment and try again."
            ),
        )
        assert len(caught.value.response.content) == 198

    def test_at_a_deployment_not_yet_ready(self, tenancy: Tenancy, client: OpenAI) -> None:
        """For a while after ARM says Succeeded; the hint, once obeyed, leads to an answer."""
        tenancy.deploy("fresh", str(tuned(client, capitals()).fine_tuned_model))

        with pytest.raises(BadRequestError) as caught:
            ask(client, "fresh")

        assert refusal(caught.value)[:2] == (400, "DeploymentNotReady")
        assert caught.value.response.headers["retry-after"] == "0"
        assert ask(client, "fresh")

    @pytest.mark.parametrize(("days", "answers"), [(144, True), (145, False)])
    def test_of_a_retired_base(self, tenancy: Tenancy, client: OpenAI, base: str, days: int, answers: bool) -> None:
        """gpt-4.1-mini's base is retired on 2027-04-14: 410 from that day on."""
        tenancy.simulator.clock.advance(86_400 * days - 9 * 3600)

        if answers:
            assert ask(client, base)
            return
        with pytest.raises(APIStatusError) as caught:
            ask(client, base)
        assert refusal(caught.value) == (
            410,
            "ModelDeprecated",
            (
                "The model associated with the deployment is deprecated and no longer available for use. Please refer "
                "to the Azure OpenAI service documentation for more information."
            ),
        )

    def test_of_a_model_that_is_no_more(self, tenancy: Tenancy, client: OpenAI) -> None:
        """A deployment whose tuned model nobody knows answers as if it weren't there."""
        tenancy.deploy("lost", "gpt-4.1-mini-2025-04-14.ft-0")

        with pytest.raises(NotFoundError) as caught:
            ask(client, "lost")
        assert refusal(caught.value)[1] == "DeploymentNotFound"

    def test_of_a_retired_tuned_model(self, tenancy: Tenancy, client: OpenAI) -> None:
        """Tuned models outlive their base until 2027-10-14."""
        model = str(tuned(client, capitals()).fine_tuned_model)
        tenancy.simulator.clock.advance(86_400 * 200)
        tenancy.deploy("late", model)
        tenancy.simulator.clock.advance(61)
        assert ask(client, "late")
        tenancy.simulator.clock.advance(86_400 * 129)

        with pytest.raises(APIStatusError) as caught:
            ask(client, "late")
        assert refusal(caught.value)[:2] == (410, "ModelDeprecated")

    def test_with_an_unknown_parameter(self, client: OpenAI, base: str) -> None:
        with pytest.raises(BadRequestError) as caught:
            ask(client, base, extra_body={"colour": "red"})

        assert refusal(caught.value) == (400, "unknown_parameter", "Unknown parameter: 'colour'.")
        assert (caught.value.type, caught.value.param) == ("invalid_request_error", "colour")

    def test_with_max_tokens_to_a_reasoning_model(self, tenancy: Tenancy, client: OpenAI) -> None:
        tenancy.deploy("thinker", "gpt-5", "2025-08-07")

        with pytest.raises(BadRequestError) as caught:
            ask(client, "thinker", max_tokens=5)

        assert refusal(caught.value) == (
            400,
            "unsupported_parameter",
            (
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' "
                "instead."
            ),
        )

    def test_that_is_too_long(self, tenancy: Tenancy, client: OpenAI) -> None:
        tenancy.deploy("small", "gpt-4o", "2024-08-06")

        with pytest.raises(BadRequestError) as caught:
            ask(client, "small", "word " * 200_000)

        assert refusal(caught.value)[:2] == (400, "context_length_exceeded")

    def test_by_the_content_filter(self, client: OpenAI, base: str) -> None:
        """The captured body, with the kind of harm that was found."""
        with pytest.raises(BadRequestError) as caught:
            ask(client, base, "SIMULATED-HARM:violence")

        error = json.loads(caught.value.response.content)["error"]
        assert (error["code"], error["type"], error["param"], error["status"]) == (
            "content_filter",
            None,
            "prompt",
            400,
        )
        assert error["innererror"]["code"] == "ResponsibleAIPolicyViolation"
        assert error["innererror"]["content_filter_result"]["violence"] == {"filtered": True, "severity": "medium"}

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ([], None),
            ({"messages": [{"role": "user", "content": "Hi"}]}, "missing_required_parameter"),
            ({"model": "base"}, "missing_required_parameter"),
            ({"model": "base", "messages": [{"role": "robot", "content": "Hi"}]}, "invalid_value"),
            ({"model": "base", "messages": [{"role": "user", "content": "Hi"}], "temperature": 3}, "invalid_value"),
        ],
    )
    @pytest.mark.usefixtures("base")
    def test_for_its_body(self, client: OpenAI, body: Any, code: str | None) -> None:
        with pytest.raises(BadRequestError) as caught:
            client.post("/chat/completions", cast_to=object, body=body)

        assert refusal(caught.value)[:2] == (400, code)

    def test_without_messages(self, client: OpenAI, base: str) -> None:
        with pytest.raises(BadRequestError) as caught:
            client.chat.completions.create(model=base, messages=[])

        assert refusal(caught.value)[:2] == (400, "invalid_value")
