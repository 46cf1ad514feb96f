"""The release record of a run that has succeeded. Pure."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from contract.release import Cost, Hyperparameters, ReleaseRecord
from jobs.errors import RunFailed
from jobs.ports import EchoedHyperparameters, Job
from jobs.tuning.journals.journal import Intent


def release_record(run_key: str, intent: Intent, job: Job, *, now: datetime, cost: Cost | None = None) -> ReleaseRecord:
    """Everything that made the model of ``job``, which is the run of that key.

    cost             of the training, as far as it is known
    now              stands in for a moment of finishing that the service does not tell
    """
    if job.fine_tuned_model is None:
        raise RunFailed(
            "the run succeeded, but the service names no tuned model", run=job.id, request_id=job.request_id
        )
    return ReleaseRecord(
        model_id=job.fine_tuned_model,
        parent_model_id=intent.parent_model_id,
        job_id=job.id,
        run_key=run_key,
        method=intent.method,
        training_type=intent.training_type,
        seed=intent.seed if job.seed is None else job.seed,
        hyperparameters=_told(job.hyperparameters),
        digests=intent.digests,
        system_message=intent.system_message,
        trained_tokens=job.trained_tokens,
        cost=cost or Cost(),
        trained_at=timestamp(job.finished_at or now),
        trained_in=intent.account,
    )


def timestamp(moment: datetime) -> str:
    """As records write moments: ``2026-11-20T09:00:00Z``."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _told(echoed: EchoedHyperparameters) -> Hyperparameters:
    return Hyperparameters(**asdict(echoed))
