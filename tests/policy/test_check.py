"""The result in words, and the table of rules in the documentation."""

from __future__ import annotations

import re
from pathlib import Path

from policy.check import check, told
from policy.rules import RULES
from tests.policy.specimens import ACCOUNT, DEPLOYMENT, loose, replaced, resource

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "policy.md"


def test_violations_are_told_by_rule_with_the_resource_the_reason_and_the_remedy() -> None:
    resources = [
        resource("cognitiveservices:Account", replaced(ACCOUNT, "properties.disableLocalAuth", ...), name="main"),
        resource("cognitiveservices:Account", replaced(ACCOUNT, "properties.disableLocalAuth", False), name="other"),
        resource("cognitiveservices:Deployment", replaced(DEPLOYMENT, "properties.model.version", ...), name="mini"),
    ]

    lines = told(check(resources, loose())).splitlines()

    assert [line.partition(":")[0] for line in lines] == [
        "no-local-auth",
        "  main (cognitiveservices",
        "  other (cognitiveservices",
        "  Remedy",
        "pinned-versions",
        "  mini (cognitiveservices",
        "  Remedy",
    ]


def test_each_rule_has_a_name_of_its_own_and_one_sentence_of_reason() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
        assert re.fullmatch(r"[A-Z].*\.", rule.why)
        assert ". " not in rule.why
        assert rule.remedy.endswith(".")


def test_the_page_has_each_rule_with_its_enforcement_and_reason() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (\w+) \| (.*?) \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)

    assert rows == [(rule.name, rule.enforcement, rule.why) for rule in RULES]
