"""Questions and answers to be graded, and graders as tune.yaml has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from contract.evaluation_graders import EvaluationGrader
from jobs.chat_ports import ToolCall
from jobs.evaluation.answer import Answer, AnsweredCall
from jobs.evaluation.grading import Graded, JudgeMessage, Judging, graded
from jobs.evaluation.question import Question

_ADAPTER: TypeAdapter[EvaluationGrader] = TypeAdapter(EvaluationGrader)


def grader(type_: str, **keys: Any) -> EvaluationGrader:
    return _ADAPTER.validate_python({"type": type_, "name": "g"} | keys)


def question(
    expected: str | None = None,
    *,
    asked: str = "What is it?",
    item: dict[str, Any] | None = None,
    calls: Sequence[tuple[str, str]] = (),
) -> Question:
    return Question(
        index=0,
        line=1,
        messages=({"role": "user", "content": asked},),
        system=None,
        tools=(),
        expected=expected,
        expected_calls=tuple(ToolCall(name, arguments) for name, arguments in calls),
        item=item or {},
        slices={},
    )


def answer(text: str | None, *, calls: Sequence[tuple[str, str]] = (), failed: str | None = None) -> Answer:
    return Answer(
        question="0" * 64,
        text=text,
        tool_calls=tuple(AnsweredCall(name=name, arguments=arguments) for name, arguments in calls),
        failed=failed,
    )


def given(
    which: EvaluationGrader,
    said: str | None,
    expected: str | None = None,
    *,
    item: dict[str, Any] | None = None,
    judging: Judging | None = None,
    folder: Path | None = None,
) -> Graded:
    """What a grader gives to an answer in words."""
    return graded(which, question(expected, item=item), answer(said), judging, folder)


@dataclass
class Judged:
    """A judge that answers what it was told to, in turn, and keeps what it was asked."""

    replies: list[str]
    asked: list[tuple[str, list[JudgeMessage]]] = field(default_factory=list)
    manners: list[tuple[float | None, int | None, int | None]] = field(default_factory=list)

    def ask(
        self,
        deployment: str,
        messages: Sequence[JudgeMessage],
        *,
        temperature: float | None,
        seed: int | None,
        max_tokens: int | None,
    ) -> str:
        self.asked.append((deployment, list(messages)))
        self.manners.append((temperature, seed, max_tokens))
        return self.replies[len(self.asked) - 1]
