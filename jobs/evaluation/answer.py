"""An answer to a question of the holdout, as it is kept in the stack's storage: a line of JSON each."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contract.shape import Lenient, Sha256


class AnsweredCall(Lenient):
    name: str
    arguments: str


class Answer(Lenient):
    """``question``: the digest of all that was sent. ``failed``: the service's code where it refused to answer this
    question (a content filter), else null: such an answer counts as wrong."""

    question: Sha256
    text: str | None = None
    tool_calls: Annotated[tuple[AnsweredCall, ...], Field(strict=False)] = ()
    finish: str = "stop"
    failed: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    at: str = ""
