"""The schema of chat examples, with their tools."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jobs.cli.app import app
from jobs.data.check import check_file
from tests.jobs.data.formats.broken import words
from tests.jobs.data.specimens import ANSWER, ASK, CALLS, SYSTEM, TOLD, WEATHER, broken_by, call, chat, written


class TestSchema:
    """One rule for each way to get an example wrong."""

    @pytest.mark.parametrize(
        "example",
        [
            {"messages": [ASK, ANSWER]},
            {"messages": [{"role": "developer", "content": "Be terse."}, ASK, ANSWER]},
            {"messages": [SYSTEM, {"role": "user", "content": [{"type": "text", "text": "Why?"}]}, ANSWER]},
            {"messages": [SYSTEM, ASK, ANSWER | {"weight": 0}, ASK, ANSWER | {"weight": 1}]},
            {"messages": [SYSTEM, ASK, CALLS | {"content": None}], "tools": [WEATHER]},
            {"messages": [SYSTEM, ASK, CALLS, TOLD, ANSWER], "tools": [WEATHER], "parallel_tool_calls": False},
            {"messages": [SYSTEM, ASK | {"name": "ada"}, ANSWER], "tools": None},
            {
                "messages": [
                    SYSTEM,
                    {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://a/b.png"}}]},
                    ANSWER,
                ]
            },
        ],
    )
    def test_what_is_documented_passes(self, tmp_path: Path, example: Any) -> None:
        """Nothing is said about it, but that the system message differs where it does."""
        path = written(tmp_path / "set.jsonl", [example] * 1)

        assert set(check_file(path).counts) <= {"size-too-few", "image-unseen"}

    @pytest.mark.parametrize(
        ("example", "rules"),
        [
            ({}, ["schema-messages"]),
            ({"messages": []}, ["schema-messages"]),
            ({"messages": "Why?"}, ["schema-messages"]),
            ({"messages": [SYSTEM, "Why?", ANSWER]}, ["schema-message"]),
            ({"messages": [SYSTEM, {"role": "human", "content": "Why?"}, ANSWER]}, ["schema-role"]),
            ({"messages": [SYSTEM, {"content": "Why?"}, ANSWER]}, ["schema-role"]),
            ({"messages": [SYSTEM, {"role": ["user"], "content": "Why?"}, ANSWER]}, ["schema-role"]),
            ({"messages": [SYSTEM, {"role": "user"}, ANSWER]}, ["schema-content"]),
            ({"messages": [SYSTEM, ASK, {"role": "assistant", "content": None}]}, ["schema-content"]),
            ({"messages": [SYSTEM, {"role": "user", "content": 5}, ANSWER]}, ["schema-content"]),
            ({"messages": [SYSTEM, {"role": "user", "content": []}, ANSWER]}, ["schema-content"]),
            ({"messages": [SYSTEM, {"role": "user", "content": [{"type": "text"}]}, ANSWER]}, ["schema-part"]),
            ({"messages": [SYSTEM, {"role": "user", "content": [{"type": "audio"}]}, ANSWER]}, ["schema-part"]),
            ({"messages": [SYSTEM, {"role": "user", "content": ["Why?"]}, ANSWER]}, ["schema-part"]),
            (
                {
                    "messages": [
                        SYSTEM,
                        ASK,
                        {"role": "assistant", "content": [{"type": "image_url", "image_url": {"url": "x"}}]},
                    ]
                },
                ["image-place"],
            ),
            ({"messages": [SYSTEM, {"role": "user", "content": " \n"}, ANSWER]}, ["content-empty"]),
            ({"messages": [SYSTEM, ASK, {"role": "assistant", "content": ""}]}, ["content-empty"]),
            ({"messages": [SYSTEM, ASK, ANSWER, ASK]}, ["schema-last-assistant"]),
            ({"messages": [SYSTEM, ASK]}, ["schema-last-assistant", "schema-nothing-learned"]),
            ({"messages": [SYSTEM, ASK, ANSWER | {"weight": 0}]}, ["schema-nothing-learned"]),
            ({"messages": [SYSTEM, ASK | {"weight": 1}, ANSWER]}, ["schema-weight"]),
            ({"messages": [SYSTEM, ASK, ANSWER | {"weight": 0.5}]}, ["schema-weight"]),
            ({"messages": [SYSTEM, ASK, ANSWER | {"weight": True}]}, ["schema-weight"]),
            ({"messages": [SYSTEM, ASK, ANSWER | {"weight": "1"}]}, ["schema-weight"]),
            ({"messages": [SYSTEM, ASK, SYSTEM, ANSWER]}, ["schema-order"]),
            ({"messages": [SYSTEM, ANSWER, ASK, ANSWER]}, ["schema-order"]),
            (chat(tools={}), ["schema-tools"]),
            (chat(tools=[WEATHER, WEATHER]), ["schema-tools"]),
            (chat(tools=[{"name": "weather"}]), ["schema-tools"]),
            (chat(parallel_tool_calls="yes"), ["schema-tools"]),
            ({"messages": [SYSTEM, ASK, CALLS]}, ["schema-tool-undeclared"]),
            ({"messages": [SYSTEM, ASK | {"tool_calls": [call()]}, ANSWER], "tools": [WEATHER]}, ["schema-tool-call"]),
            ({"messages": [SYSTEM, ASK, ANSWER | {"tool_calls": []}]}, ["schema-tool-call"]),
            (
                {"messages": [SYSTEM, ASK, CALLS | {"tool_calls": [call(arguments={})]}], "tools": [WEATHER]},
                ["schema-tool-call"],
            ),
            (
                {"messages": [SYSTEM, ASK, CALLS | {"tool_calls": [call(), call()]}], "tools": [WEATHER]},
                ["schema-tool-call"],
            ),
            (
                {"messages": [SYSTEM, ASK, CALLS | {"tool_calls": [call(arguments="{'a'}")]}], "tools": [WEATHER]},
                ["schema-tool-arguments"],
            ),
            ({"messages": [SYSTEM, ASK, CALLS, ASK, ANSWER], "tools": [WEATHER]}, ["schema-tool-answer"]),
            ({"messages": [SYSTEM, ASK, TOLD, ANSWER], "tools": [WEATHER]}, ["schema-tool-answer"]),
            (
                {"messages": [SYSTEM, ASK, CALLS, {"role": "tool", "content": "sunny"}, ANSWER], "tools": [WEATHER]},
                ["schema-tool-answer", "schema-tool-answer"],
            ),
            (chat(functions=[]), ["schema-functions"]),
            (chat(comment="a note"), ["schema-unknown-key"]),
            (chat(comment="a note", source="here", id=5), ["schema-unknown-key"]),
            ({"messages": [SYSTEM, ASK | {"mood": "good"}, ANSWER]}, ["schema-unknown-key"]),
        ],
    )
    def test_a_fault_breaks_its_rule(self, tmp_path: Path, example: Any, rules: list[str]) -> None:
        """And no other."""
        assert broken_by(tmp_path, example) == rules

    @pytest.mark.parametrize(
        ("example", "form"),
        [
            ({"conversations": []}, "a ShareGPT conversation"),
            ({"instruction": "Add.", "input": "1, 2", "output": "3"}, "Alpaca"),
            ({"question": "Why?", "answer": "Because."}, "a question with its answer"),
            ({"input": "Why?", "output": "Because."}, "an input with its output"),
            ({"prompt": "Why?", "response": "Because."}, "a prompt with its response"),
        ],
    )
    def test_forms_that_can_be_converted_are_named_with_the_command(
        self, tmp_path: Path, example: Any, form: str
    ) -> None:
        """They are of no kind that any method takes; the command is one that converts them."""
        said = words(example)
        command = re.search(r"`jobs (convert FILE .*)`", said)

        assert form in said
        assert command is not None
        if "conversations" not in example:
            old, new = written(tmp_path / "old.jsonl", [example]), tmp_path / "new.jsonl"
            given = command[1].replace("FILE", str(old)).replace("NEW.jsonl", str(new))
            assert CliRunner().invoke(app, given.split()).exit_code == 0
            assert new.exists()
