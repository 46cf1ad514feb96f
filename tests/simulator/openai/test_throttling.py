"""A deployment's rates, as Azure's page on quota has them (openai/how-to/quota.md, 2026-05)."""

from __future__ import annotations

from typing import Any

import pytest
from openai import OpenAI, RateLimitError

from tests.simulator.openai.conftest import Tenancy, capitals

COUNTED: dict[str, Any] = {"behaviour": {"throttling": {"chat": {}}}}


@pytest.fixture
def small(tenancy: Tenancy) -> str:
    """A base deployment of capacity 1: 1,000 tokens a minute, a request in ten seconds."""
    made = tenancy.deploy("small", "gpt-4.1-mini", "2025-04-14")
    made.body["sku"]["capacity"] = 1
    return made.name


def ask(client: OpenAI, model: str, text: str = "Hi", **options: Any) -> dict[str, str]:
    """Headers of the answer, by the client that shows them."""
    messages: Any = [{"role": "user", "content": text}]
    raw = client.chat.completions.with_raw_response.create(model=model, messages=messages, **options)
    return dict(raw.headers)


def refusal(client: OpenAI, model: str, text: str = "Hi", **options: Any) -> RateLimitError:
    with pytest.raises(RateLimitError) as refused:
        ask(client, model, text, **options)
    return refused.value


def test_nothing_is_counted_unless_a_plan_says_so(client: OpenAI, small: str) -> None:
    for _ in range(10):
        assert ask(client, small, max_tokens=4000)["x-ratelimit-remaining-requests"] == "999"


def test_a_second_request_within_ten_seconds_is_one_too_many_for_a_capacity_of_one(
    tenancy: Tenancy, client: OpenAI, small: str
) -> None:
    """As seen with 1,000 tokens a minute: one call passes in about ten seconds."""
    with tenancy.simulator.cloud.faults.planned({"behaviour": {"throttling": {"chat": {"hints": "none"}}}}):
        ask(client, small, max_tokens=1)
        tenancy.simulator.clock.advance(4)
        problem = refusal(client, small, max_tokens=1)
        tenancy.simulator.clock.advance(6)
        ask(client, small, max_tokens=1)

    assert problem.body == {
        "code": "RateLimitReached",
        "message": "Your requests to small for gpt-4.1-mini-2025-04-14 in Sweden Central have exceeded the call rate "
        "limit for your current OpenAI S0 pricing tier. This request was for ChatCompletions_Create under Azure "
        "OpenAI API version v1. Please retry after 6 seconds.",
    }
    assert problem.response.headers["policy-id"] == "DeploymentRatelimit-Call"


def test_tokens_are_those_that_the_request_may_need(tenancy: Tenancy, client: OpenAI, small: str) -> None:
    """As seen: with a max_tokens of 1,000, one call passes in a minute, however little it is answered."""
    clock = tenancy.simulator.clock
    with tenancy.simulator.cloud.faults.planned({"behaviour": {"throttling": {"chat": {"hints": "none"}}}}):
        ask(client, small, max_tokens=1000)
        for _ in range(5):
            clock.advance(10)
            problem = refusal(client, small, max_tokens=1000)
            assert "exceeded the token rate limit" in problem.message
            assert problem.response.headers["policy-id"] == "DeploymentRatelimit-Token"
        clock.advance(10)
        ask(client, small, max_tokens=1000)


def test_a_prompt_is_counted_by_its_characters(tenancy: Tenancy, client: OpenAI, small: str) -> None:
    """Four make a token, as the rate limit has it; what was answered without a limit of its own counts too."""
    with tenancy.simulator.cloud.faults.planned(COUNTED):
        headers = ask(client, small, "x" * 400, max_tokens=100)
        assert headers["x-ratelimit-remaining-tokens"] == str(1000 - 100 - 100)
        tenancy.simulator.clock.advance(10)
        free = client.chat.completions.create(model=small, messages=[{"role": "user", "content": "x" * 400}])
        tenancy.simulator.clock.advance(10)
        assert free.usage is not None
        left = 1000 - 200 - 100 - free.usage.completion_tokens - 101
        assert ask(client, small, "x" * 400, max_tokens=1)["x-ratelimit-remaining-tokens"] == str(left)


def test_every_answer_tells_what_is_left(tenancy: Tenancy, client: OpenAI, small: str) -> None:
    with tenancy.simulator.cloud.faults.planned(COUNTED):
        headers = ask(client, small, "x" * 4, max_tokens=9)

    told = {name: value for name, value in headers.items() if name.startswith("x-ratelimit")}
    assert told == {
        "x-ratelimit-limit-requests": "6",
        "x-ratelimit-limit-tokens": "1000",
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-remaining-tokens": "990",
        "x-ratelimit-reset-requests": "10",
        "x-ratelimit-reset-tokens": "60",
    }


def test_refused_requests_count_too(tenancy: Tenancy, client: OpenAI) -> None:
    """Of six a minute, that is of any in the same window."""
    deployment = tenancy.deploy("two", "gpt-4.1-mini", "2025-04-14")
    deployment.properties["rateLimits"] = [
        {"key": "request", "renewalPeriod": 10, "count": 2},
        {"key": "token", "renewalPeriod": 60, "count": 2000},
    ]
    with tenancy.simulator.cloud.faults.planned({"behaviour": {"throttling": {"chat": {"hints": "none"}}}}):
        with pytest.raises(Exception, match="Unknown parameter"):
            client.chat.completions.create(model="two", messages=[], extra_body={"nonsense": 1})
        ask(client, "two", max_tokens=1)
        refusal(client, "two", max_tokens=1)


def test_a_client_that_obeys_the_hint_gets_its_answer(tenancy: Tenancy, client: OpenAI, small: str) -> None:
    """Time passes with the hint; nobody sleeps."""
    before = tenancy.simulator.clock.now()
    with tenancy.simulator.cloud.faults.planned(COUNTED):
        patient = client.with_options(max_retries=2)
        for _ in range(3):
            ask(patient, small, max_tokens=1)

    assert (tenancy.simulator.clock.now() - before).total_seconds() == 20


@pytest.mark.parametrize(
    ("hints", "told"),
    [
        ("retryAfter", {"retry-after", "retry-after-ms", "x-ratelimit-reset-tokens"}),
        ("reset", {"x-ratelimit-reset-tokens"}),
        ("none", {"x-ratelimit-reset-tokens"}),
    ],
)
def test_the_hint_takes_the_forms_it_was_seen_in(
    tenancy: Tenancy, client: OpenAI, small: str, hints: str, told: set[str]
) -> None:
    """2023-07 and 2025-12; 2023-12 (openai/openai-python#937); 2025-11 (openai/openai-dotnet#838)."""
    with tenancy.simulator.cloud.faults.planned({"behaviour": {"throttling": {"chat": {"hints": hints}}}}):
        ask(client, small, max_tokens=1)
        headers = refusal(client, small, max_tokens=1).response.headers

    assert {"retry-after", "retry-after-ms", "x-ratelimit-reset-tokens"} & set(headers) == told
    assert (headers["x-ratelimit-remaining-tokens"] == "-1") == (hints == "none")


def test_uploads_are_thirty_a_second(tenancy: Tenancy, client: OpenAI) -> None:
    """quotas-limits, 2026-03; the next second begins anew, and a client that obeys is there."""
    with tenancy.simulator.cloud.faults.planned({"behaviour": {"throttling": {"uploads": {"perSecond": 2}}}}):
        sent = [client.files.create(file=("t.jsonl", capitals()), purpose="fine-tune").id for _ in range(2)]
        with pytest.raises(RateLimitError) as refused:
            client.files.create(file=("t.jsonl", capitals()), purpose="fine-tune")
        again = client.with_options(max_retries=1).files.create(file=("t.jsonl", capitals()), purpose="fine-tune")

    assert refused.value.code == "tooManyRequests"
    assert refused.value.response.headers["retry-after-ms"]
    assert {file.id for file in client.files.list()} == {*sent, again.id}
