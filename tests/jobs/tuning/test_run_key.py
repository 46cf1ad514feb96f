"""The run key is what its document says, and changes with all that determines the model."""

from __future__ import annotations

import hashlib

import pytest

from jobs.tuning.digests import DatasetDigests
from tests.jobs.specimens import BASE, DIGESTS, TUNE_YAML, USE_CASE, run, spec

REINFORCEMENT = (
    TUNE_YAML
    + """\
method: reinforcement
hyperparameters: {evalSamples: 3}
grader: {type: string_check, name: g, input: "{{ sample.output_text }}", reference: "{{ item.a }}", operation: eq}
responseFormat: {type: json_schema, jsonSchema: {name: n, schema: {default: null}}}
"""
)


def test_key_is_the_sha256_of_the_documented_text() -> None:
    """The text is written out here by hand, from the module's documentation."""
    text = (
        '{"digests":{"train":"' + "a" * 64 + '","validation":"' + "b" * 64 + '"},'
        '"hyperparameters":{"batchSize":"auto","epochs":3,"learningRateMultiplier":0.5},'
        '"method":{"type":"supervised"},"model":"clippy","parentModelId":"gpt-4.1-mini-2025-04-14",'
        '"schemaVersion":1,"seed":7,"trainingType":"Standard"}'
    )
    tune_yaml = (
        f"base: {BASE}\ntrainingType: Standard\nseed: 7\ndata: {{train: t.jsonl}}\n"
        "hyperparameters: {epochs: 3, learningRateMultiplier: 0.5}\n"
    )

    assert hashlib.sha256(text.encode()).hexdigest() == run(text=tune_yaml).key


def test_key_of_this_specimen_never_changes() -> None:
    """Its first 8 hex stand in suffixes of jobs that were submitted long ago."""
    assert run().key == "cb1f064e21944527abdb543cb43cdc6cd15de6f36eb2d2d54354cc9a29c53500"


def test_options_left_to_the_service_leave_the_key_as_it_was_before_there_were_any() -> None:
    text = TUNE_YAML + "hyperparameters: {beta: auto}\nmethod: dpo\n"

    assert run(text=text).key == run(text=TUNE_YAML + "method: dpo\n").key


def test_key_with_a_grader_is_the_sha256_of_the_documented_text() -> None:
    """Written out by hand: the chosen options, the grader and the response format as the API takes them."""
    text = (
        '{"digests":{"train":"' + "a" * 64 + '","validation":"' + "b" * 64 + '"},'
        '"hyperparameters":{"batchSize":"auto","epochs":"auto","evalSamples":3,"learningRateMultiplier":"auto"},'
        '"method":{"grader":{"input":"{{ sample.output_text }}","name":"g","operation":"eq",'
        '"reference":"{{ item.a }}","type":"string_check"},'
        '"responseFormat":{"json_schema":{"name":"n","schema":{"default":null}},"type":"json_schema"},'
        '"type":"reinforcement"},"model":"clippy","parentModelId":"gpt-4.1-mini-2025-04-14",'
        '"schemaVersion":1,"seed":42,"trainingType":"GlobalStandard"}'
    )

    assert hashlib.sha256(text.encode()).hexdigest() == run(text=REINFORCEMENT).key


def test_key_changes_with_the_grader() -> None:
    assert run(text=REINFORCEMENT).key != run(text=REINFORCEMENT.replace("item.a", "item.b")).key


def test_key_does_not_change_with_the_use_case() -> None:
    assert run(text=TUNE_YAML + USE_CASE).key == run().key


def test_suffix_is_the_model_and_8_hex_of_the_key() -> None:
    assert run().suffix == f"clippy-{run().key[:8]}"


@pytest.mark.parametrize(
    "change",
    [
        "seed: 43\n",
        "trainingType: Standard\n",
        "hyperparameters: {epochs: 1}\n",
        "hyperparameters: {batchSize: 1}\n",
        "hyperparameters: {learningRateMultiplier: 1}\n",
    ],
)
def test_key_changes_with_each_determinant_of_tune_yaml(change: str) -> None:
    original = f"base: {BASE}\ndata: {{train: t.jsonl, validation: v.jsonl}}\n"

    assert run(text=original).key != run(text=original + change).key


def test_key_changes_with_parent_and_data_but_not_with_the_holdout() -> None:
    keys = {
        run().key,
        run(parent=f"{BASE}.ft-0").key,
        run(digests=DatasetDigests("e" * 64, "b" * 64)).key,
        run(digests=DatasetDigests("a" * 64, None)).key,
    }

    assert len(keys) == 4
    assert run(digests=DatasetDigests("a" * 64, "b" * 64, "f" * 64)).key == run().key


def test_key_does_not_depend_on_how_tune_yaml_is_written() -> None:
    """Comments, order and spelt-out defaults are no part of it; the record's digest of tune.yaml has those."""
    written = f"# A model\ndata: {{validation: v.jsonl, train: t.jsonl}}\nseed: 42\nbase: {BASE}\n"

    assert spec(written).seed == 42
    assert run(text=written, digests=DIGESTS).key == run().key
