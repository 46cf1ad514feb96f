"""What a change of a model's pointers says in a log: what became of which model, and where that came from. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from contract.evaluation import VERDICTS, Evaluation
from contract.release import ReleaseRecord, Releases


def message(stack: str, model: str, before: Releases, after: Releases) -> str:
    """Of a commit: a line, and below it everything that made the model that was moved."""
    done, record = _done(before, after)
    lines = [f"{model}: {done} ({stack})"]
    if record is not None:
        lines += ["", *_facts(record)]
    if after.live is not None and before.live is not None and record is after.live is not before.live:
        left = next((each for each in after.previous if each.model_id == before.live.model_id), None)
        lines += [*_left(left)] if left is not None else []
    return "\n".join(lines) + "\n"


def _done(before: Releases, after: Releases) -> tuple[str, ReleaseRecord | None]:
    """What was done, and to which record."""
    former = {each.model_id for each in before.previous}
    live = after.live
    if live is not None and (before.live is None or before.live.model_id != live.model_id):
        back = live.model_id in former
        by = "" if live.override is None or back else ", by override"
        return f"{'roll back to' if back else 'release'} run {_short(live)}{by}", live
    if live is not None and before.live is not None and live.override != before.live.override:
        return f"override what run {_short(live)} lacks", live
    candidate = after.candidate
    if candidate is not None and (before.candidate is None or before.candidate.model_id != candidate.model_id):
        verb = "promote" if candidate.source is not None else "record"
        return f"{verb} run {_short(candidate)} as candidate", candidate
    if candidate is not None and before.candidate is not None and candidate.evaluation != before.candidate.evaluation:
        verdict = VERDICTS[candidate.evaluation.verdict] if candidate.evaluation is not None else "taken out"
        return f"evaluate run {_short(candidate)}: {verdict}", candidate
    aside = next((each for each in after.previous if each.model_id not in former), None)
    if aside is not None:
        return f"withdraw run {_short(aside)}", aside
    return "change records", None


def _short(record: ReleaseRecord) -> str:
    return record.run_key[:8]


def _facts(record: ReleaseRecord) -> Iterator[str]:
    digests = {
        "train": record.digests.train,
        "validation": record.digests.validation,
        "holdout": record.digests.holdout,
        "tune.yaml": record.digests.tune_yaml,
    }
    yield f"Model: {record.model_id}"
    yield f"Parent: {record.parent_model_id}"
    yield f"Job: {record.job_id}"
    yield f"Run key: {record.run_key}"
    yield f"Trained: {record.trained_at}, {record.method}, {record.training_type}, seed {record.seed}"
    yield f"Account: {record.source or record.trained_in}"
    yield from (f"SHA-256 of {name}: {digest}" for name, digest in digests.items() if digest is not None)
    if record.trained_tokens is not None:
        yield f"Trained tokens: {record.trained_tokens:,}"
    yield f"Cost: {_usd(record.cost.actual)}, estimated {_usd(record.cost.estimated)}"
    if record.evaluation is not None:
        yield from _evaluation(record.evaluation)
    if record.override is not None:
        yield f"Overridden by {_line(record.override.by)}: {_line(record.override.reason)}"
    if record.withdrawal is not None:
        withdrawal = record.withdrawal
        yield f"{withdrawal.words.capitalize()} by {_line(withdrawal.by)}: {_line(withdrawal.reason)}"


def _evaluation(evaluation: Evaluation) -> Iterator[str]:
    """Whether it was passed, and by how much."""
    verdict = VERDICTS[evaluation.verdict]
    grader = f"{_line(evaluation.grader)}, {evaluation.mean:.3g} over {evaluation.examples:,} examples"
    yield f"Evaluation: {verdict} by {grader}"
    for each in evaluation.against:
        difference = each.difference
        interval = f"{difference.difference:+.3g} ({difference.low:+.3g} to {difference.high:+.3g})"
        yield f"Against {_line(each.name)}: {interval}, {_line(each.model_id)}"
    yield from (f"Not passed: {_line(reason)}" for reason in evaluation.reasons)


def _left(record: ReleaseRecord) -> Iterator[str]:
    """What was live until then."""
    yield f"Until then: {record.model_id}"
    if record.withdrawal is not None:
        withdrawal = record.withdrawal
        yield f"{withdrawal.words.capitalize()} by {_line(withdrawal.by)}: {_line(withdrawal.reason)}"


def _usd(amount: float | None) -> str:
    return "not known" if amount is None else f"{amount:,.2f} USD"


def _line(text: str) -> str:
    return " ".join(text.split())
