"""What Azure, or the target environment, would refuse of a promotion, before anything is written. Pure.

That a tuned model is served across accounts, regions and subscriptions of one tenant, that the target's region must
support fine-tuning, and that another tenant takes ``sourceAccount`` and an auxiliary token: MicrosoftDocs
azure-ai-docs, openai/how-to/fine-tuning-deploy.md, 2026-02. Ten tuned deployments per account: its quotas-limits page,
2026-03. A Developer deployment is removed after 24 hours, without promise of availability: its page on deployment
types.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from contract import catalog
from contract.naming import deployment_name
from contract.outputs import AccountOutput, ModelOutput, StackOutputs
from contract.release import ReleaseRecord, Sku

DEVELOPER = "DeveloperTier"


@dataclass(frozen=True)
class Promotion:
    """A record as it is to stand in ``stack``, whose outputs these are; ``file``: the stack file, for people."""

    model: str
    record: ReleaseRecord
    stack: str
    file: str
    outputs: StackOutputs


def promotion_faults(promotion: Promotion, on: date) -> list[str]:
    """All of them, in words; ``on`` is the day by which the catalog's dates count."""
    output = promotion.outputs.models.get(promotion.model)
    if output is None:
        declared = ", ".join(sorted(promotion.outputs.models)) or "none"
        words = f"{promotion.stack} declares no model {promotion.model} (declared: {declared})"
        return [f"{words}: write it under tuned-models:models in {promotion.file}, and bring {promotion.stack} up"]
    return [
        *_environment_faults(promotion, output),
        *_account_faults(promotion, output, on),
    ]


def _environment_faults(promotion: Promotion, output: ModelOutput) -> Iterator[str]:
    environment, record = promotion.outputs.environment, promotion.record
    skus = {"candidate": output.skus.candidate, "live": output.skus.live}
    for role, sku in skus.items():
        if environment.production and sku.name == DEVELOPER:
            yield (
                f"{promotion.stack} is a production environment, and models.{promotion.model}.skus.{role} is "
                f"{DEVELOPER}: such a deployment is gone after 24 hours; take another SKU"
            )
    if environment.residency is not None and record.training_type != "Standard":
        where = "region" if environment.residency == "region" else "data zone"
        yield (
            f"{promotion.stack} demands that data stays in its {where}, and {record.training_type} training, by which "
            "this model was made, may have sent it elsewhere: train it with trainingType: Standard"
        )


def _account_faults(promotion: Promotion, output: ModelOutput, on: date) -> Iterator[str]:
    record = promotion.record
    for key in output.served_in:
        account = promotion.outputs.accounts.get(key)
        if account is None:
            yield f"the outputs of {promotion.stack} have no account {key}, in which it is to be served"
            continue
        texts = [text for sku in _skus(output) for text in _refused(record, sku, account, on)]
        if record.source is not None or record.trained_in != key:
            texts += catalog.crossing_faults(record.model_id, account.location)
        yield from (f"in account {key} of {promotion.stack}: {text}" for text in dict.fromkeys(texts))
        yield from _room(promotion, output, key, account)


def _skus(output: ModelOutput) -> list[Sku]:
    """On which it is deployed, now and once it is live."""
    each = (output.skus.candidate, output.skus.live, output.skus.spillover)
    return [sku for sku in each if sku is not None]


def _refused(record: ReleaseRecord, sku: Sku, account: AccountOutput, on: date) -> list[str]:
    return catalog.tuned_deployment_faults(
        record.model_id, sku.name, capacity=sku.capacity, on=on, location=account.location, kind=account.kind
    )


def _room(promotion: Promotion, output: ModelOutput, key: str, account: AccountOutput) -> Iterator[str]:
    """An up creates before it deletes: a candidate that is displaced still stands meanwhile."""
    name = deployment_name(promotion.model, promotion.record.model_id, output.skus.candidate.name)
    standing = [each for each, deployment in account.deployments.items() if deployment.tuned]
    limit = account.limits.tuned_deployments
    if name not in standing and len(standing) + 1 > limit:
        yield (
            f"account {key} of {promotion.stack} has {len(standing)} tuned deployments, and Azure allows {limit}: "
            "lower keepPrevious or withdraw a candidate, and bring it up, before this one comes"
        )
