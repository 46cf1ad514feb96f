"""How many calls it takes until a tuned model has paid for itself.

``useCase.replaces`` of tune.yaml says what it replaces: another model, or tokens of a prompt that it will not need, or
both. A call is taken to be as long as an example of the training file is on average.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from contract.catalog import base_of
from contract.catalog.prices import MILLION, Prices
from contract.tune_spec import TuneSpec
from jobs.planning.plan import BreakEven, Figure, FileFigures, Stage

_PLACES = Decimal("0.0000001")


def break_even(
    spec: TuneSpec, parent: str, file: FileFigures, prices: Prices, *, training: Figure, live: Stage
) -> BreakEven:
    """After how many calls the training is paid for, and how many in 30 days pay for the hosting once it is live."""
    replaces = spec.use_case.replaces if spec.use_case is not None else None
    if replaces is None or (replaces.model is None and replaces.prompt_tokens is None):
        return BreakEven(missing=("write useCase.replaces {model, promptTokens} in tune.yaml: what it replaces",))
    if file.prompt_tokens is None or file.reply_tokens is None or not file.examples:
        return BreakEven(missing=(f"the tokens of {parent} can't be counted",))
    former = replaces.model or parent
    if not file.reply_tokens and base_of(former) != base_of(parent):
        return BreakEven(missing=("how long answers are, the examples don't say",))
    paid = [prices.input(former), prices.output(former), prices.input(parent), prices.output(parent)]
    if any(price.usd is None for price in paid):
        return BreakEven(missing=tuple({f"{price.key}: {price.source}": None for price in paid if price.usd is None}))
    into_former, out_of_former, into_tuned, out_of_tuned = (price.usd or Decimal(0) for price in paid)
    prompt, answer = Decimal(file.prompt_tokens) / file.examples, Decimal(file.reply_tokens) / file.examples
    longer = prompt + (replaces.prompt_tokens or 0)
    before = (into_former * longer + out_of_former * answer) / MILLION
    # Provisioned ones are billed by PTU alone: their calls stand in the hosting.
    by_ptu = any(each.role == "live" and each.sku.endswith("ProvisionedManaged") for each in live.deployments)
    after = Decimal(0) if by_ptu else (into_tuned * prompt + out_of_tuned * answer) / MILLION
    computed = (
        f"{former} takes about {longer:.0f} tokens in and {answer:.0f} out, the tuned model {prompt:.0f} in "
        f"and as many out{', paid by PTU' if by_ptu else ''}"
    )
    return _told(before - after, computed, training, live)


def _told(saved: Decimal, computed: str, training: Figure, live: Stage) -> BreakEven:
    per_call = saved.quantize(_PLACES)
    if saved <= 0:
        never = "it never does: a call of the tuned model costs no less"
        return BreakEven(saved_per_call=per_call, computed=computed, missing=(never,))
    missing = ["what the training costs is not known"] if training.usd is None else []
    missing += ["what the hosting costs is not known"] if live.per_30_days is None else []
    return BreakEven(
        saved_per_call=per_call,
        calls_for_training=None if training.usd is None else _calls(training.usd, saved),
        calls_per_30_days=None if live.per_30_days is None else _calls(live.per_30_days, saved),
        computed=computed,
        missing=tuple(missing),
    )


def _calls(usd: Decimal, saved: Decimal) -> int:
    return int((usd / saved).to_integral_value(ROUND_CEILING))
