"""The JSON Schema of stack files, which editors find beside them: ``python -m contract.stack_schema`` writes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from contract.stack_config import NAMESPACE, StackConfig

PATH = Path(__file__).resolve().parent.parent / "environments" / "stack.schema.json"


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a stack file, for editors: Pulumi's own keys are left open."""
    inner = StackConfig.model_json_schema(by_alias=True)
    definitions = inner.pop("$defs")
    for schema in (inner, *definitions.values()):
        tidy(schema)
    properties = {f"{NAMESPACE}:{key}": value for key, value in inner["properties"].items()}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Stack file of tuned-models",
        "type": "object",
        "properties": {
            "config": {
                "type": "object",
                "properties": properties,
                "required": [f"{NAMESPACE}:{key}" for key in inner["required"]],
                # Other namespaces are not ours to know.
                "propertyNames": {"anyOf": [{"enum": list(properties)}, {"not": {"pattern": f"^{NAMESPACE}:"}}]},
            }
        },
        "$defs": definitions,
    }


def tidy(schema: dict[str, Any]) -> None:
    """Drops the titles that pydantic makes of names, and closes mappings whose keys have a pattern."""
    schema.pop("title", None)
    for value in schema.get("properties", {}).values():
        value.pop("title", None)
        if "patternProperties" in value:
            value["additionalProperties"] = False


def text() -> str:
    """The file's content."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    PATH.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
