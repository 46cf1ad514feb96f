"""Rules for chat completions: which model a deployment serves, what is refused, what it says. No HTTP here."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.arm.models import Resource, deployments_of, note_call
from simulator.openai import chat_errors, learned, throttling
from simulator.openai.bases import Base, base_by_name
from simulator.openai.learning import tokens
from simulator.openai.learning.examples import ToolCall, message_text
from simulator.openai.learning.prompts import Prompt, Reply, prompt_of
from simulator.openai.learning.untaught import base_reply
from simulator.openai.retirement import as_of_now
from simulator.openai.tuned_models import TunedModel, tuned_model

if TYPE_CHECKING:
    from simulator.cloud import Cloud

READY_AFTER = 60.0
"""Seconds for which a tuned deployment that ARM calls Succeeded isn't served yet. Documented are "a few minutes"."""

PARAMETERS = frozenset(
    {
        "audio",
        "data_sources",
        "frequency_penalty",
        "function_call",
        "functions",
        "logit_bias",
        "logprobs",
        "max_completion_tokens",
        "max_tokens",
        "messages",
        "metadata",
        "modalities",
        "model",
        "n",
        "parallel_tool_calls",
        "prediction",
        "presence_penalty",
        "prompt_cache_key",
        "reasoning_effort",
        "response_format",
        "safety_identifier",
        "seed",
        "service_tier",
        "stop",
        "store",
        "stream",
        "stream_options",
        "temperature",
        "tool_choice",
        "tools",
        "top_logprobs",
        "top_p",
        "user",
        "user_security_context",
        "verbosity",
    }
)
"""What the v1 specification knows (Azure/azure-rest-api-specs, OpenAI.v1). Most of it is taken without effect."""
_HARMS = ("hate", "self_harm", "sexual", "violence")


@dataclass(frozen=True)
class Served:
    """What a deployment serves: a base, or with `tuned` a model made from it."""

    deployment: Resource
    base: Base
    tuned: TunedModel | None

    @property
    def model(self) -> str:
        return self.base.id if self.tuned is None else self.tuned.id


@dataclass(frozen=True)
class Choice:
    text: str
    tool_calls: tuple[ToolCall, ...]
    finish_reason: str


@dataclass(frozen=True)
class Completion:
    id: str
    created: int
    model: str
    fingerprint: str
    choices: tuple[Choice, ...]
    prompt_tokens: int
    completion_tokens: int
    rate_headers: Mapping[str, str]


async def complete(cloud: Cloud, account: Resource, body: Mapping[str, Any]) -> Completion:
    """Answers, or raises the refusal."""
    served = _served(cloud, account, body.get("model"))
    throttling.admit(cloud, account, served.deployment, served.model, body)
    _check(body, served.base)
    messages: list[dict[str, Any]] = body["messages"]
    declared = tokens.of_tools(body.get("tools") or body.get("functions"))
    prompt_tokens = tokens.of_messages(messages) + tokens.AT_THE_END + declared
    most = served.base.max_context_tokens
    if prompt_tokens > most:
        raise chat_errors.context_too_long(most, prompt_tokens)
    harms = [kind for kind in _HARMS if any(f"SIMULATED-HARM:{kind}" in message_text(m) for m in messages)]
    if harms:
        raise chat_errors.prompt_filtered(harms)
    reply = await _answering(cloud, served)
    prompts = [prompt_of(body, index) for index in range(int(body.get("n") or 1))]
    # Beside the event loop: of some ten thousand answers the right one takes a while to find.
    replies = await asyncio.to_thread(lambda: [reply(prompt) for prompt in prompts])
    choices = tuple(_choice(each, body) for each in replies)
    note_call(cloud, served.deployment.id)
    now = cloud.clock.timestamp()
    called = f"{served.deployment.key}|{served.model}|{messages}|{now}"
    completion_tokens = sum(_completion_tokens(choice) for choice in choices)
    throttling.note_answer(cloud, served.deployment, body, completion_tokens)
    return Completion(
        id=f"chatcmpl-{hashlib.sha256(called.encode()).hexdigest()[:29]}",
        created=now,
        model=served.model,
        fingerprint=f"fp_{hashlib.sha256(served.model.encode()).hexdigest()[:10]}",
        choices=choices,
        prompt_tokens=prompt_tokens,
        completion_tokens=completion_tokens,
        rate_headers=throttling.left(cloud, served.deployment),
    )


def _served(cloud: Cloud, account: Resource, name: object) -> Served:
    """The deployment of that name, if it can be asked now."""
    if not isinstance(name, str) or not name:
        raise chat_errors.parameter_missing("model")
    deployment = next((d for d in deployments_of(cloud, account.id) if d.name.lower() == name.lower()), None)
    if deployment is None or deployment.state in ("Accepted", "Creating", "Deleting", "Failed"):
        raise chat_errors.deployment_absent()
    model = deployment.properties.get("model") or {}
    now = cloud.clock.now()
    base = base_by_name(str(model.get("name")), model.get("version"))
    if base is not None:
        if as_of_now(cloud, base).retired(now, tuned=False):
            raise chat_errors.model_retired()
        return Served(deployment, base, None)
    tuned = tuned_model(cloud, str(model.get("name")))
    if tuned is None:
        raise chat_errors.deployment_absent()
    if as_of_now(cloud, tuned.base).retired(now, tuned=True):
        raise chat_errors.model_retired()
    since = (now - (deployment.succeeded_at or deployment.created_at)).total_seconds()
    if since < READY_AFTER:
        raise chat_errors.deployment_not_ready(cloud.clock.wait_hint(READY_AFTER - since))
    return Served(deployment, tuned.base, tuned)


def _check(body: Mapping[str, Any], base: Base) -> None:
    for name in body:
        if name not in PARAMETERS:
            raise chat_errors.unknown_parameter(name)
    if base.reasoning and body.get("max_tokens") is not None:
        raise chat_errors.max_tokens_unsupported()
    messages = body.get("messages")
    if messages is None:
        raise chat_errors.parameter_missing("messages")
    if not isinstance(messages, list) or not messages or not all(isinstance(m, dict) for m in messages):
        raise chat_errors.invalid_parameter("messages", "must be a list of messages, at least one")
    known = ("system", "developer", "user", "assistant", "tool", "function")
    for index, message in enumerate(messages):
        if message.get("role") not in known:
            raise chat_errors.invalid_parameter(f"messages[{index}].role", f"must be one of {', '.join(known)}")
    for name, least, most in (("temperature", 0, 2), ("top_p", 0, 1), ("n", 1, 128)):
        value = body.get(name)
        if value is not None and not (isinstance(value, int | float) and least <= value <= most):
            raise chat_errors.invalid_parameter(name, f"must be a number from {least} to {most}")


def _choice(reply: Reply, body: Mapping[str, Any]) -> Choice:
    if reply.tool_calls:
        return Choice(reply.text, reply.tool_calls, "tool_calls")
    text = reply.text
    stops = body.get("stop")
    for stop in [stops] if isinstance(stops, str) else stops or []:
        text = text.split(str(stop), 1)[0]
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    if isinstance(limit, int) and tokens.count(text) > limit:
        return Choice(tokens.shortened(text, limit), (), "length")
    return Choice(text, (), "stop")


async def _answering(cloud: Cloud, served: Served) -> Callable[[Prompt], Reply]:
    """How this model replies."""
    if served.tuned is None:
        return base_reply
    state = cloud.state.openai
    return (await learned.taught(state, state.jobs[served.tuned.job_id], served.tuned.step)).reply


def _completion_tokens(choice: Choice) -> int:
    return tokens.count(choice.text + "".join(call.name + call.arguments for call in choice.tool_calls))
