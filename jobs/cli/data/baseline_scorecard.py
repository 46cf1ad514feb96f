"""Whether the scorecard that tune.yaml names as its baseline is there, in the storage of the stack that is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.errors import CloudFailed, Unreadable

if TYPE_CHECKING:
    # Only where one is named is there anything to be read.
    from contract.use_case import UseCase
    from jobs.cli.surroundings import Surroundings
    from jobs.readiness.specification import Demand
    from jobs.tuning.patience import Patience


def unfit(model: str, use_case: UseCase | None, around: Surroundings, patience: Patience, demand: Demand) -> str | None:
    """Why it does not count; None where it does, or where none is named. Raises CloudFailed where it is demanded."""
    named = use_case.baseline.scorecard if use_case is not None and use_case.baseline is not None else None
    if named is None:
        return None
    from jobs.evaluation import kept_scorecards

    stack = around.stack
    again = f"`jobs evaluate {model} --baseline -s {stack.name}` measures it"
    try:
        card = kept_scorecards.read(around.blobs(stack.outputs(), "runs"), model, named, patience)
    except Unreadable as error:
        return f"{error.in_a_line}; {again}"
    except CloudFailed as error:
        if demand == "require":
            raise
        return f"{named[:8]}… could not be looked for: {error.in_a_line}"
    if card is None:
        return f"the storage of {stack.name} has no scorecard {named[:8]}… of {model}; {again}"
    if not any(each.kind == "baseline" for each in card.contenders):
        return f"the scorecard {named[:8]}… is of no baseline; {again}"
    return None
