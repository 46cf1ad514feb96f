"""docs/rules: a page for each rule, whose examples the check itself judges as the page says."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from contract.release import Method
from jobs.data.check import check_datasets, check_file
from jobs.data.findings import Finding
from jobs.data.rules import RULES
from jobs.tuning.expectations import expected_of

FOLDER = Path(__file__).parents[3] / "docs" / "rules"
INDEX = (FOLDER / "README.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| \[([a-z0-9-]+)\]\(([a-z0-9-]+)\.md\) \| (error|warning) \| (.+) \|$", re.MULTILINE)
BLOCK = re.compile(r"^```jsonl(?: (training|validation|holdout))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DIRECTIVE = re.compile(r"<!-- (method|base): (\S+) -->")


@dataclass(frozen=True)
class Page:
    """A page's text, and the sections under its headings."""

    rule: str
    text: str

    def section(self, heading: str) -> str | None:
        found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", self.text, re.MULTILINE | re.DOTALL)
        return found[1] if found else None

    def files(self, heading: str) -> dict[str, str]:
        """The blocks under ``heading``, by the use of the file that each stands for."""
        return {use or "training": content for use, content in BLOCK.findall(self.section(heading) or "")}


PAGES = {
    path.stem: Page(path.stem, path.read_text(encoding="utf-8"))
    for path in sorted(FOLDER.glob("*.md"))
    if path.name != "README.md"
}
SHOWN = sorted(rule for rule, page in PAGES.items() if page.files("Wrong"))


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    assert sorted(PAGES) == sorted(RULES)


def test_the_index_lists_the_rules_in_their_order() -> None:
    rows = ROW.findall(INDEX)

    assert [(rule, severity, title) for rule, _, severity, title in rows] == [
        (rule.id, rule.severity, rule.title) for rule in RULES.values()
    ]
    assert all(rule == page for rule, page, _, _ in rows)


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_page_begins_with_the_rule_and_says_why_and_what_to_do(page: Page) -> None:
    rule = RULES[page.rule]

    assert page.text.startswith(f"# {rule.id}\n\n**{rule.severity}**: {rule.title}.\n\n")
    assert (page.section("Why it matters") or "").strip()
    assert (page.section("What to do") or "").strip()
    assert bool(page.files("Wrong")) == bool(page.files("Right"))


@pytest.mark.parametrize("rule", SHOWN)
def test_what_a_page_calls_wrong_breaks_its_rule(rule: str, tmp_path: Path) -> None:
    found = _found(PAGES[rule], "Wrong", tmp_path)

    assert rule in {finding.rule for finding in found}


@pytest.mark.parametrize("rule", SHOWN)
def test_what_a_page_calls_right_breaks_no_rule_of_its_severity(rule: str, tmp_path: Path) -> None:
    found = _found(PAGES[rule], "Right", tmp_path)

    assert [finding for finding in found if finding.severity == RULES[rule].severity] == []


def _found(page: Page, heading: str, folder: Path) -> list[Finding]:
    """What the check finds in the files under ``heading``; that files on a page are short is left out."""
    paths = {use: folder / f"{use}.jsonl" for use in page.files(heading)}
    for use, content in page.files(heading).items():
        paths[use].write_text(content, encoding="utf-8")
    findings = _checked(paths, dict(DIRECTIVE.findall(page.text)))
    return [finding for finding in findings if finding.rule == page.rule or not finding.rule.startswith("size-")]


def _checked(paths: dict[str, Path], directives: dict[str, str]) -> tuple[Finding, ...]:
    method = TypeAdapter(Method).validate_python(directives.get("method", "supervised"))
    expected = expected_of(directives.get("base"), method)
    if "training" in paths:
        return check_datasets(paths["training"], paths.get("validation"), paths.get("holdout"), expected).findings
    (use, path) = next(iter(paths.items()))
    return check_file(path, replace(expected, use="holdout" if use == "holdout" else "validation")).findings
