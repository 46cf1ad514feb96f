"""The wire form of graders: validated, and run on one answer. Form: OpenAI's client, types/fine_tuning/alpha."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.cloud import Cloud
from simulator.openai import errors, gate
from simulator.openai.graders import scores, shape

_ERRORS = (
    "formula_parse_error",
    "invalid_variable_error",
    "model_grader_parse_error",
    "model_grader_refusal_error",
    "model_grader_server_error",
    "other_error",
    "python_grader_runtime_error",
    "python_grader_server_error",
    "sample_parse_error",
    "truncated_observation_error",
    "unresponsive_reward_error",
)


async def validate(request: Request) -> Response:
    """POST fine_tuning/alpha/graders/validate: the grader, as it was sent, where nothing is wrong with it."""
    _, grader = await _sent(request, gate.VALIDATE_GRADER)
    return JSONResponse({"grader": grader})


async def run(request: Request) -> Response:
    """POST fine_tuning/alpha/graders/run; 501 for graders that need what isn't here."""
    body, grader = await _sent(request, gate.RUN_GRADER)
    answer = body.get("model_sample")
    if not isinstance(answer, str):
        raise errors.field_missing("model_sample")
    try:
        found = await asyncio.to_thread(scores.graded, grader, answer, body.get("item") or {})
    except scores.NotHere as problem:
        raise errors.grader_not_simulated(str(problem)) from problem
    told: dict[str, Any] = {name: name == found.problem for name in _ERRORS}
    told |= {
        "model_grader_server_error_details": None,
        "python_grader_runtime_error_details": None,
        "python_grader_server_error_type": None,
    }
    return JSONResponse(
        {
            "reward": found.reward,
            "metadata": {
                "name": grader["name"],
                "type": grader["type"],
                "errors": told,
                "execution_time": 0.0,
                "scores": dict(found.scores),
                "token_usage": None,
                "sampled_model_name": None,
            },
            "sub_rewards": dict(found.scores),
            "model_grader_token_usage_per_model": {},
        }
    )


async def _sent(request: Request, operation: gate.Operation) -> tuple[dict[str, Any], dict[str, Any]]:
    """The body and its grader, which is well-formed."""
    cloud: Cloud = request.app.state.cloud
    gate.enter(cloud, request, operation)
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise errors.grader_body_not_bindable()
    grader = body.get("grader")
    if grader is None:
        raise errors.field_missing("grader")
    for fault in shape.faults(grader):
        raise errors.invalid_grader(fault)
    return body, grader
