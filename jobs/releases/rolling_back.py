"""Which model is put back where the live one turned out wrong, and what the next up then has to do. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from contract.evaluation import lack, obstacle
from contract.outputs import ModelOutput
from contract.release import ReleaseRecord, Releases, Signed, Withdrawal
from jobs.errors import Refused, UpNeeded
from jobs.releases.pointers import Decided, place_of, put_back, refuse_contradiction, undo_put_back


def rollback(
    model: str, releases: Releases, output: ModelOutput, signed: Signed, *, stack: str, to: str | None = None
) -> Decided:
    """The newest previous model that was live and was neither put aside nor rolled back; with ``to`` the one named.

    ``output`` is the model's in the stack outputs. Typed again before an up, it changes nothing: the live model of the
    file is not yet that of the outputs. What was live before there were evaluations is live again by an override.
    Raises UpNeeded and Refused, with the command that helps.
    """
    refuse_contradiction(model, releases, stack)
    live = releases.live
    if live is None:
        raise Refused(f"{model}: nothing is live, so there is nothing to roll back", stack=stack)
    served = output.live
    is_up = served is not None and served.model_id == live.model_id
    left = _left_last(releases)
    is_done = served is not None and left is not None and not is_up and left[0] == served.model_id
    target: ReleaseRecord | None
    if to is not None:
        if to == live.model_id:
            return Decided(releases, False, f"{to} is live already{_since(releases)}.")
        if is_done and served is not None and to == served.model_id:
            # Nobody was served anything else meanwhile: what was put back has not failed.
            return undo_put_back(releases)
        target = _named(model, releases, to, stack)
    elif not is_up:
        if is_done:
            return Decided(releases, False, f"{live.model_id} is live in the stack file already{_since(releases)}.")
        raise UpNeeded(
            f"{model}: {live.model_id} is live in the stack file and not deployed as such yet "
            f"(deployed as live: {served.model_id if served else 'nothing'}); --to MODELID rolls back without an up",
            stack=stack,
            next_command=f"pulumi up -s {stack}",
        )
    else:
        target = _newest(releases)
        if target is None:
            raise Refused(
                f"{model}: there is no model to go back to: none in previous was live and stayed so until a release",
                details=_choices(releases),
                stack=stack,
            )
    served_with = served.sku if served is not None and is_up else output.skus.live
    decided = put_back(releases, _allowed(target, signed), served_with, signed)
    standing = deployments_of(target.model_id, output)
    where = ", ".join(f"{name} in {account}" for account, name in sorted(standing.items()))
    up = f"It is deployed still ({where}): the next up serves it." if where else "The next up deploys it anew."
    return Decided(decided.releases, True, f"{decided.words} {up}")


def deployments_of(model_id: str, output: ModelOutput) -> Mapping[str, str]:
    """The deployments, by account, that would serve a model if it were live; none where the up makes them.

    One on another SKU has another name, and does not become the live one.
    """
    standing = [output.live, output.candidate, *output.previous]
    found = (each for each in standing if each is not None and each.model_id == model_id)
    return next((each.deployments for each in found if each.sku.name == output.skus.live.name), {})


def _newest(releases: Releases) -> ReleaseRecord | None:
    return next((each for each in releases.previous if each.served_with is not None and each.withdrawal is None), None)


def _named(model: str, releases: Releases, to: str, stack: str) -> ReleaseRecord:
    """Of the previous models, the one of the ID ``to``. One that was rolled back may be live again, if it is named."""
    found = next((each for each in releases.previous if each.model_id == to), None)
    if found is None:
        place = place_of(releases, to)
        why = f"{place}, and is released" if place is not None else "it is not recorded"
        command = f"jobs release {model} -s {stack}" if place is not None else None
        details = () if place is not None else _choices(releases)
        raise Refused(f"{model}: {to} is no previous model: {why}", details=details, stack=stack, next_command=command)
    if found.served_with is None or found.is_put_aside:
        words = place_of(releases, to) if found.withdrawal is not None else "it was never live"
        raise Refused(f"{model}: {to} was not live before: {words}", details=_choices(releases), stack=stack)
    return found


def _choices(releases: Releases) -> list[str]:
    models = [each for each in releases.previous if each.served_with is not None and not each.is_put_aside]
    return [
        f"--to {each.model_id}{f' ({place_of(releases, each.model_id)})' if each.withdrawal is not None else ''}"
        for each in models
    ]


def _left_last(releases: Releases) -> tuple[str, Withdrawal] | None:
    """The model that a rollback has left, where that was the last thing that was done; and by whom."""
    head = releases.previous[0] if releases.previous else None
    if head is None or head.withdrawal is None or head.withdrawal.kind != "rolledBack":
        return None
    return head.model_id, head.withdrawal


def _since(releases: Releases) -> str:
    """That a rollback has put it there, where the last thing that was done is one."""
    left = _left_last(releases)
    if left is None:
        return ""
    model_id, by = left
    return f": {model_id} was {by.words} by {by.by}, {by.at}: {by.reason}"


def _allowed(record: ReleaseRecord, signed: Signed) -> ReleaseRecord:
    """In an emergency nobody waits for an evaluation of what was live before; that there is none is recorded."""
    if obstacle(record) is None:
        return record
    override = Signed(by=signed.by, at=signed.at, reason=f"rolled back, though {lack(record)}: {signed.reason}")
    return record.model_copy(update={"override": override})
