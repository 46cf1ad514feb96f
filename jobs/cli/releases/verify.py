"""`jobs verify`: every live and candidate deployment is asked something, and file and outputs are compared."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import typer

from contract.outputs import StackOutputs
from contract.serving import Role
from jobs.cli.asked import Asked
from jobs.cli.columns import NOTHING, say_table
from jobs.cli.others import others
from jobs.cli.outcomes import complain
from jobs.cli.program import say_next
from jobs.cli.releases.golden import golden_of
from jobs.cli.surroundings import Surroundings, surroundings
from jobs.doctor_ports import StandingDeployment
from jobs.errors import CloudFailed, JobsError, Refused, Usage
from jobs.plain import plain
from jobs.releases.status import Standing, StatusRow, status_rows
from jobs.releases.verifying import Asking, Probe, Probed, probed, probes

_READY = timedelta(minutes=10)
"""How long a release waits for a candidate that an up has just made."""
_HEADINGS = ("MODEL", "ROLE", "MODEL ID", "DEPLOYMENT", "SECONDS", "FOUND")


@dataclass(frozen=True)
class Verified:
    """What each deployment did, and where the stack serves other than its file says."""

    found: Sequence[Probed]
    differences: Sequence[StatusRow]

    def error(self, up: str) -> JobsError | None:
        """What is wrong for a person comes before what Azure did not answer."""
        bad = [each for each in self.found if each.finding in ("missing", "wrong")]
        failed = [each for each in self.found if each.finding == "failed"]
        missing = [each for each in bad if each.finding == "missing"]
        if bad or self.differences:
            told = [f"{_count(len(bad), 'deployment is', 'deployments are')} missing or wrong"] if bad else []
            told += [f"{_count(len(self.differences), 'role differs', 'roles differ')} from the stack file"] * bool(
                self.differences
            )
            command = up if missing or self.differences else None
            return Refused("; ".join(told), details=[_words(each) for each in bad + failed], next_command=command)
        if failed:
            what = f"how {_count(len(failed), 'deployment answers', 'deployments answer')} is not known"
            return CloudFailed(what, details=[_words(each) for each in failed])
        return None


def verify_stack(model: str | None, asked: Asked, deadline: timedelta, *, as_json: bool) -> None:
    """Raises Refused where a deployment is missing, answers wrongly or is not what the file says; CloudFailed where
    Azure does not answer. All that was found is said before."""
    with surroundings(asked) as around:
        outputs = around.stack.outputs()
        recorded = around.stack.releases()
        if model is not None and model not in outputs.models and model not in recorded:
            raise Usage(
                f"neither the stack file nor the stack outputs have a model {model}{others(model, outputs.models)}"
            )
        rows = status_rows(recorded, outputs, stack=asked.stack)
        differences = [
            row for row in rows if model in (None, row.model) and row.command == f"pulumi up -s {asked.stack}"
        ]
        verified = Verified(_found(model, asked, around, outputs, deadline), differences)
    if as_json:
        typer.echo(json.dumps(_document(asked.stack, verified), indent=2, ensure_ascii=False))
    else:
        _tell(asked.stack, verified)
    if (error := verified.error(f"pulumi up -s {asked.stack}")) is not None:
        raise error
    if not as_json and not verified.found:
        say_next(asked.command("status", None))


def refuse_unserved_candidate(model: str, asked: Asked, around: Surroundings, outputs: StackOutputs) -> None:
    """Raises as ``verify_stack`` where a deployment of the model's candidate does not answer as it should."""
    error = Verified(_found(model, asked, around, outputs, _READY, only="candidate"), ()).error(asked.up)
    if error is not None:
        raise error.located(next_command=asked.command("verify", model))


def _found(
    model: str | None,
    asked: Asked,
    around: Surroundings,
    outputs: StackOutputs,
    deadline: timedelta,
    *,
    only: Role | None = None,
) -> list[Probed]:
    if asked.models is not None and not asked.models.is_dir():
        raise Usage(f"--models: there is no folder {asked.models}")
    wanted = [each for each in probes(outputs, model) if only in (None, each.role)]
    golden = {name: golden_of(asked.models_folder, name) for name in {each.model for each in wanted}}
    standing = {account: _standing(around, outputs, account) for account in sorted({each.account for each in wanted})}
    asking = Asking(around.clock, around.clock.now() + deadline, _waiting)
    return [
        probed(
            each,
            golden[each.model],
            around.chat(outputs, outputs.accounts[each.account]),
            asking,
            standing=standing[each.account],
        )
        for each in wanted
    ]


def _standing(around: Surroundings, outputs: StackOutputs, account: str) -> Mapping[str, StandingDeployment] | None:
    """What Azure Resource Manager lists; None, and said, where it does not answer who asks."""
    try:
        found = around.control_plane(outputs).deployments(outputs.accounts[account].id)
    except CloudFailed as failed:
        complain(f"jobs: which deployments {account} has is not known: {failed.in_a_line}")
        return None
    return {each.name: each for each in found}


def _waiting(probe: Probe, why: str) -> None:
    complain(f"jobs: {probe.place} is waited for: {why}")


def _tell(stack: str, verified: Verified) -> None:
    if verified.found:
        say_table(_HEADINGS, [_cells(each) for each in verified.found], title=2)
    elif not verified.differences:
        typer.echo(f"Stack {stack} serves no tuned model, and has no candidate.")
    for row in verified.differences:
        standing = row.standing.value
        if row.standing is Standing.TO_MOVE:
            standing = f"{standing}: {row.deployed_as}"
        typer.echo(plain(f"{row.model} {row.role}, {row.model_id}: {standing}"))


def _cells(found: Probed) -> tuple[str, str, str, str, str, str]:
    probe = found.probe
    seconds = f"{found.seconds:.1f}" if found.seconds is not None else NOTHING
    return probe.model, probe.role, probe.served.model_id, probe.place, seconds, _result(found)


def _result(found: Probed) -> str:
    """The answer; before it, where that is not all, what is wrong."""
    said = f'"{found.said}"' if found.said is not None else ""
    if found.why is None:
        return said
    return f"{found.finding}: {found.why}{f': {said}' if said else ''}"


def _words(found: Probed) -> str:
    return f"{found.probe.model} {found.probe.role}, {found.probe.place}: {_result(found)}"


def _count(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def _document(stack: str, verified: Verified) -> dict[str, object]:
    """``schemaVersion`` stays 1 as long as keys are only added."""
    return {
        "schemaVersion": 1,
        "stack": stack,
        "verified": not verified.differences and all(each.finding == "answers" for each in verified.found),
        "deployments": [
            {
                "model": each.probe.model,
                "role": each.probe.role,
                "modelId": each.probe.served.model_id,
                "account": each.probe.account,
                "deployment": each.probe.deployment,
                "found": each.finding,
                "why": each.why,
                "seconds": each.seconds,
                "answer": each.said,
            }
            for each in verified.found
        ],
        "differences": [
            {
                "model": row.model,
                "role": row.role,
                "modelId": row.model_id,
                "standing": row.standing.value,
                "deployedAs": row.deployed_as,
            }
            for row in verified.differences
        ],
    }
