"""examples/pipelines/: what the pipelines type was typed, on the local Azure."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from simulator.entra.models import CALLER, TRAINER
from tests.checkout import copy_to, typed, without_ambient_azure

PIPELINES = Path(__file__).resolve().parents[2] / "examples" / "pipelines"
NAMES = ("nightly", "preview", "train", "up")
FILES = sorted(path.relative_to(PIPELINES).as_posix() for path in PIPELINES.glob("*/*.yml"))
PYTHON = ".venv/bin/python"
_PREVIEW = {"preview": " --preview", "up": ""}
OUTSIDE = {"github": "gh", "azure": "az"}
"""The forge's own command, of which only the call is tested."""


def _loaded(file: str) -> Any:
    return YAML(typ="safe", pure=True).load((PIPELINES / file).read_text(encoding="utf-8"))


def _scripts(node: Any) -> Iterator[str]:
    """Every script in a pipeline, in the order of the file."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("run", "script", "inlineScript") and isinstance(value, str):
                yield value
            else:
                yield from _scripts(value)
    elif isinstance(node, list):
        for item in node:
            yield from _scripts(item)


def _commands(file: str) -> list[str]:
    return [line.strip() for script in _scripts(_loaded(file)) for line in script.splitlines() if line.strip()]


def test_both_forges_have_the_same_four() -> None:
    assert [f"{forge}/{name}.yml" for forge in ("azure", "github") for name in NAMES] == FILES


@pytest.mark.parametrize("name", NAMES)
def test_both_forges_type_the_same(name: str) -> None:
    """Beside comments, and what names the forge."""
    github, azure = (
        [
            command.removeprefix("FORGE=az ").removesuffix(" --format github")
            for command in _commands(f"{forge}/{name}.yml")
            if command != "set -e" and not command.startswith("#")
        ]
        for forge in ("github", "azure")
    )

    assert github == azure


@pytest.mark.parametrize("file", FILES)
def test_no_pipeline_has_a_secret(file: str) -> None:
    text = (PIPELINES / file).read_text(encoding="utf-8")

    assert not re.search(r"secrets\.|client-secret|CLIENT_SECRET|ACCESS_TOKEN\b|PASSPHRASE|password", text)


@pytest.mark.parametrize("name", NAMES)
def test_githubs_token_is_asked_for_and_no_right_is_left_to_default(name: str) -> None:
    workflow = _loaded(f"github/{name}.yml")

    assert workflow["permissions"]["id-token"] == "write"
    assert workflow["permissions"]["contents"] == ("write" if name == "train" else "read")


@pytest.mark.parametrize("forge", ["github", "azure"])
def test_unreviewed_code_runs_as_an_identity_that_only_looks(forge: str) -> None:
    """Each stack's environment or service connection of that name; the others are of merged code."""
    word = "environment" if forge == "github" else "azureSubscription"
    used = {
        name: re.findall(rf"{word}: (.*)", (PIPELINES / forge / f"{name}.yml").read_text(encoding="utf-8"))
        for name in ("nightly", "preview", "up")
    }

    assert [each.endswith("-preview") for each in used["preview"]] == [True]
    assert [each.endswith("-preview") for each in used["nightly"]] == [True]
    assert [each.endswith("-preview") for each in used["up"]] == [False]


@pytest.mark.parametrize("forge", ["github", "azure"])
def test_an_up_is_never_broken_off_and_prod_comes_last(forge: str) -> None:
    up = _loaded(f"{forge}/up.yml")
    if forge == "github":
        job = up["jobs"]["up"]
        assert job["concurrency"]["cancel-in-progress"] is False
        assert job["strategy"]["max-parallel"] == 1
        stacks = job["strategy"]["matrix"]["stack"]
    else:
        [stacks] = [parameter["default"] for parameter in up["parameters"]]
    assert stacks == ["dev", "staging", "prod"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of the team's repository, the local directory's principals in dev, and a forge that writes down calls."""
    folder = tmp_path_factory.mktemp("pipelines")
    project = copy_to(folder / "project")
    stack = project / "environments" / "Pulumi.dev.yaml"
    text = stack.read_text().replace("principalType: Group", "principalType: ServicePrincipal")
    for placeholder, principal in (("00d1", TRAINER), ("00d2", CALLER)):
        text = text.replace(f"00000000-0000-0000-0000-00000000{placeholder}", principal.object_id)
    stack.write_text(text)
    (folder / "bin").mkdir()
    for command in OUTSIDE.values():
        forge = folder / "bin" / command
        forge.write_text(f'#!/bin/sh\necho "{command} $*" >> {folder / "called"}\n')
        forge.chmod(0o755)
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@localhost"]
    for words in (
        ["git", "init", "--quiet", "--bare", str(folder / "origin.git")],
        [*git, "-C", str(project), "init", "--quiet", "--initial-branch", "main"],
        [*git, "-C", str(project), "add", "--all"],
        [*git, "-C", str(project), "commit", "--quiet", "--message", "all"],
        [*git, "-C", str(project), "remote", "add", "origin", str(folder / "origin.git")],
        [*git, "-C", str(project), "push", "--quiet", "origin", "main"],
    ):
        subprocess.run(words, check=True, capture_output=True)
    return project


_HOURS = """\
import os, urllib.request
clock = os.environ["AZURE_AUTHORITY_HOST"] + "/_simulator/clock"
urllib.request.urlopen(urllib.request.Request(clock, b'{"advance": 14400}')).read()
"""


def _runs(project: Path, commands: list[str], forge: str) -> str:
    """What the commands say, as bash runs them in a pipeline; Pulumi's in process where there is no CLI."""
    lines = [line.replace("make setup", "make --dry-run setup") for line in commands]
    if shutil.which("pulumi") is None:
        lines = [_without_cli(line) if line.startswith("pulumi ") else line for line in lines]
    elif not (project.parent / "azure").exists():
        # The first time, a person makes the stack, and commits what the CLI writes into its file.
        commit = "git -c user.name=t -c user.email=t@localhost commit --quiet --all --message salt"
        made = ["pulumi stack init dev", "pulumi preview -s dev", commit, "git push --quiet origin main"]
        lines = [*made, *lines]
    # A training takes hours; what has ended by then is recorded.
    (project.parent / "hours.py").write_text(_HOURS)
    hours = f"{PYTHON} {project.parent / 'hours.py'}"
    lines = [each for line in lines for each in ([line, hours] if " run " in line and "--no-wait" in line else [line])]
    script = project.parent / f"{forge}.sh"
    script.write_text("\n".join(["set -eu", *lines]))
    environment = without_ambient_azure() | {"STACK": "dev", "MODEL": "clippy"}
    environment["PATH"] = f"{project.parent / 'bin'}{os.pathsep}{environment['PATH']}"
    azure = str(project.parent / "azure")
    inside = [PYTHON, "-m", "simulator", "exec", "--rate", "900", "--state", azure, "--", "bash", str(script)]
    return typed(project, *inside, environment=environment).stdout


def _without_cli(line: str) -> str:
    """The same in process, which asks nothing and has the policies built in."""
    for option in (" --policy-pack policy", " --diff", " --yes"):
        line = line.replace(option, "")
    return re.sub(r"^pulumi (preview|up)", lambda verb: f"{PYTHON} -m simulator up{_PREVIEW[verb[1]]}", line)


@pytest.mark.slow
def test_the_commands_of_a_pipeline_run_from_the_preview_to_the_pull_request(project: Path) -> None:
    """And an hour later, from main as it was, by the other forge: what is proposed already is not proposed again.

    That hour has no new look at machine and data, which take the time of a training here.
    """
    in_order = ("preview", "up", "nightly", "train")
    typed_first = [command for name in in_order for command in _commands(f"github/{name}.yml")]
    assert "ResourceGroup" in _runs(project, typed_first, "github")
    [call] = (project.parent / "called").read_text().splitlines()[:1]
    assert call.startswith("gh pr create --head tuned/dev/clippy-")
    assert "clippy: a new candidate on dev" in call

    subprocess.run(["git", "-C", str(project), "switch", "--quiet", "main"], check=True)
    later = [line for line in _commands("azure/train.yml") if not re.search(r"jobs (doctor|check)|make", line)]
    said = _runs(project, later, "azure")
    assert "az " not in (project.parent / "called").read_text()
    assert "proposed already" in said
