"""Paths to a place in JSON."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.reference_path import at, steps

VALUE: dict[str, Any] = {"a": {"b": [1, {"c": None}]}, "x y": 2, "arguments": '{"n": [3]}', "text": '{"n": 3}'}


@pytest.mark.parametrize(
    ("path", "found"),
    [("a.b[0]", 1), ("a.b.0", 1), ("a.b[1].c", None), ("['x y']", 2), ("x y", 2), ("arguments.n[0]", 3), ("", VALUE)],
)
def test_what_stands_there(path: str, found: object) -> None:
    assert at(VALUE, path, "nothing") == found


@pytest.mark.parametrize("path", ["b", "a.b[2]", "a.b[-1]", "a.b.c", "a.b[1].c.d", "text.n", "arguments.m"])
def test_what_does_not(path: str) -> None:
    assert at(VALUE, path, "nothing") == "nothing"


@given(st.text("ab.[]0'\" "))
def test_any_text_is_a_path(path: str) -> None:
    at(VALUE, path)
    assert all(isinstance(step, str | int) for step in steps(path))
