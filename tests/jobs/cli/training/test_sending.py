"""Datasets on their way, as the command line sends them: what is interrupted is gone on with by the same command."""

from __future__ import annotations

import hashlib

import pytest

from jobs.errors import Unsettled
from jobs.tuning.files import file_parts, sending
from jobs.tuning.journals.journal import Attempt, is_journal, read_journal
from tests.jobs.cli.conftest import Project

RUN = ("run", "clippy", "-s", "dev", "--yes")


def attempt(project: Project) -> Attempt:
    """The last one, as the journal of the only run has it."""
    (name,) = [each for each in project.kept_runs.blobs if is_journal(each)]
    return read_journal(project.kept_runs.blobs[name], name).last


@pytest.fixture
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every dataset is large here, and every part small."""
    monkeypatch.setattr(sending, "LARGE", 1)
    monkeypatch.setattr(file_parts, "PART", 4000)


@pytest.mark.usefixtures("_large")
def test_parts_that_have_arrived_stand_in_the_journal_and_are_not_sent_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.service.takes_parts = True
    add = project.service.add_part
    given: list[bytes] = []
    stops = [3]

    def stopping(upload_id: str, content: bytes) -> str:
        if len(given) in stops:
            raise KeyboardInterrupt
        given.append(content)
        return add(upload_id, content)

    monkeypatch.setattr(project.service, "add_part", stopping)
    first = project.jobs(*RUN)
    begun = attempt(project).uploads
    stops.clear()
    done = project.jobs(*RUN)

    # The validation data go first, in one part.
    assert [(dataset, len(each.parts), each.part_size) for dataset, each in begun.items()] == [("train", 2, 4000)]
    assert (first.code, done.code) == (130, 0)
    assert "clippy: t.jsonl cannot be imported by this account; it goes in parts" in first.out
    assert "clippy: t.jsonl goes on where it broke off: 2 of its parts are there" in done.out
    data = [(project.folder / "models/clippy" / name).read_bytes() for name in ("v.jsonl", "t.jsonl")]
    assert b"".join(given) == b"".join(data)
    assert (attempt(project).uploads, set(attempt(project).files)) == ({}, {"train", "validation"})
    assert len(project.service.stored) == 2


@pytest.mark.usefixtures("_large")
def test_a_large_dataset_is_fetched_from_the_storage_and_that_is_said(project: Project) -> None:
    project.service.storage = project.blobs
    done = project.jobs(*RUN)

    assert done.code == 0
    assert "clippy: t.jsonl is fetched from the storage by the service" in done.out
    contents = {hashlib.sha256(each).hexdigest() for each in project.service.contents.values()}
    assert contents == {name.removesuffix(".jsonl") for name in project.blobs.blobs}
    assert {call.split()[0] for call in project.service.calls} == {"import", "submit"}


def test_a_dataset_whose_answer_was_lost_stands_in_the_journal_until_it_is_found(project: Project) -> None:
    """The process that lost it died; the next one waits for the list, and sends nothing twice."""
    project.service.upload_error = Unsettled("lost")
    project.service.upload_takes_effect = True
    listed = project.service.files
    project.service.files = lambda: iter(())  # type: ignore[method-assign]  # A list that lags.

    def die() -> None:
        raise KeyboardInterrupt

    project.clock.before_sleep = die
    assert project.jobs(*RUN).code == 130
    begun = attempt(project).uploads
    project.clock.before_sleep = None
    project.service.files = listed  # type: ignore[method-assign]  # By now it has caught up.
    done = project.jobs(*RUN)

    assert [(dataset, each.id) for dataset, each in begun.items()] == [("validation", None)]
    assert (done.code, attempt(project).uploads) == (0, {})
    assert sum(call.startswith("upload") for call in project.service.calls) == 2
