"""What a stack serves, beside what its file says: a row for each model that stands in either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from contract.outputs import ModelOutput, ServedOutput, StackOutputs
from contract.release import ReleaseRecord, Releases, Sku
from contract.serving import Role, deployed_previous


class Standing(Enum):
    """How far the stack is from what the file says."""

    DEPLOYED = "deployed"
    TO_DEPLOY = "in the file, not yet deployed"
    TO_MOVE = "deployed in another role than the file says"
    TO_REMOVE = "still deployed, though the file no longer asks for it"
    KEPT = "on record, not deployed"
    NOTHING = "nothing recorded"


_COMMANDED = frozenset({Standing.TO_DEPLOY, Standing.TO_MOVE, Standing.TO_REMOVE})


@dataclass(frozen=True)
class StatusRow:
    """One tuned model in one role.

    role          as the file has it; as the outputs have it where the file has none; None: nothing is recorded
    deployed_as   its role in the outputs, None where it is not deployed
    deployments   deployment name by account, as the outputs have it
    record        None where only the outputs know the model
    command       what to type so that stack and file agree; None where they do
    """

    model: str
    role: Role | None
    model_id: str | None
    standing: Standing
    deployed_as: Role | None = None
    deployments: Mapping[str, str] = field(default_factory=dict)
    sku: Sku | None = None
    record: ReleaseRecord | None = None
    command: str | None = None


def status_rows(releases: Mapping[str, Releases], outputs: StackOutputs, *, stack: str) -> tuple[StatusRow, ...]:
    """Sorted by model; within one the file's order: live, candidate, previous, then what only the outputs have."""
    rows: list[StatusRow] = []
    for model in sorted({*releases, *outputs.models}):
        output = outputs.models.get(model)
        found = list(_model_rows(model, releases.get(model, Releases()), output, stack))
        if not found:
            command = f"jobs run {model} -s {stack}" if output is not None else None
            found = [StatusRow(model, None, None, Standing.NOTHING, command=command)]
        rows += found
    return tuple(rows)


def _model_rows(model: str, releases: Releases, output: ModelOutput | None, stack: str) -> Iterator[StatusRow]:
    deployed = dict(_deployed(output))
    keep = output.keep_previous if output is not None else 1
    wanted = {record.model_id for record in deployed_previous(releases, keep)}
    for role, record in _recorded(releases):
        served = deployed.pop(record.model_id, None)
        is_wanted = role != "previous" or record.model_id in wanted
        standing = _standing(role, is_wanted, served)
        yield _row(model, role, record, served, standing=standing, stack=stack)
    for role, entry in deployed.values():
        yield _row(model, role, None, (role, entry), standing=Standing.TO_REMOVE, stack=stack)


def _standing(role: Role, is_wanted: bool, served: tuple[Role, ServedOutput] | None) -> Standing:
    if served is None:
        return Standing.TO_DEPLOY if is_wanted else Standing.KEPT
    if not is_wanted:
        return Standing.TO_REMOVE
    return Standing.DEPLOYED if served[0] == role else Standing.TO_MOVE


def _row(
    model: str,
    role: Role,
    record: ReleaseRecord | None,
    served: tuple[Role, ServedOutput] | None,
    *,
    standing: Standing,
    stack: str,
) -> StatusRow:
    deployed_as, entry = served if served is not None else (None, None)
    model_id = record.model_id if record is not None else entry.model_id if entry is not None else None
    return StatusRow(
        model,
        role,
        model_id,
        standing,
        deployed_as=deployed_as,
        deployments=entry.deployments if entry is not None else {},
        sku=entry.sku if entry is not None else None,
        record=record,
        command=f"pulumi up -s {stack}" if standing in _COMMANDED else None,
    )


def _recorded(releases: Releases) -> Iterator[tuple[Role, ReleaseRecord]]:
    if releases.live is not None:
        yield "live", releases.live
    if releases.candidate is not None:
        yield "candidate", releases.candidate
    for record in releases.previous:
        yield "previous", record


def _deployed(output: ModelOutput | None) -> Iterator[tuple[str, tuple[Role, ServedOutput]]]:
    """By model ID."""
    if output is None:
        return
    if output.live is not None:
        yield output.live.model_id, ("live", output.live)
    if output.candidate is not None:
        yield output.candidate.model_id, ("candidate", output.candidate)
    for entry in output.previous:
        yield entry.model_id, ("previous", entry)
