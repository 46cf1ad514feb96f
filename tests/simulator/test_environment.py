"""What reaches the local Azure, and nothing that reaches another."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from simulator.entra.models import CALLER, DEPLOYER, TRAINER
from simulator.environment import reaching
from simulator.errors import Unusable
from simulator.server import Simulator


def test_azure_variables_are_the_trainers_and_arm_variables_the_deployers(simulator: Simulator) -> None:
    values = simulator.environment()
    assert values["AZURE_CLIENT_ID"] == TRAINER.client_id
    assert values["AZURE_CLIENT_SECRET"] == TRAINER.secret
    assert values["ARM_CLIENT_ID"] == DEPLOYER.client_id
    assert values["ARM_CLIENT_SECRET"] == DEPLOYER.secret
    assert values["AZURE_TENANT_ID"] == values["ARM_TENANT_ID"] == simulator.cloud.tenant_id
    assert values["ARM_SUBSCRIPTION_ID"] == simulator.cloud.subscription_id


def test_another_principal_may_be_asked_for(simulator: Simulator) -> None:
    values = simulator.environment("caller")
    assert values["AZURE_CLIENT_ID"] == CALLER.client_id
    assert values["ARM_CLIENT_ID"] == DEPLOYER.client_id


def test_an_unknown_principal_is_refused_with_the_ones_there_are(simulator: Simulator) -> None:
    with pytest.raises(Unusable, match="deployer, trainer, caller, stranger"):
        simulator.environment("admin")


def test_endpoints_and_trust_point_here(simulator: Simulator) -> None:
    values = simulator.environment()
    assert values["AZURE_AUTHORITY_HOST"] == simulator.url
    assert values["ARM_METADATA_HOSTNAME"] == simulator.url.removeprefix("https://")
    assert values["SSL_CERT_FILE"] == values["REQUESTS_CA_BUNDLE"] == str(simulator.ca_file)
    assert Path(values["SSL_CERT_FILE"]).read_text().count("BEGIN CERTIFICATE") == 1
    assert values["SSL_CERT_DIR"] == str(simulator.ca_file.parent)


def test_no_proxy_stands_between(simulator: Simulator) -> None:
    values = reaching(simulator, ambient={"NO_PROXY": "intern.example,127.0.0.1", "HTTPS_PROXY": "http://proxy"})
    assert values["NO_PROXY"] == values["no_proxy"] == "intern.example,127.0.0.1,localhost"


def test_what_leads_to_another_azure_is_not_passed_on(simulator: Simulator) -> None:
    ambient = {
        "AZURE_CLIENT_CERTIFICATE_PATH": "/real.pem",
        "AZURE_CONFIG_DIR": "/real",
        "ARM_USE_OIDC": "true",
        "IDENTITY_ENDPOINT": "http://169.254.169.254",
        "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
        "PULUMI_ACCESS_TOKEN": "pul-real",
        "HOME": "/home/me",
    }
    values = reaching(simulator, ambient=ambient)
    assert not (ambient.keys() - {"HOME"}) & values.keys()
    assert values["HOME"] == "/home/me"


def test_pulumi_keeps_to_folders_of_the_simulator(simulator: Simulator) -> None:
    values = reaching(simulator, ambient={})
    backend = Path(unquote(urlsplit(values["PULUMI_BACKEND_URL"]).path))
    assert backend.is_dir()
    assert simulator.home in backend.parents
    assert simulator.home in Path(values["PULUMI_HOME"]).parents
    assert Path(values["JOBS_OUTPUTS"]) == simulator.outputs
    assert values["PULUMI_CONFIG_PASSPHRASE"]
    assert values["PULUMI_SKIP_UPDATE_CHECK"] == "true"


def test_the_stand_in_plugin_comes_first_on_path_and_runs_from_anywhere(simulator: Simulator, tmp_path: Path) -> None:
    values = reaching(simulator, ambient={"PATH": "/usr/bin:/bin"})
    first, *_, last = values["PATH"].split(os.pathsep)
    plugin = Path(first) / "pulumi-resource-azure-native"
    assert last == "/bin"
    assert plugin.stat().st_mode & stat.S_IXUSR
    # A plugin that is asked for anything but its address only has to be found, with the packages it needs.
    shown = plugin.read_text().replace("-m simulator.pulumi.plugin", "-c 'import simulator; print(simulator.__name__)'")
    copy = tmp_path / "plugin"
    copy.write_text(shown)
    copy.chmod(0o755)
    done = subprocess.run([str(copy)], cwd=tmp_path, env=values, capture_output=True, text=True, check=True)
    assert done.stdout == "simulator\n"


def test_without_a_cli_the_command_that_brings_stacks_up_is_our_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What jobs tells people to type next has to be there; with the CLI on PATH it is `pulumi up`."""
    with_cli, without = tmp_path / "with", tmp_path / "without"
    for folder in (with_cli, without):
        folder.mkdir()
    cli = with_cli / "pulumi"
    cli.write_text("#!/bin/sh\n")
    cli.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / ".venv" / "bin" / "python"))

    with Simulator(azurite=False, state_dir=tmp_path / ".local") as running:
        told = reaching(running, ambient={"PATH": str(without)})
        assert told["JOBS_UP"] == ".venv/bin/python -m simulator up --state .local"
        assert "JOBS_UP" not in reaching(running, ambient={"PATH": str(with_cli)})
