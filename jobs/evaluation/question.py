"""A question of the holdout, and who is asked it how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from jobs.chat_ports import ToolCall

Kind = Literal["candidate", "live", "baseline"]


@dataclass(frozen=True)
class Question:
    """One line of the holdout. ``messages`` are those before the last answer, without system and developer messages."""

    index: int
    """From 0, in the order of the file."""
    line: int
    messages: tuple[Mapping[str, Any], ...]
    system: str | None
    """The example's own."""
    tools: tuple[Mapping[str, Any], ...]
    expected: str | None
    """The text of the last answer; None where the line has none."""
    expected_calls: tuple[ToolCall, ...]
    item: Mapping[str, Any]
    """The line's object, for templates (``{{ item.… }}``)."""
    slices: Mapping[str, str]
    parallel_tool_calls: bool | None = None
    """As the line says it; None where it does not."""


@dataclass(frozen=True)
class Prompt:
    """How a contender is asked, beside the question. ``contexts``: one for all, or one per question; or none."""

    system: str | None
    """None: the example's own."""
    examples: tuple[Mapping[str, Any], ...] = ()
    """Few-shot: messages sent before the question's."""
    contexts: tuple[str, ...] = ()
    response_format: Mapping[str, Any] | None = None
    """The JSON schema that answers are held to, as reinforcement trains with one."""


@dataclass(frozen=True)
class Contender:
    """A deployment that is asked the whole holdout."""

    name: str
    """``candidate``, ``live``, or the baseline's name."""
    kind: Kind
    model_id: str
    account: str
    """Its name in the stack."""
    deployment: str
    prompt: Prompt
