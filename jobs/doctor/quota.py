"""Whether the next model of each kind fits: capacity in its regions, and room in the account for files and jobs.

Names of quotas: Azure/azure-dev's tests (``OpenAI.<SKU>.<model>-finetune``); limits of an account: MicrosoftDocs
azure-ai-docs, quotas-limits (2026-03).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from contract import catalog
from contract.outputs import ModelOutput, StackOutputs
from jobs.doctor.finding import Finding, blocker, ok, unchecked, warn
from jobs.doctor_ports import Usage
from jobs.ports import Job, JobState, StoredFile

_FILES = 100
_MB = 2**20
_BYTES = 2**30
_QUEUED = 20
_JOBS = 100
_RUNNING = 3
_RUNNING_DEVELOPER = 5
_TRAINING = (JobState.RUNNING, JobState.PAUSING, JobState.RESUMING)
_WAITING = (JobState.CREATED, JobState.VALIDATING_FILES, JobState.PENDING, JobState.QUEUED)


def capacity(
    location: str, usages: Sequence[Usage], outputs: StackOutputs, bases: Mapping[str, str | None]
) -> Iterator[Finding]:
    """For each model served in the region: its next candidate, and the release of that one, stand beside what there is.

    bases    by model, the base that its tune.yaml names; None where that can't be read
    """
    for model, output in sorted(outputs.models.items()):
        if any(outputs.accounts[key].location == location for key in output.served_in if key in outputs.accounts):
            yield from capacity_of(model, output, location, usages, bases.get(model))


def capacity_of(
    model: str, output: ModelOutput, location: str, usages: Sequence[Usage], base: str | None
) -> Iterator[Finding]:
    """As ``capacity``, of one model that is served in the region."""
    facts = catalog.find(base or "")
    if facts is None:
        yield unchecked("quota", f"which base {model} is trained from is not known here")
        return
    by_name = {usage.name.lower(): usage for usage in usages}
    for sku, needed in _needed(output).items():
        name = pool_of(sku, facts.name)
        roomy = [
            other
            for other in facts.tuned_skus or ()
            if other != sku
            and (usage := by_name.get(pool_of(other, facts.name).lower())) is not None
            and usage.limit - usage.used >= needed
        ]
        yield _fits(f"{model} in {location}", name, needed, by_name.get(name.lower()), roomy)


def pool_of(sku: str, model: str) -> str:
    """The quota that a tuned model's deployments on ``sku`` take from; ``model``: its base's name without a version."""
    return f"OpenAI.{sku}.{model}-finetune"


def _needed(output: ModelOutput) -> dict[str, int]:
    """By SKU. A candidate that is deployed has its capacity already."""
    needed: dict[str, int] = {output.skus.live.name: output.skus.live.capacity}
    if output.candidate is None:
        candidate = output.skus.candidate
        needed[candidate.name] = needed.get(candidate.name, 0) + candidate.capacity
    return needed


def _fits(who: str, name: str, needed: int, usage: Usage | None, roomy: Sequence[str]) -> Finding:
    """``roomy``: other SKUs that have room for as much."""
    instead = [f"There is room on {', '.join(roomy)}: models.<name>.skus.<role>.name."] if roomy else []
    if usage is None:
        return warn(
            "quota", f"{who}: the region lists no quota {name}", "Look whether the region offers that SKU.", *instead
        )
    left = usage.limit - usage.used
    words = f"{who}: {usage.used:g} of {usage.limit:g} are taken of {name}, the next model needs {needed}"
    ask = "Ask for more (Foundry portal, Quota), or lower models.<name>.skus.<role>.capacity in the stack file."
    if needed > usage.limit:
        return blocker("quota", words, ask, *instead)
    return warn("quota", words, ask, *instead) if needed > left else ok("quota", words)


def room(
    account: str, files: Iterable[StoredFile], jobs: Iterable[Job], *, new_files: int = 2, new_bytes: int = 0
) -> Finding:
    """Whether the account takes so many more datasets, of so many bytes in all, and another job."""
    stored, all_jobs = list(files), list(jobs)
    size = sum(file.size for file in stored)
    waiting = sum(1 for job in all_jobs if job.status.state in _WAITING)
    running = sum(1 for job in all_jobs if job.status.state in _TRAINING)
    words = (
        f"account {account}: {len(stored)} of {_FILES} files, {size / _MB:.0f} of {_BYTES // _MB} MB, "
        f"{waiting} of {_QUEUED} waiting jobs, {len(all_jobs)} of {_JOBS} jobs"
    )
    if len(stored) + new_files > _FILES or size + new_bytes > _BYTES:
        return blocker("limits", words, "Delete files that no job needs any more (Foundry portal, Data files).")
    if waiting >= _QUEUED:
        return blocker("limits", words, "Wait for one to begin, or cancel one.")
    if len(all_jobs) >= _JOBS:
        return blocker("limits", words, "Delete jobs that nobody needs any more (Foundry portal, or the API).")
    if running >= _RUNNING:
        at_once = f"{_RUNNING} train at once, {_RUNNING_DEVELOPER} of training type Developer"
        return warn("limits", f"{words}; {running} are training", f"The next one waits for its turn: {at_once}.")
    return ok("limits", words)
