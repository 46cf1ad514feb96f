"""What is wrong with records beside each other, or within themselves, though each has the shape of one. Pure.

A merge of two branches' lines may be clean text and still nonsense: one model in two places, a record made of two.
Faults are certain; remarks are what mostly means that something went wrong, and may yet be as somebody wanted it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from contract import catalog
from contract.evaluation import lack, obstacle
from contract.faults import Fault
from contract.release import ReleaseRecord, Releases

_JOB = re.compile(r"ftjob-([0-9a-f]{32})")
_MODEL = re.compile(r"[^:]+?\.ft-([0-9a-f]{32})(?:-([A-Za-z0-9_-]+)-([0-9a-f]{8})$)?")
"""A tuned model's ID: the base's, the hex of its job, and the job's suffix (microsoft-foundry/fine-tuning, as the
notebook SFT_CNN_DailyMail prints it): of a run, its model's name and 8 hex of its key. Of a checkpoint it ends in
``:ckpt-step-N``."""
_CHECKPOINT = ":ckpt-"


@dataclass(frozen=True)
class _Held:
    """A record, where it stands: its model, and the key of it without namespace."""

    model: str
    key: str
    record: ReleaseRecord


def record_faults(releases: Mapping[str, Releases]) -> list[Fault]:
    """What is certainly wrong, keys without namespace."""
    held = _held(releases)
    return [
        *(fault for model in releases for fault in place_faults(model, releases[model])),
        *(fault for model in releases for fault in _unshown(model, releases[model])),
        *(fault for each in held for fault in _own_faults(each)),
        *_repeated(held),
    ]


def record_remarks(releases: Mapping[str, Releases]) -> list[Fault]:
    """What is probably wrong, keys without namespace."""
    return [
        *(remark for model in releases for remark in _model_remarks(model, releases[model])),
        *(remark for model in releases for remark in _overridden(model, releases[model])),
        *(remark for each in _held(releases) for remark in _own_remarks(each)),
        *_messages(_held(releases)),
    ]


def _held(releases: Mapping[str, Releases]) -> list[_Held]:
    return [
        _Held(model, f"releases.{model}.{place}", record)
        for model, each in releases.items()
        for place, record in each.places()
    ]


def place_faults(model: str, releases: Releases) -> Iterator[Fault]:
    """What one model's pointers cannot say at once, whatever its records are."""
    places: dict[str, list[str]] = {}
    for place, record in releases.places():
        places.setdefault(record.model_id, []).append(place)
        if place in ("candidate", "live") and record.withdrawal is not None:
            yield Fault(f"releases.{model}.{place}", f"is marked {record.withdrawal.words} and cannot be deployed")
    for model_id, found in places.items():
        if len(found) > 1:
            yield Fault(f"releases.{model}", f"{model_id} stands in more than one place: {', '.join(found)}")


def _unshown(model: str, releases: Releases) -> Iterator[Fault]:
    """What is live without having passed its evaluation. It may have been live before there were any."""
    if releases.live is None or (why := obstacle(releases.live)) is None:
        return
    commands = (
        f"make it the candidate and type `jobs evaluate {model} -s STACK`, or have it served all the same, for a "
        f'reason that is recorded: `jobs release {model} -s STACK --override "why"`'
    )
    yield Fault(f"releases.{model}.live", f"{releases.live.model_id} may not be live: {why}; {commands}")


def _overridden(model: str, releases: Releases) -> Iterator[Fault]:
    """Whoever looks at a preview is to see it, each time."""
    live = releases.live
    if live is None or live.override is None:
        return
    why = f" ({found})" if (found := lack(live)) is not None else ""
    words = f"{live.model_id} is live by an override of {live.override.in_a_line}{why}"
    yield Fault(f"releases.{model}.live", words)


def _own_faults(held: _Held) -> Iterator[Fault]:
    record = held.record
    if not _exists(record.trained_at):
        yield Fault(f"{held.key}.trainedAt", f"{record.trained_at!r} is no moment of the calendar")
    made, parent = catalog.find(record.model_id), catalog.find(record.parent_model_id)
    if made is not None and parent is not None and made.id != parent.id:
        yield Fault(f"{held.key}.parentModelId", f"{record.model_id} was not trained from {record.parent_model_id}")
    model = _MODEL.match(record.model_id)
    if model is not None and model[2] == held.model and model[3] != record.run_key[:8]:
        yield Fault(f"{held.key}.runKey", f"{record.model_id} is of a run whose key begins with {model[3]}")


def _repeated(held: Iterable[_Held]) -> Iterator[Fault]:
    """What no two records share, and what those of one run do."""
    of_ids: dict[str, _Held] = {}
    of_jobs: dict[str, _Held] = {}
    of_runs: dict[str, _Held] = {}
    for each in held:
        record = each.record
        first = of_ids.setdefault(record.model_id, each)
        if first.model != each.model:
            yield Fault(each.key, f"{record.model_id} is {first.key} too: remove one")
        if first is not each:
            continue
        first = each if _CHECKPOINT in record.model_id else of_jobs.setdefault(record.job_id, each)
        if first is not each:
            yield Fault(f"{each.key}.jobId", f"{record.job_id} has made the model of {first.key}, and makes one only")
        first = of_runs.setdefault(record.run_key, each)
        if differing := [name for name, fact in _DETERMINED if fact(record) != fact(first.record)]:
            words = f"has the run key of {first.key}, and not its {' and '.join(differing)}: the key is their digest"
            yield Fault(f"{each.key}.runKey", words)


_DETERMINED: tuple[tuple[str, Callable[[ReleaseRecord], object]], ...] = (
    ("parentModelId", lambda record: record.parent_model_id),
    ("method", lambda record: record.method),
    ("trainingType", lambda record: record.training_type),
    ("digests.train", lambda record: record.digests.train),
    ("digests.validation", lambda record: record.digests.validation),
)
"""Facts of a record of which the run key is a digest, among others that it doesn't hold as they were."""


def _model_remarks(model: str, releases: Releases) -> Iterator[Fault]:
    key = f"releases.{model}"
    served = [(place, each) for place, each in releases.places() if place.startswith("previous") and each.served_with]
    if not releases.records():
        yield Fault(key, "has no record: remove it")
    elif releases.live is None and served:
        yield Fault(f"{key}.live", f"nothing is live, and {served[0][1].model_id} was: it is in previous")
    # What was put back and replaced again is newer in previous than what was trained after it.
    went_back = any(each.withdrawal is not None and each.withdrawal.kind == "rolledBack" for each in releases.previous)
    former = [] if went_back else [(place, each.trained_at) for place, each in served if each.withdrawal is None]
    aside = [(f"{place}.withdrawal", each.withdrawal.at) for place, each in releases.places() if each.withdrawal]
    for what, in_order in (("was trained", former), ("was put aside", aside)):
        for (_, newer), (place, older) in pairwise(in_order):
            if older > newer:
                # keepPrevious counts from the first one.
                yield Fault(f"{key}.{place}", f"{what} after the one before it, and previous has the newest first")


def _own_remarks(held: _Held) -> Iterator[Fault]:
    record = held.record
    job, model = _JOB.fullmatch(record.job_id), _MODEL.match(record.model_id)
    if job is not None and model is not None and job[1] != model[1]:
        yield Fault(f"{held.key}.jobId", f"{record.model_id} looks like another job's: that of ftjob-{model[1]}")
    if model is not None and model[2] not in (None, held.model):
        words = f"{record.model_id} looks like a model of {model[2]}: right where that was renamed"
        yield Fault(held.key, words)
    if record.withdrawal is not None and record.withdrawal.at < record.trained_at:
        yield Fault(f"{held.key}.withdrawal", f"was written before the model was trained, at {record.trained_at}")


def _messages(held: Iterable[_Held]) -> Iterator[Fault]:
    """The system message is the one that all training examples share."""
    of_data: dict[str, _Held] = {}
    for each in held:
        first = of_data.setdefault(each.record.digests.train, each)
        if first.record.system_message != each.record.system_message:
            words = f"is another than that of {first.key}, which was trained on the same data"
            yield Fault(f"{each.key}.systemMessage", words)


def _exists(moment: str) -> bool:
    try:
        datetime.fromisoformat(moment)
    except ValueError:
        return False
    return True
