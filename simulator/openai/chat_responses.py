"""The wire form of chat completions, whole or streamed, with what Azure adds to OpenAI's: content filter results."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from simulator.cloud import Cloud
from simulator.openai import chat_errors, gate
from simulator.openai.chat import Choice, Completion, complete

_SAFE = {"filtered": False, "severity": "safe"}
_RESULTS: dict[str, Any] = {"hate": _SAFE, "self_harm": _SAFE, "sexual": _SAFE, "violence": _SAFE}
_PROMPT_RESULTS: list[dict[str, Any]] = [
    {"prompt_index": 0, "content_filter_results": _RESULTS | {"jailbreak": {"filtered": False, "detected": False}}}
]
_PIECE = 24
"""Characters in one chunk of a stream."""


async def completions(request: Request) -> Response:
    """POST chat/completions; `model` is the deployment's name."""
    cloud: Cloud = request.app.state.cloud
    entry = gate.enter(cloud, request, gate.CHAT)
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise chat_errors.body_not_json()
    completion = await complete(cloud, entry.account, body)
    headers = dict(completion.rate_headers)
    if body.get("stream"):
        usage = bool((body.get("stream_options") or {}).get("include_usage"))
        return StreamingResponse(_chunks(completion, usage=usage), media_type="text/event-stream", headers=headers)
    return JSONResponse(_whole(completion), headers=headers)


def _whole(completion: Completion) -> dict[str, Any]:
    return _frame(completion, "chat.completion") | {
        "choices": [
            {
                "index": index,
                "finish_reason": choice.finish_reason,
                "logprobs": None,
                "message": _message(completion, choice, index),
                "content_filter_results": _RESULTS,
            }
            for index, choice in enumerate(completion.choices)
        ],
        "prompt_filter_results": _PROMPT_RESULTS,
        "usage": _usage(completion),
    }


async def _chunks(completion: Completion, *, usage: bool) -> AsyncIterator[str]:
    frame = _frame(completion, "chat.completion.chunk")
    # Azure's first chunk is about the prompt alone (memory).
    blank = {"choices": [], "created": 0, "id": "", "model": "", "object": ""}
    yield _event(blank | {"prompt_filter_results": _PROMPT_RESULTS})
    for index, choice in enumerate(completion.choices):
        for delta in _deltas(completion, choice, index):
            yield _event(frame | {"choices": [_streamed(index, delta, None)]})
        yield _event(frame | {"choices": [_streamed(index, {}, choice.finish_reason)]})
    if usage:
        yield _event(frame | {"choices": [], "usage": _usage(completion)})
    yield "data: [DONE]\n\n"


def _deltas(completion: Completion, choice: Choice, index: int) -> list[dict[str, Any]]:
    first: dict[str, Any] = {"role": "assistant", "content": None if choice.tool_calls else "", "refusal": None}
    pieces = [choice.text[at : at + _PIECE] for at in range(0, len(choice.text), _PIECE)]
    calls = [{"tool_calls": [{"index": at} | call]} for at, call in enumerate(_calls(completion, choice, index))]
    return [first, *({"content": piece} for piece in pieces), *calls]


def _streamed(index: int, delta: dict[str, Any], finish_reason: str | None) -> dict[str, Any]:
    return {
        "index": index,
        "delta": delta,
        "finish_reason": finish_reason,
        "logprobs": None,
        "content_filter_results": _RESULTS if "content" in delta else {},
    }


def _message(completion: Completion, choice: Choice, index: int) -> dict[str, Any]:
    message: dict[str, Any] = {
        "role": "assistant",
        "content": None if choice.tool_calls and not choice.text else choice.text,
        "refusal": None,
        "annotations": [],
    }
    if choice.tool_calls:
        message["tool_calls"] = _calls(completion, choice, index)
    return message


def _calls(completion: Completion, choice: Choice, index: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"call_{completion.id[-20:]}{index:02d}{at:02d}",
            "type": "function",
            "function": {"name": call.name, "arguments": call.arguments},
        }
        for at, call in enumerate(choice.tool_calls)
    ]


def _frame(completion: Completion, kind: str) -> dict[str, Any]:
    return {
        "id": completion.id,
        "object": kind,
        "created": completion.created,
        "model": completion.model,
        "system_fingerprint": completion.fingerprint,
    }


def _usage(completion: Completion) -> dict[str, Any]:
    """Token counts: see learning/tokens.py."""
    return {
        "prompt_tokens": completion.prompt_tokens,
        "completion_tokens": completion.completion_tokens,
        "total_tokens": completion.prompt_tokens + completion.completion_tokens,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _event(value: dict[str, Any]) -> str:
    return f"data: {json.dumps(value, separators=(',', ':'), ensure_ascii=False)}\n\n"
