"""Takes the inventory: lists what the storage and the accounts have, and reads all journals."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from contract.outputs import StackOutputs
from jobs.cleaning.inventory import Account, Inventory, StoredRun
from jobs.cleaning.references import References, references
from jobs.doctor_ports import ControlPlane
from jobs.errors import CloudFailed, JobsError, NeverUp, Unreadable
from jobs.ports import Blobs, FineTuning, ListedBlob, Stack
from jobs.releases.recorded import records_any
from jobs.tuning.journals.journal import is_journal, read_journal
from jobs.tuning.patience import ANSWERING, Patience

_APART = timedelta(minutes=1)
"""By so much two clocks may differ: a storage tells whole seconds."""


@dataclass(frozen=True)
class Reach:
    """What is asked: containers by their use, accounts by their key in the outputs."""

    blobs: Callable[[str], Blobs]
    services: Callable[[str], FineTuning]
    patience: Patience
    read: dict[tuple[str, str], StoredRun] = field(default_factory=dict)
    """Journals that were read, by name and ETag: what was not written since is not read again."""


def look(
    outputs: StackOutputs, reach: Reach, named: References, deployed: tuple[References, tuple[str, ...]]
) -> Inventory:
    """``named`` and ``deployed``, with why not all of it could be seen, as in ``Inventory``.

    Accounts are asked first, and journals read last: a run that begins meanwhile writes its journal before it sends or
    takes anything. Raises CloudFailed where the storage can't be read.
    """
    patience, of_runs = reach.patience, reach.blobs("runs")
    asking = patience.within(ANSWERING)
    accounts = {key: _account(account.id, reach.services(key), patience) for key, account in outputs.accounts.items()}
    datasets = asking(lambda: tuple(reach.blobs("datasets").listed()))
    kept = asking(lambda: tuple(of_runs.listed()))
    runs = [_run(each, of_runs, reach) for each in kept if is_journal(each.name)]
    there = tuple(run for run in runs if run is not None)
    found, unseen = deployed
    # A machine whose clock is ahead takes for old what is not.
    by_storage = max((run.read_at for run in there if run.read_at is not None), default=None)
    now = patience.clock.now()
    at = by_storage if by_storage is not None and by_storage < now - _APART else now
    return Inventory(at, named, there, kept, datasets, accounts, found, unseen)


def deployed_in(
    stacks: Iterable[Stack], planes: Callable[[Stack, StackOutputs], ControlPlane]
) -> tuple[References, tuple[str, ...]]:
    """What the accounts of these stacks deploy, and why not all could be asked.

    What was never up deploys nothing. But a stack without outputs whose file records models may well be up: a file or a
    folder of outputs need not have those of every stack.
    """
    models: list[str] = []
    unseen: list[str] = []
    for stack in stacks:
        try:
            outputs = stack.outputs()
            for account in outputs.accounts.values():
                models += [each.model for each in planes(stack, outputs).deployments(account.id)]
        except NeverUp as error:
            if records_any(stack):
                unseen.append(f"stack {stack.name}: {error.what}")
        except JobsError as error:
            unseen.append(f"stack {stack.name}: {error.what}{f' ({error.code})' if error.code else ''}")
    return references(["\n".join(models).encode()]), tuple(unseen)


def _account(account_id: str, service: FineTuning, patience: Patience) -> Account:
    asking = patience.within(ANSWERING)
    try:
        return Account(account_id, asking(lambda: tuple(service.files())), asking(lambda: tuple(service.jobs())))
    except CloudFailed as error:
        return Account(account_id, why=error.what)


def _run(blob: ListedBlob, blobs: Blobs, reach: Reach) -> StoredRun | None:
    """None where it is gone by now."""
    known = reach.read.get((blob.name, blob.etag))
    if known is not None:
        return known
    try:
        content = reach.patience.within(ANSWERING)(partial(blobs.read, blob.name))
    except Unreadable as error:
        return StoredRun(blob, References(), None, error.what)
    if content is None:
        return None
    run = _parsed(blob, content.content)
    if content.etag == blob.etag:
        run = replace(run, read_at=blob.written_at + content.age)
        reach.read[blob.name, blob.etag] = run
    return run


def _parsed(blob: ListedBlob, content: bytes) -> StoredRun:
    names = references([content])
    try:
        return StoredRun(blob, names, read_journal(content, blob.name))
    except Unreadable as error:
        return StoredRun(blob, names, None, error.what)
