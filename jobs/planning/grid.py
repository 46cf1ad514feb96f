"""What a sweep costs: its runs together, against the budget of a run. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from jobs.planning.money import words
from jobs.planning.plan import Plan, Statement

_OF_A_RUN = ("budget.run", "runBudget")


def most(plans: Sequence[Plan]) -> Decimal | None:
    """What their training comes to at most; None where that of one is not known."""
    sums = [_of(plan) for plan in plans]
    return None if any(each is None for each in sums) else sum((each for each in sums if each), Decimal(0))


def cost_words(plans: Sequence[Plan]) -> str:
    """``up to $12.00``, or that and how many cost what is not known."""
    known = [each for plan in plans if (each := _of(plan)) is not None]
    unknown = len(plans) - len(known)
    if not known and unknown:
        return "an amount that is not known"
    told = f"up to {words(sum(known, Decimal(0)))}"
    return f"{told}, and for {unknown} more an amount that is not known" if unknown else told


def refusals(plans: Sequence[Plan]) -> list[Statement]:
    """What is in the way of any of the runs, once; and budgets that they exceed together only."""
    found = {statement.words: statement for plan in plans for statement in plan.refusals}
    together = most(plans)
    budgets = {
        budget.key: budget.allowed for plan in plans for budget in plan.budgets if budget.key.endswith(_OF_A_RUN)
    }
    for key, allowed in budgets.items():
        if together is not None and together > allowed:
            said = (
                f"the sweep's {len(plans)} runs come to {words(together)} together, and {key} allows {words(allowed)}"
            )
            mend = (
                f"Try fewer points or epochs, or raise tuned-models:{key} in the stack file, then bring the stack up."
            )
            found[said] = Statement(severity="refused", topic="budget", words=said, mend=(mend,))
    return list(found.values())


def _of(plan: Plan) -> Decimal | None:
    cost, bound = plan.training.cost.usd, plan.training.bound
    return cost if cost is not None or bound is None else bound.usd
