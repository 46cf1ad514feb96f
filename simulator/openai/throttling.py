"""How Azure counts what is asked of a deployment, and uploads; only where a fault plan says so.

MicrosoftDocs azure-ai-docs, openai/how-to/quota.md (2026-05): tokens are estimated when a request comes, "based in part
on the character count", from the prompt, max_tokens and best_of, and added to a count that is reset each minute; once
the limit is reached further requests are refused until then. Requests are held to their rate in windows of 1 or 10
seconds, and unsuccessful ones count too. Seen so: with 1,000 tokens a minute one request passes in 10 seconds, and one
with a max_tokens of 1,000 in a minute (clemenssiebler.com, on Azure OpenAI's rate limits, 2023-08); a deployment's own
`rateLimits` in Azure/azure-cli's recording of 2025-10 has the same windows.
Memory: four characters a token; `n` counts as best_of; without max_tokens the answer counts once it is known
(Microsoft's answers 1381398 say that until then the model's whole context does); windows begin with the clock's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from simulator.arm.models import Resource
from simulator.arm.regions import display_name
from simulator.faults.rates import Rates, until_next
from simulator.openai import chat_errors, errors
from simulator.openai.learning.examples import message_text

if TYPE_CHECKING:
    from simulator.cloud import Cloud

MINUTE = 60.0
CHARACTERS = 4
"""Of one token, as the rate limit estimates: memory."""


@dataclass(frozen=True)
class Limits:
    """requests in each window of so many seconds, and tokens a minute."""

    requests: int
    window: float
    tokens: int

    @classmethod
    def of(cls, deployment: Resource) -> Limits:
        """Those that ARM tells of the deployment, or those of its capacity."""
        capacity = int((deployment.body.get("sku") or {}).get("capacity") or 1)
        told = {each["key"]: each for each in deployment.properties.get("rateLimits") or []}
        request = told.get("request", {"count": capacity, "renewalPeriod": 10})
        tokens = told.get("token", {"count": capacity * 1000, "renewalPeriod": 60})
        return cls(
            int(request["count"]),
            float(request["renewalPeriod"]),
            math.ceil(tokens["count"] * MINUTE / tokens["renewalPeriod"]),
        )


@dataclass(frozen=True)
class Meter:
    """What was asked of one deployment under the plan in force."""

    rates: Rates
    name: str
    limits: Limits

    def refused(self, tokens: int, now: float) -> tuple[Literal["call", "token"], float] | None:
        """Counts a request of so many tokens; which limit refuses it (`call` or `token`), and for how many seconds."""
        limits = self.limits
        self.rates.add(f"{self.name}|requests", limits.window, now, 1)
        if self.rates.used(f"{self.name}|requests", limits.window, now) > limits.requests:
            return "call", until_next(limits.window, now)
        if self.rates.used(f"{self.name}|tokens", MINUTE, now) >= limits.tokens:
            return "token", until_next(MINUTE, now)
        self.spend(tokens, now)
        return None

    def spend(self, tokens: int, now: float) -> None:
        self.rates.add(f"{self.name}|tokens", MINUTE, now, tokens)

    def headers(self, now: float) -> dict[str, str]:
        """What is left, as every answer tells (quota.md, "Rate limit response headers"); requests as of a minute."""
        limits = self.limits
        in_a_minute = round(limits.requests * MINUTE / limits.window)
        gone = self.rates.used(f"{self.name}|requests", limits.window, now)
        spent = self.rates.used(f"{self.name}|tokens", MINUTE, now)
        return {
            "x-ratelimit-limit-requests": str(in_a_minute),
            "x-ratelimit-limit-tokens": str(limits.tokens),
            "x-ratelimit-remaining-requests": str(max(0, round(limits.requests - gone))),
            "x-ratelimit-remaining-tokens": str(max(0, round(limits.tokens - spent))),
            "x-ratelimit-reset-requests": str(math.ceil(until_next(limits.window, now))),
            "x-ratelimit-reset-tokens": str(math.ceil(until_next(MINUTE, now))),
        }


def meter(cloud: Cloud, deployment: Resource) -> Meter | None:
    """The deployment's meter; None where nothing is counted."""
    if cloud.faults.conduct.behaviour.throttling.chat is None:
        return None
    return Meter(cloud.faults.conduct.rates, deployment.key, Limits.of(deployment))


def admit(cloud: Cloud, account: Resource, deployment: Resource, model: str, body: Mapping[str, Any]) -> None:
    """Counts a request for a completion, or raises the refusal of one too many."""
    counted, chat = meter(cloud, deployment), cloud.faults.conduct.behaviour.throttling.chat
    if counted is None or chat is None:
        return
    now = cloud.clock.now().timestamp()
    refused = counted.refused(estimated(body), now)
    if refused is None:
        return
    cloud.faults.conduct.struck["throttling.chat"] += 1
    kind, seconds = refused
    headers = counted.headers(now)
    said = math.ceil(seconds)
    hint = cloud.clock.wait_hint(seconds) if chat.hints != "none" else 0.0
    match chat.hints:
        case "retryAfter":
            headers |= errors.retry_after(hint)
        case "reset":
            headers["x-ratelimit-reset-tokens"] = str(math.ceil(hint))
        case "none":
            unknown = {"limit": "-1", "remaining": "-1", "reset": "0"}
            headers |= {f"x-ratelimit-{part}-tokens": value for part, value in unknown.items()}
    where = f"{deployment.name} for {model} in {display_name(account.location)}"
    tier = f"{account.body.get('kind') or 'OpenAI'} S0"
    raise chat_errors.rate_exceeded(where, tier, kind, said, headers)


def note_answer(cloud: Cloud, deployment: Resource, body: Mapping[str, Any], completion_tokens: int) -> None:
    """Adds what an answer took that had no limit of its own."""
    counted = meter(cloud, deployment)
    if counted is not None and _most(body) is None:
        counted.spend(completion_tokens, cloud.clock.now().timestamp())


def left(cloud: Cloud, deployment: Resource) -> dict[str, str]:
    """Headers of a completion that was answered."""
    counted = meter(cloud, deployment)
    if counted is None:
        # Names of the headers: Azure/azure-rest-api-specs#26884; nothing is counted here, so nothing runs out.
        return {"x-ratelimit-remaining-requests": "999", "x-ratelimit-remaining-tokens": "999999"}
    return counted.headers(cloud.clock.now().timestamp())


def estimated(body: Mapping[str, Any]) -> int:
    """The tokens a request is taken to need, before it is looked at closely."""
    messages = body.get("messages")
    texts = [message_text(each) for each in messages if isinstance(each, dict)] if isinstance(messages, list) else []
    times = body.get("n")
    completions = times if isinstance(times, int) and not isinstance(times, bool) and times > 0 else 1
    return math.ceil(sum(map(len, texts)) / CHARACTERS) + (_most(body) or 0) * completions


def admit_upload(cloud: Cloud, account: Resource) -> None:
    """Counts an upload to an account, or raises the refusal of one too many (30 a second: quotas-limits, 2026-03)."""
    uploads = cloud.faults.conduct.behaviour.throttling.uploads
    if uploads is None:
        return
    rates, name, now = cloud.faults.conduct.rates, f"{account.key}|uploads", cloud.clock.now().timestamp()
    rates.add(name, 1.0, now, 1)
    if rates.used(name, 1.0, now) > uploads.per_second:
        cloud.faults.conduct.struck["throttling.uploads"] += 1
        raise errors.too_many_uploads(uploads.per_second, cloud.clock.wait_hint(until_next(1.0, now)))


def _most(body: Mapping[str, Any]) -> int | None:
    found = body.get("max_completion_tokens") or body.get("max_tokens")
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else None
