"""Before money is spent: the plan is shown, refused where it has to be, agreed to and kept; afterwards, compared."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import typer
from pydantic import ValidationError

from contract.catalog.prices import MILLION, Price, Prices, plain, total
from contract.release import Cost
from jobs.cli.consent import consent
from jobs.errors import CloudFailed, Refused
from jobs.planning.making import Wanted, make_plan
from jobs.planning.money import rounded, words
from jobs.planning.plan import Plan, Statement
from jobs.planning.subscription import Subscription, ask
from jobs.ports import Blobs, Job
from jobs.tuning.journals.journal import Intent
from jobs.tuning.patience import ANSWERING, Patience

if TYPE_CHECKING:
    from contract.outputs import StackOutputs
    from jobs.cli.surroundings import Surroundings
    from jobs.ports import FineTuning

_WIDE = 140


def planned(wanted: Sequence[Wanted], around: Surroundings, service: FineTuning | None) -> tuple[Plan, ...]:
    """The plans of runs of one model, corrected by what the subscription answers; without a service by nothing."""
    outputs = wanted[0].outputs
    model = outputs.models[wanted[0].run.model]
    served = {key: outputs.accounts[key] for key in model.served_in if key in outputs.accounts}
    asked = (
        Subscription()
        if service is None
        else ask(around.control_plane(outputs), service, outputs.accounts[model.train_in], served)
    )
    return tuple(make_plan(each, asked, around.clock.now()) for each in wanted)


def show(plan: Plan, *, sources: bool = False) -> None:
    """On standard output; with ``sources`` also what each figure rests on."""
    from rich.console import Console

    from jobs.cli.training.plan_text import print_plan

    if sys.stdout.isatty():
        print_plan(plan, Console(file=sys.stdout, highlight=False), sources=sources)
        return
    # Nobody knows how wide it is where it is read: lines are wrapped late, and end where they end.
    console = Console(width=_WIDE, highlight=False)
    with console.capture() as captured:
        print_plan(plan, console, sources=sources)
    for line in captured.get().splitlines():
        typer.echo(line.rstrip())


def refuse(refusals: Sequence[Statement], subject: str) -> None:
    """Raises Refused where something is in the way. ``subject`` says what of, and where."""
    if refusals:
        lines = [line for each in refusals for line in (each.words, *(f"  {mend}" for mend in each.mend))]
        raise Refused(f"{subject}; nothing was spent", details=lines)


def agree(amount: str, command: str, *, yes: bool, later: str = "") -> None:
    """Asks whether so much may be spent. Raises Refused where it may not, or nobody is there to be asked.

    ``command`` is what spends it without asking; ``later``, what comes of it besides.
    """
    if yes:
        return
    question = f"Spend {amount}{later}?"
    consent(question, unasked=f"this spends {amount}", otherwise="nothing was spent", command=command)


def amount(plan: Plan) -> str:
    said = plan.training.cost_words
    return said if plan.training.cost.usd is None else f"about {said}"


def estimate(plan: Plan) -> float | None:
    """Of the training, in US dollars."""
    usd = plan.training.cost.usd
    return None if usd is None else float(usd)


def hosting_after(*plans: Plan) -> str:
    """What the next up begins to spend, for the question."""
    ups = [stage for plan in plans for stage in plan.hosting if stage.when == "candidate"]
    cost = total([each.per_30_days for up in ups for each in up.deployments if each.role == "candidate"])
    said = "what is not known" if cost is None else words(cost)
    return f" on training (hosting the candidate{'s' * (len(plans) > 1)} then costs {said} in 30 days)"


def blob_name(run_key: str) -> str:
    """Where a run's plan is kept, in the container for runs."""
    return f"{run_key}/plan.json"


def keep(plan: Plan, blobs: Blobs, patience: Patience) -> None:
    """What was agreed to goes before the job; what was kept of an earlier submission stays as the blob's version."""
    patience.within(ANSWERING)(lambda: blobs.put(blob_name(plan.run_key), plan.json_text().encode()))


@dataclass(frozen=True)
class Comparison:
    """Estimate and actual cost of a training that has ended; None where not known. ``price``: what actual rests on."""

    estimated: str | None
    cost: Cost
    trained_tokens: int | None
    price: Price

    def words(self) -> str:
        """Both, side by side."""
        estimated = self.estimated or "nothing: there is no plan of it"
        if self.cost.actual is None:
            return f"training cost: estimated {estimated}; actual {self._why_not()}"
        actual = words(Decimal(str(self.cost.actual)))
        each = f"${plain(self.price.usd)} {self.price.unit}" if self.price.usd is not None else ""
        return f"training cost: estimated {estimated}; actual {actual} ({self.trained_tokens:,} tokens at {each})"

    def _why_not(self) -> str:
        unknown = "not known: the service tells neither tokens nor hours that are billed"
        return self.price.source if self.price.usd is None else unknown


def compared(
    run_key: str, intent: Intent, job: Job, outputs: StackOutputs, *, blobs: Blobs, patience: Patience
) -> Comparison:
    """What was estimated, by the plan that was kept, else by the intent; and what it came to, as far as prices are
    known."""
    plan = _kept(run_key, blobs, patience)
    estimated = plan.training.cost if plan is not None else None
    by_hour = intent.method == "reinforcement"
    prices = Prices(outputs.environment.prices)
    find = prices.training_hour if by_hour else prices.training
    price = find(intent.parent_model_id, intent.training_type, outputs.accounts[intent.account].location)
    actual = None
    if price.usd is not None and job.trained_tokens is not None and not by_hour:
        actual = float(rounded(price.usd * job.trained_tokens / MILLION))
    usd = intent.estimated if estimated is None else None if estimated.usd is None else float(estimated.usd)
    spoken = None if usd is None else words(Decimal(str(usd)))
    return Comparison(
        spoken if plan is None else plan.training.cost_words,
        Cost(estimated=usd, actual=actual),
        job.trained_tokens,
        price,
    )


def together(comparisons: Sequence[Comparison]) -> str | None:
    """What several trainings came to, beside what they were estimated at; None where neither is known of all."""

    def summed(sums: Sequence[float | None]) -> str | None:
        known = [Decimal(str(each)) for each in sums if each is not None]
        return words(sum(known, Decimal(0))) if len(known) == len(sums) else None

    estimated = summed([each.cost.estimated for each in comparisons])
    actual = summed([each.cost.actual for each in comparisons])
    if estimated is None and actual is None:
        return None
    said = f"estimated {estimated or 'not known'}; actual {actual or 'not known'}"
    return f"{len(comparisons)} trainings in all: {said}"


def _kept(run_key: str, blobs: Blobs, patience: Patience) -> Plan | None:
    """None where there is none that can be read: what is only compared holds up no record."""
    with suppress(CloudFailed, ValidationError):
        content = patience.within(ANSWERING)(lambda: blobs.get(blob_name(run_key)))
        return Plan.model_validate_json(content) if content is not None else None
    return None
