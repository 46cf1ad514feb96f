"""The JSON Schema of tune.yaml, and the page that explains its keys."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from contract import tune_schema
from contract.evaluation_graders import EvaluationGrader, TextSimilarity
from contract.hyperparameters import TAKEN, HyperparameterSpec
from contract.tune_spec import TuneSpec

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "tune.md").read_text(encoding="utf-8")
GRADERS = [get_args(branch)[0] for branch in get_args(get_args(EvaluationGrader)[0])]
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def loaded(text: str) -> Any:
    """As editors read YAML: days stay texts."""
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))


def test_the_file_is_what_the_shapes_say() -> None:
    """`make schema` writes it."""
    assert tune_schema.PATH.read_text(encoding="utf-8") == tune_schema.text()


def test_every_mapping_refuses_what_it_does_not_know() -> None:
    schema = tune_schema.json_schema()

    assert {name: shape["additionalProperties"] for name, shape in schema["$defs"].items()} == dict.fromkeys(
        schema["$defs"], False
    )
    assert schema["additionalProperties"] is False


def test_there_is_an_example_for_each_method() -> None:
    assert {TuneSpec.parse(text, "tune.md").method for text in EXAMPLES} == set(TAKEN)


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_of_the_page_is_sound_to_the_check_and_to_editors(text: str) -> None:
    TuneSpec.parse(text, "tune.md")

    assert [str(error) for error in Draft7Validator(tune_schema.json_schema()).iter_errors(loaded(text))] == []


@pytest.mark.parametrize("name", [path.parent.name for path in sorted(ROOT.glob("models/*/tune.yaml"))])
def test_the_models_here_are_sound_to_editors_and_name_the_schema(name: str) -> None:
    text = (ROOT / "models" / name / "tune.yaml").read_text(encoding="utf-8")

    assert text.startswith("# yaml-language-server: $schema=../tune.schema.json\n")
    assert [str(error) for error in Draft7Validator(tune_schema.json_schema()).iter_errors(loaded(text))] == []


def test_the_page_has_a_row_for_each_key_and_each_hyperparameter_with_its_methods() -> None:
    keys = {field.alias or name for name, field in TuneSpec.model_fields.items()}
    rows = re.findall(r"^\| (`[^|]+) \|", PAGE, re.MULTILINE)
    named = {word.partition(".")[0] for row in rows for word in re.findall(r"`([^`]+)`", row)}

    assert keys - named == set()
    for key in (field.alias or name for name, field in HyperparameterSpec.model_fields.items()):
        methods = [method for method, taken in TAKEN.items() if key in taken]
        told = re.search(rf"^\| `{key}` \| `[a-z0-9_]+` \| ([a-z ,]+) \|", PAGE, re.MULTILINE)
        assert told is not None, key
        assert told[1] == ("all" if len(methods) == len(TAKEN) else ", ".join(methods)), key


def test_the_page_has_a_row_for_each_grader_with_its_keys_and_each_measure_of_likeness() -> None:
    section = PAGE.partition("### Graders")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `([a-z_]+)` \| (.+) \|$", section, re.MULTILINE))

    for shape in GRADERS:
        [kind] = get_args(shape.model_fields["type"].annotation)
        keys = {field.alias or name for name, field in shape.model_fields.items()} - {"type", "name", "passThreshold"}
        assert keys <= set(re.findall(r"`(\w+)`", rows[kind])), kind
    for metric in get_args(TextSimilarity.model_fields["evaluation_metric"].annotation):
        assert metric in rows or metric.startswith("rouge_"), metric
