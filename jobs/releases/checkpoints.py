"""A run's model at an earlier step, as a record of its own: all but the model's ID is as the run made it. Pure."""

from __future__ import annotations

from contract.release import ReleaseRecord, Releases
from jobs.ports import Checkpoint


def run_to_choose_from(releases: Releases) -> ReleaseRecord | None:
    """A record of the run whose checkpoints are meant: the candidate's, else that of the model trained last."""
    if releases.candidate is not None:
        return releases.candidate
    return max(releases.records(), key=lambda record: record.trained_at, default=None)


def checkpoint_record(
    releases: Releases, record: ReleaseRecord, checkpoint: Checkpoint, *, last: bool
) -> ReleaseRecord:
    """The record of ``checkpoint``, one of the run of ``record``; ``last``: whether it is the model itself.

    One that is recorded already is that one.
    """
    of_run = [each for each in releases.records() if each.job_id == record.job_id]
    model_id, identity = checkpoint.model_id, checkpoint.id
    whole = next((each for each in of_run if each.checkpoint is None), None)
    known = next((each for each in of_run if each.model_id == model_id), whole if last else None)
    if known is not None:
        return known.model_copy(update=dict.fromkeys(("withdrawal", "override")))
    # Nothing that was said of one state of the model is said of another.
    own = dict.fromkeys(("evaluation", "override", "served_with", "withdrawal"))
    return record.model_copy(update={**own, "model_id": model_id, "checkpoint": identity})
