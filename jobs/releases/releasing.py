"""Whether a candidate may become live in a stack, and what it takes. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from contract.evaluation import Evaluation, lack, obstacle
from contract.gate import Gate, shortfalls
from contract.outputs import ModelOutput, ServedOutput
from contract.release import ReleaseRecord, Releases, Signed
from jobs.errors import Refused, UpNeeded
from jobs.releases.pointers import Decided, override_live, refuse_contradiction, release


def release_deployed(
    model: str, releases: Releases, output: ModelOutput | None, *, stack: str, override: Signed | None = None
) -> Decided:
    """``release``, once the stack serves what the file says and the candidate has passed here, or by ``override``.

    ``output`` is the model's in the stack outputs. An override is written only where something stands in the way of a
    release. Where the live model lacks an evaluation (it may have been live before there were any) it is of that one
    first, since previews name the command for its sake; a candidate that needs one takes the command once more. Raises
    UpNeeded and Refused, with the command that helps.
    """
    refuse_contradiction(model, releases, stack)
    candidate, live = releases.candidate, releases.live
    not_up = _not_up(model, releases, output, stack)
    missing: list[str] = []
    if candidate is not None:
        missing = list(lacking(candidate, live, output.gate if output is not None else None, stack=stack))
    is_ready = candidate is not None and not_up is None
    if live is not None and not (is_ready and not missing) and (why := obstacle(live)) is not None:
        if override is not None:
            decided = override_live(releases, override)
            again = f". {candidate.model_id} stays the candidate: once more, it is released" if candidate else ""
            return Decided(decided.releases, decided.changed, f"{decided.words}{again}")
        if not is_ready:
            raise Refused(
                f"{model}: {live.model_id} is live in the stack file, and no up serves it so: {why}",
                stack=stack,
                next_command=f'jobs release {model} -s {stack} --override "why"',
            )
    if candidate is None:
        try:
            return release(releases, None)
        except Refused as refused:
            raise refused.located(stack=stack, next_command=f"jobs run {model} -s {stack}") from None
    if not_up is not None:
        raise not_up
    if missing and override is None:
        raise Refused(
            f"{model}: {candidate.model_id} may not be released yet: {missing[0]}",
            details=[*missing[1:], f'For a reason that is recorded: jobs release {model} -s {stack} --override "why"'],
            stack=stack,
            next_command=f"jobs evaluate {model} -s {stack}",
        )
    deployed = output.live if output is not None else None
    admitted = candidate.model_copy(update={"override": override if missing else None})
    decided = release(
        releases.model_copy(update={"candidate": admitted}), deployed.sku if deployed is not None else None
    )
    if override is None:
        return decided
    told = (
        f"By an override of {override.by}: {'; '.join(missing)}." if missing else "It has passed: nothing to override."
    )
    return Decided(decided.releases, decided.changed, f"{decided.words} {told}")


def is_untried(candidate: ReleaseRecord | None, stack: str) -> bool:
    """Whether its evaluation asked other deployments than those of ``stack``: it was promoted."""
    evaluation = candidate.evaluation if candidate is not None else None
    return evaluation is not None and _bare(evaluation.stack) != _bare(stack)


def lacking(candidate: ReleaseRecord, live: ReleaseRecord | None, gate: Gate | None, *, stack: str) -> Iterator[str]:
    """What is missing before ``candidate`` may take the place of ``live`` in ``stack``, whose own ``gate`` this is; in
    words, nothing where it may. Overrides do not count: they are of where they were given.
    """
    why = lack(candidate)
    if why is not None or candidate.evaluation is None:
        yield why or "it has not been evaluated"
        return
    evaluation = candidate.evaluation
    if live is not None and not _is_against(evaluation, live):
        yield f"it was not compared with {live.model_id}, which is live"
    demanded = gate or Gate()
    if _bare(evaluation.stack) != _bare(stack):
        # What tune.yaml says is in a gate that was applied here; of one applied elsewhere nobody knows whose it was.
        demanded = demanded.with_defaults()
    yield from (
        f"the gate is stricter than the one it passed: {each}" for each in shortfalls(evaluation.gate, demanded)
    )


def _is_against(evaluation: Evaluation, live: ReleaseRecord) -> bool:
    return any(each.name == "live" and each.model_id == live.model_id for each in evaluation.against)


def _bare(stack: str) -> str:
    return stack.rsplit("/", 1)[-1]


def _not_up(model: str, releases: Releases, output: ModelOutput | None, stack: str) -> UpNeeded | None:
    """Nobody releases a model that could not be tried."""
    for role, recorded in (("candidate", releases.candidate), ("live", releases.live)):
        deployed: ServedOutput | None = getattr(output, role, None)
        if recorded is not None and (deployed is None or deployed.model_id != recorded.model_id):
            return UpNeeded(
                f"{model}: the {role} in the stack file, {recorded.model_id}, is not deployed as such yet "
                f"(deployed as {role}: {deployed.model_id if deployed else 'nothing'})",
                stack=stack,
                next_command=f"pulumi up -s {stack}",
            )
    return None
