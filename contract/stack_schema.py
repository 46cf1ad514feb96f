"""Writes the JSON Schema of stack files beside them, where editors find it: ``python -m contract.stack_schema``."""

from __future__ import annotations

import json
from pathlib import Path

from contract.stack_config import json_schema

PATH = Path(__file__).resolve().parent.parent / "environments" / "stack.schema.json"


def text() -> str:
    """The file's content."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    PATH.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
