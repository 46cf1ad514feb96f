"""A model's folder is read whole, and refused with everything that is wrong with it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from jobs.errors import Refused, Unreadable, Usage
from jobs.tuning.files.referenced import Referenced
from jobs.tuning.model_folder import References, open_model
from tests.jobs.tuning.references import referenced

BASE = "base: gpt-4.1-mini-2025-04-14\n"
DATA = "data: {train: t.jsonl}\n"


def made(tmp_path: Path, text: str, *files: str) -> Path:
    folder = tmp_path / "clippy"
    folder.mkdir(parents=True)
    (folder / "tune.yaml").write_text(text, encoding="utf-8")
    for name in files:
        (folder / name).write_bytes(name.encode())
    return tmp_path


def test_datasets_that_there_are_and_the_digest_of_tune_yaml(tmp_path: Path) -> None:
    models = made(tmp_path, BASE + "data: {train: t.jsonl, holdout: h.jsonl}\n", "t.jsonl", "h.jsonl")
    folder = open_model(models, "clippy")

    assert (folder.train.name, folder.validation, folder.holdout) == ("t.jsonl", None, folder.path / "h.jsonl")
    assert folder.tune_yaml_digest == hashlib.sha256((folder.path / "tune.yaml").read_bytes()).hexdigest()


def test_a_name_that_is_none_is_usage(tmp_path: Path) -> None:
    for name in ("../clippy", "Clippy!", "", "a" * 31):
        with pytest.raises(Usage):
            open_model(tmp_path, name)


def test_a_model_that_is_not_there_is_usage_with_a_suggestion(tmp_path: Path) -> None:
    models = made(tmp_path, BASE + DATA)

    with pytest.raises(Usage, match="did you mean 'clippy'"):
        open_model(models, "clipy")


def test_a_broken_specification_is_refused_with_its_lines(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        open_model(made(tmp_path, BASE + DATA + "sed: 1\n"), "clippy")
    assert "line 3" in str(caught.value)


def test_missing_files_are_refused_together(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        open_model(made(tmp_path, BASE + "data: {train: t.jsonl, validation: v.jsonl}\n"), "clippy")
    assert len(caught.value.details) == 2


def test_what_is_no_file_is_not_said_to_be_missing(tmp_path: Path) -> None:
    models = made(tmp_path, BASE + DATA)
    (models / "clippy" / "t.jsonl").mkdir()

    with pytest.raises(Unreadable) as caught:
        open_model(models, "clippy")
    assert "is no file" in str(caught.value)


@pytest.mark.parametrize("named", ["../other/t.jsonl", "/etc/passwd", "a/../../other/t.jsonl"])
def test_a_dataset_lies_in_the_models_own_folder(tmp_path: Path, named: str) -> None:
    """It would be uploaded: nobody's pull request reaches for other files of the machine that trains."""
    models = made(tmp_path, BASE + f"data: {{train: {named}}}\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "t.jsonl").write_text("{}\n")

    with pytest.raises(Unreadable, match="cannot be used") as caught:
        open_model(models, "clippy")
    assert f"data.train: {named} is outside" in str(caught.value)


def test_a_folder_without_tune_yaml_is_not_said_to_be_missing(tmp_path: Path) -> None:
    (tmp_path / "clippy").mkdir()

    with pytest.raises(Unreadable, match=r"has no file tune\.yaml"):
        open_model(tmp_path, "clippy")


def test_every_method_is_opened(tmp_path: Path) -> None:
    folder = open_model(made(tmp_path, BASE + DATA + "method: dpo\n", "t.jsonl"), "clippy")
    assert folder.spec.method == "dpo"


REFERRING = BASE + "data: {train: t.jsonl, holdout: {uri: https://x.example/c/t.jsonl, sha256: " + "a" * 64 + "}}\n"


def test_data_by_reference_needs_a_stack(tmp_path: Path) -> None:
    """Which storage is approved is the stack's to say."""
    with pytest.raises(Refused, match=r"data\.holdout refers to storage") as caught:
        open_model(made(tmp_path, REFERRING, "t.jsonl"), "clippy")
    assert caught.value.next_command == "jobs check clippy -s STACK"


def test_what_is_referred_to_is_looked_at_once_the_files_are_there(tmp_path: Path) -> None:
    looked: list[References] = []

    def refer(references: References) -> dict[str, Referenced]:
        looked.append(references)
        return {use: referenced(b"{}", key=f"data.{use}") for use in references}

    models = made(tmp_path, REFERRING)
    with pytest.raises(Unreadable):
        open_model(models, "clippy", refer)
    assert looked == []
    (models / "clippy" / "t.jsonl").write_text("{}\n")
    folder = open_model(models, "clippy", refer)
    assert isinstance(folder.train, Path)
    assert isinstance(folder.holdout, Referenced)
    assert [list(each) for each in looked] == [["holdout"]]


class TestLinks:
    """What a specification names is uploaded: a link in a pull request must not send the machine's own files."""

    def test_one_that_leads_out_of_the_models_is_refused(self, tmp_path: Path) -> None:
        models = made(tmp_path / "models", BASE + DATA)
        (tmp_path / "credentials").write_text("{}")
        (models / "clippy" / "t.jsonl").symlink_to(tmp_path / "credentials")
        with pytest.raises(Unreadable, match="is a link that leads to") as caught:
            open_model(models, "clippy")

        assert str(tmp_path / "credentials") in str(caught.value)

    def test_one_to_another_models_data_is_followed(self, tmp_path: Path) -> None:
        models = made(tmp_path / "models", BASE + DATA)
        (models / "other").mkdir()
        (models / "other" / "t.jsonl").write_text("{}\n")
        (models / "clippy" / "t.jsonl").symlink_to(models / "other" / "t.jsonl")

        assert open_model(models, "clippy").train.name == "t.jsonl"

    def test_a_circle_is_no_file(self, tmp_path: Path) -> None:
        models = made(tmp_path / "models", BASE + DATA)
        (models / "clippy" / "t.jsonl").symlink_to(models / "clippy" / "t.jsonl")
        with pytest.raises(Unreadable, match="there is no"):
            open_model(models, "clippy")
