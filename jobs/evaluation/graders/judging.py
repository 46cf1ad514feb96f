"""Asking a model for its verdict: the port that a judge and a score_model need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class JudgeMessage:
    """``role``: system, developer, user or assistant."""

    role: str
    content: str


class Judging(Protocol):
    """The deployments that judge. Used by several threads at once."""

    def ask(
        self,
        deployment: str,
        messages: Sequence[JudgeMessage],
        *,
        temperature: float | None,
        seed: int | None,
        max_tokens: int | None,
    ) -> str:
        """The text of the answer, ``""`` where there is none. Asks again by itself where the service is busy.

        deployment    a key of the stack's baseDeployments
        temperature   as seed: left out where the model behind the deployment is known to refuse it
        Raises ServiceRefused (a code such as ``content_filter``), Unavailable.
        """
        ...
