"""`jobs config check`: what is wrong with stack files, as the person who reviews a pull request is told."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from contract.release import Releases
from jobs.cli.app import app
from jobs.stacks.stack_file import write_releases
from tests.contract.specimens import record
from tests.jobs.cli.conftest import Done
from tests.jobs.specimens import TUNE_YAML

SOUND = """\
config:
  tuned-models:accounts: {main: {name: contoso-dev, location: swedencentral}}
  tuned-models:storage: {name: contosodev}
  tuned-models:models:
    clippy: {skus: {live: {name: GlobalStandard, capacity: 50}}}
    helper: {skus: {live: {name: GlobalStandard, capacity: 50}}}
"""


def _check(*words: str) -> Done:
    result = CliRunner().invoke(app, ["config", "check", *words])
    return Done(result.exit_code, result.stdout, result.stderr)


@pytest.fixture
def environments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of stack files of a project without any, which is the working folder."""
    (tmp_path / "Pulumi.yaml").write_text("name: tuned-models\nruntime: python\nstackConfigDir: environments\n")
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "environments"
    folder.mkdir()
    return folder


def _written(environments: Path, stack: str = "dev", **models: dict[str, Any]) -> Path:
    path = environments / f"Pulumi.{stack}.yaml"
    path.write_text(SOUND)
    write_releases(path, {model: Releases.model_validate(places) for model, places in models.items()})
    return path


def test_sound_files_are_told_in_a_line(environments: Path) -> None:
    _written(environments, clippy={"live": record()})
    _written(environments, "prod")
    done = _check()

    assert (done.code, done.out) == (0, "2 stack files checked: 0 errors, 0 warnings\n")


def test_all_faults_of_all_files_come_at_once(environments: Path) -> None:
    _written(environments, clippy={"live": record()}, helper={"candidate": record()})
    (environments / "Pulumi.prod.yaml").write_text("a: 1\n<<<<<<< ours\n=======\n>>>>>>> theirs\n")
    (environments / "Pulumi.qa.yaml").write_text(f"{SOUND}  tuned-models:storag: {{}}\n")
    done = _check()
    lines = done.out.splitlines()

    assert done.code == 1
    assert lines[0] == (
        "environments/Pulumi.dev.yaml:69: error: tuned-models:releases.helper.candidate: "
        f"{record()['modelId']} is releases.clippy.live too: remove one"
    )
    assert lines[1].startswith("environments/Pulumi.dev.yaml:69: warning: tuned-models:releases.helper.candidate: ")
    assert lines[2].startswith("environments/Pulumi.prod.yaml:2: error: has a merge conflict, lines 2-4. Between")
    assert ".. " not in lines[2]
    assert "`git checkout -m -- environments/Pulumi.prod.yaml`" in lines[2]
    assert lines[3].startswith(
        "environments/Pulumi.qa.yaml:7: error: tuned-models:storag: unknown key; did you mean 'storage'?"
    )
    assert lines[4] == "3 stack files checked: 3 errors, 1 warning"
    assert "jobs: 3 errors in 3 stack files" in done.err


def test_the_stacks_that_are_named_alone_are_looked_at(environments: Path) -> None:
    _written(environments)
    (environments / "Pulumi.prod.yaml").write_text("config: [\n")

    assert _check("-s", "dev").code == 0
    assert _check("-s", "dev", "-s", "acme/tuned-models/prod").code == 1


def test_a_stack_without_a_file_is_an_error_among_the_others(environments: Path) -> None:
    _written(environments)
    done = _check("-s", "dev", "-s", "prod")

    assert done.code == 1
    assert "environments/Pulumi.prod.yaml: error: is missing" in done.out


def test_warnings_alone_refuse_nothing(environments: Path) -> None:
    _written(environments, clippy={"previous": [record(servedWith={"name": "Standard", "capacity": 5})]})
    done = _check()

    assert done.code == 0
    assert "warning: tuned-models:releases.clippy.live: nothing is live" in done.out


def test_a_record_that_its_tune_yaml_cannot_have_made(environments: Path) -> None:
    """The digests of one record and the run key of another."""
    folder = environments.parent / "models" / "clippy"
    folder.mkdir(parents=True)
    (folder / "tune.yaml").write_text(TUNE_YAML)
    digests = record()["digests"] | {"tuneYaml": hashlib.sha256(TUNE_YAML.encode()).hexdigest()}
    _written(environments, clippy={"live": record(digests=digests)})
    done = _check()

    assert done.code == 1
    assert "tuned-models:releases.clippy.live.runKey: is not that of this record's parent and digests" in done.out


def test_a_file_that_imports_environments_is_looked_at_as_far_as_it_goes(environments: Path) -> None:
    """Accounts and models may be declared elsewhere; a model stands in one place all the same."""
    path = environments / "Pulumi.dev.yaml"
    path.write_text("environment:\n  - shared\nconfig:\n")
    write_releases(path, {"clippy": Releases.model_validate({"live": record()})})
    sound = _check()
    write_releases(path, {"clippy": Releases.model_validate({"live": record(), "candidate": record()})})

    assert sound.code == 0
    assert "imports environments, so its records alone were checked" in sound.out
    assert "more than one place" in _check().out
    path.write_text(path.read_text().replace("seed: 42", "seed: many"))
    assert "seed: 'many' is not a whole number" in _check().out


def test_an_encrypted_key_is_refused_without_its_value(environments: Path) -> None:
    path = _written(environments)
    path.write_text(f"{SOUND}  tuned-models:budget:\n    secure: v1:hidden=\n")
    done = _check()

    assert "tuned-models:budget: is a secret" in done.out
    assert "hidden" not in done.out + done.err


def test_programs_get_one_document(environments: Path) -> None:
    _written(environments, clippy={"live": record(), "candidate": record()})
    done = _check("--format", "json")
    document = json.loads(done.out)

    assert (document["schemaVersion"], document["clean"]) == (1, False)
    (file,) = document["files"]
    assert (file["file"], file["recordsOnly"]) == ("environments/Pulumi.dev.yaml", False)
    (finding,) = file["findings"]
    assert (finding["severity"], finding["line"], finding["key"]) == ("error", 8, "tuned-models:releases.clippy")


def test_github_gets_annotations(environments: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    _written(environments, clippy={"live": record(), "candidate": record()})

    assert _check("--format", "github").out.startswith(
        "::error file=environments/Pulumi.dev.yaml,line=8,title=jobs config check::tuned-models:releases.clippy: "
    )


def test_a_project_without_stacks(environments: Path) -> None:
    done = _check()

    assert done.code == 1
    assert "pulumi stack init" in done.err
