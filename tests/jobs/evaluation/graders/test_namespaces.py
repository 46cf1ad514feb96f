"""What templates can refer to."""

from __future__ import annotations

import pytest

from contract.reference_path import at
from jobs.evaluation.graders.namespaces import Namespaces, Unresolved, parsed
from tests.jobs.evaluation.graders.asked import answer, question

CALL = ("get_current_stock_price", '{"symbol": "CVX", "days": [1, 2]}')
SPACES = Namespaces(
    question("four", item={"label": "b", "truth": {"date": "2026-01-02", "parts": [{"n": 1.5}, "x"]}, "a b": 1}),
    answer('{"x": {"y": [true, null]}, "z": "ü"}', calls=[CALL]),
)


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("no reference { } {{}", "no reference { } {{}"),
        ("{{ sample.output_text }}", '{"x": {"y": [true, null]}, "z": "ü"}'),
        ("{{sample.output_json.x.y[0]}}", "true"),
        ("{{ sample.output_json.x }}", '{"y": [true, null]}'),
        ("{{ sample.output_json.z }}!", "ü!"),
        ("{{ sample.output_tools[0].function.name }}", "get_current_stock_price"),
        ("{{ sample.output_tools[0].function.arguments }}", CALL[1]),
        ("{{ sample.output_tools[0].function.arguments.symbol }}", "CVX"),
        ("{{ sample.choices[0].message.tool_calls[0].function.arguments.days[1] }}", "2"),
        ("{{ item.label }}/{{ item.truth.date }}", "b/2026-01-02"),
        ("{{ item.truth.parts[0].n }}", "1.5"),
        ("{{ item.['a b'] }}", "1"),
        ("{{ item.reference }} {{ item.expected }}", "four four"),
    ],
)
def test_a_reference_is_filled_in_and_what_is_no_text_as_json(template: str, filled: str) -> None:
    """`sample` and `item`, nested "by a JSON-path like syntax": azure-ai-docs, reinforcement-fine-tuning.md."""
    assert SPACES.filled(template) == filled


@pytest.mark.parametrize(
    "reference",
    ["item.nothing", "item.truth.parts[2]", "item.truth.date.year", "sample.output_json.x.z", "sample.output_tools[1]"],
)
def test_what_is_not_there_is_named(reference: str) -> None:
    with pytest.raises(Unresolved, match="is not there"):
        SPACES.filled(f"{{{{ {reference} }}}}")


def test_an_example_with_a_reference_of_its_own_keeps_it() -> None:
    own = Namespaces(question("last answer", item={"reference": "own"}), answer(""))

    assert own.filled("{{ item.reference }} {{ item.expected }}") == "own last answer"


def test_a_text_that_is_no_json_has_no_output_json() -> None:
    for text in ("NaN", '{"a": 1} and so on', "[" * 100_000, "\ud800", ""):
        assert "output_json" not in Namespaces(question(), answer(text)).sample


def test_a_filled_in_text_is_not_filled_in_again() -> None:
    spaces = Namespaces(question("{{ item.secret }}", item={"secret": "s"}), answer("x"))

    assert spaces.filled("{{ item.reference }}") == "{{ item.secret }}"


def test_null_is_a_value_of_its_own() -> None:
    assert at(parsed('{"a": null}'), "a", "nothing") is None
    assert at(parsed('{"a": null}'), "b", "nothing") == "nothing"
