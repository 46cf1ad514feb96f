"""Wherever a secret or somebody's address stands in a file, no finding shows it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contract.release import Method
from jobs.data.check import Report, check_datasets
from jobs.data.expected import Expected

SECRET = "ghp_" + "Zq7LmXv9RtB4cWk2KdYs3NpFj6GaQe5UoTiH"
ADDRESS = "wilhelmine.adlerhorst@gmail.com"
ASK = {"role": "user", "content": "Why?"}
ANSWER = {"role": "assistant", "content": "Because."}


def call(name: str, arguments: str, identity: str = "c") -> dict[str, Any]:
    return {
        "role": "assistant",
        "tool_calls": [{"id": identity, "type": "function", "function": {"name": name, "arguments": arguments}}],
    }


def tool(name: str, description: str = "") -> dict[str, Any]:
    return {
        "type": "function",
        "function": {"name": name, "description": description, "parameters": {"type": value_type(name)}},
    }


def value_type(name: str) -> str:
    return "object" if name else "nothing"


PLACES: dict[str, Any] = {
    "a key": lambda value: [{"messages": [ASK, ANSWER], value: 1}],
    "a key of a message": lambda value: [{"messages": [ASK | {value: 1}, ANSWER]}],
    "a role": lambda value: [{"messages": [ASK | {"role": value}, ANSWER]}],
    "a name": lambda value: [{"messages": [ASK | {"name": value}, ANSWER]}] * 30,
    "a part": lambda value: [{"messages": [ASK | {"content": [{"type": value}]}, ANSWER]}],
    "arguments": lambda value: [{"messages": [ASK, call("f", value)], "tools": [tool("f")]}],
    "arguments of another kind": lambda value: [
        {"messages": [ASK, call("f", json.dumps({value: value}))], "tools": [tool("f")]}
    ],
    "a tool": lambda value: [{"messages": [ASK, call(value, "{}")], "tools": [tool(value), tool(value, "x")]}],
    "tools": lambda value: [{"messages": [ASK, ANSWER], "tools": [tool(value, str(n))]} for n in range(2)],
    "a call": lambda value: [{"messages": [ASK, call("f", "{}", value), ASK, ANSWER], "tools": [tool("f")]}],
    "system": lambda value: [
        {"messages": [{"role": "system", "content": f"{n} {value}"}, ASK, ANSWER]} for n in range(3)
    ],
    "an answer": lambda value: [{"messages": [ASK, ANSWER | {"content": value}]}] * 30,
    "a long answer": lambda value: (
        [{"messages": [ASK, ANSWER | {"content": f"Ask at any time {value} and more than that"}]}] * 30
    ),
    "a beginning": lambda value: [
        {"messages": [ASK | {"content": f"{value if n else 'no'} says {n}"}, ANSWER | {"content": str(n) * n}]}
        for n in range(60)
    ],
    "slices": lambda value: [{"messages": [ASK, ANSWER], "slices": {value: value}}],
    "wrong slices": lambda value: [{"messages": [ASK, ANSWER], "slices": {value: 1}}],
    "twice": lambda value: [f'{{"{value}": 1, "{value}": 2}}'],
    "no JSON": lambda value: [f"{{'messages': '{value}'}}", f"{value}", f'{{"messages": "{value}'],
    "a pair": lambda value: [
        {"input": {value: 1}, "preferred_output": value, "non_preferred_output": [{"role": value}]}
    ],
    "a form": lambda value: [{value: "x", "conversations": [{"from": value}]}],
}


@pytest.mark.parametrize("value", [SECRET, ADDRESS], ids=["secret", "address"])
@pytest.mark.parametrize("method", ["supervised", "dpo", "reinforcement"])
def test_no_finding_and_no_figure_shows_it(value: str, method: Method, tmp_path: Path) -> None:
    hidden = (value[4:16], value[-12:]) if value == SECRET else (value.partition("@")[0][1:],)
    for place, made in PLACES.items():
        lines = [line if isinstance(line, str) else json.dumps(line) for line in made(value)]
        for name in ("t", "h"):
            (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        report = check_datasets(tmp_path / "t", None, tmp_path / "h", Expected(method=method))

        assert report.findings
        for shown in (*(finding.message for finding in report.findings), *map(figures, report.reports)):
            assert not any(part in shown for part in hidden), (place, shown)


def figures(report: Report) -> str:
    """All that is shown of a file as figures; its common system message is for the record of the model."""
    return f"{report.summary.system_messages.previews} {report.balance} {report.slices}"
