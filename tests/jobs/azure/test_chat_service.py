"""The adapter of chat completions: what is sent, what answers and refusals mean; by recorded answers, and by the
running simulator."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import httpx2
import pytest

from jobs.azure.chat_service import ChatService
from jobs.azure.credentials import Credential
from jobs.chat_ports import ChatRequest, ToolCall
from jobs.errors import CloudFailed, NetworkRefused, ServiceRefused, Unavailable
from tests.simulator.openai.conftest import SCOPE, Tenancy, tenancy

__all__ = ["tenancy"]

REQUEST = ChatRequest("clippy", ({"role": "user", "content": "Hi"},))
ANSWERED: dict[str, Any] = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1763718000,
    "model": "gpt-4.1-mini-2025-04-14",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hello."}}],
    "usage": {"prompt_tokens": 8, "completion_tokens": 3, "total_tokens": 11},
}

FILTERED = {
    "error": {
        "message": "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
        "type": None,
        "param": "prompt",
        "code": "content_filter",
        "status": 400,
        "innererror": {"code": "ResponsibleAIPolicyViolation"},
    }
}
"""compl-ai/compl-ai#20, from a tuned gpt-4o on Azure."""


def answering(answer: Callable[[httpx2.Request], httpx2.Response]) -> ChatService:
    """The service with ``answer`` in place of the network."""
    return ChatService("https://x.openai.azure.com/", lambda: "token", transport=httpx2.MockTransport(answer))


def refused(status: int, body: object, **headers: str) -> CloudFailed:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    service = answering(lambda _: httpx2.Response(status, json=body, headers=given))
    with closing(service), pytest.raises(CloudFailed) as caught:
        service.ask(REQUEST)
    return caught.value


def test_what_is_not_said_is_not_sent() -> None:
    heard: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        heard.append(request)
        return httpx2.Response(200, json=ANSWERED)

    with closing(answering(answer)) as service:
        reply = service.ask(REQUEST)
        form = {"type": "json_object"}
        tool = {"type": "function", "function": {"name": "f"}}
        service.ask(ChatRequest("clippy", REQUEST.messages, (tool,), 0.0, 7, 100, form, parallel_tool_calls=False))

    assert heard[0].url == "https://x.openai.azure.com/openai/v1/chat/completions"
    assert heard[0].headers["authorization"] == "Bearer token"
    assert [json.loads(each.content) for each in heard] == [
        {"model": "clippy", "messages": [{"role": "user", "content": "Hi"}]},
        {
            "model": "clippy",
            "messages": [{"role": "user", "content": "Hi"}],
            "tools": [tool],
            "temperature": 0.0,
            "seed": 7,
            "max_completion_tokens": 100,
            "response_format": form,
            "parallel_tool_calls": False,
        },
    ]
    assert (reply.text, reply.finish_reason, reply.tool_calls) == ("Hello.", "stop", ())
    assert (reply.prompt_tokens, reply.completion_tokens, reply.model) == (8, 3, "gpt-4.1-mini-2025-04-14")
    assert reply.seconds >= 0


def replied(message: dict[str, Any], finish: str | None = "stop", **changed: Any) -> Any:
    body = ANSWERED | {"choices": [{"index": 0, "finish_reason": finish, "message": message}]} | changed
    with closing(answering(lambda _: httpx2.Response(200, json=body))) as service:
        return service.ask(REQUEST)


def test_a_tool_call_s_arguments_are_as_the_model_wrote_them() -> None:
    calls = [{"id": "call_1", "type": "function", "function": {"name": "price", "arguments": '{"symbol": '}}]
    reply = replied({"role": "assistant", "content": None, "tool_calls": calls}, "tool_calls")

    assert (reply.text, reply.tool_calls) == (None, (ToolCall("price", '{"symbol": '),))
    assert reply.finish_reason == "tool_calls"


def test_a_refusal_of_the_model_s_is_its_answer() -> None:
    """OpenAI's specification: ``refusal`` beside a content of null."""
    assert replied({"role": "assistant", "content": None, "refusal": "I can't."}).text == "I can't."
    assert replied({"role": "assistant", "content": "", "refusal": None}).text == ""


def test_an_answer_that_was_filtered_may_have_no_content_and_no_usage() -> None:
    reply = replied({"role": "assistant"}, "content_filter", usage=None)

    assert (reply.text, reply.finish_reason, reply.completion_tokens) == (None, "content_filter", 0)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"choices": []}',
        b'{"choices": [7]}',
        b'{"choices": [{"message": {"content": 7}}]}',
    ],
)
def test_an_answer_that_makes_no_sense_may_be_asked_for_again(body: bytes) -> None:
    """Something between here and there has spoiled it, and another costs no more than its price."""
    service = answering(lambda _: httpx2.Response(200, content=body, headers={"content-type": "application/json"}))
    with closing(service), pytest.raises(Unavailable):
        service.ask(REQUEST)


class TestRefusals:
    def test_a_filtered_prompt_is_refused_with_its_code(self) -> None:
        error = refused(400, FILTERED, apim_request_id="abc")

        assert isinstance(error, ServiceRefused)
        assert (error.status, error.code, error.request_id) == (400, "content_filter", "abc")

    def test_a_deployment_that_is_not_ready_may_be_asked_again(self) -> None:
        body = {"error": {"code": "DeploymentNotReady", "message": "The deployment is not ready yet."}}
        error, hinted = refused(400, body), refused(400, body, retry_after="30")

        assert isinstance(error, Unavailable)
        assert isinstance(hinted, Unavailable)
        assert (error.retry_after, hinted.retry_after) == (None, 30)

    @pytest.mark.parametrize(("status", "code"), [(404, "DeploymentNotFound"), (410, "ModelDeprecated"), (401, "401")])
    def test_what_concerns_the_deployment_is_refused_for_good(self, status: int, code: str) -> None:
        error = refused(status, {"error": {"code": code, "message": "No."}})

        assert isinstance(error, ServiceRefused)
        assert (error.status, error.code) == (status, code)

    def test_a_closed_network_is_one(self) -> None:
        """Azure-Samples/azure-sql-db-chatbot#3."""
        words = "Access denied due to Virtual Network/Firewall rules."

        assert isinstance(refused(403, {"error": {"code": "403", "message": words}}), NetworkRefused)


class TestTooManyRequests:
    """How a 429 says when to come back, as seen at different times."""

    def wish(self, body: object = None, **headers: str) -> float | None:
        unsaid = {"error": {"code": "429", "message": "Requests have exceeded token rate limit."}}
        error = refused(429, body or unsaid, **headers)
        assert isinstance(error, Unavailable)
        return error.retry_after

    def test_by_retry_after_in_seconds_or_milliseconds(self) -> None:
        """Azure/azure-openai-benchmark#31: both on provisioned deployments."""
        assert self.wish(retry_after="22") == 22
        assert self.wish(retry_after="1", retry_after_ms="250") == 0.25

    def test_by_the_moment_at_which_the_limit_begins_anew(self) -> None:
        """openai/openai-python#937: x-rate-limit-reset-tokens, and no Retry-After."""
        assert self.wish(x_rate_limit_reset_tokens="55", policy_id="DeploymentRatelimit-Token") == 55
        both = {"x_ratelimit_reset_tokens": "40", "x_ratelimit_reset_requests": "3"}
        assert self.wish(**both, policy_id="DeploymentRatelimit-Token") == 40
        assert self.wish(**both, policy_id="DeploymentRatelimit-Call") == 3

    def test_by_its_words(self) -> None:
        """The same thread's body."""
        body = {"error": {"code": "429", "message": "… pricing tier. Please retry after 22 seconds. Please go here: …"}}

        assert self.wish(body) == 22

    def test_or_not_at_all(self) -> None:
        """openai/openai-dotnet#838: limits of -1, to be reset in 0."""
        assert self.wish(x_ratelimit_limit_tokens="-1", x_ratelimit_reset_tokens="0") is None
        assert self.wish("<html>") is None


def test_nothing_is_sent_twice_nor_to_another_host_nor_without_encryption() -> None:
    heard: list[str] = []

    def moved(request: httpx2.Request) -> httpx2.Response:
        heard.append(str(request.url))
        return httpx2.Response(307, headers={"location": "https://elsewhere.example/"})

    with closing(answering(moved)) as service, pytest.raises(CloudFailed):
        service.ask(REQUEST)
    plain = ChatService("http://x.openai.azure.com/", lambda: "token", transport=httpx2.MockTransport(moved))
    with closing(plain), pytest.raises(ServiceRefused, match="did not answer"):
        plain.ask(REQUEST)

    assert heard == ["https://x.openai.azure.com/openai/v1/chat/completions"]


def test_a_lost_answer_may_be_asked_for_again() -> None:
    def lost(_: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadError("reset")

    with closing(answering(lost)) as service, pytest.raises(Unavailable) as caught:
        service.ask(REQUEST)

    assert caught.value.retry_after is None


def test_hundreds_are_under_way_at_once() -> None:
    """Nobody waits for a connection: all are there before the first is answered."""
    number = 256
    together = threading.Barrier(number, timeout=20)

    def answer(_: httpx2.Request) -> httpx2.Response:
        together.wait()
        return httpx2.Response(200, json=ANSWERED)

    with closing(answering(answer)) as service, ThreadPoolExecutor(number) as threads:
        replies = list(threads.map(lambda _: service.ask(REQUEST), range(number)))

    assert {reply.text for reply in replies} == {"Hello."}


class TestOnTheSimulator:
    @pytest.fixture
    def chat(self, tenancy: Tenancy, environment: Callable[..., dict[str, str]]) -> Iterator[ChatService]:
        """In the trainer's name."""
        environment("trainer", tenancy.simulator)
        endpoint = tenancy.endpoint.removesuffix("openai/v1/")
        with closing(Credential(None)) as credential, closing(ChatService(endpoint, credential.bearer(SCOPE))) as chat:
            yield chat

    def test_a_deployment_answers_many_at_once(self, tenancy: Tenancy, chat: ChatService) -> None:
        tenancy.deploy("base", "gpt-4.1-mini", "2025-04-14")
        request = ChatRequest("base", REQUEST.messages, seed=42, max_tokens=50)
        with ThreadPoolExecutor(8) as threads:
            replies = list(threads.map(lambda _: chat.ask(request), range(16)))

        assert {reply.model for reply in replies} == {"gpt-4.1-mini-2025-04-14"}
        assert all(reply.text and reply.prompt_tokens > 0 and reply.completion_tokens > 0 for reply in replies)
        assert len({reply.text for reply in replies}) == 1

    def test_a_reasoning_model_takes_its_limit(self, tenancy: Tenancy, chat: ChatService) -> None:
        """It refuses ``max_tokens`` (microsoft/vscode-copilot-release#8483)."""
        tenancy.deploy("thinker", "gpt-5", "2025-08-07")
        reply = chat.ask(ChatRequest("thinker", REQUEST.messages, max_tokens=500))

        assert reply.completion_tokens <= 500

    def test_refusals_are_told_apart(self, tenancy: Tenancy, chat: ChatService) -> None:
        tenancy.deploy("base", "gpt-4.1-mini", "2025-04-14")
        harmful = ChatRequest("base", ({"role": "user", "content": "SIMULATED-HARM:violence"},))
        with pytest.raises(ServiceRefused) as filtered:
            chat.ask(harmful)
        with pytest.raises(ServiceRefused) as absent:
            chat.ask(REQUEST)

        assert (filtered.value.status, filtered.value.code) == (400, "content_filter")
        assert (absent.value.status, absent.value.code) == (404, "DeploymentNotFound")

    @pytest.mark.parametrize("kind", ["reset", "truncate", "empty", "notJson"])
    def test_a_spoiled_answer_may_be_asked_for_again(self, tenancy: Tenancy, chat: ChatService, kind: str) -> None:
        tenancy.deploy("base", "gpt-4.1-mini", "2025-04-14")
        once = {"match": {"path": "*/chat/completions"}, "times": 1, "does": {"kind": kind}}
        with tenancy.simulator.cloud.faults.planned({"faults": [once]}):
            with pytest.raises(Unavailable):
                chat.ask(ChatRequest("base", REQUEST.messages))
            assert chat.ask(ChatRequest("base", REQUEST.messages)).text

    @pytest.mark.parametrize("hints", ["retryAfter", "reset", "none"])
    def test_a_rate_that_is_used_up_says_when_to_come_back(
        self, tenancy: Tenancy, chat: ChatService, hints: str
    ) -> None:
        """By its headers, or its words."""
        tenancy.deploy("small", "gpt-4.1-mini", "2025-04-14").body["sku"]["capacity"] = 1
        request = ChatRequest("small", REQUEST.messages, max_tokens=1)
        with tenancy.simulator.cloud.faults.planned({"behaviour": {"throttling": {"chat": {"hints": hints}}}}):
            chat.ask(request)
            with pytest.raises(Unavailable) as caught:
                chat.ask(request)

        assert caught.value.status == 429
        assert caught.value.retry_after is not None
