"""A stack file with everything wrong in it, as somebody types the up: told at once, and nothing asked of Azure."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from contract.stack_config import NAMESPACE
from simulator.environment import reaching
from simulator.server import Simulator
from tests.contract.wrong_configs import SHAPES, apart, changed, key_of
from tests.here import typed_here
from tests.journeys.stack import environment_config


def _complains(simulator: Simulator, folder: Path, text: str) -> str:
    """What an up of this stack file complains of; it ends with 1 and in no traceback."""
    (folder / "environments").mkdir(exist_ok=True)
    (folder / "environments" / "Pulumi.wrong.yaml").write_text(text)
    return _up(simulator, folder, "wrong")


def _up(simulator: Simulator, folder: Path, stack: str) -> str:
    environment = reaching(simulator) | {"COLUMNS": "200"}
    said = typed_here(folder, "simulator", "up", "-s", stack, "--in-process", environment=environment, code=1)
    return said[said.index("error: ") :]


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


def test_every_fault_of_a_file_is_told_once_before_anything_is_asked_of_azure(tmp_path: Path) -> None:
    # What is no number is refused with the file, before any value is looked at: see below.
    rows = [row for row in apart(SHAPES) if not _is_nan(row[1])]
    config = changed(environment_config("prod", tmp_path), *rows)
    record = tmp_path / "record.jsonl"
    with Simulator(azurite=False, record=record) as simulator:
        text = json.dumps({"config": {f"{NAMESPACE}:{key}": value for key, value in config.items()}})

        complaint = _complains(simulator, tmp_path, text)

    lines = complaint.splitlines()
    assert lines[0] == f"error: stack config: {len(rows)} faults"
    told = [line.strip().removeprefix(f"{NAMESPACE}:") for line in lines[1:]]
    for row in rows:
        assert len([line for line in told if line.startswith(f"{key_of(row)}: ") and row[3] in line]) == 1, row
    asked = [json.loads(line)["path"] for line in record.read_text().splitlines()]
    assert [path for path in asked if path.startswith("/subscriptions")] == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "config:\n  tuned-models:models:\n    clippy: {}\n    clippy: {}\n",
            'line 4: mapping key "clippy" is there twice',
        ),
        (
            "config:\n  tuned-models:models: {}\n  tuned-models:models: {}\n",
            'mapping key "tuned-models:models" is there twice',
        ),
        ("config:\n  tuned-models:storage: {name: x\n", "Pulumi.wrong.yaml:3: "),
        ("config:\n\ttuned-models:storage: {}\n", "Pulumi.wrong.yaml:2: "),
        ("config:\n  tuned-models:prices: {hosting/GlobalStandard: .nan}\n", "nan is no number that JSON has"),
        ("config: []\n", "`config` is not a mapping"),
        ("config:\n  storage:name:too:many: {}\n", "is no config key"),
    ],
)
def test_a_file_that_is_no_stack_file_is_refused_with_its_place(
    running_simulator: Simulator, tmp_path: Path, text: str, reason: str
) -> None:
    complaint = _complains(running_simulator, tmp_path, text)

    assert reason in complaint
    assert "Pulumi.wrong.yaml" in complaint


def test_a_stack_without_a_file_is_told_which_there_are(running_simulator: Simulator, tmp_path: Path) -> None:
    (tmp_path / "environments").mkdir()

    assert "there is no stack file" in _up(running_simulator, tmp_path, "porod")
