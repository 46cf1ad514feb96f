"""How well the candidate's training ended, by the curve of its run."""

from __future__ import annotations

from functools import partial

from contract.release import ReleaseRecord
from jobs.cli.runs.run_curve import curve_of
from jobs.cli.runs.stack_runs import stack_runs
from jobs.cli.training.stack_model import StackModel
from jobs.errors import CloudFailed
from jobs.evaluation.scorecard import Overfitting
from jobs.tuning.curves.overfitting import fit_of


def overfitting_of(of: StackModel, record: ReleaseRecord) -> Overfitting | None:
    """None where it is not known, which is said: the run may be another stack's, or too old to be told of."""
    account = of.outputs.accounts.get(record.trained_in) if record.source is None else None
    if account is None:
        of.say(f"the curve of {record.job_id} is not known here: another stack's account has it")
        return None
    service = of.around.fine_tuning(of.outputs, account)
    known = stack_runs(of.asked, of.around)
    try:
        job = known.asking(partial(service.job, record.job_id))
        fit = fit_of(curve_of(job, service, known))
    except CloudFailed as error:
        of.say(f"the curve of {record.job_id} is not known: {error.in_a_line}")
        return None
    if fit is None:
        of.say(f"{record.job_id} has told of no validation: whether it was trained for too long is not known")
        return None
    # Of a checkpoint that was chosen nothing earlier is wanted unless it is better than that.
    earlier = fit.earlier if fit.earlier is not None and fit.earlier.model_id != record.model_id else None
    return Overfitting(
        best_step=fit.best_step,
        last_step=fit.last_step,
        measure=fit.measure,
        best=fit.best,
        last=fit.last,
        gap=fit.gap,
        earlier_checkpoint=earlier.model_id if earlier is not None else None,
        words=fit.words,
    )
