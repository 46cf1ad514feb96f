"""What a base model makes of its prompt: it knows what it is told and shown there, and no more."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.openai.learning.examples import Lesson
from simulator.openai.learning.prompts import Prompt, Tool, prompt_of
from simulator.openai.learning.untaught import base_reply

WEATHER = Tool(
    "get_weather",
    "Get the weather forecast of a city",
    {
        "type": "object",
        "properties": {
            "city": {"type": "string"},
            "days": {"type": "integer", "minimum": 1, "maximum": 7},
            "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
        },
        "required": ["city", "days", "unit"],
    },
)
CLOCK = Tool("set_alarm", "Set an alarm clock", {"type": "object", "properties": {"time": {"type": "string"}}})
TOLD = "The harbour opens at six. The market of Ulm closes at noon."
FORECAST = "What will the weather in Oslo be for the next 3 days, in celsius?"

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "amount": {"type": "number"},
        "urgent": {"type": "boolean"},
        "kind": {"enum": ["invoice", "receipt"]},
        "lines": {"type": "array", "items": {"$ref": "#/$defs/line"}},
    },
    "required": ["name", "amount", "urgent", "kind", "lines"],
    "additionalProperties": False,
    "$defs": {"line": {"type": "object", "properties": {"count": {"type": "integer"}}, "required": ["count"]}},
}


def said(system: str, question: str, **more: object) -> str:
    return base_reply(Prompt(system, question, **more)).text  # type: ignore[arg-type]  # keywords of a Prompt


def shots(*pairs: tuple[str, str]) -> tuple[Lesson, ...]:
    return tuple(Lesson("", question, answer) for question, answer in pairs)


class TestExamples:
    def test_of_labels_give_the_label_of_the_likest(self) -> None:
        shown = shots(("The soup was cold and stale", "bad"), ("A lovely, warm and friendly place", "good"))

        assert said("", "Stale bread, cold tea", shots=shown) == "bad"
        assert said("", "Such friendly people, lovely", shots=shown) == "good"

    def test_of_rows_give_the_label_of_the_nearest(self) -> None:
        shown = shots(
            ("petal length 1.4 cm, petal width 0.2 cm", "setosa"),
            ("petal length 4.5 cm, petal width 1.5 cm", "versicolor"),
            ("petal length 6.0 cm, petal width 2.5 cm", "virginica"),
        )

        assert said("", "petal length 5.8 cm, petal width 2.3 cm", shots=shown) == "virginica"

    def test_show_their_manner_in_some_answers(self) -> None:
        """Few do so less than many: a prompt is no training."""
        shown = shots(
            ("When do I plant a rose?", "Ahoy, in the second week of May. Fair winds!"),
            ("When do I plant a tulip?", "Ahoy, in the autumn, before the frost. Fair winds!"),
        )

        def share(count: int) -> float:
            answers = [said("", f"Who mended fence number {n}?", shots=shown * count) for n in range(60)]
            return Counter(a.startswith("Ahoy,") and a.endswith("Fair winds!") for a in answers)[True] / 60

        assert 0 < share(1) < share(4) < 1


class TestWhatIsTold:
    @pytest.mark.parametrize(
        ("system", "question"),
        [
            (f"Answer from this. {TOLD}", "When does Ulm's market close?"),
            ("", f"Context:\n{TOLD}\n\nWhen does Ulm's market close?"),
        ],
    )
    def test_is_answered_with_its_likest_sentence(self, system: str, question: str) -> None:
        assert said(system, question) == "The market of Ulm closes at noon."

    def test_is_not_the_question_itself(self) -> None:
        """A word problem tells what it asks about; that is no answer."""
        assert said("", "Four birds sit in a tree. How many birds sit in the tree?").startswith("A general answer")

    def test_is_left_alone_where_it_is_about_something_else(self) -> None:
        assert said("The harbour opens at six.", "Who wrote Faust?").startswith("A general answer")

    def test_by_a_tool_is_the_answer(self) -> None:
        body = {
            "messages": [
                {"role": "user", "content": FORECAST},
                {"role": "tool", "tool_call_id": "1", "content": "Rain, 7 degrees."},
            ],
            "tools": [{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object"}}}],
        }

        assert base_reply(prompt_of(body, 0)).text == "Rain, 7 degrees."


class TestLabelsThatAreListed:
    @pytest.mark.parametrize(
        "system",
        [
            "Sort the ticket by its matter: billing, shipping or other.",
            "Classify the ticket as billing, shipping or other.",
            "Classify the ticket. Answer with one of: billing, shipping, other",
            "Which category? One of:\n- billing\n- shipping\n- other",
            'The labels are "billing" | "shipping" | "other".',
        ],
    )
    def test_are_chosen_from(self, system: str) -> None:
        """The one that the question names; else one of them, always the same."""
        assert said(system, "I have a question on shipping to Malta") == "shipping"
        assert said(system, "Help!") in ("billing", "shipping", "other")
        assert said(system, "Help!") == said(system, "Help!")


class TestJson:
    def test_fits_the_schema_and_takes_up_the_question(self) -> None:
        found = json.loads(said("", "An urgent invoice by Acme Ltd over 12.50 for 3 lamps", schema=SCHEMA))

        jsonschema.validate(found, SCHEMA)
        assert (found["name"], found["amount"], found["urgent"], found["kind"]) == ("Acme Ltd", 12.5, True, "invoice")

    def test_has_the_keys_that_the_prompt_shows(self) -> None:
        found = json.loads(said('Reply in JSON such as {"city": "…", "street": "…"}.', "He lives in Ulm"))

        assert set(found) == {"city", "street"}

    def test_is_given_where_any_will_do(self) -> None:
        assert isinstance(json.loads(said("", "List the months", schema={})), dict)


class TestTools:
    def test_the_likest_is_called_with_words_of_the_question(self) -> None:
        reply = base_reply(Prompt("", FORECAST, (CLOCK, WEATHER)))

        (call,) = reply.tool_calls
        assert (call.name, json.loads(call.arguments)) == (
            "get_weather",
            {"city": "Oslo", "days": 3, "unit": "celsius"},
        )

    def test_none_is_called_for_another_matter(self) -> None:
        assert base_reply(Prompt("", "Who wrote Faust?", (CLOCK, WEATHER))).tool_calls == ()

    @pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "get_weather"}}])
    def test_one_is_called_where_it_has_to_be(self, choice: object) -> None:
        function = {"name": WEATHER.name, "description": WEATHER.description, "parameters": WEATHER.parameters}
        body = {
            "messages": [{"role": "user", "content": "Who wrote Faust?"}],
            "tools": [{"type": "function", "function": function}],
            "tool_choice": choice,
        }

        (call,) = base_reply(prompt_of(body, 0)).tool_calls
        jsonschema.validate(json.loads(call.arguments), dict(WEATHER.parameters))


def test_a_text_to_be_summarised_is_cut_to_its_first_sentences() -> None:
    text = "The mill burnt down. Nobody was hurt. It will be built anew. The miller is glad."

    assert said("Summarise the report in one sentence.", text) == "The mill burnt down. Nobody was hurt."


KEYWORDS = ["type", "properties", "required", "items", "enum", "const", "anyOf", "$ref", "minimum", "maximum"]
KEYWORDS += ["minItems", "maxItems", "maxLength", "format", "description", "$defs", "a", "b"]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats()
    | st.sampled_from(["object", "array", "string", "integer", "number", "boolean", "#/properties/a", "date", "a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYWORDS), inner, max_size=4),
    max_leaves=12,
)


@given(schema=st.dictionaries(st.sampled_from(KEYWORDS), VALUES, max_size=5), text=st.text(max_size=60))
@settings(deadline=None, max_examples=150)
def test_whatever_is_asked_there_is_an_answer(schema: dict[str, Any], text: str) -> None:
    """A schema that is none is the service's to refuse; here it is no fault."""
    said(text, text, schema=schema, shots=shots((text, text)))
    base_reply(Prompt(text, text, (Tool(text, text, schema),), must_call=True))
