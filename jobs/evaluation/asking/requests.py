"""What is sent for one question, and the digest by which its answer is kept. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from contract.evaluation_spec import Asking
from jobs.chat_ports import ChatRequest
from jobs.errors import Refused
from jobs.evaluation.question import Contender, Prompt, Question
from jobs.evaluation.questions import text_of

CONTEXT = "Context:"
"""What stands above retrieved context, a blank line below the system message; docs/evaluation.md says so."""
CHARACTERS = 4
"""Of one token, about: the service estimates by characters too (quota.md, 2026-05)."""


def request_of(contender: Contender, question: Question, asking: Asking) -> ChatRequest:
    """The contender's system message, else the example's own; few-shot examples; the messages; the tools.

    Raises Refused where the contender has contexts, and none for this question.
    """
    system = _system(contender.prompt, question)
    first: tuple[Mapping[str, Any], ...] = ({"role": "system", "content": system},) if system else ()
    return ChatRequest(
        deployment=contender.deployment,
        messages=(*first, *contender.prompt.examples, *question.messages),
        tools=question.tools,
        temperature=asking.temperature,
        seed=asking.seed,
        max_tokens=asking.max_tokens,
        response_format=contender.prompt.response_format,
        parallel_tool_calls=question.parallel_tool_calls,
    )


def answer_key(model_id: str, request: ChatRequest) -> str:
    """The digest of all that decides an answer: the model, and everything that is sent to it. Under which name it is
    deployed does not: what a model has answered counts wherever it is served."""
    sent = {
        "model": model_id,
        "messages": request.messages,
        "tools": request.tools,
        "temperature": request.temperature,
        "seed": request.seed,
        "max_tokens": request.max_tokens,
        "response_format": request.response_format,
        "parallel_tool_calls": request.parallel_tool_calls,
    }
    written = json.dumps(sent, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(written.encode("ascii")).hexdigest()


def estimated_tokens(request: ChatRequest) -> int:
    """Of the prompt, as the service's rate limit will about count them before it answers."""
    characters = sum(len(text_of(message) or "") for message in request.messages)
    if request.tools:
        characters += len(json.dumps(request.tools))
    return -(-characters // CHARACTERS)


def _system(prompt: Prompt, question: Question) -> str | None:
    own = question.system if prompt.system is None else prompt.system
    context = _context(prompt, question)
    if context is None:
        return own
    return f"{own}\n\n{CONTEXT}\n{context}" if own else f"{CONTEXT}\n{context}"


def _context(prompt: Prompt, question: Question) -> str | None:
    if len(prompt.contexts) < 2:
        return prompt.contexts[0] if prompt.contexts else None
    if question.index >= len(prompt.contexts):
        raise Refused(
            f"there are {len(prompt.contexts)} contexts, and none for this line: one for all, or one each",
            line=question.line,
        )
    return prompt.contexts[question.index]
