"""Each form, as its public documents show it, becomes chat; what cannot is told with its place."""

from __future__ import annotations

import csv
import io
import json
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.data.conversion import Conversion, NotKnown, Wish, convert, csv_records, json_records
from jobs.data.conversion.prompt_completion import Wrapping


def _converted(content: str | bytes, name: str = "f.jsonl", **wish: Any) -> tuple[list[Any], Conversion]:
    data = content.encode() if isinstance(content, str) else content
    written = io.BytesIO()
    done = convert(lambda: io.BytesIO(data), name, Wish(**wish), written.write)
    return [json.loads(line) for line in written.getvalue().splitlines()], done


def _lines(*values: Any) -> str:
    return "".join(json.dumps(value) + "\n" for value in values)


def _said(*turns: tuple[str, str]) -> list[dict[str, str]]:
    return [{"role": role, "content": text} for role, text in turns]


def _faults(done: Conversion) -> list[tuple[str, str]]:
    return [(fault.place, fault.why) for fault in done.faults]


class TestPromptCompletion:
    """OpenAI's "How do I format my fine-tuning data?" and its guide to legacy fine-tuning."""

    def test_a_pair_becomes_question_and_answer(self) -> None:
        examples, done = _converted(_lines({"prompt": "Lime?", "completion": "Green."}), system="Be brief.")

        assert examples == [{"messages": _said(("system", "Be brief."), ("user", "Lime?"), ("assistant", "Green."))}]
        assert (done.form, done.examples, done.wrapping) == ("prompt-completion", 1, Wrapping())

    @pytest.mark.parametrize(
        ("prompt", "completion", "wrapping"),
        [
            ("{} ->", " {}\n", Wrapping(" ->", True, "\n")),
            ("{}\n\n###\n\n", " {} END", Wrapping("\n\n###\n\n", True, " END")),
            ("{}\n###\n", " {}###", Wrapping("\n###\n", True, "###")),
            ("{}", " {}<|endoftext|>", Wrapping("", True, "<|endoftext|>")),
        ],
    )
    def test_what_the_old_models_needed_is_taken_off_where_every_text_has_it(
        self, prompt: str, completion: str, wrapping: Wrapping
    ) -> None:
        pairs = [("banana", "yellow"), ("lime", "green")]
        source = _lines(*({"prompt": prompt.format(p), "completion": completion.format(c)} for p, c in pairs))
        examples, done = _converted(source)

        assert [example["messages"] for example in examples] == [
            _said(("user", asked), ("assistant", answer)) for asked, answer in pairs
        ]
        assert done.wrapping == wrapping

    @pytest.mark.parametrize(
        "odd",
        [
            {"prompt": "lime", "completion": "green"},
            {"prompt": "a -> b ->", "completion": " two\nlines\n"},
        ],
    )
    def test_nothing_is_taken_off_where_one_text_lacks_it_or_has_it_within(self, odd: dict[str, str]) -> None:
        """The blank goes still where every answer has one."""
        examples, _ = _converted(_lines({"prompt": "banana ->", "completion": " yellow\n"}, odd))

        assert examples[0]["messages"][0]["content"] == "banana ->"
        assert examples[0]["messages"][1]["content"].endswith("yellow\n")

    def test_what_is_asked_for_is_taken_off_where_it_stands(self) -> None:
        source = _lines({"prompt": "a =>", "completion": "b."}, {"prompt": "c", "completion": "d!"})
        examples, _ = _converted(source, separator=" =>", stop="!")

        assert [[m["content"] for m in e["messages"]] for e in examples] == [["a", "b."], ["c", "d"]]

    def test_nothing_is_taken_off_where_that_is_asked_for(self) -> None:
        examples, _ = _converted(_lines({"prompt": "a ->", "completion": "b END"}), separator="", stop="")

        assert [m["content"] for m in examples[0]["messages"]] == ["a ->", "b END"]

    def test_other_keys_are_named_by_hand(self) -> None:
        source = _lines({"q": "a", "a": "b", "source": "forum"})
        examples, done = _converted(source, prompt="q", answer="a")

        assert examples == [{"messages": _said(("user", "a"), ("assistant", "b"))}]
        assert dict(done.unused) == {"source": 1}

    def test_all_faults_are_told_with_their_lines(self) -> None:
        source = (
            _lines({"prompt": "a", "completion": "b"})
            + '{"prompt": \n\n'
            + _lines({"prompt": "a"}, {"prompt": "a", "completion": 7}, {"prompt": " ", "completion": "b"}, [1])
        )
        examples, done = _converted(source)

        assert len(examples) == done.examples == 1
        assert [place for place, _ in _faults(done)] == ["line 2", "line 4", "line 5", "line 6", "line 7"]
        assert dict(_faults(done))["line 4"] == "has no completion"
        assert (done.fault_count, done.blank) == (5, 1)


class TestAlpaca:
    """stanford_alpaca's README: instruction, input (may be empty), output."""

    SOURCE = (
        {"instruction": "Give three tips for staying healthy.", "input": "", "output": "1. Eat. 2. Move. 3. Sleep."},
        {"instruction": "Classify the animal.", "input": "Bald eagle", "output": "Bird", "text": "Below is …"},
    )

    @pytest.mark.parametrize("layout", [_lines(*SOURCE), json.dumps(SOURCE, indent=4), json.dumps(SOURCE)])
    def test_instruction_and_input_become_one_question(self, layout: str) -> None:
        """In a line each, or in a list as alpaca_data.json has it."""
        examples, done = _converted(layout)

        assert [example["messages"] for example in examples] == [
            _said(("user", "Give three tips for staying healthy."), ("assistant", "1. Eat. 2. Move. 3. Sleep.")),
            _said(("user", "Classify the animal.\nBald eagle"), ("assistant", "Bird")),
        ]
        assert (done.form, dict(done.unused)) == ("alpaca", {"text": 1})

    def test_system_and_history_are_kept(self) -> None:
        """As LLaMA-Factory's data/README.md has them."""
        source = {"instruction": "And now?", "output": "Now.", "system": "Be kind.", "history": [["Hi", "Hello"]]}
        examples, _ = _converted(_lines(source))

        assert examples[0]["messages"] == _said(
            ("system", "Be kind."), ("user", "Hi"), ("assistant", "Hello"), ("user", "And now?"), ("assistant", "Now.")
        )

    def test_a_system_message_that_is_asked_for_takes_the_place_of_its_own(self) -> None:
        examples, done = _converted(_lines({"instruction": "a", "output": "b", "system": "Old."}), system="New.")

        assert examples[0]["messages"][0] == {"role": "system", "content": "New."}
        assert done.replaced_system == 1

    @pytest.mark.parametrize(
        "value", [{"output": ""}, {"output": 3}, {"input": 3}, {"history": "x"}, {"history": [["a"]]}, {"system": 1}]
    )
    def test_what_is_malformed_is_told(self, value: dict[str, Any]) -> None:
        _, done = _converted(_lines({"instruction": "a", "output": "b"}, {"instruction": "a", "output": "b"} | value))

        assert [place for place, _ in _faults(done)] == ["line 2"]


class TestShareGpt:
    """FastChat's dummy conversations, and LLaMA-Factory's data/README.md for tools."""

    def test_people_and_models_become_users_and_assistants(self) -> None:
        source = {
            "id": "identity_0",
            "conversations": [
                {"from": "human", "value": "Who are you?"},
                {"from": "gpt", "value": "A model."},
                {"from": "human", "value": "What can you do?"},
                {"from": "gpt", "value": "Chat."},
            ],
        }
        examples, done = _converted(json.dumps([source], indent=2), name="dummy_conversation.json")

        assert examples[0]["messages"] == _said(
            ("user", "Who are you?"), ("assistant", "A model."), ("user", "What can you do?"), ("assistant", "Chat.")
        )
        assert (done.form, dict(done.unused)) == ("sharegpt", {"id": 1})

    def test_calls_and_observations_become_tool_calls_and_their_answers(self) -> None:
        tool = {"name": "weather", "description": "d", "parameters": {"type": "object", "properties": {}}}
        source = {
            "conversations": [
                {"from": "human", "value": "Warm?"},
                {"from": "function_call", "value": '{"name": "weather", "arguments": {"city": "Lima"}}'},
                {"from": "observation", "value": '{"degrees": 22}'},
                {"from": "gpt", "value": "Yes."},
            ],
            "system": "Be brief.",
            "tools": json.dumps([tool]),
        }
        examples, _ = _converted(_lines(source))
        call = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Lima"}'}}

        assert examples == [
            {
                "messages": [
                    {"role": "system", "content": "Be brief."},
                    {"role": "user", "content": "Warm?"},
                    {"role": "assistant", "tool_calls": [call]},
                    {"role": "tool", "tool_call_id": "call_1", "content": '{"degrees": 22}'},
                    {"role": "assistant", "content": "Yes."},
                ],
                "tools": [{"type": "function", "function": tool}],
            }
        ]

    def test_a_system_turn_comes_first(self) -> None:
        turns = [{"from": "system", "value": "S"}, {"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]
        examples, _ = _converted(_lines({"conversations": turns}))

        assert examples[0]["messages"] == _said(("system", "S"), ("user", "a"), ("assistant", "b"))

    @pytest.mark.parametrize(
        ("turns", "why"),
        [
            ([], "has no conversations"),
            ([("human", "a")], "does not end with an answer"),
            ([("human", "a"), ("bing", "b"), ("gpt", "c")], "has a turn from 'bing'"),
            ([("human", ""), ("gpt", "b")], "has nothing as value of turn 1"),
            ([("observation", "x"), ("gpt", "b")], "answers no call"),
            ([("function_call", "no JSON"), ("observation", "x"), ("gpt", "b")], "is not JSON"),
            ([("function_call", '{"name": "f"}'), ("observation", "x"), ("gpt", "b")], "without name and arguments"),
            ([("function_call", '{"name": "f", "arguments": {}}'), ("gpt", "b")], "a call without an observation"),
            ([("human", 3), ("gpt", "b")], "without from and value as texts"),
        ],
    )
    def test_what_cannot_be_a_chat_is_told(self, turns: list[tuple[str, Any]], why: str) -> None:
        _, done = _converted(_lines({"conversations": [{"from": who, "value": text} for who, text in turns]}))

        assert [place for place, _ in _faults(done)] == ["line 1"]
        assert why in done.faults[0].why


class TestCsv:
    """RFC 4180, and what Excel writes."""

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    @pytest.mark.parametrize("mark", ["", "\ufeff"])
    def test_columns_are_found_by_their_usual_names(self, delimiter: str, mark: str) -> None:
        source = mark + delimiter.join(["Question", "Answer", "id"]) + "\r\n" + delimiter.join(["a", "b", "1"]) + "\r\n"
        examples, done = _converted(source, name="table.CSV")

        assert examples == [{"messages": _said(("user", "a"), ("assistant", "b"))}]
        assert (done.form, dict(done.unused)) == ("csv", {"id": 1})

    def test_quotes_line_breaks_and_delimiters_in_texts(self) -> None:
        source = 'prompt,completion\n"He said ""hi"",\nand left","x, y"\nq,a\n'
        examples, _ = _converted(source, name="t.csv")

        assert [m["content"] for m in examples[0]["messages"]] == ['He said "hi",\nand left', "x, y"]
        assert len(examples) == 2

    def test_excels_line_about_its_delimiter_is_read(self) -> None:
        examples, done = _converted("sep=;\nprompt;completion\na,b;c\nx\n", name="t.csv")

        assert [m["content"] for m in examples[0]["messages"]] == ["a,b", "c"]
        assert [place for place, _ in _faults(done)] == ["line 4"]

    def test_rows_that_do_not_fit_are_told_with_the_line_on_which_they_begin(self) -> None:
        source = 'prompt,completion\n"two\nlines",b\n\na,b,c\na,\n'
        _, done = _converted(source, name="t.csv")

        assert _faults(done) == [
            ("line 5", "has 3 fields, where the head has 2"),
            ("line 6", "has nothing as completion"),
        ]
        assert done.blank == 1

    @pytest.mark.parametrize(
        ("rest", "why"), [(b'"open,b\n', "is no CSV"), (b'"a"b,c\n', "is no CSV"), (b"caf\xe9,b\n", "is not UTF-8")]
    )
    def test_what_cannot_be_read_is_told(self, rest: bytes, why: str) -> None:
        _, done = _converted(b"prompt,completion\nq,a\n" + rest + b"x,y\n", name="t.csv")

        assert done.examples == 1
        assert [fault.place for fault in done.faults] == ["line 3"]
        assert why in done.faults[0].why

    @pytest.mark.parametrize("head", ["a,b", "prompt,question,answer", "prompt", "prompt,prompt,answer", ""])
    def test_columns_that_are_not_clear_are_refused(self, head: str) -> None:
        with pytest.raises(NotKnown):
            _converted(f"{head}\n1,2,3\n", name="t.csv")

    def test_columns_are_named_by_hand(self) -> None:
        examples, _ = _converted("prompt,question,label\nx,q,l\n", name="t.csv", prompt="question", answer="label")

        assert [m["content"] for m in examples[0]["messages"]] == ["q", "l"]

    def test_a_column_that_is_not_there_is_refused(self) -> None:
        with pytest.raises(NotKnown, match="--answer"):
            _converted("prompt,answer\nx,q\n", name="t.csv", answer="label")

    @given(
        st.lists(
            st.tuples(*[st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)] * 2),
            min_size=1,
            max_size=5,
        ),
        st.sampled_from([",", ";", "\t", "|"]),
        # Without quotes a writer that ends lines in LF leaves a CR bare.
        st.sampled_from([("\r\n", csv.QUOTE_MINIMAL), ("\r\n", csv.QUOTE_ALL), ("\n", csv.QUOTE_ALL)]),
    )
    @settings(max_examples=30, deadline=None)
    def test_what_a_csv_writer_writes_comes_back(
        self, rows: list[tuple[str, str]], delimiter: str, how: tuple[str, Any]
    ) -> None:
        written = io.StringIO(newline="")
        writer = csv.writer(written, delimiter=delimiter, lineterminator=how[0], quoting=how[1])
        writer.writerows([("prompt", "completion"), *rows])
        found = list(csv_records.records(io.BytesIO(written.getvalue().encode())))

        assert [tuple(record.value.values()) for record in found if record.value is not None] == [
            row for row in rows if any(text.strip() for text in row)
        ]
        assert not any(record.fault for record in found)


class TestJsonRecords:
    @given(
        st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=30) | st.integers(), max_size=3), max_size=6),
        st.sampled_from([None, 1, 4]),
        st.integers(1, 40),
    )
    @settings(max_examples=30, deadline=None)
    def test_a_list_is_read_in_pieces_as_in_one(
        self, values: list[dict[str, Any]], indent: int | None, piece: int
    ) -> None:
        text = json.dumps(values, indent=indent)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(json_records, "_PIECE", piece)
            patched.setattr(json_records, "is_list", lambda _: True)
            found = list(json_records.records(io.BytesIO(text.encode())))

        assert [record.value for record in found] == values
        assert [record.place.partition(" (")[0] for record in found] == [
            f"record {n}" for n in range(1, len(values) + 1)
        ]

    def test_each_record_of_a_list_has_its_line(self) -> None:
        found = json_records.records(io.BytesIO(b'\xef\xbb\xbf[\n {"a":\n 1},\n\n {"b": 2}\n]'))

        assert [record.place for record in found] == ["record 1 (line 2)", "record 2 (line 5)"]

    @pytest.mark.parametrize(
        "text", ['[{"a": 1}', '[{"a": 1} {"b": 2}]', '[{"a": 1},]', '[{"a": 1}] x', '[{"a": 1},{"b":', "[", '[{"a": 1']
    )
    def test_a_list_that_breaks_off_is_told(self, text: str) -> None:
        assert [record for record in json_records.records(io.BytesIO(text.encode())) if record.fault]

    def test_what_is_no_object_is_told_and_the_rest_is_read(self) -> None:
        found = list(json_records.records(io.BytesIO(b'[1, {"a": NaN}, {"a": 1}]')))

        assert [record.fault is None for record in found] == [False, False, True]

    def test_a_line_beyond_reason_is_told_and_the_rest_is_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(json_records, "LONGEST", 50)
        found = list(json_records.records(io.BytesIO(b'{"a": "' + b"x" * 100 + b'"}\n{"a": 1}\n')))

        assert [(record.place, record.fault is None) for record in found] == [("line 1", False), ("line 2", True)]

    def test_bytes_that_are_no_utf_8_are_told(self) -> None:
        assert "not UTF-8" in str(next(iter(json_records.records(io.BytesIO(b'[{"a": "\xff"}]')))).fault)

    @given(st.binary(max_size=80) | st.text(st.sampled_from('[]{}",:a1 \n'), max_size=40).map(str.encode))
    @settings(max_examples=80, deadline=None)
    def test_whatever_comes_is_a_record_or_a_fault(self, content: bytes) -> None:
        for reader in (json_records, csv_records):
            for record in reader.records(io.BytesIO(content)):
                assert record.value is None or record.fault is None


class TestExamples:
    """Chat that is no JSONL, as json.dump, jq and pandas write it."""

    CHAT: ClassVar[dict[str, Any]] = {
        "messages": _said(("user", "Why?"), ("assistant", "So.")),
        "parallel_tool_calls": False,
    }

    @pytest.mark.parametrize(
        "text",
        [
            json.dumps([CHAT, CHAT]),
            json.dumps([CHAT, CHAT], indent=2),
            json.dumps(CHAT, indent=1) + "\n" + json.dumps(CHAT, indent=1) + "\n",
            json.dumps(CHAT) * 2,
            json.dumps(CHAT) + ",\n" + json.dumps(CHAT) + ",\n",
            json.dumps(CHAT) + "\r" + json.dumps(CHAT),
        ],
        ids=["list", "indented list", "indented", "on one line", "commas", "CR"],
    )
    def test_each_stands_on_a_line_of_its_own_then(self, text: str) -> None:
        examples, done = _converted(text)

        assert (examples, done.form, done.faults) == ([self.CHAT, self.CHAT], "examples", [])

    def test_a_system_message_takes_the_place_of_their_own(self) -> None:
        own = {"messages": [{"role": "system", "content": "Old."}, *self.CHAT["messages"]]}
        pair = {"input": {"messages": [{"role": "user", "content": "Why?"}]}, "preferred_output": []}
        examples, done = _converted(json.dumps([self.CHAT, own, pair]), system="New.")

        new = {"role": "system", "content": "New."}
        assert [(example.get("input") or example)["messages"][0] for example in examples] == [new, new, new]
        assert [len((example.get("input") or example)["messages"]) for example in examples] == [3, 3, 2]
        assert done.replaced_system == 1

    def test_what_is_no_example_is_told(self) -> None:
        _, done = _converted(json.dumps([self.CHAT, {"text": "x"}, {"messages": 1}]), system="New.")

        assert [why for _, why in _faults(done)] == ["has no messages", "has no list of messages"]

    def test_what_breaks_off_is_told(self) -> None:
        _, done = _converted(json.dumps(self.CHAT, indent=1) + '\n{"messages": [')

        assert [why for _, why in _faults(done)] == ["is not JSON, or the file breaks off here"]


class TestNotKnown:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "empty"),
            (_lines({"messages": []}).encode(), "chat"),
            (_lines({"text": "x"}).encode(), "--from"),
            (b"hello\n", "line 1"),
        ],
    )
    def test_a_file_of_no_known_form_is_refused_with_what_helps(self, content: bytes, words: str) -> None:
        with pytest.raises(NotKnown, match=words):
            _converted(content)

    def test_the_form_is_taken_from_who_knows_it(self) -> None:
        examples, done = _converted("prompt,completion\na,b\n", name="export.txt", form="csv")

        assert (done.form, len(examples)) == ("csv", 1)
