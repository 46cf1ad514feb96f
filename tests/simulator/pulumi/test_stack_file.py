"""Stack files read as the CLI reads them. The corpus' expectations were printed by the CLI itself (tests/engine/)."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import pytest

from simulator.errors import Unusable
from simulator.pulumi.stack_file import LARGEST, Project, config_of, short_name

CORPUS = json.loads((Path(__file__).parent / "config_corpus.json").read_text(encoding="utf-8"))
PROJECT = Project("tuned-models", "environments", {})


def _read(tmp_path: Path, text: str, project: Project = PROJECT) -> dict[str, str]:
    file = tmp_path / "Pulumi.test.yaml"
    file.write_bytes(text.encode())
    return config_of(file, project)


@pytest.mark.parametrize("scalar", CORPUS["scalars"], ids=lambda scalar: scalar["yaml"])
def test_a_scalar_becomes_what_the_cli_makes_of_it(tmp_path: Path, scalar: dict[str, Any]) -> None:
    alone = f"config:\n  tuned-models:k: {scalar['yaml']}\n"
    inside = f"config:\n  tuned-models:k:\n    v: {scalar['yaml']}\n"

    if scalar["alone"] is None:
        with pytest.raises(Unusable, match=r"tuned-models:k: .* is no number that JSON has"):
            _read(tmp_path, alone)
        with pytest.raises(Unusable, match=r"tuned-models:k: .* is no number that JSON has"):
            _read(tmp_path, inside)
    else:
        assert _read(tmp_path, alone) == {"tuned-models:k": scalar["alone"]}
        assert _read(tmp_path, inside) == {"tuned-models:k": f'{{"v":{scalar["inside"]}}}'}


@pytest.mark.parametrize("document", CORPUS["documents"], ids=lambda document: document["what"])
def test_an_object_becomes_what_the_cli_makes_of_it(tmp_path: Path, document: dict[str, str]) -> None:
    found = _read(tmp_path, f"config:\n  tuned-models:k: {document['yaml']}\n")

    assert found == {"tuned-models:k": document["text"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("config:\n  a: 1\n", {"tuned-models:a": "1"}),
        ("config:\n  tuned-models:config:a: 1\n", {"tuned-models:a": "1"}),
        ("config:\n  azure-native:location: westeurope\n", {"azure-native:location": "westeurope"}),
        ("---\nconfig:\n  a: 1\n...\n", {"tuned-models:a": "1"}),
        ("config:\r\n  a: 1\r\n", {"tuned-models:a": "1"}),
        ("\ufeffconfig:\n  a: 1\n", {"tuned-models:a": "1"}),
        ("foo: 1\nencryptionsalt: v1:x\nconfig:\n  a: 1\n", {"tuned-models:a": "1"}),
        ("config:\n", {}),
        ("", {}),
    ],
)
def test_whole_files_are_read_as_by_the_cli(tmp_path: Path, text: str, expected: dict[str, str]) -> None:
    assert _read(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "config:\n  a:\n    secure: v1:x\n",
            r"1 fault\n  tuned-models:a: is a secret \(`secure:`\), and no key here holds",
        ),
        ("config:\n  a:\n    b: [{secure: v1:x}]\n  c: {secure: v1:y}\n", r"2 faults\n.*models:a: .*\n.*models:c: "),
        ("config:\n  azure-native:clientSecret:\n    secure: v1:x\n", "which only the Pulumi CLI can read"),
        ("environment: [foo]\nconfig:\n  a: 1\n", "`environment` imports need Pulumi's service"),
        ("config:\n  a: 1\n  a: 2\n", 'line 3: mapping key "a" is there twice'),
        ("config:\n  a:b:c: 1\n", "a:b:c is no config key"),
        ("config:\n  1: x\n", "1 is no config key"),
        ("config: [1]\n", "`config` is not a mapping"),
        ("config: []\n", "`config` is not a mapping"),
        ("config: false\n", "`config` is not a mapping"),
        ("- 1\n", "the file is not a mapping"),
        ("[]\n", "the file is not a mapping"),
        ("config:\n  a: [1\n", ":3: "),
        ("config:\n  a: *b\n", "unknown anchor 'b' referenced"),
    ],
)
def test_a_file_that_can_not_be_taken_is_refused_with_the_reason(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Unusable, match=said):
        _read(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "config:\n  a: &a [x, x]\n"
            + "".join(f"  {new}: &{new} [*{old}, *{old}]\n" for old, new in pairwise(ascii_lowercase)),
            "more than 100,000 values",
        ),
        ("config:\n" + "".join(f"{' ' * depth}a:\n" for depth in range(1, 600)), "nested too deeply"),
    ],
    ids=["aliases of aliases", "nested"],
)
def test_what_is_small_and_means_much_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text(text)
    with pytest.raises(Unusable, match=said):
        config_of(file, Project("p", ".", {}))


def test_a_file_larger_than_any_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.dev.yaml"
    with file.open("wb") as sparse:
        sparse.truncate(LARGEST + 1)
    with pytest.raises(Unusable, match="larger than 16 MiB"):
        config_of(file, Project("p", ".", {}))


def test_the_project_s_defaults_fill_in_what_the_stack_leaves_out(tmp_path: Path) -> None:
    declared = {
        "a": {"type": "object", "default": {}},
        "b": {"type": "string", "default": "x"},
        "other:c": {"value": 1},
        "d": "plain",
    }
    project = Project("tuned-models", "environments", declared)

    assert _read(tmp_path, "config:\n  b: given\n", project) == {
        "tuned-models:a": "{}",
        "tuned-models:b": "given",
        "other:c": "1",
        "tuned-models:d": "plain",
    }


def test_what_the_project_asks_for_must_be_given(tmp_path: Path) -> None:
    project = Project("tuned-models", "environments", {"a": {"type": "string"}, "b": {"type": "object"}})

    with pytest.raises(Unusable, match="missing configuration: tuned-models:a, tuned-models:b"):
        _read(tmp_path, "config: {}\n", project)


def test_a_qualified_stack_means_the_file_of_its_last_part() -> None:
    assert short_name("organization/tuned-models/prod") == "prod"
    assert short_name("prod") == "prod"
