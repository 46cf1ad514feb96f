"""What a change of a model's pointers says in a log: what became of which model, and where that came from. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from contract.release import ReleaseRecord, Releases


def message(stack: str, model: str, before: Releases, after: Releases) -> str:
    """Of a commit: a line, and below it everything that made the model that was moved."""
    done, record = _done(before, after)
    lines = [f"{model}: {done} ({stack})"]
    if record is not None:
        lines += ["", *_facts(record)]
    return "\n".join(lines) + "\n"


def _done(before: Releases, after: Releases) -> tuple[str, ReleaseRecord | None]:
    """What was done, and to which record."""
    if after.live is not None and (before.live is None or before.live.model_id != after.live.model_id):
        return f"release run {_short(after.live)}", after.live
    candidate = after.candidate
    if candidate is not None and (before.candidate is None or before.candidate.model_id != candidate.model_id):
        return f"record run {_short(candidate)} as candidate", candidate
    former = {each.model_id for each in before.previous}
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
    yield f"Account: {record.trained_in}"
    yield from (f"SHA-256 of {name}: {digest}" for name, digest in digests.items() if digest is not None)
    if record.trained_tokens is not None:
        yield f"Trained tokens: {record.trained_tokens:,}"
    yield f"Cost: {_usd(record.cost.actual)}, estimated {_usd(record.cost.estimated)}"
    if record.withdrawal is not None:
        withdrawal = record.withdrawal
        yield f"{withdrawal.kind.capitalize()} by {_line(withdrawal.by)}: {_line(withdrawal.reason)}"


def _usd(amount: float | None) -> str:
    return "not known" if amount is None else f"{amount:,.2f} USD"


def _line(text: str) -> str:
    return " ".join(text.split())
