"""Whether a record's evaluation lets it be live in this stack, wherever it was made. Pure.

A promoted model brings the evaluation of the stack it comes from. It counts here as long as nothing is live that it was
not compared with, and the numbers that the record keeps are good enough for this stack's own gate.
"""

from __future__ import annotations

from collections.abc import Iterator

from contract.evaluation import Evaluation, obstacle
from contract.gate import DEFAULTS, Gate
from contract.release import ReleaseRecord


def shortfall(record: ReleaseRecord, live: ReleaseRecord | None, gate: Gate | None, stack: str) -> str | None:
    """Why the record's evaluation does not let it be live in ``stack``, in words; None where it does.

    live    what it would replace here
    gate    what this stack demands (``models.<name>.gate``); what the evaluation was held against applies besides

    An evaluation of this very stack was held against its gate when it was made. An override lets everything pass.
    """
    if (words := obstacle(record)) is not None or record.override is not None or record.evaluation is None:
        return words
    evaluation = record.evaluation
    if live is not None and live.model_id not in (record.model_id, *(each.model_id for each in evaluation.against)):
        compared = ", ".join(each.name for each in evaluation.against) or "nothing"
        return f"it was compared with {compared} in {evaluation.stack}, not with {live.model_id}, which is live here"
    if evaluation.stack == stack or gate is None:
        return None
    reasons = list(_reasons(evaluation, live, gate))
    if not reasons:
        return None
    return f"its evaluation of {evaluation.stack} does not pass the gate of {stack}: {'; '.join(reasons)}"


def _reasons(evaluation: Evaluation, live: ReleaseRecord | None, own: Gate) -> Iterator[str]:
    gate = own.over(DEFAULTS)
    if own.grader is not None and own.grader != evaluation.grader:
        yield f"{evaluation.grader} decided there, and {own.grader} decides here"
        return
    decides = [each for each in evaluation.against if live is None or each.model_id == live.model_id][:1]
    for other in decides:
        found = other.difference
        if gate.min_difference is not None and found.difference < gate.min_difference:
            yield f"better than {other.name} by {found.difference:.3f}, where {gate.min_difference:g} is asked for"
        if gate.lower_bound is not None and found.low <= gate.lower_bound:
            yield f"the interval begins at {found.low:.3f}, and has to lie above {gate.lower_bound:g}"
        if gate.max_regressions is not None and other.regressions > gate.max_regressions:
            yield f"{other.regressions} regressions, where {gate.max_regressions} are allowed"
    if not decides:
        yield "it was compared with nothing"
    yield from _ceiling("costs", "US dollars per answer", evaluation.cost_per_answer, gate.max_cost_per_answer)
    yield from _ceiling("takes", "seconds for 95 of 100 answers", evaluation.p95_seconds, gate.max_p95_seconds)
    known = evaluation.gate.floors or {}
    for name, floor in sorted((own.floors or {}).items()):
        # The record keeps no slice's mean: that it is at least the floor which was asked for there.
        if name not in known or known[name] < floor:
            yield f"whether {name} reaches {floor:g} is not known from it"


def _ceiling(verb: str, unit: str, found: float | None, most: float | None) -> Iterator[str]:
    if most is None:
        return
    if found is None:
        yield f"what it {verb} is not known, where {most:g} {unit} are allowed"
    elif found > most:
        yield f"it {verb} {found:g} {unit}, where {most:g} are allowed"
