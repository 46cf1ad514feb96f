"""The JSON Schema of tune.yaml, which editors find in ``models/``: ``python -m contract.tune_schema`` writes it.

What depends on the method (which hyperparameters, a grader or none) is left to the check, which says it better.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from contract.stack_schema import tidy
from contract.tune_spec import TuneSpec

PATH = Path(__file__).resolve().parent.parent / "models" / "tune.schema.json"


def json_schema() -> dict[str, Any]:
    """As editors read it: draft 07."""
    schema = TuneSpec.model_json_schema(by_alias=True)
    for shape in (schema, *schema["$defs"].values()):
        tidy(shape)
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": "tune.yaml of tuned-models"} | schema


def text() -> str:
    """The file's content."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    PATH.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
