"""The scorecard held against the gate: passed, failed, or not shown, and why, in sentences for who has to decide. Pure.

What decides is the live model where there is one: a candidate has to beat what it replaces; else all baselines do.
``failed``: what is asked for is certainly not there. ``notShown``: it may be there, and these examples do not tell.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from contract.evaluation import Against, Evaluation, Verdict
from contract.faults import suggestion
from contract.gate import Gate
from jobs.data.slices import FEWEST_LINES
from jobs.errors import Refused
from jobs.evaluation.scorecard import Comparison, ContenderCard, Scorecard
from jobs.evaluation.shown import Shown, number, shown, usd
from jobs.evaluation.statistics import FEWEST_DIFFERENT

CHANCE = 0.05
"""How often chance alone may look so: what is beyond an interval of 95 %."""
_MOST_UNJUDGED = 0.05
"""Of all examples; as many as the interval leaves to chance."""
_MORE = "More examples may tell; the same ones asked again do not."
MOST_NEAR = 0.1
"""Of all examples, as a choice of ours: from here on what was nearly learned may well be what made the difference."""
_COST_DIGITS = 9


@dataclass
class Decided:
    """``failed``: what is certainly wanting; ``doubts``: what may be there and was not shown. A sentence each."""

    failed: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        return "failed" if self.failed else "notShown" if self.doubts else "passed"

    @property
    def reasons(self) -> tuple[str, ...]:
        """All that keeps it from passing, what is certain first."""
        return (*self.failed, *self.doubts)


def gate_in_force(general: Gate, own: Gate | None) -> Gate:
    """The stack's ``own`` over tune.yaml's ``general`` one, over the defaults."""
    return (own or Gate()).over(general).with_defaults()


def refuse_unfit(gate: Gate, graders: Sequence[str], slices: Collection[str]) -> None:
    """Raises Refused, with all faults, where the gate asks for what can't be measured; for before anybody is asked.

    ``graders``: their names; ``slices``: those that the holdout has, ``name=value``.
    """
    faults = []
    if gate.grader is not None and gate.grader not in graders:
        faults.append(f"gate.grader: there is no grader {gate.grader!r}{suggestion(gate.grader, graders)}")
    faults += [
        f"gate.floors: the holdout has no slice {name!r}{suggestion(name, slices)}"
        for name in sorted(gate.floors or {})
        if name not in slices
    ]
    if faults:
        raise Refused("the gate asks for what this holdout cannot show", details=faults)


def with_verdict(scorecard: Scorecard, gate: Gate, *, near: int = 0) -> Scorecard:
    """``scorecard`` with the gate as it was applied (``gate`` is the one in force), the verdict and its reasons.

    near    lines of the holdout that are nearly what the candidate was trained on

    Raises Refused as ``refuse_unfit``, and ValueError where the scorecard has no candidate.
    """
    candidate = _candidate(scorecard)
    gate = gate.with_defaults()
    refuse_unfit(
        gate.model_copy(update={"grader": gate.grader or scorecard.grader}), [scorecard.grader], candidate.slices
    )
    decided = Decided()
    for comparison in _decisive(scorecard):
        _compare(scorecard, candidate, comparison, gate, decided)
    if not scorecard.comparisons:
        decided.doubts.append(
            "Nothing was compared: no model is live, and tune.yaml names no baseline (evaluation.baselines)."
        )
    # Lines may be there again, and examples count once.
    near = min(near, scorecard.examples)
    if near and near >= MOST_NEAR * scorecard.examples:
        decided.doubts.append(
            f"{near} of {scorecard.examples} examples of the holdout are nearly what it was trained on "
            "(leak-near-holdout): what it has right of them it may have learned by heart."
        )
    _hold_to_floors(scorecard, candidate, gate, decided)
    _hold_to_ceilings(candidate, gate, decided)
    applied = gate.model_copy(update={"grader": scorecard.grader})
    return scorecard.model_copy(update={"gate": applied, "verdict": decided.verdict, "reasons": decided.reasons})


def evaluation_of(scorecard: Scorecard) -> Evaluation:
    """What the record keeps of a scorecard. Raises ValueError where it has no candidate, or no verdict yet."""
    candidate = _candidate(scorecard)
    if scorecard.gate is None or scorecard.verdict is None:
        raise ValueError("the scorecard has no verdict")
    cost = candidate.cost_per_answer
    return Evaluation(
        model_id=candidate.model_id,
        holdout=scorecard.holdout,
        examples=scorecard.examples,
        grader=scorecard.grader,
        mean=candidate.scores[scorecard.grader].mean,
        scores={name: score.mean for name, score in candidate.scores.items()},
        against=tuple(
            Against(
                name=comparison.against,
                model_id=other.model_id,
                mean=other.scores[scorecard.grader].mean,
                difference=comparison.graders[scorecard.grader],
                regressions=len(comparison.regressions),
            )
            for comparison in scorecard.comparisons
            if (other := scorecard.card(comparison.against)) is not None
        ),
        gate=scorecard.gate,
        verdict=scorecard.verdict,
        reasons=scorecard.reasons,
        p95_seconds=candidate.latency.p95 if candidate.latency is not None else None,
        cost_per_answer=round(cost, _COST_DIGITS) if cost is not None else None,
        answers=scorecard.answers,
        at=scorecard.at,
        by=scorecard.by,
        stack=scorecard.stack,
        preferences=scorecard.preferences,
    )


def _candidate(scorecard: Scorecard) -> ContenderCard:
    found = next((card for card in scorecard.contenders if card.kind == "candidate"), None)
    if found is None:
        raise ValueError("a baseline's scorecard has no candidate to decide on")
    return found


def _decisive(scorecard: Scorecard) -> Sequence[Comparison]:
    """With the live model where there is one, else with every baseline."""
    kinds = {card.name: card.kind for card in scorecard.contenders}
    live = [comparison for comparison in scorecard.comparisons if kinds[comparison.against] == "live"]
    return live or scorecard.comparisons


def _compare(
    scorecard: Scorecard, candidate: ContenderCard, comparison: Comparison, gate: Gate, decided: Decided
) -> None:
    """What the gate asks of the difference, and of regressions."""
    other = scorecard.card(comparison.against)
    if other is None:
        raise ValueError(f"{comparison.against} is compared with, and is no contender")
    seen = shown(scorecard, candidate, other, comparison)
    bound, least = gate.lower_bound or 0.0, gate.min_difference or 0.0
    if (unjudged := scorecard.examples - seen.examples) > _MOST_UNJUDGED * scorecard.examples:
        decided.doubts.append(
            f"The judge gave no verdict on {unjudged} of {scorecard.examples} examples beside {seen.other}: what they "
            "would have changed is not known."
        )
    said = _hold_to_bound(seen, bound, decided)
    # What lies under the bound has been said of the bound.
    if seen.found.difference < least and (least > bound or not said):
        wish = f"better than {seen.other} by {number(least)} or more (gate.minDifference)"
        if seen.found.high < least:
            decided.failed.append(f"It is not {wish}: {seen.words}.")
        else:
            decided.doubts.append(f"It is not shown to be {wish}: {seen.words}. {_MORE}")
    regressions, most = len(comparison.regressions), gate.max_regressions
    if most is not None and regressions > most:
        decided.failed.append(
            f"{regressions} answers are wrong that {seen.other} has right, by {scorecard.grader!r}; at most {most} may "
            "be (gate.maxRegressions)."
        )


def _hold_to_bound(seen: Shown, bound: float, decided: Decided) -> bool:
    """Whether anything was said against the interval."""
    found = seen.found
    if bound < 0:
        wish = f"worse than {seen.other} by less than {number(-bound)} (gate.lowerBound)"
    else:
        wish = f"better than {seen.other}" + (f" by more than {number(bound)} (gate.lowerBound)" if bound else "")
    if found.high <= bound:
        what = f"worse than {seen.other}" if bound == 0 and found.high < 0 else f"not {wish}"
        decided.failed.append(f"It is {what}: {seen.words}.")
        return True
    doubt = _doubt(seen, bound)
    if doubt is not None:
        decided.doubts.append(f"It is not shown to be {wish}: {seen.words}. {doubt}")
    return doubt is not None


def _doubt(seen: Shown, bound: float) -> str | None:
    """Why an interval that ends above the bound shows nothing; None where it does."""
    found, different = seen.found, seen.found.wins + seen.found.losses
    if seen.examples < FEWEST_DIFFERENT:
        return (
            f"So few examples tell nothing, whatever they say: chance cannot be ruled out by fewer than "
            f"{FEWEST_DIFFERENT}, and mostly it takes hundreds."
        )
    if found.low <= bound:
        return _needed(seen, bound)
    if bound < 0:
        return None
    if seen.p_value is not None and seen.p_value >= CHANCE:
        return (
            f"Chance alone parts wins and losses so in {100 * seen.p_value:.1f} % of all cases (McNemar's exact test; "
            f"less than {100 * CHANCE:.0f} % is asked for). {_MORE}"
        )
    if different < FEWEST_DIFFERENT:
        return (
            f"Only {different} scores differ, and chance cannot be ruled out by fewer than {FEWEST_DIFFERENT}. {_MORE}"
        )
    return None


def _needed(seen: Shown, bound: float) -> str:
    """How many examples would tell: an interval narrows with the square root of their number."""
    found = seen.found
    above = found.difference - bound
    if above <= 0:
        return f"So far it looks no better than that. {_MORE}"
    # Of an interval that begins just at the bound, too, it takes some more than there are.
    needed = seen.examples * max(1.2, ((found.difference - found.low) / above) ** 2)
    if needed > 1_000_000:
        return "It is so close that no holdout of a size that anybody has would tell."
    count = _roughly(needed)
    return f"If the difference is what it seems about {count} examples would tell; the same ones asked again do not."


def _roughly(count: float) -> str:
    """To two digits, up."""
    step = 10 ** max(0, len(str(int(count))) - 2)
    return f"{int(-(-count // step) * step):,}"


def _hold_to_floors(scorecard: Scorecard, candidate: ContenderCard, gate: Gate, decided: Decided) -> None:
    for name, floor in sorted((gate.floors or {}).items()):
        mean = candidate.slices[name][scorecard.grader]
        if mean.count < FEWEST_LINES:
            decided.doubts.append(
                f"The floor of {name} (gate.floors) cannot be held against {mean.count} examples: at least "
                f"{FEWEST_LINES} are needed."
            )
        elif mean.mean < floor:
            decided.failed.append(
                f"In {name} it scores {number(mean.mean)} by {scorecard.grader!r} over {mean.count} examples; the "
                f"floor is {number(floor)} (gate.floors)."
            )


def _hold_to_ceilings(candidate: ContenderCard, gate: Gate, decided: Decided) -> None:
    most, cost = gate.max_cost_per_answer, candidate.cost_per_answer
    if most is not None and cost is None:
        decided.failed.append(
            f"What an answer costs is not known: a price of its tokens is missing, or it is not paid by tokens. At "
            f"most {usd(most)} is allowed (gate.maxCostPerAnswer)."
        )
    elif most is not None and cost is not None and cost > most:
        decided.failed.append(f"An answer costs {usd(cost)}; at most {usd(most)} is allowed (gate.maxCostPerAnswer).")
    longest, latency = gate.max_p95_seconds, candidate.latency
    if longest is not None and latency is None:
        decided.failed.append(
            f"There is no answer to tell how long they take; {longest:g} s are allowed (gate.maxP95Seconds)."
        )
    elif longest is not None and latency is not None and latency.p95 > longest:
        decided.failed.append(
            f"Of 100 answers 95 come within {latency.p95:g} s; {longest:g} s are allowed (gate.maxP95Seconds)."
        )
