"""docs/simulator.md, "Faults", says what a plan may have, and its examples run."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from simulator.faults.kinds import Does
from simulator.faults.match import Match
from simulator.faults.plan import Fault, Plan, parsed
from simulator.faults.shape import Shape
from simulator.server import Simulator
from tests.simulator.arm.clients import Clients
from tests.simulator.faults.conftest import Running

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "simulator.md").read_text()
SECTION = PAGE.split("\n## Faults\n")[1].split("\n## ")[0]
KINDS: dict[str, type[Shape]] = {
    get_args(shape.model_fields["kind"].annotation)[0]: shape for shape in get_args(get_args(Does)[0])
}


def block(language: str) -> str:
    """The section's first example in a language."""
    [first, *_] = re.findall(rf"```{language}\n(.*?)```", SECTION, re.DOTALL)
    return str(first)


def row(name: str) -> str:
    """What the table has of a key or a kind."""
    [found] = re.findall(rf"^\|[^|]*`{re.escape(name)}`[^|]*\|(.*)\|$", SECTION, re.MULTILINE)
    return str(found)


def keys(shape: type[Shape]) -> set[str]:
    return {field.alias or name for name, field in shape.model_fields.items()} - {"kind"}


def test_the_page_has_every_key_of_a_plan() -> None:
    assert all(row(key) for key in keys(Plan) | keys(Fault))
    assert all(f"`{key}`" in row("match") for key in keys(Match))


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_has_every_kind_with_its_keys(kind: str) -> None:
    assert {key for key in keys(KINDS[kind]) if f"`{key}`" not in row(kind)} == set()


def test_the_page_has_no_kind_that_there_is_not() -> None:
    table = SECTION.split("| `kind` | what happens | keys |\n")[1].split("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(KINDS)


def test_the_file_on_the_page_lets_the_command_below_it_fail_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], run: Running
) -> None:
    """The plan is the one that is shown, its second fault included."""
    plan = parsed(block("json"))
    assert [fault.does.kind for fault in plan.faults] == ["answer", "expireTokens"]
    (tmp_path / "plan.json").write_text(block("json"))
    monkeypatch.chdir(tmp_path)
    assert run(block("sh")) == 0
    said = capfd.readouterr().out
    assert "503 Service Unavailable" in said
    assert "retry-after: 1\r\n" in said


def test_the_test_on_the_page_passes(simulator: Simulator, environment: Callable[..., dict[str, str]]) -> None:
    environment("deployer")
    clients = Clients(simulator, "deployer")
    with clients.open:
        exec(  # noqa: S102 - the page's own code is what is tested.
            compile(block("python"), "docs/simulator.md", "exec"),
            {"simulator": simulator, "azure": clients.resources},
        )
