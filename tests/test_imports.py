"""Which of Azure's libraries which module imports, and how the page draws who imports whom.

The import contracts in pyproject.toml see a library's first name only, and all of Azure's are called ``azure``.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ADAPTERS = {
    "azure.core": {"jobs/azure/blobs.py", "jobs/azure/control_plane.py", "jobs/azure/core_errors.py"},
    "azure.identity": {"jobs/azure/credentials.py"},
    "azure.mgmt": {"jobs/azure/control_plane.py", "jobs/azure/monitor.py"},
    "azure.storage": {"jobs/azure/blobs.py"},
}
"""Library → the only modules of the product that may import it."""


def _imported(source: str) -> Iterator[str]:
    """The library of each import of Azure's, wherever in the module it stands: ``azure.storage``."""
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from (".".join(name.split(".")[:2]) for name in names if name.split(".")[0] == "azure")


def test_each_of_azures_libraries_is_imported_by_its_adapter_and_by_nothing_else() -> None:
    found: dict[str, set[str]] = {}
    for room in ("contract", "infra", "jobs"):
        for file in (ROOT / room).rglob("*.py"):
            for library in _imported(file.read_text(encoding="utf-8")):
                found.setdefault(library, set()).add(file.relative_to(ROOT).as_posix())

    assert found == ADAPTERS


def test_an_import_is_seen_however_it_is_written() -> None:
    source = "import azure.mgmt.x as a, os\nfrom azure import identity\ndef f():\n    from azure.core.x import Y\n"

    assert sorted(_imported(source)) == ["azure.core", "azure.identity", "azure.mgmt"]


def test_the_page_draws_the_rooms_of_jobs_as_they_are_checked() -> None:
    checked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    (layers,) = (each["layers"] for each in checked if each.get("containers") == ["jobs"])
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawn = page.split("```text\n", 1)[1].split("```", 1)[0].splitlines()

    assert [line.split("  ", 1)[0] for line in drawn] == [layer for layer in layers if layer != "__main__"]
