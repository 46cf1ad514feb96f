"""Tools are declared, called and answered as the API's types and Microsoft's page on tool calling say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jobs.data.formats.parameters import parameters
from tests.jobs.data.formats.broken import rules, words
from tests.jobs.data.specimens import ANSWER, ASK, CALLS, TOLD, call

CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


def _tool(**function: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": "weather", "parameters": CITY} | function}


def _offering(*tools: Any) -> dict[str, Any]:
    return {"messages": [ASK, ANSWER], "tools": list(tools)}


def _calling(arguments: str, *, weight: int = 1, schema: Any = CITY) -> dict[str, Any]:
    said = {"role": "assistant", "tool_calls": [call(arguments=arguments)], "weight": weight}
    return {"messages": [ASK, said, TOLD, ANSWER], "tools": [_tool(parameters=schema)]}


@pytest.mark.parametrize(
    ("function", "broken"),
    [
        ({"name": "a" * 64}, []),
        ({"name": "a" * 65}, ["schema-tool-name"]),
        ({"name": "get-weather_2"}, []),
        ({"name": "get weather"}, ["schema-tool-name"]),
        ({"name": "wetter.für"}, ["schema-tool-name"]),
        ({"description": "x" * 1024}, []),
        ({"description": "x" * 1025}, ["schema-tool-description"]),
        ({"description": None, "strict": None}, []),
        ({"description": 5}, ["schema-tools"]),
        ({"strict": "yes"}, ["schema-tools"]),
        ({"parameters": {}}, []),
        ({"parameters": None}, ["schema-tools"]),
        ({"parameters": {"type": "text"}}, ["schema-tool-parameters"]),
        ({"parameters": {"properties": {"city": {"type": "string", "required": True}}}}, ["schema-tool-parameters"]),
        ({"parameters": {"$schema": 5}}, ["schema-tool-parameters"]),
        ({"parameters": {"properties": {"$ref": {"type": "string"}}}}, []),
        ({"example": "Lima"}, ["schema-unknown-key"]),
    ],
)
def test_a_declaration_is_held_to_the_documented_form(function: Any, broken: list[str]) -> None:
    """Names: 1 to 64 of a-z, A-Z, 0-9, _ and - (FunctionDefinition of the OpenAI library); descriptions: 1,024
    characters on Azure (function-calling.md)."""
    assert rules(_offering(_tool(**function))) == broken


def test_a_declaration_without_parameters_is_one() -> None:
    """Omitting them defines a function with an empty parameter list (FunctionDefinition)."""
    assert rules(_offering({"type": "function", "function": {"name": "weather"}})) == []


def test_each_line_is_told_again_what_is_wrong_with_the_tools_that_it_shares() -> None:
    """What a list of tools comes to is kept, its faults too."""
    example = _offering(_tool(name="get weather"), 5)

    assert rules(example) == rules(json.loads(json.dumps(example))) == ["schema-tool-name", "schema-tools"]


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        ('{"city": "Lima"}', None),
        ('{"city": "Lima", "unit": "celsius"}', None),
        ("{}", "schema-tool-misfit"),
        ('{"city": 5}', "schema-tool-misfit"),
        ('{"city": null}', "schema-tool-misfit"),
        ("", "schema-tool-arguments"),
        ("Lima", "schema-tool-arguments"),
        ('"Lima"', "schema-tool-arguments"),
        ('["Lima"]', "schema-tool-arguments"),
        ('{"city": NaN}', "schema-tool-arguments"),
        ("[" * 100_000, "schema-tool-arguments"),
        ('{"city": ' + "9" * 5000 + "}", "schema-tool-arguments"),
    ],
)
def test_arguments_are_a_json_object_that_fits(arguments: str, rule: str | None) -> None:
    assert rules(_calling(arguments)) == ([] if rule is None else [rule])


def test_what_is_not_learned_need_not_fit() -> None:
    """A wrong call with weight 0, and its error, may be what the right one is learned from."""
    assert rules(_calling("{}", weight=0)) == []


@pytest.mark.parametrize(
    ("schema", "arguments", "said"),
    [
        (CITY, {}, "the object lacks 'city'"),
        (CITY, {"city": ["x"]}, "'city' is a list, a text is expected"),
        ({"properties": {"a": {"enum": ["x", "y"]}}}, {"a": "secret"}, "'a' is not one of '[\"x\", \"y\"]'"),
        ({"properties": {"a": {"type": ["string", "null"]}}}, {"a": 5}, "'a' is a number, a text or null is expected"),
        ({"properties": {"a": {"items": {"type": "integer"}}}}, {"a": [1, "secret"]}, "'a[1]' is a text, a whole"),
        ({"properties": {"a": {}}, "additionalProperties": False}, {"b": "secret"}, "the object has 'b', and no more"),
        ({"properties": {"a": {"minimum": 3}}}, {"a": 2}, "'a' breaks minimum '3'"),
        ({"properties": {"a": {"pattern": "^x"}}}, {"a": "secret"}, "'a' breaks pattern"),
    ],
)
def test_a_misfit_is_told_without_the_value_that_stands_there(schema: Any, arguments: Any, said: str) -> None:
    """It may be somebody's."""
    found = words(_calling(json.dumps(arguments), schema=schema))

    assert said in found
    assert "secret" not in found


@pytest.mark.parametrize(
    ("schema", "arguments"),
    [
        # 19.99 is 1999 hundredths, though no binary fraction says so.
        ({"properties": {"a": {"multipleOf": 0.01}}}, {"a": 19.99}),
        # Letters of any script: ECMAScript's regular expressions have this, Python's don't.
        ({"properties": {"a": {"pattern": "^\\p{L}+$"}}}, {"a": "5"}),
        # References that lead nowhere, or in a circle, or out of the file, are not followed.
        ({"$ref": "https://127.0.0.1:9/schema.json"}, {"a": 5}),
        ({"$ref": "#"}, {"a": 5}),
        ({"$ref": "#/$defs/none"}, {"a": 5}),
        # format is an annotation, unless both sides agree otherwise (JSON Schema 2020-12, validation, 7.2.1).
        ({"properties": {"a": {"format": "date"}}}, {"a": "tomorrow"}),
        # draft-04, which wrote exclusiveMinimum as true or false.
        (
            {
                "$schema": "http://json-schema.org/draft-04/schema#",
                "properties": {"a": {"minimum": 0, "exclusiveMinimum": True}},
            },
            {"a": 1},
        ),
    ],
)
def test_what_cannot_be_decided_is_no_misfit(schema: Any, arguments: Any) -> None:
    assert rules(_calling(json.dumps(arguments), schema=schema)) == []


def test_a_number_that_is_no_multiple_is_one() -> None:
    """The other side of it."""
    assert parameters({"multipleOf": 0.01}).misfit(19.995) == "the object breaks multipleOf '0.01'"


def test_a_schema_too_large_to_be_kept_is_read_again() -> None:
    """With the same result."""
    large = CITY | {"description": "x" * 70_000}

    assert rules(_calling("{}", schema=large)) == ["schema-tool-misfit"]


@pytest.mark.parametrize(
    ("calls", "broken"),
    [
        # Microsoft's sample schema (Supervised_Fine_Tuning/SCHEMA.md) shows a last call without an id.
        ([{"type": "function", "function": {"name": "weather", "arguments": '{"city": "Lima"}'}}], ["schema-tool-id"]),
        ([call("", arguments='{"city": "Lima"}')], ["schema-tool-call"]),
        ([call(5, arguments='{"city": "Lima"}')], ["schema-tool-call"]),  # type: ignore[arg-type]  # That is the fault.
        ([call(arguments='{"city": "Lima"}') | {"index": 0}], ["schema-unknown-key"]),
        ([call(name="forecast")], ["schema-tool-undeclared"]),
        ([{"type": "custom", "custom": {"name": "weather", "input": "Lima"}}], ["schema-tool-call"]),
    ],
)
def test_a_call_has_an_id_and_a_declared_name(calls: Any, broken: list[str]) -> None:
    example = {"messages": [ASK, {"role": "assistant", "tool_calls": calls}], "tools": [_tool()]}

    assert rules(example) == broken


def test_calls_beside_each_other_are_answered_in_any_order() -> None:
    """And each once."""
    both = {"role": "assistant", "tool_calls": [call("a"), call("b")]}
    tools = [{"type": "function", "function": {"name": "weather"}}]
    told = [TOLD | {"tool_call_id": "b"}, TOLD]

    assert rules({"messages": [ASK, both, *told, ANSWER], "tools": tools}) == []
    assert rules({"messages": [ASK, both, TOLD, ANSWER], "tools": tools}) == ["schema-tool-answer"]
    assert rules({"messages": [ASK, CALLS, TOLD, TOLD, ANSWER], "tools": tools}) == ["schema-tool-answer"]


CALLED = {"role": "assistant", "function_call": {"name": "weather", "arguments": '{"city": "Lima"}'}}
BY_NAME = {"role": "function", "name": "weather", "content": "21.0"}
FUNCTIONS = [{"name": "weather", "parameters": CITY}]


def test_several_calls_in_one_message_are_none_where_parallel_calls_are_turned_off() -> None:
    """As false does in a training example (OpenAI's guide to fine-tuning with tools)."""
    both = {"role": "assistant", "tool_calls": [call("a"), call("b")]}
    example = {"messages": [ASK, both], "tools": [{"type": "function", "function": {"name": "weather"}}]}

    assert rules(example | {"parallel_tool_calls": False}) == ["schema-tool-parallel"]
    assert rules(example | {"parallel_tool_calls": True}) == []


def test_arguments_that_were_written_as_json_twice_are_named_so() -> None:
    """A text with JSON in it, within a text."""
    assert words(_calling(json.dumps('{"city": "Lima"}'))).endswith("JSON written twice?")


class TestFunctions:
    """functions and function_call are deprecated (fine-tuning-functions.md), and held to the same."""

    def test_they_are_told_once_for_an_example(self) -> None:
        """However many messages use them."""
        said = [ASK, CALLED, BY_NAME, ANSWER, ASK, CALLED, BY_NAME, ANSWER]

        assert rules({"messages": said, "functions": FUNCTIONS}) == ["schema-functions"]

    @pytest.mark.parametrize(
        ("messages", "broken"),
        [
            ([ASK, CALLED], []),
            ([ASK, CALLED | {"content": ""}], []),
            ([ASK, CALLED, ASK, ANSWER], ["schema-tool-answer"]),
            ([ASK, BY_NAME, ANSWER], ["schema-tool-answer"]),
            ([ASK, CALLED, BY_NAME | {"name": "forecast"}, ANSWER], ["schema-tool-answer"]),
            ([ASK, CALLED, {"role": "function", "content": "21.0"}, ANSWER], ["schema-tool-answer"]),
            ([ASK, CALLED, BY_NAME | {"content": None}, ANSWER], []),
            ([ASK, {"role": "assistant", "function_call": {"name": "weather"}}], ["schema-tool-call"]),
            ([ASK, {"role": "assistant", "function_call": "weather"}], ["schema-tool-call"]),
            ([ASK | {"function_call": {"name": "weather", "arguments": "{}"}}, ANSWER], ["schema-tool-call"]),
            (
                [ASK, {"role": "assistant", "function_call": {"name": "rain", "arguments": "{}"}}],
                ["schema-tool-undeclared"],
            ),
            (
                [ASK, {"role": "assistant", "function_call": {"name": "weather", "arguments": "{}"}}],
                ["schema-tool-misfit"],
            ),
            (
                [ASK, {"role": "assistant", "function_call": {"name": "weather", "arguments": "{"}}],
                ["schema-tool-arguments"],
            ),
        ],
    )
    def test_calls_and_answers_pair(self, messages: Any, broken: list[str]) -> None:
        assert rules({"messages": messages, "functions": FUNCTIONS}) == ["schema-functions", *broken]

    @pytest.mark.parametrize(
        ("functions", "broken"),
        [
            ({}, ["schema-tools"]),
            ([5], ["schema-tools"]),
            ([{"name": "a b"}], ["schema-tool-name"]),
            ([{"name": "a"}, {"name": "a"}], ["schema-tools"]),
            ([{"name": "a", "parameters": {"type": "any"}}], ["schema-tool-parameters"]),
        ],
    )
    def test_their_declaration_is_checked(self, functions: Any, broken: list[str]) -> None:
        assert sorted(rules({"messages": [ASK, ANSWER], "functions": functions})) == sorted(
            ["schema-functions", *broken]
        )

    def test_both_ways_in_one_example_are_one_too_many(self) -> None:
        example = {"messages": [ASK, ANSWER], "functions": FUNCTIONS, "tools": [_tool()]}

        assert sorted(rules(example)) == ["schema-functions", "schema-tools"]
