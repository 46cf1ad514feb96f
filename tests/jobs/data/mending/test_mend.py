"""Mending changes how a file is written where only one thing can be meant, and never what it says."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import example as specimen
from hypothesis import given, settings
from hypothesis import strategies as st

import jobs.data.mending.mend as mending
from jobs.data.mending.mend import Left, Mending, mend
from jobs.data.reading.json_line import BadLine, parse_object
from tests.jobs.data.specimens import chat, jsonl, many

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(TEXT, VALUES, max_size=4)

GOOD = jsonl([chat()])
WEATHER = {"name": "weather", "parameters": {"type": "object", "properties": {}}}
ASK = {"role": "user", "content": "Warm?"}
CALL = {"role": "assistant", "function_call": {"name": "weather", "arguments": "{}"}}
TOLD = {"role": "function", "name": "weather", "content": "22"}
SAY = {"role": "assistant", "content": "Yes."}


def _mended(content: bytes) -> tuple[bytes, Mending]:
    written = io.BytesIO()
    done = mend(io.BytesIO(content), written.write)
    return written.getvalue(), done


def _changes(done: Mending) -> dict[str, tuple[int, ...]]:
    return {change.what: change.lines for change in done.changes}


class TestCertain:
    """What is mended, each in a file that is good otherwise; the change names its line."""

    def test_a_byte_order_mark_goes(self) -> None:
        content, done = _mended(b"\xef\xbb\xbf" + GOOD)

        assert content == GOOD
        assert _changes(done) == {"the byte order mark was removed": (1,)}

    def test_a_mark_within_goes_where_two_files_were_joined(self) -> None:
        content, done = _mended(GOOD + b"\xef\xbb\xbf" + GOOD)

        assert content == GOOD * 2
        assert _changes(done) == {"the byte order mark was removed": (2,)}

    def test_crlf_becomes_lf(self) -> None:
        content, done = _mended(GOOD.replace(b"\n", b"\r\n") * 2)

        assert content == GOOD * 2
        assert _changes(done) == {"CR LF became LF": (1, 2)}

    def test_blank_lines_go(self) -> None:
        content, done = _mended(b"\n" + GOOD + b" \t\r\n" + GOOD)

        assert content == GOOD * 2
        assert _changes(done) == {"blank lines were removed": (1, 3)}

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
    def test_utf_16_and_32_become_utf_8(self, encoding: str) -> None:
        """With its mark, or without one: JSONL begins with a brace."""
        text = jsonl([chat("Où?", "Là 😀.")]).decode()
        content, done = _mended(text.encode(encoding))

        assert content == text.encode()
        assert f"{encoding[:6].upper()} became UTF-8" in _changes(done)
        assert done.left == ()

    @pytest.mark.parametrize("text", ["It’s – “fine”", "the café in Köln, Ärger, straße", "it’s"])
    def test_windows_text_becomes_utf_8(self, text: str) -> None:
        line = json.dumps(chat(text), ensure_ascii=False) + "\n"
        content, done = _mended(line.encode("cp1252"))

        assert content == line.encode()
        assert _changes(done) == {"Windows-1252 became UTF-8": (1,)}

    @pytest.mark.parametrize("cut", [1, 3])
    def test_utf_16_that_breaks_off_is_left(self, cut: int) -> None:
        _, done = _mended(jsonl([chat()]).decode().encode("utf-16")[:-cut])

        assert done.changes == ()
        assert [left.line for left in done.left] == [1]

    @pytest.mark.parametrize(
        ("text", "encoding"),
        [
            ("Привет, как дела?", "cp1251"),
            ("Καλημέρα", "cp1253"),
            ("schön und größer", "cp850"),
            ("l’été à Nîmes", "mac_roman"),
            ("日本語", "shift_jis"),
            ("zwölf Žluťoučký kůň", "cp1250"),
        ],
    )
    def test_another_encoding_is_left(self, text: str, encoding: str) -> None:
        """Read as Windows-1252 each of these would become nonsense."""
        line = (json.dumps(chat(text), ensure_ascii=False) + "\n").encode(encoding)
        content, done = _mended(line)

        assert content == line
        assert done.changes == ()
        assert [left.line for left in done.left] == [1]

    @pytest.mark.parametrize(
        ("line", "meant"),
        [
            ("{“a”: “b”, “c”: [1]}", {"a": "b", "c": [1]}),
            ('{“a": "b”}', None),
            ("{“a”: “it’s”}", {"a": "it’s"}),
            ('{"a": "he said “yes”", “b”: 1}', {"a": "he said “yes”", "b": 1}),
            ("{“a”: “he said “yes” to me”}", None),
            ('{“a”: “he said "yes" to me”}', None),
            ('{“a”: “a \\"b\\" c”}', {"a": 'a "b" c'}),
            ("{‘a’: 1}", None),
        ],
    )
    def test_curly_quotes_in_the_place_of_straight_ones(self, line: str, meant: dict[str, Any] | None) -> None:
        """Within a text they stay; where a text could end in two places the line stays."""
        self._meant(line, meant)

    @pytest.mark.parametrize(
        ("line", "meant"),
        [
            ('{"a": [1, 2,], "b": {"c": 1,},}', {"a": [1, 2], "b": {"c": 1}}),
            ('{"a": "x, ]",}', {"a": "x, ]"}),
            ('{"a": 1},', {"a": 1}),
            ('{"a": [,]}', None),
            ('{"a": [1,,]}', None),
            ("{,}", None),
            ('{"a":,}', None),
        ],
    )
    def test_a_comma_too_many(self, line: str, meant: dict[str, Any] | None) -> None:
        self._meant(line, meant)

    @pytest.mark.parametrize(
        ("line", "meant"),
        [
            (
                "{'a': 'it is', 'b': None, 'c': True, 'd': [1, -2.5]}",
                {"a": "it is", "b": None, "c": True, "d": [1, -2.5]},
            ),
            (
                """{'a': "it's", 'b': 'say "x"', 'c': 'a\\nb', 'd': '\\''}""",
                {"a": "it's", "b": 'say "x"', "c": "a\nb", "d": "'"},
            ),
            ("{'a': '# no comment'}", {"a": "# no comment"}),
            ('{"a": True, "b": None}', {"a": True, "b": None}),
            ("{'a': (1, 2)}", None),
            ("{'a': {1}}", None),
            ("{'a': b'x'}", None),
            ("{'a': 1, 'a': 2}", None),
            ("{1: 2}", None),
            ("{'a': 1 + 2}", None),
            ("{'a': 1 # one\n}".replace("\n", ""), None),
            ("{'a': '\\d'}", None),
            ("{'a': 1e999}", None),
            ("{'a': nan}", None),
            ("{'a': f'{1}'}", None),
            ("{'a': don't}", None),
            ("{**{'a': 1}}", None),
        ],
    )
    def test_what_python_prints(self, line: str, meant: dict[str, Any] | None) -> None:
        self._meant(line, meant)

    def test_a_tab_within_a_text_is_escaped(self) -> None:
        self._meant('{"a": "b\tc"}', {"a": "b\tc"})

    def _meant(self, line: str, meant: dict[str, Any] | None) -> None:
        content, done = _mended(line.encode() + b"\n")
        if meant is None:
            assert content == line.encode() + b"\n"
            assert (done.changes, [left.line for left in done.left]) == ((), [1])
        else:
            assert json.loads(content) == meant
            assert [change.lines for change in done.changes] == [(1,)]
            assert done.left == ()


class TestFunctions:
    """Microsoft's fine-tuning-functions.md: functions are deprecated in favour of tools."""

    def test_functions_become_tools_and_calls_get_an_id(self) -> None:
        old = {"messages": [ASK, CALL, TOLD, SAY], "functions": [WEATHER]}
        content, done = _mended(jsonl([old]))

        assert json.loads(content) == {
            "messages": [
                ASK,
                {
                    "role": "assistant",
                    "tool_calls": [
                        {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
                    ],
                },
                {"role": "tool", "tool_call_id": "call_1", "content": "22"},
                SAY,
            ],
            "tools": [{"type": "function", "function": WEATHER}],
        }
        assert _changes(done) == {"functions became tools": (1,)}

    @pytest.mark.parametrize(
        "old",
        [
            {"messages": [ASK, TOLD, SAY], "functions": [WEATHER]},
            {"messages": [ASK, CALL, SAY], "functions": [WEATHER]},
            {"messages": [ASK, CALL, TOLD | {"name": "other"}, SAY], "functions": [WEATHER]},
            {"messages": [ASK, SAY], "functions": [WEATHER], "function_call": "auto"},
            {"messages": [ASK, SAY], "functions": [WEATHER], "tools": []},
            {"messages": [ASK, SAY], "functions": "weather"},
            {"messages": 7, "functions": [WEATHER]},
        ],
    )
    def test_where_something_would_be_lost_or_made_up_they_stay(self, old: dict[str, Any]) -> None:
        content, done = _mended(jsonl([old]))

        assert content == jsonl([old])
        assert done.changes == ()


def test_a_line_that_cannot_be_mended_stays_and_is_told() -> None:
    content, done = _mended(b'{"a": \n' + jsonl([chat()]) + b"[1, 2]\n")

    assert content == b'{"a": \n' + jsonl([chat()]) + b"[1, 2]\n"
    assert [left.line for left in done.left] == [1, 3]
    assert "a list of 2" in done.left[1].why


def test_a_line_beyond_reason_is_copied_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mending, "LONGEST", 100)
    long = b'{"a": "' + b"x" * 2000 + b'",}\n'
    content, done = _mended(long + b'{"a": 1,}\n')

    assert content == long + b'{"a": 1}\n'
    assert done.left == (Left(1, "is too long to be mended"),)
    assert [change.lines for change in done.changes] == [(2,)]


def test_of_many_changes_the_first_lines_are_kept_and_all_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mending, "KEPT", 3)
    _, done = _mended(b'{"a": 1}\r\n' * 10 + b"[\n" * 5)

    assert [(change.lines, change.count) for change in done.changes] == [((1, 2, 3), 10)]
    assert (len(done.left), done.left_count) == (3, 5)


@given(st.lists(OBJECTS, max_size=5), st.booleans())
@settings(max_examples=25, deadline=None)
def test_a_clean_file_stays_byte_for_byte(objects: list[dict[str, Any]], ended: bool) -> None:
    objects = [value for value in objects if "functions" not in value]
    content = jsonl(objects) if ended else jsonl(objects).removesuffix(b"\n")

    assert _mended(content) == (content, Mending((), (), 0))


@given(OBJECTS, st.sampled_from(["crlf", "bom", "curly", "python", "comma", "utf-16"]))
@settings(max_examples=60, deadline=None)
@specimen({"a": "“"}, "curly")
@specimen({"“": 1}, "python")
def test_what_is_mended_parses_and_says_the_same(value: dict[str, Any], how: str) -> None:
    """And what is left is left as it was."""
    line = json.dumps(value, ensure_ascii=False)
    written = {
        "crlf": lambda: line.encode() + b"\r\n",
        "bom": lambda: b"\xef\xbb\xbf" + line.encode() + b"\n",
        "curly": lambda: line.replace('"', "”").encode() + b"\n",
        "python": lambda: repr(value).encode() + b"\n",
        "comma": lambda: line.encode() + b",\n",
        "utf-16": lambda: f"{line}\n".encode("utf-16"),
    }[how]()
    content, done = _mended(written)
    if done.left:
        assert content == written
    elif done.changes:
        assert parse_object(content.removesuffix(b"\n")) == value
        assert _mended(content) == (content, Mending((), (), 0))


@given(st.binary(max_size=200) | st.text(st.sampled_from("{}[]:,\"“”'\\ a1TrueNone\n\t"), max_size=60).map(str.encode))
@settings(max_examples=100, deadline=None)
def test_whatever_comes_is_mended_to_json_or_left(content: bytes) -> None:
    """Never a fault; each line that was not left is JSON."""
    written, done = _mended(content)
    if done.left:
        return
    for line in written.split(b"\n"):
        if line:
            try:
                parse_object(line)
            except BadLine as bad:
                pytest.fail(f"{line!r}: {bad.message}")


def test_many_lines_are_mended_in_little_memory() -> None:
    """Lines are written as they are read."""
    sizes: list[int] = []
    mend(io.BytesIO(jsonl(many(50)).replace(b"\n", b"\r\n")), lambda piece: sizes.append(len(piece)))

    assert len(sizes) == 50
