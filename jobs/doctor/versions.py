"""What is installed here, beside what the project asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from jobs.doctor.finding import Finding, blocker, ok, warn
from jobs.doctor_ports import PulumiCli

_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(\[[^]]*\])?>=(?P<least>[\d.]+)")
_SETUP = "make setup"
SHOWN = ("openai", "azure-identity", "pulumi", "pulumi-azure-native")
PLUGIN = "azure-native"


def installed(python: str, required: Sequence[str] | None, version_of: Callable[[str], str | None]) -> Finding:
    """The libraries, against the least versions that the project's own metadata names.

    required     lines such as ``openai>=3.52``; None where the project itself isn't installed
    version_of   None for one that isn't there
    """
    if required is None:
        return blocker("versions", "this project is not installed in this Python", _SETUP)
    # Without those of extras, which name theirs behind a semicolon.
    plain = [line for line in required if ";" not in line]
    wanted = {found["name"]: found["least"] for line in plain if (found := _REQUIREMENT.match(line))}
    lacking = [
        f"{name} {version or 'is missing'}, {least} is the least"
        for name, least in sorted(wanted.items())
        if (version := version_of(name)) is None or _number(version) < _number(least)
    ]
    if lacking:
        return blocker("versions", "; ".join(lacking), _SETUP)
    return ok("versions", ", ".join([f"Python {python}", *(f"{name} {version_of(name)}" for name in SHOWN)]))


def toolchain(cli: PulumiCli, *, up: str | None, sdk: str | None, provider: str | None) -> Iterator[Finding]:
    """The Pulumi CLI, its login and its provider. Raises what the CLI is asked in vain.

    up              the command that brings stacks up in its place (JOBS_UP), where there is one
    sdk, provider   versions of the libraries here
    """
    version = cli.version()
    if version is None:
        yield _without_cli(up)
        return
    if sdk is not None and _number(version)[:1] < _number(sdk)[:1]:
        yield blocker("pulumi", f"CLI {version} does not run the program's SDK {sdk}", "Update the CLI.")
    else:
        yield ok("pulumi", f"CLI {version}")
    yield ok("login", cli.login())
    if provider is None:
        return
    if cli.has_plugin(PLUGIN, provider):
        yield ok("provider", f"{PLUGIN} {provider}")
    else:
        install = f"pulumi plugin install resource {PLUGIN} {provider}"
        yield warn("provider", f"{PLUGIN} {provider} is not installed yet; the next up downloads it", install)


def _without_cli(up: str | None) -> Finding:
    if up:
        return ok("pulumi", f"no CLI on PATH; stacks are brought up by `{up}`")
    install = "Install it: https://www.pulumi.com/docs/iac/download-install/"
    return blocker("pulumi", "there is no `pulumi` on PATH, and JOBS_UP names no other way", install)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("-")[0])[:3])
