"""The pages say what the program does: each verb, option and exit code; and lead to each other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from jobs.cli import outcomes
from jobs.cli.app import app

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "jobs.md").read_text(encoding="utf-8")
SECTIONS = PAGE + "".join(
    f"\n{file.read_text(encoding='utf-8')}" for file in (DOCS / "evaluation.md", DOCS / "releases.md") if file.exists()
)
"""Each verb has its section on one of these pages."""


def _verbs(group: Any, before: str = "") -> dict[str, Any]:
    """By name; those of a group within, by both names."""
    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        found |= _verbs(command, f"{name} ") if hasattr(command, "commands") else {f"{before}{name}": command}
    return found


VERBS = _verbs(typer.main.get_command(app))


def test_each_verb_has_a_section() -> None:
    documented = re.findall(r"^## `jobs ([a-z-]+(?: [a-z][a-z-]+)?)", SECTIONS, re.MULTILINE)

    assert sorted(documented) == sorted(VERBS)


def test_the_table_lists_verbs_as_help_does_in_the_order_of_a_models_life() -> None:
    table = PAGE.split("| verb | reads | writes |", 1)[1].split("\n\n", 1)[0]
    listed = [verb for row in table.splitlines()[2:] for verb in re.findall(r"\[`([a-z -]+)`\]", row.split("|")[1])]

    assert listed == list(VERBS)
    life = ["check", "plan", "run", "evaluate", "release", "status", "clean"]
    assert [verb for verb in listed if verb in life] == life


def test_readme_names_each_verb_and_each_page() -> None:
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    row = next(line for line in readme.splitlines() if line.startswith("| `jobs/` |"))
    named = row.split("|")[2].strip().split(", ")

    assert named == list(dict.fromkeys(verb.partition(" ")[0] for verb in VERBS))
    assert [page.name for page in sorted(DOCS.glob("*.md")) if f"](docs/{page.name})" not in readme] == []


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_each_option_of_the_verb_is_on_the_page(verb: str) -> None:
    """In its own section, or in the table of those that verbs share, with the verb's name or `all`."""
    section = re.split(rf"^## `jobs {verb}(?![a-z-])", SECTIONS, maxsplit=1, flags=re.MULTILINE)[1].split("\n## ", 1)[0]
    shared = [line for line in PAGE.split("## Options that", 1)[1].split("\n## ", 1)[0].splitlines() if line[:1] == "|"]
    options = [option for parameter in VERBS[verb].params for option in parameter.opts if option.startswith("--")]
    assert options

    for option in [*options, "--help"]:
        rows = [line.split("|") for line in shared if re.search(rf"`(?:-s`, `)?{option}[ `]", line)]
        of_verb = [row for row in rows if (f"`{verb}`" in row[2]) != row[2].strip().startswith("all")]
        assert of_verb or f"`{option}" in section, f"{verb} {option}"


def test_each_exit_code_is_on_the_page() -> None:
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)}

    assert documented == {
        outcomes.DONE,
        outcomes.REFUSED,
        outcomes.USAGE,
        outcomes.CLOUD_FAILED,
        outcomes.FAULT,
        outcomes.INTERRUPTED,
        outcomes.READER_GONE,
    }


def _anchors(page: Path) -> set[str]:
    """As GitHub names them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", [DOCS.parent / "README.md", *sorted(DOCS.glob("*.md"))], ids=lambda page: page.name)
def test_links_to_pages_and_their_sections_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)", page.read_text(encoding="utf-8"))
    targets = [(page.parent / file if file else page, anchor) for file, anchor in links]

    assert [target.name for target, _ in targets if not target.exists()] == []
    assert [f"{target.name}#{anchor}" for target, anchor in targets if anchor and anchor not in _anchors(target)] == []
