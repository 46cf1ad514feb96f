"""Lines of a holdout as questions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jobs.chat_ports import ToolCall
from jobs.errors import Unreadable
from jobs.evaluation.question import Question
from jobs.evaluation.questions import distinct, questions_of

USER = {"role": "user", "content": "What is Japan's tallest peak?"}
TOOL = {"type": "function", "function": {"name": "price", "parameters": {"type": "object"}}}
CALL = {"id": "call_1", "type": "function", "function": {"name": "price", "arguments": '{"symbol": "BAC"}'}}


def question(tmp_path: Path, **line: Any) -> Question:
    file = tmp_path / "holdout_set.jsonl"
    file.write_text(json.dumps(line) + "\n", encoding="utf-8")
    [found] = questions_of(file)
    return found


def test_of_a_chat_example_the_last_answer_is_expected_and_the_rest_is_asked(tmp_path: Path) -> None:
    earlier = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello.", "weight": 0}]
    said = [{"role": "system", "content": "Be brief."}, *earlier, USER, {"role": "assistant", "content": "Fuji."}]
    found = question(tmp_path, messages=said, slices={"language": "en", "size": 3})

    assert found.messages == (earlier[0], {"role": "assistant", "content": "Hello."}, USER)
    assert (found.system, found.expected, found.expected_calls) == ("Be brief.", "Fuji.", ())
    assert (found.index, found.line, found.slices) == (0, 1, {"language": "en"})
    assert found.item["messages"] == said


def test_of_a_tool_call_the_call_is_expected(tmp_path: Path) -> None:
    found = question(
        tmp_path,
        messages=[USER, {"role": "assistant", "tool_calls": [CALL]}],
        tools=[TOOL],
        parallel_tool_calls=False,
    )

    assert (found.expected, found.expected_calls) == (None, (ToolCall("price", '{"symbol": "BAC"}'),))
    assert (found.tools, found.parallel_tool_calls) == ((TOOL,), False)


def test_calls_before_the_last_answer_are_asked_along_with_what_came_of_them(tmp_path: Path) -> None:
    done = [{"role": "assistant", "tool_calls": [CALL]}, {"role": "tool", "tool_call_id": "call_1", "content": "39"}]
    found = question(tmp_path, messages=[USER, *done, {"role": "assistant", "content": "39 dollars."}], tools=[TOOL])

    assert found.messages == (USER, *done)
    assert (found.expected, found.expected_calls) == ("39 dollars.", ())


def test_functions_are_asked_for_as_tools(tmp_path: Path) -> None:
    """What the deprecated form declares and expects."""
    function = TOOL["function"]
    answer = {"role": "assistant", "function_call": {"name": "price", "arguments": "{}"}}
    found = question(tmp_path, messages=[USER, answer], functions=[function])

    assert found.tools == (TOOL,)
    assert found.expected_calls == (ToolCall("price", "{}"),)


def test_a_reinforcement_prompt_has_no_expected_answer_and_keys_for_templates(tmp_path: Path) -> None:
    earlier = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]
    found = question(tmp_path, messages=[*earlier, USER], target=77)

    assert found.messages == (*earlier, USER)
    assert (found.expected, found.expected_calls, found.item["target"]) == (None, (), 77)


def test_of_a_preference_pair_what_is_preferred_is_expected(tmp_path: Path) -> None:
    found = question(
        tmp_path,
        input={"messages": [{"role": "developer", "content": "Translate."}, USER], "tools": [TOOL]},
        preferred_output=[{"role": "assistant", "content": "Good."}],
        non_preferred_output=[{"role": "assistant", "content": "Bad."}],
    )

    assert (found.messages, found.system, found.expected) == ((USER,), "Translate.", "Good.")
    assert found.tools == (TOOL,)


def test_what_leads_to_a_preferred_answer_is_asked_along(tmp_path: Path) -> None:
    done = [{"role": "assistant", "tool_calls": [CALL]}, {"role": "tool", "tool_call_id": "call_1", "content": "39"}]
    found = question(
        tmp_path,
        input={"messages": [USER]},
        preferred_output=[*done, {"role": "assistant", "content": "Good."}],
        non_preferred_output=[{"role": "assistant", "content": "Bad."}],
    )

    assert (found.messages, found.expected) == ((USER, *done), "Good.")


def test_text_in_parts_is_text(tmp_path: Path) -> None:
    parts = [{"type": "text", "text": "One"}, {"type": "text", "text": "Two"}]
    found = question(
        tmp_path,
        messages=[{"role": "system", "content": parts}, USER, {"role": "assistant", "content": parts}],
    )

    assert (found.system, found.expected) == ("One\nTwo", "One\nTwo")


def test_a_line_in_which_nothing_is_asked_is_refused_where_it_stands(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="nothing is asked") as caught:
        question(tmp_path, messages=[{"role": "assistant", "content": "So."}])

    assert caught.value.line == 1


def test_a_holdout_may_be_gone_through_again_and_again(tmp_path: Path) -> None:
    file = tmp_path / "holdout_set.jsonl"
    line = json.dumps({"messages": [USER, {"role": "assistant", "content": "Fuji."}]})
    file.write_text(f"{line}\n\n{line}\n", encoding="utf-8")
    questions = questions_of(file)

    assert len(questions) == 2
    assert [(each.index, each.line) for each in questions] == [(0, 1), (1, 3)]
    assert list(questions) == list(questions)


def test_a_line_that_is_there_again_is_one_example_whatever_its_slices(tmp_path: Path) -> None:
    """Another answer to the same question makes another example."""
    answers = ({"role": "assistant", "content": text} for text in ("Fuji.", "Fuji.", "Mount Fuji.", "Fuji."))
    said = [{"messages": [USER, answer]} for answer in answers]
    file = tmp_path / "holdout_set.jsonl"
    file.write_text("".join(json.dumps(line | {"slices": {"n": str(at)}}) + "\n" for at, line in enumerate(said)))

    assert [(each.index, each.line) for each in distinct(questions_of(file))] == [(0, 1), (2, 3)]


@pytest.mark.parametrize(
    ("name", "number", "calls"),
    [
        ("gsm8k_chat_validation.jsonl", None, False),
        ("stock_toolcall_validation.jsonl", None, True),
        ("orca_dpo_validation.jsonl", None, False),
        ("countdown_valid_50.jsonl", 50, False),
    ],
)
def test_files_that_people_have_published_are_questions(
    real_datasets: Path, name: str, number: int, calls: bool
) -> None:
    lines = (real_datasets / name).read_text(encoding="utf-8").split("\n")
    found = list(questions_of(real_datasets / name))

    assert len(found) == (number or len([line for line in lines if line.strip()]))
    assert all(each.messages[-1]["role"] == "user" for each in found)
    assert any(each.expected_calls for each in found) == calls
    assert all((each.expected is None) == name.startswith("countdown") or each.expected_calls for each in found)
