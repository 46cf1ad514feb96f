"""YAML and JSON from outside are read as far as one of their kind can go, and never run away with their reader."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from string import ascii_lowercase

import pytest

from contract.bounded import PROJECT_YAML, STACK_OUTPUTS, TUNE_YAML, TooLarge, read_at_most
from contract.faults import Faults
from contract.stack_config import StackConfig
from contract.tune_spec import TuneSpec
from jobs.azure.account_client import LARGEST_ANSWER
from jobs.azure.blobs import LARGEST_DOCUMENT
from jobs.errors import Unreadable, UpNeeded
from jobs.stacks.outputs import read_outputs
from jobs.stacks.stack_file import stack_file
from jobs.stacks.yaml_span import MAX_BYTES
from tests.jobs.specimens import outputs_mapping

Read = Callable[[Path], object]


def tune_yaml(file: Path) -> object:
    return TuneSpec.read(file)


def stack_outputs(file: Path) -> object:
    return read_outputs("dev", file.parent, file)


def project_yaml(file: Path) -> object:
    return stack_file(file.rename(file.with_name("Pulumi.yaml")).parent, "dev")


def releases(file: Path) -> object:
    from jobs.stacks.stack_file import read_releases

    return read_releases(file)


KINDS: dict[Read, int] = {
    tune_yaml: TUNE_YAML,
    stack_outputs: STACK_OUTPUTS,
    project_yaml: PROJECT_YAML,
    releases: MAX_BYTES,
}
REFUSALS = (Faults, Unreadable, UpNeeded)


def test_a_file_is_read_to_its_end_or_refused(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(b"12345")

    assert read_at_most(file, 5) == b"12345"
    with pytest.raises(TooLarge):
        read_at_most(file, 4)


def test_one_without_end_is_left_where_it_is_too_large() -> None:
    with pytest.raises(TooLarge, match="larger than 1 MiB"):
        read_at_most(Path("/dev/zero"), 1024 * 1024)


@pytest.mark.parametrize("read", KINDS)
def test_a_file_larger_than_any_of_its_kind_is_refused_unread(read: Read, tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    with file.open("wb") as sparse:
        sparse.truncate(KINDS[read] + 1)
    began = time.process_time()
    with pytest.raises(REFUSALS, match=r"larger than|cannot be read") as refused:
        read(file)

    assert "larger than" in str(refused.value)
    assert time.process_time() - began < 2, "it was parsed"


LAUGHS = "a: &a [x, x]\n" + "".join(f"{n}: &{n} [*{p}, *{p}]\n" for p, n in pairwise(ascii_lowercase))
MERGED = "a: &a {x: 1}\n" + "".join(f"{n}: &{n} {{<<: [*{p}, *{p}]}}\n" for p, n in pairwise(ascii_lowercase))
DEEP = "nested deeply"
BOMBS = {
    "aliases of aliases": LAUGHS,
    "merges of merges": MERGED,
    DEEP: "a: " + "[" * 1_000,
    "nested by indents": "".join(f"{' ' * depth}a:\n" for depth in range(600)),
    "within itself": "a: &a [*a]\n",
    "a number of 5,000 digits": f"seed: {'9' * 5000}\n",
    "a tag of Python's": "a: !!python/object/apply:os.system ['true']\n",
}


@pytest.mark.parametrize(
    ("read", "bomb"),
    # Deep lists take a while to be given up, and are read by the same code.
    [
        (read, bomb)
        for read in (tune_yaml, project_yaml, releases)
        for bomb in BOMBS
        if read is tune_yaml or bomb != DEEP
    ],
)
def test_what_is_small_and_means_much_is_refused_or_passed_over(read: Read, bomb: str, tmp_path: Path) -> None:
    """No traceback, no memory, no minutes, and nothing is called. A stack file is read for one key of it."""
    file = tmp_path / "f.yaml"
    file.write_text(BOMBS[bomb])
    began = time.process_time()
    try:
        found = read(file)
    except REFUSALS:
        found = None

    assert found is None or read is not tune_yaml
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"a": ' * 50_000, json.dumps({"a": 1})[:-1] + ', "b": ' + "9" * 5000 + "}", "\ufffe", "nul"],
    ids=["lists", "objects", "digits", "a mark", "a word"],
)
def test_json_that_no_reader_takes_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "dev.json").write_text(text)
    with pytest.raises(REFUSALS):
        read_outputs("dev", tmp_path, tmp_path)


@pytest.mark.parametrize("limit", ["NaN", "Infinity", "-Infinity"])
def test_a_budget_that_is_not_a_number_is_no_budget(limit: str, tmp_path: Path) -> None:
    """It would be exceeded by nothing."""
    outputs = outputs_mapping()
    outputs["environment"]["runBudget"] = 0.125
    (tmp_path / "dev.json").write_text(json.dumps(outputs).replace("0.125", limit))
    with pytest.raises(Unreadable, match="no number"):
        read_outputs("dev", tmp_path, tmp_path)


@pytest.mark.parametrize("text", ["[" * 100_000, "9" * 5000])
def test_a_value_of_a_stacks_config_that_no_reader_takes_is_a_fault(text: str) -> None:
    with pytest.raises(Faults):
        StackConfig.parse({"accounts": text})


def test_the_page_names_each_bound() -> None:
    page = (Path(__file__).parents[2] / "docs" / "security.md").read_text(encoding="utf-8")
    named = {
        "`tune.yaml`": TUNE_YAML,
        "`Pulumi.yaml`": PROJECT_YAML,
        "a stack file": MAX_BYTES,
        "a stack's outputs as a file": STACK_OUTPUTS,
        "a journal, a plan": LARGEST_DOCUMENT,
        "an answer of the account, unpacked": LARGEST_ANSWER,
    }
    for what, most in named.items():
        size = f"{most // 1024 // 1024} MiB" if most >= 1024 * 1024 else f"{most // 1024} KiB"
        assert f"| {what} | {size} |" in page
