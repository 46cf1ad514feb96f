"""The deployments of one Azure OpenAI account, asked for chat completions; the library is openai.

The v1 form of the data plane (Azure OpenAI specification, v1: ``POST {endpoint}/openai/v1/chat/completions``, the
deployment's name as ``model``). The library's own retries are off: who asks many questions paces them by our clock.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx2
import openai
from openai import OpenAI

from jobs.azure.account_client import AccountClient
from jobs.azure.openai_service import json_object, translated
from jobs.chat_ports import ChatReply, ChatRequest, ToolCall, unanswered
from jobs.errors import Unavailable
from jobs.plain import one_line

TIMEOUT = openai.Timeout(600.0, connect=10.0)
"""Seconds without a byte: a reasoning model says nothing until its whole answer is there."""
_KEPT_OPEN = 60.0
"""Seconds for which a connection stays open without a request: a deployment may ask for so long a pause."""
_LIMITS = httpx2.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=_KEPT_OPEN)
"""Who asks sees to how many requests are under way: a pool that is too small would count as the service's latency."""

_RESETS = (
    ("token", ("x-ratelimit-reset-tokens", "x-rate-limit-reset-tokens")),
    ("call", ("x-ratelimit-reset-requests",)),
)
"""By the limit that was reached, as the header ``policy-id`` tells it (``DeploymentRatelimit-Token``), where a refusal
says when to come back. quota.md, "Rate limit response headers"; the second spelling: openai/openai-python#937."""
_WORDS = re.compile(r"retry after (\d{1,5}) seconds?", re.IGNORECASE)
"""openai/openai-python#937: "Please retry after 22 seconds.", where no header says so."""


class ChatService:
    """The account behind ``endpoint`` (``https://<subdomain>.openai.azure.com/``). A ``Chat``.

    ``token`` gives a bearer token, fresh for each request; a ``Bearer`` another one where that is refused.
    """

    def __init__(self, endpoint: str, token: Callable[[], str], **transport: Any) -> None:
        with translated(f"{endpoint} cannot be used as an account's endpoint"):
            self._client = OpenAI(
                base_url=f"{endpoint.rstrip('/')}/openai/v1/",
                api_key=token,
                max_retries=0,
                timeout=TIMEOUT,
                http_client=AccountClient(token, limits=_LIMITS, **transport),
            )

    def close(self) -> None:
        self._client.close()

    def ask(self, request: ChatRequest) -> ChatReply:
        try:
            with translated(unanswered(request.deployment)):
                began = time.perf_counter()
                answer = self._client.post("/chat/completions", body=_body(request), cast_to=httpx2.Response)
                seconds = time.perf_counter() - began
            return _reply(json_object(answer), seconds)
        except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
            # Of something between here and there, mostly; asked again it has no other effect than its price.
            details = [one_line(f"the answer makes no sense: {error}")]
            raise Unavailable(unanswered(request.deployment), details=details) from error
        except Unavailable as error:
            if error.retry_after is None and isinstance(error.__cause__, openai.RateLimitError):
                error.retry_after = _told_otherwise(error.__cause__)
            raise


def _body(request: ChatRequest) -> dict[str, Any]:
    """What is sent: nothing that the request leaves open, and the limit by the name that every model takes."""
    optional = {
        "tools": list(request.tools) or None,
        "temperature": request.temperature,
        "seed": request.seed,
        "max_completion_tokens": request.max_tokens,
        "response_format": request.response_format,
        "parallel_tool_calls": request.parallel_tool_calls,
    }
    sent = {name: value for name, value in optional.items() if value is not None}
    return {"model": request.deployment, "messages": list(request.messages)} | sent


def _reply(fields: Mapping[str, Any], seconds: float) -> ChatReply:
    """Raises KeyError, TypeError or ValueError for what is no completion."""
    choices = _list(fields["choices"])
    if not choices:
        raise ValueError("a completion without a choice")
    choice = _object(choices[0])
    message, usage = _object(choice.get("message")), _object(fields.get("usage"))
    content, refusal = _text(message.get("content")), _text(message.get("refusal"))
    return ChatReply(
        text=content or refusal or content,
        tool_calls=tuple(_call(_object(call)) for call in _list(message.get("tool_calls"))),
        finish_reason=str(choice.get("finish_reason") or "stop"),
        prompt_tokens=int(usage.get("prompt_tokens") or 0),
        completion_tokens=int(usage.get("completion_tokens") or 0),
        seconds=seconds,
        model=str(fields.get("model") or ""),
    )


def _call(call: Mapping[str, Any]) -> ToolCall:
    function = _object(call["function"])
    return ToolCall(str(function["name"]), str(function.get("arguments") or ""))


def _object(value: object) -> Mapping[str, Any]:
    """Empty where there is none."""
    if value is not None and not isinstance(value, dict):
        raise TypeError(f"an object is expected, not {type(value).__name__}")
    return value or {}


def _list(value: object) -> list[Any]:
    """Empty where there is none."""
    if value is not None and not isinstance(value, list):
        raise TypeError(f"a list is expected, not {type(value).__name__}")
    return value or []


def _text(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError(f"a text is expected, not {type(value).__name__}")
    return value


def _told_otherwise(error: openai.RateLimitError) -> float | None:
    """Seconds to wait, where a refusal for too many requests has no Retry-After: by its other headers, or its words."""
    headers = error.response.headers
    policy = headers.get("policy-id", "").lower()
    for limit, names in sorted(_RESETS, key=lambda each: each[0] not in policy):
        del limit
        for name in names:
            value = headers.get(name, "")
            # 0 beside limits of -1: nothing is known (openai/openai-dotnet#838).
            if value.isdecimal() and 0 < int(value) < 100_000:
                return float(value)
    found = _WORDS.search(str(error.body.get("message") or "") if isinstance(error.body, dict) else "")
    return float(found[1]) if found is not None else None
