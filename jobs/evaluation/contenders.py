"""Who is asked: the candidate and the live model as they are deployed, and the base models of the baselines. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from contract.catalog.data import base_of, find
from contract.evaluation_spec import EvaluationBaseline
from contract.outputs import BaseDeploymentOutput, ModelOutput, ServedOutput, StackOutputs
from contract.release import ReleaseRecord, Releases
from jobs.errors import NoRun, Refused, UpNeeded
from jobs.evaluation.question import Contender, Kind, Prompt

CANDIDATE: Literal["candidate"] = "candidate"
LIVE: Literal["live"] = "live"
_SKUS = {"region": "Standard", "dataZone": "DataZoneStandard", None: "GlobalStandard"}
"""What a base deployment may be on, by what the environment says of residency."""


def candidate_of(model: str, releases: Releases, output: ModelOutput | None, *, stack: str) -> ReleaseRecord:
    """The record to be evaluated, which is deployed as the file says. Raises NoRun, and UpNeeded with the up."""
    if releases.candidate is None:
        live = f"; {releases.live.model_id} is live" if releases.live is not None else ""
        raise NoRun(
            f"{model} has no candidate to evaluate{live}",
            details=[
                "A run makes one.",
                "What prompting alone reaches is measured without: jobs evaluate --baseline.",
            ],
            stack=stack,
            next_command=f"jobs run {model} -s {stack}",
        )
    for role, recorded in ((CANDIDATE, releases.candidate), (LIVE, releases.live)):
        served: ServedOutput | None = getattr(output, role, None)
        if (recorded and recorded.model_id) != (served and served.model_id):
            raise UpNeeded(
                f"{model}: the {role} in the stack file, {recorded.model_id if recorded else 'none'}, is not what is "
                f"deployed as {role}: {served.model_id if served else 'nothing'}",
                stack=stack,
                next_command=f"pulumi up -s {stack}",
            )
    return releases.candidate


def tuned(releases: Releases, output: ModelOutput) -> tuple[Contender, ...]:
    """The candidate, and the live model where there is one, each with the system message that it was trained with."""
    of_role: tuple[tuple[Kind, ReleaseRecord | None, ServedOutput | None], ...]
    of_role = ((CANDIDATE, releases.candidate, output.candidate), (LIVE, releases.live, output.live))
    return tuple(
        _tuned(kind, record, served, output) for kind, record, served in of_role if record is not None and served
    )


def _tuned(kind: Kind, record: ReleaseRecord, served: ServedOutput, output: ModelOutput) -> Contender:
    account = next((key for key in output.served_in if key in served.deployments), min(served.deployments))
    prompt = Prompt(system=record.system_message)
    return Contender(kind, kind, record.model_id, account, served.deployments[account], prompt)


def prompted(
    base: str,
    declared: Sequence[EvaluationBaseline],
    prompts: Mapping[str, Prompt],
    outputs: StackOutputs,
    *,
    stack: str,
) -> tuple[Contender, ...]:
    """The baselines. ``base``: tune.yaml's; ``prompts``: by the baseline's name. Raises Refused with the lines that the
    stack file lacks."""
    found = [(each, _deployment(base, each, outputs)) for each in declared]
    missing = [each for each, deployment in found if deployment is None]
    if missing:
        raise _none_serves(base, missing, outputs, stack)
    return tuple(
        Contender(each.name, "baseline", model_id_of(there[1]), there[1].account, there[0], prompts[each.name])
        for each, there in found
        if there is not None
    )


def served_base(base: str, outputs: StackOutputs) -> str | None:
    """The key of the base deployment that serves tune.yaml's base; the first by name where several do."""
    return next(
        (key for key, each in sorted(outputs.base_deployments.items()) if model_id_of(each) == base_of(base)), None
    )


def _deployment(
    base: str, baseline: EvaluationBaseline, outputs: StackOutputs
) -> tuple[str, BaseDeploymentOutput] | None:
    key = baseline.deployment or served_base(base, outputs)
    return None if key is None or key not in outputs.base_deployments else (key, outputs.base_deployments[key])


def model_id_of(deployment: BaseDeploymentOutput) -> str:
    """``gpt-4.1-mini-2025-04-14``"""
    return f"{deployment.model}-{deployment.version}"


def _none_serves(base: str, missing: Sequence[EvaluationBaseline], outputs: StackOutputs, stack: str) -> Refused:
    named = [each for each in missing if each.deployment is not None]
    there = ", ".join(sorted(outputs.base_deployments)) or "none"
    details = [
        f"evaluation.baselines: {each.name} asks the deployment {each.deployment}, which is no base deployment of the "
        f"stack (there: {there})"
        for each in named
    ]
    if len(named) < len(missing):
        details.append(f"No base deployment of the stack serves {base}, which the baseline asks (there: {there}).")
    name, version = _named(base)
    key = named[0].deployment if named else name
    sku = _SKUS[outputs.environment.residency]
    details += [
        "The stack file takes, under `config`:",
        "  tuned-models:baseDeployments:",
        f"    {key}:",
        *([f"      account: {next(iter(outputs.accounts))}"] if len(outputs.accounts) > 1 else []),
        f"      model: {name}",
        f'      version: "{version}"',
        f"      sku: {{name: {sku}, capacity: 10}}",
        "Then bring the stack up.",
    ]
    what = "there is nothing to compare with: a baseline is not deployed"
    return Refused(what, details=details, stack=stack, next_command=f"pulumi up -s {stack}")


def _named(base: str) -> tuple[str, str]:
    """Model and version, as a deployment names them: ``gpt-4.1-mini`` and ``2025-04-14``."""
    facts = find(base)
    return (base_of(base), "…") if facts is None else (facts.name, base_of(base).removeprefix(f"{facts.name}-"))
