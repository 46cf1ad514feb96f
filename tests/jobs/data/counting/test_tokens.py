"""Counts of tokens: those of tiktoken, in the frame that OpenAI's cookbook documents."""

from __future__ import annotations

import json
from collections import Counter as Counts
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.data.counting.token_summary import Bin, TokenTally, histogram
from jobs.data.counting.tokens import Counter, text_counter
from jobs.data.expected import Encoding
from jobs.data.formats import parts_of
from tests.jobs.data.specimens import chat
from tests.tiktoken_reference import reference

ENCODINGS: tuple[Encoding, ...] = ("o200k_base", "cl100k_base")
# Special tokens, white space of all kinds, marks that combine, contractions, numbers, scripts, signs.
ODD = [
    *(
        "<|endoftext|>",
        "<|im_start|>user<|im_end|>",
        "<|endofprompt|>",
        "\0",
        "\0\0",
        "\x1c",
        "\u200b",
        "\u200d",
        "\ufeff",
    ),
    *("\r", "\r\n", "\n \n", "  ", " " * 10, "\t\t", "\x85", "\u00a0", "\u2028", "\u3000", "\u180e"),
    *("e\u0301", "\u0301", "\u0345", "\u0300\u0301", "'s", "'S", "'ſ", "'RE", "don't", "I'LL", "THE", " The", "hELLO"),
    *("ǅ", "ʰ", "ª", "٣", "१२३४", "Ⅷ", "½", "²", "1234567", "a//\n", "...\n\n/", "==", "_x_", "🇩🇪", "👩\u200d👧"),
    *("\U0010ffff", "\ufffe", "中文", "אב", "ﬁ", "İ", "ß", "ㄱ", "각", "x"),
]
# The examples of "How to count tokens with tiktoken" (openai-cookbook), and what the API answered for them.
JARGON = {
    "messages": [
        {
            "role": "system",
            "content": "You are a helpful, pattern-following assistant that translates corporate jargon into plain"
            " English.",
        },
        {"role": "system", "name": "example_user", "content": "New synergies will help drive top-line growth."},
        {
            "role": "system",
            "name": "example_assistant",
            "content": "Things working well together will increase revenue.",
        },
        {
            "role": "system",
            "name": "example_user",
            "content": "Let's circle back when we have more bandwidth to touch base on opportunities for increased"
            " leverage.",
        },
        {
            "role": "system",
            "name": "example_assistant",
            "content": "Let's talk later when we're less busy about how to do better.",
        },
        {
            "role": "user",
            "content": "This late pivot means we don't have time to boil the ocean for the client deliverable.",
        },
    ]
}
WEATHER = {
    "messages": [
        {
            "role": "system",
            "content": "You are a helpful assistant that can answer to questions about the weather.",
        },
        {"role": "user", "content": "What's the weather like in San Francisco?"},
    ],
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "get_current_weather",
                "description": "Get the current weather in a given location",
                "parameters": {
                    "type": "object",
                    "properties": {
                        "location": {
                            "type": "string",
                            "description": "The city and state, e.g. San Francisco, CA",
                        },
                        "unit": {
                            "type": "string",
                            "description": "The unit of temperature to return",
                            "enum": ["celsius", "fahrenheit"],
                        },
                    },
                    "required": ["location"],
                },
            },
        }
    ],
}


def _exact(encoding: Encoding, text: str) -> None:
    assert text_counter(encoding)(text) == len(reference(encoding).encode_ordinary(text))


class TestTexts:
    """Equal to tiktoken, whatever the text."""

    @pytest.mark.parametrize("encoding", ENCODINGS)
    @settings(deadline=None, max_examples=100)
    @given(parts=st.lists(st.sampled_from(ODD) | st.text(max_size=8), max_size=20))
    def test_any_text(self, encoding: Encoding, parts: list[str]) -> None:
        """Of all of Unicode, with special tokens, lone CRs, combining marks and NULs in it."""
        _exact(encoding, "".join(parts))

    @pytest.mark.parametrize("encoding", ENCODINGS)
    @pytest.mark.parametrize(
        "unit", [" ", "\n", "\r", "\t", "a", "1", "!", "=", "\0", "\u0301", "中", " \n", "ab ", "é"]
    )
    def test_long_runs(self, encoding: Encoding, unit: str) -> None:
        """Which are where counting by another way goes wrong first."""
        for length in (31, 1000, 4097):
            _exact(encoding, unit * length)
            _exact(encoding, "x" + unit * length + "y")

    @pytest.mark.parametrize("encoding", ENCODINGS)
    def test_all_texts_of_published_datasets(self, encoding: Encoding, real_datasets: Path) -> None:
        """And the lines as they stand there."""
        for file in sorted(real_datasets.glob("*.jsonl")):
            for line in file.read_text(encoding="utf-8").splitlines():
                _exact(encoding, line)
                for text in _texts(json.loads(line)):
                    _exact(encoding, text)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for each in inner for text in _texts(each)]


class TestExamples:
    """In the frame of messages."""

    @pytest.mark.parametrize(("encoding", "tokens"), [("o200k_base", 124), ("cl100k_base", 129)])
    def test_messages_with_names(self, encoding: Encoding, tokens: int) -> None:
        """As the API answered for gpt-4o and gpt-4."""
        count = Counter(encoding).example(parts_of(JARGON))

        assert (count.total, count.estimated) == (tokens, False)

    @pytest.mark.parametrize(("encoding", "tokens"), [("o200k_base", 101), ("cl100k_base", 105)])
    def test_tools(self, encoding: Encoding, tokens: int) -> None:
        """The same; for training it is an estimate."""
        count = Counter(encoding).example(parts_of(WEATHER))

        assert (count.total, count.estimated) == (tokens, True)

    def test_calls_count_whether_content_is_null_or_left_out(self) -> None:
        call = {"id": "1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
        without = {"role": "assistant", "tool_calls": [call]}
        counter = Counter("o200k_base")

        assert counter.message(without) == counter.message(without | {"content": None})
        assert counter.message(without) > counter.message({"role": "assistant", "content": None})

    def test_prompt_and_answer_are_counted_apart(self) -> None:
        """3 for the reply, and for each message 3, its role and its text."""
        counter = Counter("o200k_base")
        count = counter.example(parts_of(chat("Why?", "Because.")))

        assert counter.text("You are terse.") + counter.text("Why?") + 3 + 2 * (3 + 1) == count.prompt
        assert counter.text("Because.") + 3 + 1 == count.answers

    def test_of_a_pair_the_prompt_counts_once(self) -> None:
        """And each of its outputs."""
        said = {"role": "assistant", "content": "Because."}
        pair = {
            "input": {"messages": [{"role": "user", "content": "Why?"}]},
            "preferred_output": [said],
            "non_preferred_output": [said],
        }
        count = Counter("o200k_base").example(parts_of(pair, "dpo"))

        assert (count.prompt, count.answers) == (3 + 3 + 1 + 2, 2 * (3 + 1 + 2))

    @pytest.mark.parametrize(("detail", "tokens"), [("low", 85), ("high", 765), (None, 765)])
    def test_images(self, detail: str | None, tokens: int) -> None:
        """85 in low detail; in high detail, of unknown size, as one of 1024 by 1024: 85 and four tiles of 170."""
        image = {"url": "https://example.org/a.png"} | ({"detail": detail} if detail else {})
        example = {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": image}]}]}
        count = Counter("o200k_base").example(parts_of(example))

        assert count.total == 3 + 3 + 1 + tokens
        assert count.estimated

    @given(
        example=st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        [
                            "messages",
                            "role",
                            "content",
                            "tools",
                            "tool_calls",
                            "function",
                            "name",
                            "arguments",
                            "parameters",
                            "properties",
                            "items",
                            "enum",
                            "description",
                            "image_url",
                            "detail",
                            "input",
                        ]
                    ),
                    inner,
                    max_size=4,
                )
            ),
            max_leaves=15,
        )
    )
    @settings(deadline=None, max_examples=150)
    def test_whatever_an_example_is_it_has_a_count(self, example: Any) -> None:
        """Of wrong types too."""
        given_ = {"messages": [example], "tools": [example]} if not isinstance(example, dict) else example

        assert Counter("o200k_base").example(parts_of(given_)).total >= 0


class TestSummary:
    """Figures of a file."""

    def test_figures(self) -> None:
        """Of a hundred examples of 1 to 100 tokens, half a token each an answer's."""
        tally = TokenTally()
        for length in range(100, 0, -1):
            tally.add(length - length // 2, length // 2, line=length)
        summary = tally.summary("o200k_base")

        assert summary is not None
        assert (summary.total, summary.prompt, summary.answers) == (5050, 2550, 2500)
        assert (summary.shortest, summary.median, summary.p95) == (1, 50, 95)
        assert (summary.longest, summary.longest_line) == (100, 100)
        assert summary.per_example[:2] == (Bin(0, 9, 9), Bin(10, 19, 10))
        assert summary.exact

    def test_what_is_counted_by_another_vocabulary_is_no_exact_figure(self) -> None:
        """Nor is what has tools in it; and of nothing there are no figures."""
        tally, tools = TokenTally(), TokenTally()
        tally.add(1, 1, 1)
        tools.add(1, 1, 1, estimated=True)

        assert [t.exact for t in (tally.summary(None), tools.summary("o200k_base")) if t] == [False, False]
        assert TokenTally().summary("o200k_base") is None

    @given(st.dictionaries(st.integers(0, 70_000), st.integers(1, 9), min_size=1, max_size=20))
    def test_a_histogram_has_a_dozen_bins_and_all_that_was_counted(self, counts: dict[int, int]) -> None:
        """Each in the bin that it belongs to."""
        bins = histogram(Counts(counts))

        assert len(bins) <= 12
        assert [b.count for b in bins] == [sum(n for v, n in counts.items() if b.low <= v <= b.high) for b in bins]
        assert sum(b.count for b in bins) == sum(counts.values())
