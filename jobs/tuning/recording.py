"""The release record of a run that has succeeded. Pure."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from contract.release import Cost, Digests, Hyperparameters, ReleaseRecord
from jobs.errors import RunFailed
from jobs.ports import EchoedHyperparameters, Job
from jobs.tuning.run import Run
from jobs.tuning.run_key import run_key


def release_record(
    run: Run, job: Job, *, system_message: str | None, trained_in: str, now: datetime, cost: Cost | None = None
) -> ReleaseRecord:
    """Everything that made the model of ``job``.

    system_message   what all training examples share, else None
    trained_in       the account's name in the stack
    cost             of the training, as far as it is known
    now              stands in for a moment of finishing that the service does not tell

    The key and the parent are the job's own: an adopted run may have had another parent than a new one would have.
    """
    if job.fine_tuned_model is None:
        raise RunFailed(
            "the run succeeded, but the service names no tuned model", run=job.id, request_id=job.request_id
        )
    own = job.suffix == run.suffix or not job.model
    parent = run.parent_model_id if own else job.model
    return ReleaseRecord(
        model_id=job.fine_tuned_model,
        parent_model_id=parent,
        job_id=job.id,
        run_key=run_key(run.model, parent, run.spec, run.digests),
        method=run.spec.method,
        training_type=run.spec.training_type,
        seed=run.spec.seed if job.seed is None else job.seed,
        hyperparameters=_told(job.hyperparameters),
        digests=Digests(
            train=run.digests.train,
            validation=run.digests.validation,
            holdout=run.digests.holdout,
            tune_yaml=run.tune_yaml_digest,
        ),
        system_message=system_message,
        trained_tokens=job.trained_tokens,
        cost=cost or Cost(),
        trained_at=timestamp(job.finished_at or now),
        trained_in=trained_in,
    )


def timestamp(moment: datetime) -> str:
    """As records write moments: ``2026-11-20T09:00:00Z``."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _told(echoed: EchoedHyperparameters) -> Hyperparameters:
    return Hyperparameters(**asdict(echoed))
