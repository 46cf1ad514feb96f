"""Training data read as the formats are documented."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from simulator.openai.bases import Method
from simulator.openai.learning.examples import Examples, Lesson, ToolCall, holds_json_lines, read_examples
from simulator.openai.learning.formats import Reading

USER = {"role": "user", "content": "Hi"}
ASSISTANT = {"role": "assistant", "content": "Hello"}
PROMPT_COMPLETION = "Line 1: messages is missing: prompt and completion are for models that are retired"


def read(*examples: Any, method: Method = "supervised", **more: Any) -> Examples:
    """Examples, or lines as they are, as a file of that method."""
    lines = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in examples]
    return read_examples(io.BytesIO(b"\n".join(lines)), Reading(method, **more))


def fault_of(example: Any, method: Method = "supervised", **more: Any) -> str | None:
    faults = read(example, method=method, **more).faults
    return str(faults[0]) if faults else None


def test_each_assistant_message_that_counts_is_a_lesson() -> None:
    """A weight of 0 leaves one out; the system message belongs to all."""
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "One?"},
        {"role": "assistant", "content": "No.", "weight": 0},
        {"role": "user", "content": "Two?"},
        {"role": "assistant", "content": "Yes.", "weight": 1},
    ]

    found = read({"messages": messages})

    assert (found.count, found.faults) == (1, ())
    assert found.lessons == (Lesson("Be brief.", "Two?", "Yes."),)


def test_tool_calls_are_learnt() -> None:
    """An assistant message may have tool calls instead of content."""
    call = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    messages = [USER, {"role": "assistant", "tool_calls": [call]}]

    (lesson,) = read({"messages": messages, "tools": [{"type": "function", "function": {"name": "f"}}]}).lessons

    assert (lesson.answer, lesson.tool_calls) == ("", (ToolCall("f", "{}"),))


def test_a_byte_order_mark_and_blank_lines_are_no_fault() -> None:
    """Older documents ask for the mark."""
    found = read(b"\xef\xbb\xbf" + json.dumps({"messages": [USER, ASSISTANT]}).encode() + b"\n\n")

    assert (found.count, found.faults) == (1, ())


@pytest.mark.parametrize(
    ("example", "fault"),
    [
        ([], "Line 1: not a JSON object"),
        ({"prompt": "p", "completion": "c"}, PROMPT_COMPLETION),
        ({"messages": [USER]}, "Line 1: the last message must be from the assistant"),
        ({"messages": [USER, {"role": "assistant"}]}, "Line 1: messages[1] has no content"),
        (
            {"messages": [USER, ASSISTANT | {"weight": 2}]},
            "Line 1: messages[1].weight must be 0 or 1, and stands at assistant messages only",
        ),
        ({"messages": ["Hi"]}, "Line 1: messages[0] must be an object"),
        ({"messages": [USER, ASSISTANT]}, None),
    ],
)
def test_a_supervised_example_is_checked(example: object, fault: str | None) -> None:
    assert fault_of(example) == fault


def test_a_reinforcement_example_ends_with_the_user() -> None:
    assert fault_of({"messages": [USER], "answer": 2}, "reinforcement") is None
    assert fault_of({"messages": [USER, ASSISTANT]}, "reinforcement") == (
        "Line 1: the last message must be from the user"
    )


def test_a_preference_example_has_both_outputs() -> None:
    """The preferred one is what is learnt."""
    example = {"input": {"messages": [USER]}, "preferred_output": [ASSISTANT], "non_preferred_output": [ASSISTANT]}

    assert fault_of(example, "dpo") is None
    assert read(example, method="dpo").lessons == (Lesson("", "Hi", "Hello"),)
    assert fault_of(example | {"preferred_output": [USER]}, "dpo") == (
        "Line 1: preferred_output must hold an assistant message, and else only tool messages"
    )
    assert fault_of(example | {"non_preferred_output": []}, "dpo") == (
        "Line 1: non_preferred_output must be a list of messages"
    )


def test_a_file_that_is_no_text_holds_no_lines() -> None:
    assert not holds_json_lines(io.BytesIO(b"\xff\xfe\x00"))
    assert not holds_json_lines(io.BytesIO(b""))
    assert holds_json_lines(io.BytesIO(b'nonsense\n{"a": 1}\n'))


def test_what_no_parser_takes_is_a_fault_of_its_line() -> None:
    """Broken text, NaN, too deep a nesting: each with its number, and the lines around it are read."""
    good = json.dumps({"messages": [USER, ASSISTANT]}).encode()
    deep = b'{"messages": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"

    found = read(good, b"\xff\xfe", b'{"a": NaN}', deep, good)

    assert (found.count, found.faulty) == (5, 3)
    assert [str(each) for each in found.faults] == [f"Line {number}: not valid JSON" for number in (2, 3, 4)]


def test_a_mark_of_unicode_ends_no_line() -> None:
    """U+2028 may stand in JSON's strings."""
    content = json.dumps({"messages": [USER, ASSISTANT | {"content": "a\u2028b"}]}, ensure_ascii=False).encode()

    assert (read(content).count, read(content).faults) == (1, ())


TOOLS = [{"type": "function", "function": {"name": "f", "parameters": {}}}]
CALL = {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}


@pytest.mark.parametrize(
    ("messages", "tools", "fault"),
    [
        ([USER, {"role": "assistant", "tool_calls": [CALL]}], TOOLS, None),
        (
            [
                USER,
                {"role": "assistant", "tool_calls": [CALL]},
                {"role": "tool", "tool_call_id": "1", "content": "2"},
                ASSISTANT,
            ],
            TOOLS,
            None,
        ),
        ([USER, {"role": "assistant", "tool_calls": [CALL]}], None, "Line 1: f is called and not declared"),
        (
            [USER, {"role": "assistant", "tool_calls": [{"id": "1"}]}],
            TOOLS,
            "Line 1: a tool call must have an id, and a function with name and arguments as text",
        ),
        ([USER, {"role": "assistant", "tool_calls": {"id": "1"}}], TOOLS, "Line 1: a tool call must have an id"),
        (
            [USER, {"role": "tool", "tool_call_id": "9", "content": "2"}, ASSISTANT],
            TOOLS,
            "Line 1: a tool message answers no call before it: tool_call_id",
        ),
        ([USER, ASSISTANT], {"f": 1}, "Line 1: tools must be a list"),
        ([USER, ASSISTANT], [{"type": "function"}], "Line 1: tools[0] must be a function with a name"),
        ([USER, ASSISTANT | {"weight": 0}], None, "Line 1: no message from the assistant has a weight of 1"),
        ([USER | {"weight": 1}, ASSISTANT], None, "Line 1: messages[0].weight must be 0 or 1"),
        ([{"role": [], "content": ""}], None, "Line 1: messages[0].role must be one of"),
    ],
)
def test_tools_and_weights_are_checked(messages: object, tools: object, fault: str | None) -> None:
    found = fault_of({"messages": messages} | ({} if tools is None else {"tools": tools}))

    assert found is None if fault is None else (found or "").startswith(fault)


def test_a_grader_finds_its_fields_in_every_example() -> None:
    """As deep as its template goes; the answer it compares with is what is learnt."""
    example = {"messages": [USER], "answer": {"text": "Hello"}}

    assert fault_of(example, "reinforcement", references=("item.answer.text",)) is None
    assert fault_of(example, "reinforcement", references=("item.answer.date",)) == (
        "Line 1: item.answer.date, which the grader names, is missing"
    )
    assert read(example, method="reinforcement", target="item.answer.text").lessons == (Lesson("", "Hi", "Hello"),)


def test_an_example_has_so_many_tokens_at_most() -> None:
    """ "Hi" and "Hello" are a token each: with roles and frames, by OpenAI's cookbook, the example has 13."""
    example = {"messages": [USER, ASSISTANT]}

    assert read(example).tokens == 13
    assert fault_of(example, longest=13) is None
    assert fault_of(example, longest=12) == "Line 1: 13 tokens, and at most 12 are allowed in an example"


def test_of_a_preference_both_answers_count_and_the_question_once() -> None:
    example = {"input": {"messages": [USER]}, "preferred_output": [ASSISTANT], "non_preferred_output": [ASSISTANT]}

    assert read(example, method="dpo").tokens == 13 + 5


class TestPictures:
    """fine-tuning-vision.md: JPEG, PNG or WEBP in RGB or RGBA, 10 MB, 64 in an example, from the user."""

    @staticmethod
    def example(*urls: str, role: str = "user", **more: str) -> dict[str, Any]:
        parts = [{"type": "image_url", "image_url": {"url": url} | more} for url in urls]
        return {"messages": [{"role": role, "content": parts}, USER, ASSISTANT]}

    @staticmethod
    def picture(form: str = "PNG", mode: str = "RGB") -> str:
        made = io.BytesIO()
        Image.new(mode, (2, 2)).save(made, form)
        return f"data:image/{form.lower()};base64,{base64.b64encode(made.getvalue()).decode()}"

    @pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
    def test_are_taken(self, form: str) -> None:
        found = read(self.example(self.picture(form), "https://example.com/a.png"), images=True)

        assert (found.faults, found.pictured) == ((), 1)

    @pytest.mark.parametrize(
        ("url", "fault"),
        [
            ("GIF RGB", "an image that is none of JPEG, PNG, WEBP"),
            ("PNG L", "an image in L, which must be RGB or RGBA"),
            ("ftp://example.com/a.png", "an image's url must begin with https:// or data:image/"),
            ("data:image/png;base64,!!", "an image whose base64 is broken"),
            ("data:image/png;base64," + "A" * 13_400_000, "an image of more than 10 MB"),
        ],
        ids=["GIF", "grey", "another address", "broken", "large"],
    )
    def test_of_another_kind_are_a_fault(self, url: str, fault: str) -> None:
        shown = url if ":" in url else self.picture(*url.split())

        assert fault_of(self.example(shown), images=True) == f"Line 1: {fault}"

    def test_stand_where_they_may(self) -> None:
        url = "https://example.com/a.png"

        assert fault_of(self.example(url)) == "Line 1: images are not supported for provided model"
        assert (fault_of(self.example(url, role="assistant"), images=True) or "").startswith(
            "Line 1: an image in a message from the assistant"
        )
        assert (fault_of(self.example(url, detail="fine"), images=True) or "").startswith("Line 1: an image's detail")
        assert fault_of(self.example(*[url] * 64), images=True) is None
        assert (fault_of(self.example(*[url] * 65), images=True) or "").startswith("Line 1: 65 images")


_WILD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("messages", "role", "content", "tools", "tool_calls", "function", "name", "input", "weight"),
                    *("preferred_output", "non_preferred_output", "type", "image_url", "url", "functions", "id"),
                ]
            ),
            inner | st.sampled_from(["user", "assistant", "tool", "image_url", "text"]),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(example=_WILD, method=st.sampled_from(["supervised", "dpo", "reinforcement"]))
def test_whatever_stands_in_a_line_is_read_or_a_fault(example: object, method: Method) -> None:
    """Never a fault of the reader's own."""
    found = read({"messages": [USER, ASSISTANT, example]}, example, method=method, images=True)

    assert found.count == 2
