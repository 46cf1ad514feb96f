"""Whether a model can be trained and served as it is meant to: by the catalog, corrected by the subscription.

The catalog is what pages said on a day; what the subscription says of itself goes before it, and where the two differ
that is told. That a region lists no such model, or not as tunable, is a warning only: how ARM lists models that are
trained globally, and whether it is right about open weights (microsoft/azure-skills says that it isn't), is untried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contract import catalog
from contract.catalog import BaseModelFacts
from contract.outputs import AccountOutput, ModelOutput, StackOutputs
from contract.release import Sku, TrainingType
from contract.tune_spec import TuneSpec
from jobs.doctor_ports import OfferedModel
from jobs.planning.plan import Severity, Statement
from jobs.planning.subscription import Answer, Subscription

SOON = 90
"""Days before an end that are warned of."""
_RETIRED = "deprecated"
"""ARM's word for what answers no more (MicrosoftDocs: API ``Deprecated`` is the pages' retired)."""


@dataclass(frozen=True)
class Asked:
    """What is to be trained, and where it is to be served."""

    spec: TuneSpec
    parent: str
    model: str
    outputs: StackOutputs
    on: date

    @property
    def output(self) -> ModelOutput:
        return self.outputs.models[self.model]

    @property
    def trained_in(self) -> AccountOutput:
        return self.outputs.accounts[self.output.train_in]

    def served_in(self) -> Mapping[str, AccountOutput]:
        return {key: self.outputs.accounts[key] for key in self.output.served_in if key in self.outputs.accounts}

    def skus(self) -> Mapping[str, Sku]:
        """By the key under ``skus`` that says so."""
        wanted = {"live": self.output.skus.live, "candidate": self.output.skus.candidate}
        spillover = self.output.skus.spillover
        return wanted | ({"spillover": spillover} if spillover is not None else {})


def compatibility(asked: Asked, subscription: Subscription) -> list[Statement]:
    """What cannot work, and what would; what ends soon; where catalog and subscription differ."""
    facts = catalog.find(asked.parent)
    if facts is None:
        said = (
            f"the catalog of {catalog.load().as_of} doesn't know {asked.parent}: what can be done with it isn't checked"
        )
        return [_said("unchecked", "catalog", said), *_training(asked, None), *_elsewhere(asked)]
    here = subscription.models_in(asked.trained_in.location)
    offered = _entry(here, facts, asked.trained_in.kind)
    return [
        *_training(asked, offered),
        *_elsewhere(asked),
        *_ends(asked, facts, offered),
        *(_said("warning", "catalog", f"{facts.id}: {note}") for note in facts.notes if facts.training),
        *_listed(asked, facts, here, offered),
        *_serving(asked, facts, subscription),
    ]


def _said(severity: Severity, topic: str, words: str, *mend: str) -> Statement:
    return Statement(severity=severity, topic=topic, words=words, mend=mend)


def _training(asked: Asked, offered: OfferedModel | None) -> Iterator[Statement]:
    ends = offered.training_ends if offered else None
    yield from (_said("refused", "training", fault) for fault in _faults(asked, asked.spec.training_type, ends))


def _faults(asked: Asked, training_type: TrainingType, ends: date | None = None) -> list[str]:
    account = asked.trained_in
    return catalog.training_faults(
        asked.parent,
        asked.spec.method,
        training_type,
        on=asked.on,
        location=account.location,
        kind=account.kind,
        ends=ends,
    )


def sent_elsewhere(training_type: TrainingType, residency: str | None) -> list[str]:
    """Global and Developer training may leave the region (Microsoft Learn, "Customize a model with fine-tuning")."""
    if residency is None or training_type == "Standard":
        return []
    said = f"the environment demands that data stays in its {'region' if residency == 'region' else 'data zone'}"
    return [f"{said}, and {training_type} training may send it elsewhere: write trainingType: Standard"]


def _elsewhere(asked: Asked) -> Iterator[Statement]:
    for fault in sent_elsewhere(asked.spec.training_type, asked.outputs.environment.residency):
        # What is advised may not be offered here either, and other training types are no way out.
        advised = [each for each in _faults(asked, "Standard") if each not in _faults(asked, asked.spec.training_type)]
        yield _said("refused", "training", fault, *(each.partition(", or use ")[0] for each in advised))


def _ends(asked: Asked, facts: BaseModelFacts, offered: OfferedModel | None) -> Iterator[Statement]:
    """What ends within 90 days; past ends of training and serving are faults of their own."""
    training = (offered.training_ends if offered else None) or facts.training_ends
    if training is not None and _soon(training, asked.on):
        yield _said("warning", "retirement", f"training of {facts.id} ends on {training}{_left(training, asked.on)}")
    if facts.tuned_ends is not None and not _past(facts.tuned_ends, asked.on) and not _soon(facts.tuned_ends, asked.on):
        yield _said(
            "note",
            "retirement",
            f"what is tuned from {facts.id} is served until {facts.tuned_ends}{_deprecated(facts, asked.on)}",
        )
    if facts.tuned_ends is not None and _soon(facts.tuned_ends, asked.on):
        said = f"what is tuned from {facts.id} is served until {facts.tuned_ends}{_left(facts.tuned_ends, asked.on)}"
        yield _said("warning", "retirement", said, "Choose a base that stays longer.")
    if facts.base_retires is not None and asked.on >= facts.base_retires:
        yield _said(
            "warning",
            "retirement",
            f"{facts.id} itself was retired on {facts.base_retires}: only who has tuned it before may still train it",
        )


def _deprecated(facts: BaseModelFacts, on: date) -> str:
    """Retirement schedule of 2026-10-05; whether it holds for training too, no page says."""
    deployed = facts.deprecated and not _past(facts.base_retires, on)
    return "; only subscriptions that have deployed that base before may deploy it" if deployed else ""


def _listed(
    asked: Asked, facts: BaseModelFacts, answer: Answer[Sequence[OfferedModel]], offered: OfferedModel | None
) -> Iterator[Statement]:
    """Where the subscription differs from the catalog."""
    account = asked.trained_in
    if answer.found is None:
        yield _said("unchecked", "models", answer.why_not, *answer.mend)
        return
    if offered is None:
        said = f"the subscription lists no {facts.id} for accounts of kind {account.kind} in {account.location}"
        yield _said("warning", "models", f"{said}, and the catalog does", "The service has the last word.")
        return
    if offered.fine_tune is False or (offered.fine_tune is None and facts.methods):
        said = f"the subscription doesn't list {facts.id} as tunable in {account.location}, and the catalog does"
        yield _said("warning", "models", said, "The service has the last word.")
    if (offered.lifecycle or "").lower() == _RETIRED and not _past(facts.base_retires, asked.on):
        yield _said("warning", "models", f"the subscription calls {facts.id} retired, and the catalog doesn't")
    for what, told, known in (
        ("the end of its training", offered.training_ends, facts.training_ends),
        ("the end of the base model", offered.inference_ends, facts.base_retires),
    ):
        if told is not None and told != known:
            catalogs = f"the catalog {known}" if known else "the catalog has no day"
            yield _said("note", "models", f"the subscription has {told} as {what} ({facts.id}), {catalogs}: it counts")


def _serving(asked: Asked, facts: BaseModelFacts, subscription: Subscription) -> Iterator[Statement]:
    """Whether what comes of it can be deployed as ``skus`` says, in each account."""
    told: set[str] = set()
    for key, account in asked.served_in().items():
        offered = _entry(subscription.models_in(account.location), facts, account.kind)
        for role, sku in asked.skus().items():
            where = f"models.{asked.model}.skus.{role}"
            ends = _end_of(offered, sku)
            for fault in catalog.tuned_deployment_faults(
                facts.id,
                sku.name,
                on=asked.on,
                capacity=sku.capacity,
                location=account.location,
                kind=account.kind,
                ends=ends,
            ):
                if fault not in told:
                    told.add(fault)
                    yield _said("refused", "serving", f"{where}, in account {key}: {fault}")
            if ends is not None and ends != facts.tuned_ends:
                known = f"the catalog {facts.tuned_ends}" if facts.tuned_ends else "the catalog has no day"
                said = (
                    f"the subscription has {ends} as the end of {sku.name} for what is tuned from {facts.id}, {known}"
                )
                yield _said("warning" if _soon(ends, asked.on) else "note", "serving", f"{where}: {said}: it counts")
        yield from _deployments(asked, key, account, subscription)


def _end_of(offered: OfferedModel | None, sku: Sku) -> date | None:
    """ARM lists the pools of tuned models as SKUs too, by their quota's name; None where it tells no day."""
    for each in offered.skus if offered else ():
        if each.name == sku.name and (each.usage_name or "").endswith("-finetune"):
            return each.ends
    return None


def _deployments(asked: Asked, key: str, account: AccountOutput, subscription: Subscription) -> Iterator[Statement]:
    """Whether the account has room for one more tuned deployment: an up makes it before it takes another away."""
    answer = subscription.deployments_of(key)
    if answer.found is None:
        yield _said("unchecked", "deployments", answer.why_not, *answer.mend)
        return
    standing = sum(1 for each in answer.found if each.tuned)
    most = account.limits.tuned_deployments
    said = f"account {key} serves {standing} tuned models of at most {most}, {len(answer.found)} deployments in all"
    if standing >= most or len(answer.found) >= account.limits.deployments:
        mend = f"Withdraw a candidate, or lower keepPrevious, before the up that deploys {asked.model}."
        yield _said("warning", "deployments", said, mend)
    else:
        yield _said("note", "deployments", said)


def _entry(answer: Answer[Sequence[OfferedModel]], facts: BaseModelFacts, kind: str) -> OfferedModel | None:
    for each in answer.found or ():
        if each.name == facts.name and facts.version in (each.version, None) and each.kind == kind:
            return each
    return None


def _past(day: date | None, on: date) -> bool:
    return day is not None and on >= day


def _soon(day: date, on: date) -> bool:
    return 0 < (day - on).days <= SOON


def _left(day: date, on: date) -> str:
    days = (day - on).days
    return f", in {days} day{'' if days == 1 else 's'}"
