"""What of Pulumi's own features a stack file may use under the CLI, and what it is told where it may not."""

from __future__ import annotations

import os
import signal
import subprocess

import pytest

from simulator.pulumi.summary import Failed
from simulator.pulumi.up import bring
from simulator.pulumi.with_cli import make_stack
from tests.engine.conftest import Local, left_behind

pytestmark = pytest.mark.slow


def _set_secret(local: Local, *words: str, secret: str) -> None:
    """On standard input: arguments of a process can be read by everybody on the machine."""
    make_stack(["pulumi", "up", "-s", "local", "-C", str(local.project)], local.environment)
    subprocess.run(
        ["pulumi", "config", "set", "--secret", "-s", "local", "--non-interactive", *words],
        cwd=local.project,
        env=local.environment,
        input=secret.encode(),
        check=True,
        capture_output=True,
    )


def test_a_secret_among_the_program_s_keys_is_refused_and_never_shown(local: Local) -> None:
    """Encrypted by the CLI itself, and decrypted by it on the way to the program."""
    _set_secret(local, "--path", "tuned-models:resourceGroup.name", secret="rg-hush")

    with pytest.raises(Failed, match=r"tuned-models:resourceGroup: is a secret \(`secure:`\)") as refused:
        local.bring()

    assert "rg-hush" not in str(refused.value)
    assert "rg-hush" not in "".join(local.simulator.cloud.state.arm.resources)


def test_a_secret_of_the_provider_works(local: Local) -> None:
    """The deployer's own, instead of the environment's."""
    _set_secret(local, "azure-native:clientSecret", secret=local.environment["ARM_CLIENT_SECRET"])
    assert "secure:" in local.stack_file.read_text()
    local.environment["ARM_CLIENT_SECRET"] = "another"

    assert local.bring().summary.created > 0
    assert local.bring().summary.changed == 0


def test_an_imported_environment_needs_pulumi_s_service(local: Local) -> None:
    local.stack_file.write_text(f"environment: [shared]\n{local.stack_file.read_text()}")

    with pytest.raises(Failed, match="ESC environments require the Pulumi Cloud backend"):
        local.bring()

    # Refused so early, the CLI forgets its host of Python programs.
    for process in left_behind(local.environment["PULUMI_BACKEND_URL"]):
        os.kill(int(process), signal.SIGKILL)


@pytest.mark.parametrize("stack", ["acme/tuned-models/local", "organization/another/local"])
def test_a_stack_of_another_organization_or_project_is_refused_by_the_cli_too(local: Local, stack: str) -> None:
    with pytest.raises(Failed, match=r"organization name must be 'organization'|provided project name"):
        bring("up", local.project, stack, local.environment)
