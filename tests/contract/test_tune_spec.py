"""models/<name>/tune.yaml."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.data_reference import DataReference
from contract.faults import Faults
from contract.tune_spec import TuneSpec

SMALLEST = "base: gpt-4.1-mini-2025-04-14\ndata: {train: training_set.jsonl}\n"


def test_a_base_and_a_training_file_are_enough() -> None:
    """Everything else has a documented default; the seed is always a number."""
    spec = TuneSpec.parse(SMALLEST, "tune.yaml")

    assert (spec.method, spec.training_type, spec.seed) == ("supervised", "GlobalStandard", 42)
    assert spec.hyperparameters.epochs == "auto"


def test_data_may_be_a_reference_with_a_digest() -> None:
    """Data that may not live in git is named by URI and SHA-256."""
    text = f"base: b\ndata: {{train: {{uri: 'https://x/c/y', sha256: {'0123456789abcdef' * 4}}}}}\n"

    assert isinstance(TuneSpec.parse(text, "tune.yaml").data.train, DataReference)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("base: [\n", "line 2", "is no YAML"),
        ("- base\n", "line 1", "mapping"),
        ("", "line 1", "mapping"),
        ("base: 4\ndata: {train: t}\n", "line 1: base", "quotes"),
        (SMALLEST + "method: supervisd\n", "line 3: method", "'supervised'"),
        (SMALLEST + "trainingtype: Standard\n", "line 3: trainingtype", "did you mean 'trainingType'?"),
        (SMALLEST + "seed: -1\n", "line 3: seed", "-1 is too little: at least 0"),
        (
            SMALLEST + "hyperparameters:\n  epochs: 0\n",
            "line 4: hyperparameters.epochs",
            "0 is too little: at least 1, or auto",
        ),
        (
            SMALLEST + "hyperparameters: {learningRateMultiplier: 0}\n",
            "line 3: hyperparameters.learningRateMultiplier",
            "0 is too little: more than 0, or auto",
        ),
        (
            SMALLEST + "hyperparameters: {learningRateMultiplier: 11}\n",
            "line 3: hyperparameters.learningRateMultiplier",
            "11 is too much: at most 10, or auto",
        ),
        ("base: b\ndata:\n  validation: v\n", "line 2: data.train", "is missing"),
        (SMALLEST + "base: twice\n", "line 3", "duplicate"),
    ],
)
def test_each_fault_has_its_line(text: str, line: str, words: str) -> None:
    """A fault says file, line, key and reason."""
    with pytest.raises(Faults) as refused:
        TuneSpec.parse(text, "models/clippy/tune.yaml")

    [fault] = refused.value.faults
    assert fault.key.startswith(line)
    assert words in fault.message
    assert str(refused.value).startswith("models/clippy/tune.yaml: 1 fault")


REINFORCEMENT = """\
base: o4-mini-2025-04-16
method: reinforcement
data: {train: t.jsonl, validation: v.jsonl}
grader: {type: string_check, name: g, input: "{{ sample.output_text }}", reference: "{{ item.a }}", operation: eq}
"""


def said(text: str) -> list[str]:
    """All faults, as people see them."""
    with pytest.raises(Faults) as refused:
        TuneSpec.parse(text, "tune.yaml")
    return [str(fault) for fault in refused.value.faults]


class TestMethods:
    """Which method takes what (azure-ai-docs: fine-tuning.md, DPO and reinforcement pages)."""

    def test_each_hyperparameter_of_another_method_is_refused_with_its_line(self) -> None:
        faults = said(SMALLEST + "hyperparameters:\n  epochs: 2\n  beta: 0.1\n  evalSamples: 3\n")

        assert [fault.partition(";")[0] for fault in faults] == [
            "line 5: hyperparameters.beta: is for dpo",
            "line 6: hyperparameters.evalSamples: is for reinforcement",
        ]

    def test_the_apis_names_are_held_to_the_same(self) -> None:
        assert said(SMALLEST + "hyperparameters: {l2_multiplier: 0.1}\n")[0].startswith("line 3: hyperparameters.l2_m")

    def test_what_is_misplaced_is_told_together_with_what_has_no_shape(self) -> None:
        faults = said(SMALLEST + "seed: -1\nhyperparameters: {beta: 9}\ngrader: {type: python}\n")

        assert [fault.split(": ")[1] for fault in faults] == [
            "seed",
            "hyperparameters.beta",
            "grader.name",
            "grader.source",
            "hyperparameters.beta",
            "grader",
        ]

    def test_dpo_takes_its_own(self) -> None:
        spec = TuneSpec.parse(SMALLEST + "method: dpo\nhyperparameters: {beta: 1, l2Multiplier: 0}\n", "tune.yaml")

        assert spec.hyperparameters.chosen() == {"beta": 1.0, "l2_multiplier": 0.0}

    @pytest.mark.parametrize("beta", ["0", "2.1", "-1", ".nan", ".inf", "much", "true", "'0.5'"])
    def test_beta_is_over_0_and_at_most_2(self, beta: str) -> None:
        """OpenAI's specification: exclusive minimum 0, maximum 2."""
        [fault] = said(SMALLEST + f"method: dpo\nhyperparameters: {{beta: {beta}}}\n")

        assert fault.startswith("line 4: hyperparameters.beta: ")

    def test_reinforcement_needs_a_grader_and_a_validation_file(self) -> None:
        assert said("base: b\nmethod: reinforcement\ndata:\n  train: t\n") == [
            "line 1: grader: is missing: reinforcement learns from what it scores",
            "line 3: data.validation: is missing: the service takes reinforcement with a validation file only",
        ]

    def test_a_grader_and_a_response_format_are_for_reinforcement(self) -> None:
        text = REINFORCEMENT.replace("method: reinforcement", "method: dpo")
        form = "responseFormat: {type: json_schema, jsonSchema: {name: n, schema: {}}}\n"

        assert said(text + form) == [
            "line 4: grader: is for reinforcement, the method is dpo",
            "line 5: responseFormat: is for reinforcement, the method is dpo",
        ]

    def test_reinforcement_takes_its_own(self) -> None:
        more = "hyperparameters: {evalInterval: 1, evalSamples: 2, computeMultiplier: 0.5, reasoningEffort: low}\n"

        assert TuneSpec.parse(REINFORCEMENT + more, "tune.yaml").hyperparameters.chosen() == {
            "eval_interval": 1,
            "eval_samples": 2,
            "compute_multiplier": 0.5,
            "reasoning_effort": "low",
        }


@pytest.mark.parametrize("value", ["2026-13-45", "!!int x", "!!int ''", "!!float x", "!!bool x", "9" * 5000])
def test_a_value_that_is_not_what_it_looks_like_is_a_fault_with_its_line(value: str) -> None:
    [fault] = said(SMALLEST + f"useCase:\n  data:\n    approvedOn: {value}\n")

    assert fault.startswith("line 5: useCase.data.approvedOn: ")
    assert "in quotes" in fault
    assert len(fault) < 200


def test_a_few_lines_that_mean_billions_of_values_are_a_fault() -> None:
    """Each is a list of ten of the one above."""
    tens = [f"a{depth}: &a{depth} [{', '.join([f'*a{depth - 1}'] * 10)}]" for depth in range(1, 12)]

    assert said("\n".join(["a0: &a0 [x]", *tens, "base: *a11"])) == [
        "has more than 100,000 values, its aliases followed"
    ]


def test_aliases_are_followed() -> None:
    text = "base: b\ndata: {train: &t t.jsonl, holdout: *t}\n"

    assert TuneSpec.parse(text, "tune.yaml").data.holdout == "t.jsonl"


def test_yaml_within_itself_is_a_fault() -> None:
    assert said("base: &a [*a]\ndata: {train: t}\n") == ["is nested too deeply, or within itself"]


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are refused with their position."""
    file = tmp_path / "tune.yaml"
    file.write_bytes(b"base: caf\xe9\n")

    with pytest.raises(Faults, match="not UTF-8 at byte 9"):
        TuneSpec.read(file)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "name", "source", "graders", "train", "epochs", "beta", "x"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=40)
@given(
    st.dictionaries(st.sampled_from(sorted(each.alias or name for name, each in TuneSpec.model_fields.items())), JSON)
)
def test_whatever_stands_under_a_key_is_a_specification_or_a_fault(written: dict[str, object]) -> None:
    """JSON is YAML too."""
    with suppress(Faults):
        TuneSpec.parse(json.dumps(written), "tune.yaml")
