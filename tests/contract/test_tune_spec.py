"""models/<name>/tune.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

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
        (SMALLEST + "hyperparameters:\n  epochs: 0\n", "line 4: hyperparameters.epochs", "auto"),
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


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are refused with their position."""
    file = tmp_path / "tune.yaml"
    file.write_bytes(b"base: caf\xe9\n")

    with pytest.raises(Faults, match="not UTF-8 at byte 9"):
        TuneSpec.read(file)
