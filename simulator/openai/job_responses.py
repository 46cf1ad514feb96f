"""The wire form of fine-tuning jobs, their events and checkpoints.

Azure's deviations from OpenAI's form (BerriAI/litellm#24687, #24388; MicrosoftDocs azure-ai-docs, fine-tuning-rest.md):
`trainingType` echoed in camel case; `organization_id` null, and `result_files` null until there are any; statuses
`pending`, `pausing`, `paused`, `resuming`; hyperparameters left to the service echoed as -1 until they are chosen.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.cloud import Cloud
from simulator.openai import files, gate, job_requests, learned, paging, progress, tuning
from simulator.openai.file_responses import poll_hints
from simulator.openai.models import TERMINAL, Job
from simulator.openai.timeline import estimated_finish, steps_done, trained_tokens, until_change


async def create(request: Request) -> Response:
    """POST fine_tuning/jobs."""
    cloud: Cloud = request.app.state.cloud
    entry = gate.enter(cloud, request, gate.CREATE_JOB)
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    await learned.fitted(cloud.state.openai, files.without_results(cloud))
    asked = job_requests.bind(body)
    await learned.read(tuning.sources(cloud, entry.account, asked))
    return JSONResponse(wire(cloud, tuning.create(cloud, entry.account, asked)))


async def list_jobs(request: Request) -> Response:
    """GET fine_tuning/jobs, newest first."""
    cloud: Cloud = request.app.state.cloud
    entry = gate.enter(cloud, request, gate.LIST_JOBS)
    page = paging.asked(request, default=20, most=100)
    now, conduct = cloud.clock.now().timestamp(), cloud.faults.conduct
    jobs = reversed(tuning.jobs_of(cloud, entry.account.key))
    found = [job for job in jobs if not conduct.hidden("jobs", now - job.created_at)]
    return paging.answer([wire(cloud, job) for job in found], page)


async def get_job(request: Request) -> Response:
    """GET fine_tuning/jobs/{id}; while it changes, with a hint when to ask again."""
    cloud: Cloud = request.app.state.cloud
    job = _find(request, gate.GET_JOB)
    shown = wire(cloud, job)
    left = until_change(job, cloud.clock.now().timestamp())
    return JSONResponse(shown, headers=poll_hints(cloud, left) if left > 0 else None)


async def events(request: Request) -> Response:
    """GET fine_tuning/jobs/{id}/events, newest first."""
    cloud: Cloud = request.app.state.cloud
    job = _find(request, gate.GET_JOB)
    page = paging.asked(request, default=20, most=1_000)
    await _measured(cloud, job)
    told = reversed(progress.events(cloud.state.openai, job, cloud.clock.now().timestamp()))
    return paging.answer(
        [
            {
                "id": event.id,
                "object": "fine_tuning.job.event",
                "created_at": int(event.at),
                "level": event.level,
                "message": event.message,
                "type": "message" if event.data is None else "metrics",
                "data": event.data,
            }
            for event in told
        ],
        page,
    )


async def checkpoints(request: Request) -> Response:
    """GET fine_tuning/jobs/{id}/checkpoints, newest first."""
    cloud: Cloud = request.app.state.cloud
    job = _find(request, gate.GET_JOB)
    page = paging.asked(request, default=10, most=100)
    await _measured(cloud, job)
    found = progress.deployable(cloud.state.openai, job, cloud.clock.now().timestamp())
    return paging.answer(
        [
            {
                "id": progress.checkpoint_id(job, checkpoint.step),
                "object": "fine_tuning.job.checkpoint",
                "created_at": int(checkpoint.at),
                "step_number": checkpoint.step,
                "fine_tuned_model_checkpoint": job.checkpoint_id(checkpoint.step),
                "fine_tuning_job_id": job.id,
                "metrics": metrics,
            }
            for checkpoint, metrics in found
        ],
        page,
    )


async def cancel(request: Request) -> Response:
    return _change(request, tuning.cancel)


async def pause(request: Request) -> Response:
    return _change(request, tuning.pause)


async def resume(request: Request) -> Response:
    return _change(request, tuning.resume)


def wire(cloud: Cloud, job: Job) -> dict[str, Any]:
    now = cloud.clock.now().timestamp()
    done = job.status == "succeeded"
    finish = estimated_finish(job, now)
    hyperparameters = _hyperparameters(job)
    conduct = cloud.faults.conduct
    shown = {
        "id": job.id,
        "object": "fine_tuning.job",
        "created_at": int(job.created_at),
        "finished_at": None if job.finished_at is None else int(job.finished_at),
        "model": job.model,
        "fine_tuned_model": job.tuned_id if done else None,
        "status": conduct.status(job.status, now - job.history[-1].at),
        "training_file": job.training_file,
        "validation_file": job.validation_file,
        # By rewards hours are billed, and no tokens; that the field stays empty then is memory.
        "trained_tokens": trained_tokens(job) if done else None,
        "organization_id": None,
        "result_files": [files.results_id(job)] if done else None,
        "hyperparameters": hyperparameters,
        "method": {"type": job.method, job.method: job.method_body | {"hyperparameters": hyperparameters}},
        "trainingType": job.training_type,
        "suffix": job.suffix,
        "seed": job.seed,
        "error": job.error.model_dump() if job.error is not None else None,
        "estimated_finish": None if finish is None else int(finish),
        "integrations": None,
        "metadata": job.metadata,
    }
    return conduct.told("job", shown)


def _hyperparameters(job: Job) -> dict[str, Any]:
    chosen = job.hyperparameters
    running = {
        "n_epochs": chosen.n_epochs,
        "batch_size": chosen.batch_size,
        "learning_rate_multiplier": chosen.learning_rate_multiplier,
        **chosen.more,
    }
    if any(transition.status == "running" for transition in job.history):
        return running
    asked = {name: value for name, value in chosen.asked.items() if value not in (None, "auto")}
    return {name: -1 for name, value in running.items() if not isinstance(value, str)} | asked


def _change(request: Request, change: Callable[[Cloud, Job], None]) -> Response:
    cloud: Cloud = request.app.state.cloud
    job = _find(request, gate.CHANGE_JOB)
    change(cloud, job)
    hints = None if job.status in TERMINAL else poll_hints(cloud, 1.0)
    return JSONResponse(wire(cloud, job), headers=hints)


async def _measured(cloud: Cloud, job: Job) -> None:
    if steps_done(job, cloud.clock.now().timestamp()):
        await learned.fitted(cloud.state.openai, [job])


def _find(request: Request, operation: gate.Operation) -> Job:
    cloud: Cloud = request.app.state.cloud
    entry = gate.enter(cloud, request, operation)
    return tuning.find_job(cloud, entry.account.key, request.path_params["job_id"])
