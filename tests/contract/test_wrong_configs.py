"""Wrong stack configs: each fault is told under its key with its reason, and all of them together."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from contract.faults import Faults
from contract.stack_config import NAMESPACE, StackConfig
from infra import preconditions
from tests.contract.wrong_configs import CATALOG, RULES, SHAPES, Config, Row, apart, changed, key_of

FILE = Path(__file__).resolve().parents[2] / "environments" / "Pulumi.prod.yaml"
ROWS = (*SHAPES, *RULES, *CATALOG)


@pytest.fixture(scope="module")
def prod() -> Config:
    written: dict[str, Any] = YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))["config"]
    return {key.removeprefix(f"{NAMESPACE}:"): value for key, value in written.items()}


def _faults(config: Config) -> list[tuple[str, str]]:
    """Key without namespace, and what is said; as a preview finds them."""
    try:
        StackConfig.parse(config, lambda sound: preconditions.faults(sound, date(2026, 11, 20)))
    except Faults as found:
        return [(fault.key.removeprefix(f"{NAMESPACE}:"), fault.message) for fault in found.faults]
    return []


def test_the_table_begins_with_a_config_that_is_right(prod: Config) -> None:
    assert _faults(prod) == []
    assert len(ROWS) >= 45


@pytest.mark.parametrize("row", ROWS, ids=[f"{place}-{reason}" for place, _, _, reason in ROWS])
def test_each_fault_names_its_key_and_the_reason(prod: Config, row: Row) -> None:
    found = _faults(changed(prod, row))

    assert [message for key, message in found if key == key_of(row) and row[3] in message]


@pytest.mark.parametrize("row", SHAPES, ids=[f"{place}-{reason}" for place, _, _, reason in SHAPES])
def test_a_value_that_is_wrong_by_itself_makes_nothing_else_wrong(prod: Config, row: Row) -> None:
    assert [key for key, _ in _faults(changed(prod, row))] == [key_of(row)]


@pytest.mark.parametrize("rows", [SHAPES, RULES], ids=["values", "references"])
def test_all_faults_of_a_file_are_told_at_once_each_under_its_key(prod: Config, rows: tuple[Row, ...]) -> None:
    together = apart(rows)

    found = [key for key, _ in _faults(changed(prod, *together))]

    assert len(together) >= 25
    for row in together:
        assert found.count(key_of(row)) == 1, key_of(row)


def test_no_message_shows_python_or_its_libraries(prod: Config) -> None:
    for row in ROWS:
        for key, message in _faults(changed(prod, row)):
            assert not {"True", "False", "None", "tuple", "input should", "pydantic"} & set(message.split()), (
                key,
                message,
            )
