"""The variables through which a process reaches the local Azure instead of the real one."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from simulator.cloud import Cloud
from simulator.entra.models import DEPLOYER, SEEDED
from simulator.errors import Unusable
from simulator.paths import shown
from simulator.tls import HOST

if TYPE_CHECKING:
    from simulator.server import Simulator

ROOT = Path(__file__).resolve().parents[1]

AMBIENT = ("AZURE_", "ARM_", "MSI_", "IDENTITY_")
"""Prefixes of variables that could lead a client elsewhere: none is passed on from the caller's environment."""


Network = Literal["public", "private"]
"""Where a process stands: outside, or inside a virtual network."""


def environment(
    cloud: Cloud,
    ca_file: Path,
    principal: str = "trainer",
    *,
    passage: str | None = None,
    ambient: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Endpoints, trust and credentials: AZURE_* for `principal`, ARM_* for the deployer.

    Nothing but the simulator is trusted with these. With `passage`, the proxy that leads inside, the process stands in
    a virtual network. `ambient` (the process's own environment unless given) is asked for the hosts that are reached
    without a proxy.
    """
    known = SEEDED.get(principal)
    if known is None or known.secret is None:
        raise Unusable(f"no principal {principal!r}: there are {', '.join(SEEDED)}")
    return {
        "AZURE_AUTHORITY_HOST": cloud.endpoints.main,
        "AZURE_TENANT_ID": cloud.tenant_id,
        "AZURE_CLIENT_ID": known.client_id,
        "AZURE_CLIENT_SECRET": known.secret,
        "ARM_CLIENT_ID": DEPLOYER.client_id,
        "ARM_CLIENT_SECRET": DEPLOYER.secret or "",
        "ARM_TENANT_ID": cloud.tenant_id,
        "ARM_SUBSCRIPTION_ID": cloud.subscription_id,
        "ARM_METADATA_HOSTNAME": cloud.endpoints.host,
        "SSL_CERT_FILE": str(ca_file),
        # OpenSSL and Go would otherwise trust the machine's own authorities beside it.
        "SSL_CERT_DIR": str(ca_file.parent),
        "REQUESTS_CA_BUNDLE": str(ca_file),
    } | (_inside(passage) if passage is not None else _outside(os.environ if ambient is None else ambient))


def _outside(around: Mapping[str, str]) -> dict[str, str]:
    """This machine is reached without a proxy, whatever else is."""
    before = (around.get("NO_PROXY") or around.get("no_proxy") or "").split(",")
    direct = ",".join(dict.fromkeys(filter(None, (*before, HOST, "localhost"))))
    return {"NO_PROXY": direct, "no_proxy": direct}


def _inside(passage: str) -> dict[str, str]:
    """Everything goes through the passage, this machine's addresses too: but for gRPC, which leads from Pulumi's SDK to
    its engine. Go's clients never ask a proxy for this machine: the CLI itself stays outside."""
    return {
        "HTTPS_PROXY": passage,
        "https_proxy": passage,
        # Empty and not absent: an exported one would still hold.
        "NO_PROXY": "",
        "no_proxy": "",
        "no_grpc_proxy": f"{HOST},localhost",
    }


def pulumi(simulator: Simulator) -> dict[str, str]:
    """What Pulumi and the jobs need beyond Azure: a state backend, a home of its own, where outputs are saved."""
    backend, home = simulator.home / "pulumi" / "state", simulator.home / "pulumi" / "home"
    for folder in (backend, home):
        folder.mkdir(parents=True, exist_ok=True)
    return {
        "PULUMI_BACKEND_URL": backend.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "local",
        "PULUMI_HOME": str(home),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "JOBS_OUTPUTS": str(simulator.outputs),
    }


def path_entries(simulator: Simulator) -> list[str]:
    """What goes first on PATH: the plugin that stands in for azure-native, then this interpreter and its commands."""
    folder = simulator.home / "bin"
    folder.mkdir(exist_ok=True)
    plugin = folder / "pulumi-resource-azure-native"
    # The CLI starts it in the program's folder, where neither this package nor this interpreter need be found.
    plugin.write_text(
        "#!/bin/sh\n"
        f'PYTHONPATH={shlex.quote(str(ROOT))}"${{PYTHONPATH:+:$PYTHONPATH}}" '
        f'exec {shlex.quote(sys.executable)} -m simulator.pulumi.plugin "$@"\n'
    )
    plugin.chmod(0o755)
    return [str(folder), str(Path(sys.executable).parent)]


def reaching(
    simulator: Simulator,
    principal: str = "trainer",
    *,
    network: Network = "public",
    ambient: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The whole environment of a process that lives on this Azure: the ambient one, without any other Azure in it."""
    around = os.environ if ambient is None else ambient
    kept = {
        name: value
        for name, value in around.items()
        # Told to ignore plugins on PATH, the CLI would fetch the published provider.
        if not name.startswith(AMBIENT) and name not in ("PULUMI_IGNORE_AMBIENT_PLUGINS", "PULUMI_ACCESS_TOKEN")
    }
    path = os.pathsep.join((*path_entries(simulator), around.get("PATH", os.defpath)))
    passage = simulator.passage_url if network == "private" else None
    azure = environment(simulator.cloud, simulator.ca_file, principal, passage=passage, ambient=around)
    return kept | azure | pulumi(simulator) | without_cli(simulator, path) | {"PATH": path}


def without_cli(simulator: Simulator, path: str) -> dict[str, str]:
    """What the jobs are to name in the place of `pulumi up`, where there is no Pulumi CLI on ``path``."""
    return {"JOBS_UP": up_command(simulator)} if shutil.which("pulumi", path=path) is None else {}


def up_command(simulator: Simulator) -> str:
    """What brings a stack up where there is no Pulumi CLI, as it can be typed in the folder we are in."""
    words = [shown(Path(sys.executable)), "-m", "simulator", "up"]
    if simulator.kept:
        words += ["--state", shown(simulator.home)]
    return shlex.join(words)
