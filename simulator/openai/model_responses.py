"""The wire form of models: the bases this account's kind serves, and what was tuned in the account.

Form: Azure/azure-rest-api-specs, AzureOpenAI 2024-10-21, Model. There `lifecycle_status` is `generally-available` or
`preview`, and `deprecation` holds moments in seconds. microsoft/azure-skills reports `fine_tune` false for open-weight
models that can be tuned; so it is here.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.arm.models import Resource
from simulator.cloud import Cloud
from simulator.openai import errors, gate
from simulator.openai.bases import BASES, Base, base_by_id
from simulator.openai.lifecycle import day_start
from simulator.openai.retirement import as_of_now
from simulator.openai.tuned_models import TunedModel, tuned_model, tuned_models_of


async def list_models(request: Request) -> Response:
    """GET models."""
    cloud: Cloud = request.app.state.cloud
    account = gate.enter(cloud, request, gate.LIST_MODELS).account
    shown = [_base(base, cloud) for base in BASES if _serves(account, base)]
    shown += [_tuned(model, cloud) for model in tuned_models_of(cloud, account.key)]
    return JSONResponse({"object": "list", "data": shown})


async def get_model(request: Request) -> Response:
    """GET models/{id}."""
    cloud: Cloud = request.app.state.cloud
    account = gate.enter(cloud, request, gate.GET_MODEL).account
    model_id = request.path_params["model_id"]
    base = base_by_id(model_id)
    if base is not None and _serves(account, base):
        return JSONResponse(_base(base, cloud))
    tuned = tuned_model(cloud, model_id)
    if tuned is None or tuned.account_id != account.key:
        raise errors.model_absent()
    return JSONResponse(_tuned(tuned, cloud))


def _serves(account: Resource, base: Base) -> bool:
    return account.body.get("kind") in base.kinds


def _base(base: Base, cloud: Cloud) -> dict[str, Any]:
    now, base = cloud.clock.now(), as_of_now(cloud, base)
    tunable = base.tunable and not base.open_weight and not base.training_over(now)
    return _frame(base, base.id, int(day_start(base.created).timestamp())) | {
        "capabilities": _capabilities(base, fine_tune=tunable, inference=not base.retired(now, tuned=False)),
        "deprecation": _deprecation(base.lifecycle.training_ends, base.lifecycle.inference_retires),
    }


def _tuned(model: TunedModel, cloud: Cloud) -> dict[str, Any]:
    now, base = cloud.clock.now(), as_of_now(cloud, model.base)
    life = base.lifecycle
    inference = not base.retired(now, tuned=True)
    further = not base.training_over(now) and model.step is None
    return _frame(model.base, model.id, int(model.succeeded_at.timestamp())) | {
        "model": model.base.id,
        "fine_tune": model.job_id,
        "capabilities": _capabilities(model.base, fine_tune=further, inference=inference),
        "deprecation": _deprecation(life.training_ends, life.tuned_ends),
    }


def _frame(base: Base, model_id: str, created: int) -> dict[str, Any]:
    return {
        "id": model_id,
        "object": "model",
        "created": created,
        "created_at": created,
        "owned_by": base.format.lower(),
        "status": "succeeded",
        "lifecycle_status": "generally-available",
    }


def _capabilities(base: Base, *, fine_tune: bool, inference: bool) -> dict[str, bool]:
    return {
        "fine_tune": fine_tune,
        "inference": inference,
        "completion": False,
        "chat_completion": base.model_id not in ("babbage-002", "davinci-002"),
        "embeddings": False,
    }


def _deprecation(training: date | None, inference: date | None) -> dict[str, int]:
    """Moments, absent ones left out."""
    ends = {"fine_tune": training, "inference": inference}
    return {name: int(day_start(day).timestamp()) for name, day in ends.items() if day is not None}
