"""docs/simulator.md shows plans that are plans, and has every key of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.faults.plan import Plan, parsed

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "simulator.md").read_text()
SECTION = PAGE[PAGE.index("\n## Faults\n") : PAGE.index("\n## What it records\n")]
SHOWN = re.findall(r"```json\n(.*?)```", SECTION, re.DOTALL)


@pytest.mark.parametrize("shown", SHOWN)
def test_a_plan_that_is_shown_is_one(shown: str) -> None:
    assert parsed(shown) != Plan()


def keys(schema: dict[str, Any]) -> Iterator[str]:
    """Every member that a plan may have, however deep."""
    for each in (schema, *schema.get("$defs", {}).values()):
        yield from each.get("properties", {})


def test_every_key_is_on_the_page() -> None:
    prose = re.sub(r"```.*?```", "", SECTION, flags=re.DOTALL)
    named = set(re.findall(r"\w+", " ".join([*re.findall(r"`[^`]+`", prose), *SHOWN])))

    assert set(keys(Plan.model_json_schema(by_alias=True))) - named == set()
