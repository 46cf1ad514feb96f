"""Data by reference on the command line: read with a stack, held to its digest, sent on as a stream."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from jobs.errors import ServiceRefused, Unavailable
from tests.jobs.cli.conftest import Project, example
from tests.jobs.specimens import BASE
from tests.jobs.tuning.references import KeptBlob

ADDRESS = "https://contosodev.blob.core.windows.net/datasets/raw/t.jsonl"
TRAIN = "".join(example(number) for number in range(60)).encode()
CHECK = ("check", "clippy", "-s", "dev")
RUN = ("run", "clippy", "-s", "dev", "--yes")


@pytest.fixture
def blob(project: Project) -> KeptBlob:
    """The training file of `project`, moved into storage."""
    kept = KeptBlob(TRAIN)
    project.remote[ADDRESS] = kept
    (project.folder / "models/clippy/t.jsonl").unlink()
    refer(project)
    return kept


def refer(project: Project, address: str = ADDRESS, content: bytes = TRAIN) -> None:
    digest = hashlib.sha256(content).hexdigest()
    project.tune_yaml(f"base: {BASE}\ndata:\n  train: {{uri: '{address}', sha256: {digest}}}\n  validation: v.jsonl\n")


def test_the_check_needs_a_stack_and_says_so(project: Project, blob: KeptBlob) -> None:
    done = project.jobs("check", "clippy")

    assert done.code == 1
    assert "data.train refers to storage" in done.err
    assert "Next: jobs check clippy -s STACK" in done.err
    assert blob.asked == []


def test_with_the_stack_it_is_checked_like_a_file(project: Project, blob: KeptBlob) -> None:
    assert project.jobs(*CHECK).code == 0

    blob.content = TRAIN + b"{\n"
    refer(project, content=blob.content)
    done = project.jobs(*CHECK)
    assert done.code == 1
    assert f"{ADDRESS}:61: error:" in done.out


def test_other_bytes_than_tune_yaml_names_are_refused_with_both_digests(project: Project, blob: KeptBlob) -> None:
    blob.content = TRAIN + example(60).encode()
    for command in (CHECK, RUN):
        done = project.jobs(*command)

        assert done.code == 1
        for content in (TRAIN, blob.content):
            assert hashlib.sha256(content).hexdigest() in done.out
        assert "tune.yaml:3: error: data.train: the bytes at" in done.out
    assert project.service.calls == []
    assert project.blobs.blobs == {}


def test_an_address_that_is_not_approved_is_refused(project: Project, blob: KeptBlob) -> None:
    elsewhere = "https://contosodata.blob.core.windows.net/approved/t.jsonl"
    refer(project, elsewhere)
    for command in (CHECK, RUN):
        done = project.jobs(*command)

        assert done.code == 1
        assert f"data.train: {elsewhere} is in no approved storage" in done.err
        assert "dataSources" in done.err
    assert blob.asked == []


def test_a_run_stores_and_uploads_it_and_is_the_run_of_the_same_bytes_by_path(project: Project, blob: KeptBlob) -> None:
    assert project.jobs(*RUN).code == 0

    digest = hashlib.sha256(TRAIN).hexdigest()
    assert project.blobs.blobs[f"{digest}.jsonl"] == TRAIN
    assert f"upload {digest[:32]}.jsonl" in project.service.calls
    assert next(file.size for file in project.service.stored if file.filename == f"{digest[:32]}.jsonl") == len(TRAIN)

    (project.folder / "models/clippy/t.jsonl").write_bytes(TRAIN)
    project.tune_yaml(f"base: {BASE}\ndata: {{train: t.jsonl, validation: v.jsonl}}\n")
    submitted = len(project.service.requests)
    again = project.jobs(*RUN)
    assert (again.code, len(project.service.requests)) == (0, submitted)
    assert "nothing to do" in again.out


def test_a_blob_that_is_replaced_between_check_and_upload_is_refused_and_nothing_submitted(
    project: Project, blob: KeptBlob, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = project.blobs.put_once

    def replaced(*given: object) -> bool:
        blob.etag = "0x2"
        return stored(*given)  # type: ignore[arg-type]  # As they came.

    monkeypatch.setattr(project.blobs, "put_once", replaced)
    done = project.jobs(*RUN)

    assert done.code == 1
    assert f"data.train: {ADDRESS} was changed or deleted while it was read" in done.err
    assert project.service.requests == []


def test_a_run_that_broke_off_while_reading_goes_on_when_it_is_typed_again(project: Project, blob: KeptBlob) -> None:
    blob.errors = [ServiceRefused("out of order", status=400)]
    assert project.jobs(*RUN).code == 3

    blob.errors = [Unavailable("the connection broke")]
    assert project.jobs(*RUN).code == 0
    assert len(project.service.requests) == 1


def test_nothing_of_it_lands_on_the_disk(
    project: Project, blob: KeptBlob, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    assert project.jobs(*RUN).code == 0

    assert list(temporary.rglob("*")) == []
    assert [path for path in files(project.folder) if b"Question 59?" in path.read_bytes()] == []


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_mended_is_a_file_beside_tune_yaml_and_no_blob(project: Project, blob: KeptBlob) -> None:
    blob.content = TRAIN.replace(b"\n", b"\r\n")
    refer(project, content=blob.content)
    project.jobs(*CHECK, "--fix")

    assert [path for path in files(project.folder) if b"Question 59?" in path.read_bytes()] == []


@pytest.mark.parametrize("form", ["lines", "json", "github"])
def test_a_finding_names_the_address_in_every_form(project: Project, blob: KeptBlob, form: str) -> None:
    blob.content = TRAIN + b"{\n"
    refer(project, content=blob.content)

    # GitHub's commands write a colon so.
    assert ADDRESS in project.jobs(*CHECK, "--format", form).out.replace("%3A", ":")
