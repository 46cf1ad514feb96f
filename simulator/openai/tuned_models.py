"""The models that came out of jobs, found by the names they are deployed by. No HTTP here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from simulator.openai.bases import Base, Method, base_by_id
from simulator.openai.models import Job
from simulator.openai.timeline import checkpoints, settle

if TYPE_CHECKING:
    from simulator.cloud import Cloud

_CHECKPOINT = re.compile(r"^(?P<model>.+):ckpt-step-(?P<step>\d+)$")


@dataclass(frozen=True)
class TunedModel:
    """A model that came out of a job, or a checkpoint of one (`step` is set).

    account_id is the ARM ID, in lower case, of the account it was trained in.
    """

    id: str
    account_id: str
    base: Base
    succeeded_at: datetime
    job_id: str
    method: Method
    step: int | None = None
    suffix: str | None = None


def tuned_model(cloud: Cloud, model_id: str) -> TunedModel | None:
    """The tuned model or deployable checkpoint of that ID in any account, or None while there is none."""
    settle(cloud)
    wanted = model_id.lower()
    checkpoint = _CHECKPOINT.match(wanted)
    for job in cloud.state.openai.jobs.values():
        base = base_by_id(job.base)
        if base is None:
            continue
        if job.status == "succeeded" and job.tuned_id.lower() == wanted:
            return _tuned(job, base, job.tuned_id, job.history[-1].at)
        if checkpoint is not None and job.checkpoint_id(int(checkpoint["step"])).lower() == wanted:
            step = int(checkpoint["step"])
            for found in checkpoints(job, cloud.clock.now().timestamp()):
                if found.step == step:
                    return _tuned(job, base, job.checkpoint_id(step), found.at, step)
    return None


def tuned_models_of(cloud: Cloud, account: str) -> list[TunedModel]:
    """The tuned models of one account, oldest first, checkpoints left out."""
    settle(cloud)
    jobs = (j for j in cloud.state.openai.jobs.values() if j.account == account and j.status == "succeeded")
    return [found for job in jobs if (found := tuned_model(cloud, job.tuned_id)) is not None]


def _tuned(job: Job, base: Base, model_id: str, at: float, step: int | None = None) -> TunedModel:
    return TunedModel(
        model_id, job.account, base, datetime.fromtimestamp(at, UTC), job.id, job.method, step, job.suffix
    )
