"""The same stack file, read by the CLI and in process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.pulumi.stack_file import Project, config_of
from tests.simulator.pulumi.test_stack_file import CORPUS

pytestmark = pytest.mark.slow

PROGRAM = """
import json, os
from pathlib import Path
from pulumi.runtime.config import CONFIG
Path(os.environ["PRINTED"]).write_text(json.dumps(CONFIG.get()))
"""
PROJECT = Project("tuned-models", "environments", {})


def _printed(cli: str, folder: Path, text: str) -> tuple[dict[str, str] | None, str]:
    """The program's config as the CLI hands it over; None and what it says where it refuses the file."""
    stack_file, printed = folder / "environments" / "Pulumi.test.yaml", folder / "printed.json"
    stack_file.write_bytes(text.encode())
    printed.unlink(missing_ok=True)
    environment = {
        "PATH": f"{Path(cli).parent}:/usr/bin:/bin",
        "PULUMI_BACKEND_URL": (folder / "state").as_uri(),
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_CONFIG_PASSPHRASE": "local",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PRINTED": str(printed),
    }
    said = ""
    for command in (["stack", "select", "--create", "test"], ["preview", "--stack", "test"]):
        done = subprocess.run(
            ["pulumi", *command, "--non-interactive", "--cwd", str(folder)],
            executable=cli,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        said += done.stdout + done.stderr
    return (json.loads(printed.read_text()) if printed.exists() else None), said


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "environments").mkdir()
    (tmp_path / "state").mkdir()
    (tmp_path / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    (tmp_path / "__main__.py").write_text(PROGRAM)
    (tmp_path / "Pulumi.yaml").write_text(
        "name: tuned-models\nstackConfigDir: environments\nruntime:\n  name: python\n  options: {virtualenv: .venv}\n"
    )
    return tmp_path


def test_every_scalar_and_object_of_the_corpus_arrives_the_same_both_ways(cli: str, folder: Path) -> None:
    """And as the corpus says: an unquoted date is a time, 0123456 an octal, 1.0 is 1."""
    written = [(each["yaml"], each["alone"]) for each in CORPUS["scalars"] if each["alone"] is not None]
    lines = [f"  tuned-models:alone{index}: {yaml}\n" for index, (yaml, _) in enumerate(written)]
    insides = [each for each in CORPUS["scalars"] if each["alone"] is not None]
    lines += [f"  tuned-models:inside{index}:\n    v: {each['yaml']}\n" for index, each in enumerate(insides)]
    lines += [f"  tuned-models:object{index}: {each['yaml']}\n" for index, each in enumerate(CORPUS["documents"])]
    text = "config:\n" + "".join(lines)

    by_cli, said = _printed(cli, folder, text)

    assert by_cli is not None, said
    in_process = config_of(folder / "environments" / "Pulumi.test.yaml", PROJECT)
    assert in_process == by_cli
    expected = {f"tuned-models:alone{index}": text for index, (_, text) in enumerate(written)}
    expected |= {f"tuned-models:inside{index}": f'{{"v":{each["inside"]}}}' for index, each in enumerate(insides)}
    expected |= {f"tuned-models:object{index}": each["text"] for index, each in enumerate(CORPUS["documents"])}
    assert by_cli == expected


@pytest.mark.parametrize("scalar", [each["yaml"] for each in CORPUS["scalars"] if each["alone"] is None])
def test_what_has_no_form_in_json_is_refused_by_the_cli_too(cli: str, folder: Path, scalar: str) -> None:
    by_cli, said = _printed(cli, folder, f"config:\n  tuned-models:k: {scalar}\n")

    assert by_cli is None
    assert "unsupported value" in said
