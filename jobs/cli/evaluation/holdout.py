"""The holdout before anybody is asked: as sound as `jobs check` wants it, and unknown to the model that is measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from contract.release import ReleaseRecord
from jobs.cli.data.check_result import CheckResult, counted
from jobs.cli.data.findings_told import tell
from jobs.cli.data.reading_bar import ReadingBar
from jobs.cli.data.told import Told
from jobs.cli.training.stack_model import StackModel
from jobs.data.check import check_datasets, check_file
from jobs.data.findings import Finding
from jobs.errors import Refused, ServiceRefused
from jobs.tuning.expectations import expected_of
from jobs.tuning.files.referenced import Referenced, Source, digest_faults
from jobs.tuning.files.upload import blob_name
from jobs.tuning.model_folder import ModelFolder

LEAKS = frozenset({"leak-holdout", "leak-near-holdout", "leak-same-file"})


@dataclass(frozen=True)
class Held:
    """``near``: lines that are nearly what the model was trained on, where that is known."""

    sha256: str
    near: int = 0


def checked_holdout(of: StackModel, folder: ModelFolder, record: ReleaseRecord | None) -> Held:
    """What the holdout is. ``record``: of the model that is measured; None where baselines are.

    One that the model's run has seen is checked by itself; a newer one, beside what the model was trained on, too: an
    example that was learned, or nearly so, is no measure. Raises Refused, with what the check found.
    """
    holdout = folder.holdout
    if holdout is None:
        raise Refused(
            f"{folder.tune_yaml} names no data.holdout: there is nothing to ask",
            details=[
                "Hold some of the examples back, in a file that is never sent for training:",
                "data: {holdout: …}",
            ],
            stack=of.asked.stack,
        )
    expected = expected_of(folder.spec.base, folder.spec.method, "holdout", folder.spec.grader)
    with ReadingBar() as bar:
        report = check_file(holdout, expected, progress=bar.show)
    placed = [
        Finding("tune-yaml", "error", str(folder.tune_yaml), folder.lines.of(key), fault)
        for key, fault in digest_faults([(holdout, report.sha256)])
    ]
    of_holdout = CheckResult(of.model, expected, (report,), tuple(placed))
    if of_holdout.errors:
        _refuse(of, folder, of_holdout, f"the holdout of {of.model} cannot be asked: {of_holdout.verdict}")
    if record is None or record.digests.holdout != report.sha256:
        _refuse_leaks(of, folder, holdout, record)
        return Held(report.sha256)
    return Held(report.sha256, _near_leaks(of, folder, holdout, record))


def _near_leaks(of: StackModel, folder: ModelFolder, holdout: Source, record: ReleaseRecord) -> int:
    """How many there are, which is said, of the holdout that the run has seen, and was warned of: who reads the verdict
    may not have been there.

    Only where the training data lie here, as the model has learned them.
    """
    if not isinstance(folder.train, Path) or not folder.train.is_file():
        return 0
    expected = expected_of(folder.spec.base, folder.spec.method, grader=folder.spec.grader)
    with ReadingBar() as bar:
        found = check_datasets(folder.train, None, holdout, expected, progress=bar.show)
    near = found.counts.get("leak-near-holdout", 0)
    if not near or found.training.sha256 != record.digests.train:
        return 0
    lines = f"{counted(near, 'line')} of the holdout {'is' if near == 1 else 'are'}"
    of.say(
        f"{lines} nearly what the model was trained on (leak-near-holdout): what it got right of that it may have "
        "learned by heart"
    )
    return near


def _refuse_leaks(of: StackModel, folder: ModelFolder, holdout: Source, record: ReleaseRecord | None) -> None:
    training = folder.train if record is None else _trained_on(of, folder, record)
    expected = expected_of(folder.spec.base, folder.spec.method, grader=folder.spec.grader)
    with ReadingBar() as bar:
        report = check_datasets(training, None, holdout, expected, progress=bar.show)
    beside = report.holdout.findings if report.holdout is not None else ()
    found = tuple(each for each in (*beside, *report.crossing) if each.rule in LEAKS)
    # A baseline has learned nothing: near leaks of its holdout are the run's to warn of.
    found = found if record is not None else tuple(each for each in found if each.severity == "error")
    if found:
        # Of an evaluation none is a mere warning.
        result = CheckResult(of.model, expected, (), tuple(replace(each, severity="error") for each in found))
        what = f"the holdout has what {of.model} is trained on: {len(found):,} of its lines are no measure"
        _refuse(of, folder, result, what)


def _trained_on(of: StackModel, folder: ModelFolder, record: ReleaseRecord) -> Source:
    """The training data of that model: as they lie here, or as the stack's storage keeps them."""
    digest = record.digests.train
    with ReadingBar() as bar:
        here = check_file(folder.train, expected_of(folder.spec.base, folder.spec.method), progress=bar.show).sha256
    if here == digest:
        return folder.train
    storage = of.outputs.storage
    address = f"{storage.blob_endpoint.rstrip('/')}/{storage.containers['datasets']}/{blob_name(digest)}"
    blob = of.around.remote_blob(of.outputs, address)
    try:
        version = of.patience(partial(blob.version))
    except ServiceRefused as refused:
        if refused.status != 404:
            raise
        raise Refused(
            f"the holdout is newer than {record.model_id}, and what that was trained on is not at hand: whether it "
            "leaks cannot be told",
            details=[
                f"{folder.train} is another file by now, and the stack's storage has no {blob_name(digest)}.",
                "Evaluate it by the holdout that it was trained beside, or from a checkout with its training data.",
            ],
            stack=of.asked.stack,
        ) from None
    return Referenced("the model's training data", address, digest, blob, version, of.patience)


def _refuse(of: StackModel, folder: ModelFolder, result: CheckResult, what: str) -> None:
    tell(result, Told(), summary=False)
    raise Refused(what, stack=of.asked.stack, next_command=of.asked.check_command(of.model, with_stack=folder.refers))
