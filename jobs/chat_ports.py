"""What an evaluation asks of deployments. Adapters (jobs.azure) and doubles (tests) have these shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class ChatRequest:
    """One chat completion; what is None or empty is not sent. ``max_tokens`` is sent as ``max_completion_tokens``."""

    deployment: str
    messages: tuple[Mapping[str, Any], ...]
    tools: tuple[Mapping[str, Any], ...] = ()
    temperature: float | None = None
    seed: int | None = None
    max_tokens: int | None = None
    response_format: Mapping[str, Any] | None = None
    parallel_tool_calls: bool | None = None


@dataclass(frozen=True)
class ToolCall:
    """``arguments``: the JSON as the model wrote it, which need not be any."""

    name: str
    arguments: str


@dataclass(frozen=True)
class ChatReply:
    """``seconds``: from sending to the last byte. ``finish_reason``: ``stop``, ``length``, ``tool_calls``,
    ``content_filter``."""

    text: str | None
    tool_calls: tuple[ToolCall, ...]
    finish_reason: str
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    model: str
    """As the service says who answered."""


class Chat(Protocol):
    """The deployments of one account. Used by several threads at once."""

    def ask(self, request: ChatRequest) -> ChatReply:
        """Asks once. Raises Unavailable (429, 5xx; ``retry_after`` in seconds), ServiceRefused with the service's code
        (``content_filter``: the prompt was filtered; ``DeploymentNotReady``, which is Unavailable)."""
        ...


def unanswered(deployment: str) -> str:
    """What an error says whose details are the service's."""
    return f"deployment {deployment} did not answer"
