"""What a run is made from, on its way to the account that trains; said in a line each."""

from __future__ import annotations

from dataclasses import dataclass

from jobs.cli.training.course import Course
from jobs.cli.training.sending_bar import SendingBar
from jobs.ports import StoredFile
from jobs.tuning import grading
from jobs.tuning.files import upload
from jobs.tuning.files.referenced import Source
from jobs.tuning.files.sending import Steps
from jobs.tuning.journals import attempts
from jobs.tuning.journals.keeping import Keeper
from jobs.tuning.run import FileIds


def look_at_the_grader(course: Course) -> None:
    """Before anything is sent, which a bad grader would waste."""
    grader, folder = course.run.spec.grader, course.folder
    if grader is None:
        return
    if grading.looked_at(grader, course.service, course.patience, folder.tune_yaml, folder.lines):
        course.say(f"the service takes {grader.name!r} as a grader")
    else:
        course.say(f"the service has no request that looks at a grader: {grader.name!r} is judged when it is submitted")


@dataclass(frozen=True)
class Sent:
    """The account's files: IDs of those that train and validate, and of all that hold the same."""

    training: str
    validation: str | None
    ids: FileIds


def send_datasets(course: Course, files: list[StoredFile], keeper: Keeper) -> Sent:
    """The training and validation data, in the stack's storage and in the account. ``files``: those that it had before;
    ``keeper`` holds the run."""
    run, folder = course.run, course.folder
    blobs = course.around.blobs(course.outputs, "datasets")

    def alive() -> None:
        """While data are on their way the run stays held, as long as there is time for it."""
        keeper.alive()
        _refuse_late(course, keeper)

    def send(dataset: str, source: Source, digest: str) -> str:
        """The ID of the account's file with that dataset."""
        now = course.around.clock.now
        with SendingBar(f"storing {source.name}", course.say, alive) as bar:
            upload.store(blobs, source, digest, course.patience, bar.show)
        keeper.update(lambda last: attempts.stored(last, dataset, now()))
        with SendingBar(f"uploading {source.name}", course.say, alive) as bar:
            steps = Steps(
                keeper.journal.last.uploads.get(dataset),
                keeper.silence,
                keep=lambda begun: keeper.update(lambda last: attempts.uploading(last, dataset, begun)),
                tell=bar.show,
                say=course.say,
            )
            file, sent = upload.ensure(course.service, source, digest, files, course.patience, steps=steps, blobs=blobs)
        keeper.update(lambda last: attempts.sent(last, dataset, file.id, now()))
        course.say(f"{source.name} {'uploaded' if sent else 'is there already'} ({file.id})")
        return file.id

    validation = None
    if folder.validation is not None and run.digests.validation is not None:
        validation = send("validation", folder.validation, run.digests.validation)
    training = send("train", folder.train, run.digests.train)
    # Listed again: what was sent just now counts too, by whomever, when a lost answer is looked for.
    ids = upload.file_ids(run, upload.stored_files(course.service, course.patience))
    _refuse_late(course, keeper)
    return Sent(training, validation, ids)


def _refuse_late(course: Course, keeper: Keeper) -> None:
    """Raises DeadlinePassed: nobody waits for what would be submitted now."""
    spent = "nothing was spent"
    if keeper.journal.last.unsettled:
        spent = f"it was asked for {keeper.journal.last.submitting[-1]}, and what came of that is not known yet"
    late = course.patience.expired(f"the deadline has passed before the run was submitted; {spent}")
    if late is not None:
        raise late
