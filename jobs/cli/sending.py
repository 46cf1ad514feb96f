"""What a run is made from, on its way to the account that trains; said in a line each."""

from __future__ import annotations

from jobs.cli.course import Course
from jobs.ports import Blobs, StoredFile
from jobs.tuning import grading, upload
from jobs.tuning.referenced import Source


def look_at_the_grader(course: Course) -> None:
    """Before anything is sent, which a bad grader would waste."""
    grader, folder = course.run.spec.grader, course.folder
    if grader is None:
        return
    if grading.looked_at(grader, course.service, course.patience, folder.tune_yaml, folder.lines):
        course.say(f"the service takes {grader.name!r} as a grader")
    else:
        course.say(f"the service has no request that looks at a grader: {grader.name!r} is judged when it is submitted")


def send_datasets(course: Course, files: list[StoredFile]) -> tuple[str, str | None]:
    """The account's files with the training and validation data. ``files``: those that it had before."""
    run, folder = course.run, course.folder
    blobs = course.around.blobs(course.outputs, "datasets")
    validation = None
    if folder.validation is not None and run.digests.validation is not None:
        validation = _send(course, blobs, folder.validation, run.digests.validation, files)
    return _send(course, blobs, folder.train, run.digests.train, files), validation


def _send(course: Course, blobs: Blobs, source: Source, digest: str, files: list[StoredFile]) -> str:
    """The ID of the account's file with that dataset."""
    upload.store(blobs, source, digest, course.patience)
    file, sent = upload.ensure(course.service, source, digest, files, course.patience)
    course.say(f"{source.name} {'uploaded' if sent else 'is there already'} ({file.id})")
    return file.id
