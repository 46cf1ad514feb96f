"""A plan, put together from what is asked for, what the files hold, and what the subscription answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contract import catalog
from contract.catalog.prices import Prices, table
from contract.hosting import hosting_sum
from contract.outputs import StackOutputs
from jobs.doctor import quota
from jobs.doctor.finding import Finding, State
from jobs.planning.break_even import break_even
from jobs.planning.budgets import budgets
from jobs.planning.compatibility import Asked, compatibility
from jobs.planning.evaluation import evaluation
from jobs.planning.hosting import of_open_weights, others_cost, stages
from jobs.planning.plan import FileFigures, Plan, Severity, Statement
from jobs.planning.subscription import Subscription
from jobs.planning.training import token_limit, training
from jobs.tuning.files.sending import LARGEST
from jobs.tuning.files.upload import file_name
from jobs.tuning.recording import timestamp
from jobs.tuning.run import Run

_SEVERITIES: dict[State, Severity] = {
    State.OK: "note",
    State.WARN: "warning",
    State.BLOCKER: "refused",
    State.UNCHECKED: "unchecked",
}


@dataclass(frozen=True)
class Wanted:
    """A run, the stack it is for, and its datasets, the training file first."""

    run: Run
    stack: str
    outputs: StackOutputs
    files: Sequence[FileFigures]

    def file(self, use: str) -> FileFigures | None:
        return next((each for each in self.files if each.use == use), None)


def day(outputs: StackOutputs, now: datetime) -> date:
    """The day by which the catalog's dates count."""
    return date.fromisoformat(outputs.environment.as_of) if outputs.environment.as_of else now.date()


def make_plan(wanted: Wanted, subscription: Subscription, now: datetime) -> Plan:
    """The plan. Whether it refuses is for its reader to say."""
    run, outputs = wanted.run, wanted.outputs
    prices, on = Prices(outputs.environment.prices), day(outputs, now)
    output = outputs.models[run.model]
    account = outputs.accounts[output.train_in]
    train = wanted.files[0]
    trained = training(run.spec, run.parent_model_id, train, prices, account.location)
    hosted = stages(output, prices)
    others = hosting_sum(others_cost(run.model, outputs, prices))
    held, refusals = budgets(run.model, outputs, trained, hosted, others)
    asked = Asked(run.spec, run.parent_model_id, run.model, outputs, on)
    return Plan(
        made_at=timestamp(now),
        stack=wanted.stack,
        model=run.model,
        run_key=run.key,
        parent_model_id=run.parent_model_id,
        method=run.spec.method,
        training_type=run.spec.training_type,
        account=output.train_in,
        location=account.location,
        kind=account.kind,
        on=on,
        catalog_as_of=catalog.load().as_of,
        prices_as_of=table().as_of,
        files=tuple(wanted.files),
        training=trained,
        hosting=hosted,
        evaluation=evaluation(run.parent_model_id, wanted.file("holdout"), output.skus.candidate, prices),
        break_even=break_even(run.spec, run.parent_model_id, train, prices, training=trained.cost, live=hosted[-1]),
        budgets=held,
        statements=(
            *refusals,
            *token_limit(trained),
            *of_open_weights(run.parent_model_id, output, outputs.environment.prices),
            *_too_large(wanted),
            *compatibility(asked, subscription),
            *_quota(asked, subscription),
            *_room(wanted, output.train_in, subscription),
        ),
    )


def _too_large(wanted: Wanted) -> Iterator[Statement]:
    for file in wanted.files:
        if file.use != "holdout" and file.size > LARGEST:
            said = f"the {file.use} file has {file.size:,} bytes, and the service takes files of up to {LARGEST:,}"
            yield Statement(severity="refused", topic="size", words=said)


def _quota(asked: Asked, subscription: Subscription) -> Iterator[Statement]:
    for location in sorted({account.location for account in asked.served_in().values()}):
        answer = subscription.usages_in(location)
        if answer.found is None:
            yield Statement(severity="unchecked", topic="quota", words=answer.why_not, mend=answer.mend)
            continue
        for finding in quota.capacity_of(asked.model, asked.output, location, answer.found, asked.parent):
            yield _stated(finding)


def _room(wanted: Wanted, account: str, subscription: Subscription) -> Iterator[Statement]:
    if subscription.files.found is None or subscription.jobs.found is None:
        asked = subscription.files if subscription.files.found is None else subscription.jobs
        yield Statement(severity="unchecked", topic="limits", words=asked.why_not, mend=asked.mend)
        return
    there = {file.filename for file in subscription.files.found}
    new = [file for file in wanted.files if file.use != "holdout" and file_name(file.sha256) not in there]
    yield _stated(
        quota.room(
            account,
            subscription.files.found,
            subscription.jobs.found,
            new_files=len(new),
            new_bytes=sum(file.size for file in new),
        )
    )


def _stated(finding: Finding) -> Statement:
    return Statement(severity=_SEVERITIES[finding.state], topic=finding.what, words=finding.words, mend=finding.mend)
