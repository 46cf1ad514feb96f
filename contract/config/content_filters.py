"""Content filters: Azure's RAI policies, and blocklists."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from contract import naming
from contract.shape import Shape, Text

Threshold = Literal["low", "medium", "high", "off"]
"""From which severity on content is blocked; low is the strictest. off needs Azure's approval."""
Action = Literal["block", "annotate", "off"]


class HarmThresholds(Shape):
    """One direction's threshold per harm."""

    hate: Threshold = "medium"
    sexual: Threshold = "medium"
    violence: Threshold = "medium"
    selfharm: Threshold = "medium"


class ContentFilter(Shape):
    """What is filtered from prompts and from completions."""

    mode: Literal["Blocking", "Asynchronous_filter"] = Field(
        default="Blocking", description="Asynchronous_filter streams at once and filters after."
    )
    prompt: HarmThresholds = Field(default=HarmThresholds(), description="Thresholds of what callers send.")
    completion: HarmThresholds = Field(default=HarmThresholds(), description="Thresholds of what models answer.")
    jailbreak: Action = Field(default="block", description="Prompts that attack the model's instructions.")
    indirect_attack: Action = Field(default="off", description="Attacks hidden in documents within a prompt.")
    protected_text: Action = Field(default="block", description="Known texts, such as lyrics, in completions.")
    protected_code: Action = Field(default="annotate", description="Code of public repositories in completions.")
    prompt_blocklists: Annotated[tuple[naming.BlocklistName, ...], Field(strict=False)] = ()
    completion_blocklists: Annotated[tuple[naming.BlocklistName, ...], Field(strict=False)] = ()


class BlockedTerm(Shape):
    """A term that is blocked, as it stands or as a regular expression."""

    pattern: Text
    regex: bool = False


class Blocklist(Shape):
    """Terms that are blocked wherever a content filter names this list."""

    description: Text | None = None
    terms: dict[naming.BlocklistName, BlockedTerm] = Field(description="By a name that stays when the pattern changes.")
