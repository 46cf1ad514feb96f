"""What an evaluation changes in a model's records: the candidate's evaluation, and the holdout that it was by. Pure."""

from __future__ import annotations

from contract.evaluation import Evaluation
from contract.release import ReleaseRecord, Releases
from jobs.errors import Refused
from jobs.releases.pointers import Decided


def record_evaluation(releases: Releases, evaluation: Evaluation) -> Decided:
    """The candidate with its evaluation. Where the same was found before, nothing changes.

    What people preferred stays as long as the answers are those that they saw. Raises Refused where another model is
    the candidate by now.
    """
    candidate = releases.candidate
    if candidate is None or candidate.model_id != evaluation.model_id:
        now = f"{candidate.model_id} is" if candidate is not None else "there is none"
        raise Refused(f"{evaluation.model_id} was evaluated, and is the candidate no more: {now}")
    evaluated = _with(candidate, evaluation)
    if evaluated == candidate:
        return Decided(releases, False, "that is recorded already")
    return Decided(releases.model_copy(update={"candidate": evaluated}), True, _words(candidate, evaluation))


def _with(record: ReleaseRecord, evaluation: Evaluation) -> ReleaseRecord:
    former = record.evaluation
    if former is not None and former.answers == evaluation.answers and evaluation.preferences is None:
        evaluation = evaluation.model_copy(update={"preferences": former.preferences})
    if former is not None and _found(former) == _found(evaluation):
        evaluation = former
    digests = record.digests.model_copy(update={"holdout": evaluation.holdout})
    return record.model_copy(update={"evaluation": evaluation, "digests": digests})


def _found(evaluation: Evaluation) -> Evaluation:
    """All but when, and by whom."""
    return evaluation.model_copy(update={"at": "", "by": ""})


def _words(candidate: ReleaseRecord, evaluation: Evaluation) -> str:
    said = f"the evaluation of {candidate.model_id} is recorded"
    if candidate.digests.holdout not in (None, evaluation.holdout):
        said += f", by a newer holdout ({evaluation.holdout[:8]}…) than the one it was trained beside"
    return said
