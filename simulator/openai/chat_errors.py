"""How deployments and models refuse, one function per behaviour. Certainty and sources as in errors.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from simulator.errors import GatewayRefusal, ModelRefusal, Refusal


def deployment_absent() -> Refusal:
    """Absent, or just made: specimen of 198 bytes (chatboxai/chatbox#861, microsoft/chat-copilot#111)."""
    return GatewayRefusal(
        404,
        "DeploymentNotFound",
        "The API deployment for this resource does not exist. If you created the deployment within the last 5 "
        "minutes, please wait a moment and try again.",
    )


def deployment_not_ready(retry_after: float) -> Refusal:
    """ARM says Succeeded, the data plane isn't there yet: status and code seen (field reports), words memory.

    Retry-After is the simulator's own: it says, on the caller's clock, when asking again is worth while.
    """
    return GatewayRefusal(
        400,
        "DeploymentNotReady",
        "The deployment is not ready yet. Please wait a few minutes and try again.",
        headers={"retry-after": f"{retry_after:g}"},
    )


def model_retired() -> Refusal:
    """410 (epam/ai-dial-chat#4403): specimen."""
    return GatewayRefusal(
        410,
        "ModelDeprecated",
        "The model associated with the deployment is deprecated and no longer available for use. Please refer to the "
        "Azure OpenAI service documentation for more information.",
    )


def rate_exceeded(
    asked: str, tier: str, limit: Literal["call", "token"], seconds: int, headers: Mapping[str, str]
) -> Refusal:
    """More than the deployment's capacity; `asked` is "D for M in R".

    Words of 2025-12 (icereed/paperless-gpt#814) for tokens; for calls in their form ("exceeded the call rate limit":
    microsoft/PubSec-Info-Assistant#479). The code is memory: older words came with `429`. policy-id:
    openai/openai-python#937 for tokens, memory for calls.
    """
    return GatewayRefusal(
        429,
        "RateLimitReached",
        f"Your requests to {asked} have exceeded the {limit} rate limit for your current {tier} pricing tier. This "
        "request was for ChatCompletions_Create under Azure OpenAI API version v1. "
        f"Please retry after {seconds} second{'' if seconds == 1 else 's'}.",
        headers=headers,
        policy=f"DeploymentRatelimit-{limit.capitalize()}",
    )


def body_not_json() -> Refusal:
    """Memory (OpenAI's words)."""
    return ModelRefusal(400, "We could not parse the JSON body of your request.", code=None)


def unknown_parameter(name: str) -> Refusal:
    """Words (promptfoo/promptfoo#3781)."""
    return ModelRefusal(400, f"Unknown parameter: '{name}'.", code="unknown_parameter", param=name)


def max_tokens_unsupported() -> Refusal:
    """A reasoning model: specimen (microsoft/vscode-copilot-release#8483)."""
    return ModelRefusal(
        400,
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        code="unsupported_parameter",
        param="max_tokens",
    )


def parameter_missing(name: str) -> Refusal:
    """Memory (OpenAI's words)."""
    return ModelRefusal(400, f"Missing required parameter: '{name}'.", code="missing_required_parameter", param=name)


def invalid_parameter(name: str, rule: str) -> Refusal:
    """Memory."""
    return ModelRefusal(400, f"Invalid value for '{name}': {rule}.", code="invalid_value", param=name)


def context_too_long(most: int, given: int) -> Refusal:
    """Memory (OpenAI's words; a fragment was seen)."""
    return ModelRefusal(
        400,
        f"This model's maximum context length is {most} tokens. However, your messages resulted in {given} tokens. "
        "Please reduce the length of the messages.",
        code="context_length_exceeded",
        param="messages",
    )


def prompt_filtered(harms: Sequence[str]) -> Refusal:
    """Specimen (compl-ai/compl-ai#20, from a tuned gpt-4o)."""
    result: dict[str, Any] = {
        kind: {"filtered": kind in harms, "severity": "medium" if kind in harms else "safe"}
        for kind in ("hate", "self_harm", "sexual", "violence")
    }
    result["jailbreak"] = {"filtered": False, "detected": False}
    return ModelRefusal(
        400,
        "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please "
        "modify your prompt and retry. To learn more about our content filtering policies please read our "
        "documentation: https://go.microsoft.com/fwlink/?linkid=2198766",
        code="content_filter",
        param="prompt",
        type=None,
        more={
            "status": 400,
            "innererror": {
                "code": "ResponsibleAIPolicyViolation",
                "content_filter_result": dict(sorted(result.items())),
            },
        },
    )
